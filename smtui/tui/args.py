"""What the screen is started with."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Replay", "TuiArgs"]


@dataclass(frozen=True, slots=True)
class Replay:
    """The exported journal that is shown instead of a fleet."""

    file: str
    """Its name; `data_dir` has a store of what is in it."""
    machine: str
    instance: str
    exported_at: float
    """Seconds since the epoch: what `10m` and `08:15` are counted from."""


@dataclass(frozen=True, slots=True)
class TuiArgs:
    """The options of `smtui run`, `attach` and `replay` that concern the screen."""

    data_dir: Path
    paths: tuple[str, ...] = ()
    """As given to `run`; only shown."""
    started_fleet: bool = False
    """This program started the fleet: the quit question offers to stop it first."""
    stop_when_lost: bool = False
    """A lost terminal stops the fleet instead of leaving it."""
    ascii: bool = False
    read_only: bool = False
    utc: bool = False
    reveal: bool = False
    """Show what is masked as a secret."""
    replay: Replay | None = None
