"""A child's spec as the supervisor stored it: what of it this process needs."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from smtui.definition import Json
from smtui.errors import StoreError
from smtui.store import Durability

__all__ = ["MAX_RUNNING", "ChildSpec", "MachineSpec", "read_spec"]

_STOP_TIMEOUT_S = 10.0

MAX_RUNNING = 32
"""Where `settings.max_running` says nothing."""


class MachineSpec(NamedTuple):
    """One machine of the child."""

    name: str
    file: str
    folder: Path
    hash: str
    context: Mapping[str, Json]
    actions_dir: Path | None


class ChildSpec(NamedTuple):
    """The child."""

    machines: tuple[MachineSpec, ...]
    stop_timeout_s: float
    cwd: Path | None
    """Working directory of shell actions, where it is not each machine's
    folder."""
    durability: Durability
    max_running: int = MAX_RUNNING
    """World actions at a time."""


def read_spec(child: str, spec: Mapping[str, Json]) -> ChildSpec:
    """Return the values. Raises StoreError for a spec that is not ours."""
    try:
        return ChildSpec(
            _machines(spec["machines"]),
            _seconds(spec.get("stop_timeout_s")),
            _path(spec.get("cwd")),
            _durability(spec.get("settings")),
            _max_running(spec.get("settings")),
        )
    except (KeyError, TypeError) as error:
        raise StoreError(
            f"the spec of child {child!r} cannot be read: {error!r}",
            hint="`smtui run` its file again",
        ) from error


def _machines(value: Json) -> tuple[MachineSpec, ...]:
    if not isinstance(value, list) or not value:
        raise TypeError("no list of machines")
    return tuple(_machine(each) for each in value)


def _machine(value: Json) -> MachineSpec:
    if not isinstance(value, dict):
        raise TypeError("a machine that is no mapping")
    context = value.get("context") or {}
    if not isinstance(context, dict):
        raise TypeError("a context that is no mapping")
    return MachineSpec(
        name=_text(value["name"]),
        file=_text(value["file"]),
        folder=Path(_text(value["folder"])),
        hash=_text(value["hash"]),
        context=context,
        actions_dir=_path(value.get("actions_dir")),
    )


def _text(value: Json) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} where a text was expected")
    return value


def _path(value: Json) -> Path | None:
    return None if value is None else Path(_text(value))


def _durability(settings: Json) -> Durability:
    found = settings.get("durability") if isinstance(settings, dict) else None
    return "full" if found == "full" else "normal"


def _max_running(settings: Json) -> int:
    found = settings.get("max_running") if isinstance(settings, dict) else None
    if isinstance(found, int) and not isinstance(found, bool) and found > 0:
        return found
    return MAX_RUNNING


def _seconds(value: Json) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return _STOP_TIMEOUT_S
