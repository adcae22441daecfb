"""One World action in hand: what the loop needs to know of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Protocol

from smtui.chart.values import Patch, Raised, Result

__all__ = ["Ended", "Performance", "Place"]


class Ended(NamedTuple):
    """What a performance gave."""

    answer: Result | Raised
    patch: Patch | None = None


class Place(NamedTuple):
    """Where the actions of a machine happen."""

    machine: str
    folder: Path
    """Working directory of shell commands."""
    env: Mapping[str, str]
    """Environment of shell commands, without what belongs to one action."""


class Performance(Protocol):
    """A World action under way.

    Cancelling the task that awaits perform() is our own shutdown: the action
    is ended and gives no result.
    """

    @property
    def pid(self) -> int | None:
        """Return the process an operator could look at, if there is one."""
        ...

    @property
    def can_resume(self) -> bool:
        """Say whether ending it early loses nothing (a sleep)."""
        ...

    async def perform(self) -> Ended:
        """Do it and return what came of it; never raises for its failure."""
        ...

    def kill(self) -> None:
        """Kill what runs, at once and without a word to anybody."""
        ...
