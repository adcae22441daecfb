"""What the screen is started with."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["TuiArgs"]


@dataclass(frozen=True, slots=True)
class TuiArgs:
    """The options of `smtui run` and `smtui attach` that concern the screen."""

    data_dir: Path
    paths: tuple[str, ...] = ()
    """As given to `run`; only shown."""
    started_fleet: bool = False
    """This program started the fleet: the quit question offers to stop it first."""
    ascii: bool = False
    read_only: bool = False
    utc: bool = False
    reveal: bool = False
    """Show what is masked as a secret."""
