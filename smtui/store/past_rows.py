"""The past of an instance as values: where in its journal, and what led there.

The laws of this file: no SQL, no connection. A place is (run, seq): the order
of an instance's journal, and dense inside a run, so that going one step on
needs no look at the store.
"""

from typing import NamedTuple

from smtui.store.rows import Data, JournalEntry

__all__ = ["PastPatch", "PastState", "Place", "RunSpan"]


class Place(NamedTuple):
    """A step of an instance; places compare in the order of the journal."""

    run: int
    seq: int


class RunSpan(NamedTuple):
    """What the journal has of one run."""

    run: int
    first: int
    """1, or more where the oldest rows were cut."""
    last: int

    @property
    def steps(self) -> int:
        """Return how many steps there are."""
        return self.last - self.first + 1


class PastPatch(NamedTuple):
    """What one step changed, as far as a later state depends on it."""

    at: float
    cause: str
    is_move: bool
    """Other states are active after it."""
    data_patch: Data | None
    effects: tuple[Data, ...]
    """What was asked for; delays at least."""


class PastState(NamedTuple):
    """All it takes to know an instance at a place, to be folded by the view."""

    entry: JournalEntry
    """The step of the place."""
    base: Data | None
    """The last full snapshot at or before it; None where that was cut."""
    patches: tuple[PastPatch, ...]
    """The steps after the base up to and with the place, oldest first."""
