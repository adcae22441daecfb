"""The keys smtui.yaml may say of a machine or a process -> ChildSettings."""

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

from smtui.check.env_file import read_env_file
from smtui.check.project_keys import MOST_REPLICAS, RESTARTS, UNTILS
from smtui.check.report import ChildSettings
from smtui.dialects import Field, Items, Node, Notes, Reader, Scalar, Table, shown
from smtui.wire import Backoff, Intensity

__all__ = ["Child", "choice", "read_child"]

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
MOST_EXIT_CODE = 255


class Child(NamedTuple):
    """What is said of one child, and where its dependencies stand."""

    settings: ChildSettings
    depends_on: tuple[Field, ...] = ()


class _Place(NamedTuple):
    folder: Path
    where: str
    notes: Notes

    @property
    def reader(self) -> Reader:
        return Reader(self.notes)


def read_child(
    fields: Mapping[str, Field],
    usual: ChildSettings,
    folder: Path,
    where: str,
    notes: Notes,
) -> Child:
    """Return `usual` with what the fields say; paths are relative to `folder`."""
    place = _Place(folder, where, notes)
    settings = usual
    depends_on: tuple[Field, ...] = ()
    for key, field in fields.items():
        if isinstance(field.value, Scalar) and field.value.value is None:
            continue
        if key == "depends_on":
            depends_on = _dependencies(field, place)
            until = {each.key: _until(each, place) for each in depends_on}
            settings = replace(settings, depends_on=until)
        else:
            settings = _with(settings, key, field.value, place)
    return Child(settings, depends_on)


def _with(  # noqa: C901, PLR0911, PLR0912 - a table of keys, each with its reader
    settings: ChildSettings, key: str, node: Node, place: _Place
) -> ChildSettings:
    at = f"at {key!r} {place.where}"
    reader = place.reader
    match key:
        case "restart":
            word = choice(node, at, RESTARTS, place.notes) or settings.restart
            return replace(settings, restart=word)
        case "backoff":
            return replace(settings, backoff=_backoff(node, at, place))
        case "intensity":
            return replace(settings, intensity=_intensity(node, at, place))
        case "success_exit_codes":
            return replace(settings, success_exit_codes=_codes(node, at, place))
        case "stop_timeout":
            seconds = reader.seconds(node, at) or settings.stop_timeout_s
            return replace(settings, stop_timeout_s=seconds)
        case "env":
            return replace(settings, env=_env(node, at, place))
        case "env_file":
            return replace(settings, env_file=_env_file(node, at, place))
        case "cwd":
            return replace(settings, cwd=_folder(node, at, place))
        case "replicas":
            return replace(settings, replicas=_replicas(node, at, place))
        case "autostart":
            return replace(settings, autostart=reader.flag(node, at))
        case "template":
            return replace(settings, template=reader.flag(node, at))
        case "stuck_after":
            return replace(settings, stuck_after=_stuck_after(node, at, place))
        case _:
            return settings


def choice(node: Node, where: str, known: tuple[str, ...], notes: Notes) -> str | None:
    """Return one of the known words, or None when it is none of them."""
    if isinstance(node, Scalar) and node.text in known:
        return node.text
    text = node.text if isinstance(node, Scalar) else ""
    Reader(notes).wrong(node, where, " or ".join(known), notes.hint(text, known))
    return None


def _numbers(
    node: Node, where: str, usual: Mapping[str, float], place: _Place
) -> dict[str, float]:
    """Return the numbers of a mapping that has the keys of `usual`."""
    hint = "{" + ", ".join(f"{key}: {value:g}" for key, value in usual.items()) + "}"
    table = place.reader.table(node, where, hint)
    found = dict(usual)
    if table is None:
        return found
    for key, field in place.reader.fields(table, tuple(usual), where).items():
        match field.value:
            case Scalar(value=bool()):
                pass
            case Scalar(value=(int() | float()) as number) if 0 <= number < 1e9:  # noqa: PLR2004 - thirty years
                found[key] = float(number)
                continue
            case _:
                pass
        place.reader.wrong(field.value, f"at {key!r} {where}", "a number")
    return found


def _backoff(node: Node, where: str, place: _Place) -> Backoff:
    found = Backoff(**_numbers(node, where, asdict(Backoff()), place))
    if found.min_s > found.max_s or found.factor < 1 or found.jitter > 1:
        place.reader.wrong(
            node, where, "min_s up to max_s, a factor from 1, a jitter up to 1"
        )
    return found


def _intensity(node: Node, where: str, place: _Place) -> Intensity:
    found = _numbers(node, where, asdict(Intensity()), place)
    if found["count"] < 1 or found["count"] != int(found["count"]):
        place.reader.wrong(node, where, "a whole count from 1")
    return Intensity(int(found["count"]), found["period_s"])


def _codes(node: Node, where: str, place: _Place) -> tuple[int, ...]:
    items = node.items if isinstance(node, Items) else (node,)
    found: list[int] = []
    for item in items:
        match item:
            case Scalar(value=bool()):
                pass
            case Scalar(value=int() as code) if 0 <= code <= MOST_EXIT_CODE:
                found.append(code)
                continue
            case _:
                pass
        place.reader.wrong(item, where, f"exit codes, 0 to {MOST_EXIT_CODE}")
    return tuple(found) or (0,)


def _env(node: Node, where: str, place: _Place) -> dict[str, str]:
    table = place.reader.table(node, where, "env: {NAME: value}")
    found: dict[str, str] = {}
    for field in table.fields if table is not None else ():
        if _VARIABLE.match(field.key) is None:
            place.notes.error(
                field.at,
                "bad-name",
                f"found the variable {shown(field.key)} {where}, "
                "expected letters, digits and _",
            )
        match field.value:
            case Scalar(value=None):
                found[field.key] = ""
            case Scalar(text=text):
                found[field.key] = text
            case _:
                place.reader.wrong(field.value, where, "text")
    return found


def _path(node: Node, where: str, expected: str, place: _Place) -> Path | None:
    name = place.reader.name(node, where, expected)
    if name is None:
        return None
    return (place.folder / Path(name).expanduser()).resolve()


def _env_file(node: Node, where: str, place: _Place) -> str | None:
    path = _path(node, where, "a file", place)
    if path is None:
        return None
    found = read_env_file(path)
    if isinstance(found, str):
        place.notes.error(
            node.at, "bad-env-file", f"found {found} {where}", "NAME=value, one a line"
        )
    return str(path)


def _folder(node: Node, where: str, place: _Place) -> str | None:
    path = _path(node, where, "a folder", place)
    if path is not None and not path.is_dir():
        place.notes.error(
            node.at,
            "no-such-file",
            f"found {shown(str(path))} {where}, expected a folder that exists",
            f"mkdir -p {path}",
        )
    return None if path is None else str(path)


def _replicas(node: Node, where: str, place: _Place) -> int:
    match node:
        case Scalar(value=bool()):
            pass
        case Scalar(value=int() as count) if 1 <= count <= MOST_REPLICAS:
            return count
        case _:
            pass
    place.reader.wrong(node, where, f"a whole number from 1 to {MOST_REPLICAS}")
    return 1


def _stuck_after(
    node: Node, where: str, place: _Place
) -> float | dict[str, float] | None:
    if not isinstance(node, Table):
        return place.reader.seconds(node, where)
    found: dict[str, float] = {}
    for field in node.fields:
        seconds = place.reader.seconds(field.value, f"at {field.key!r} {where}")
        if seconds is not None:
            found[field.key] = seconds
    return found


def _dependencies(field: Field, place: _Place) -> tuple[Field, ...]:
    """Return the names depended on; a list means `ready` for each."""
    match field.value:
        case Table(fields=fields):
            return fields
        case Items(items=items):
            named = [_dependency(item, place) for item in items]
            return tuple(each for each in named if each is not None)
        case Scalar():
            one = _dependency(field.value, place)
            return () if one is None else (one,)


def _dependency(node: Node, place: _Place) -> Field | None:
    where = f"at 'depends_on' {place.where}"
    name = place.reader.name(node, where, "the name of a machine or process")
    return None if name is None else Field(name, node.at, Scalar(node.at, "", None))


def _until(field: Field, place: _Place) -> str:
    if isinstance(field.value, Scalar) and field.value.value is None:
        return "ready"
    where = f"at {field.key!r} of depends_on {place.where}"
    return choice(field.value, where, UNTILS, place.notes) or "ready"
