"""What a journal says of each state and each arrow: how often, how long, when.

Folded page by page, backwards from the newest step or forwards from the last
one seen, so that a journal of any length is looked at in pieces. A stay that is
not over is not counted; `spent_s` adds it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from smtui.store.rows import JournalEntry, JournalRow
from smtui.view.graph.moment import Arrows, edges_taken

__all__ = ["Traffic", "Trips"]


@dataclass(slots=True)
class Trips:
    """Of one state its visits, of one arrow the times it was taken."""

    count: int = 0
    last_at: float | None = None
    spent_s: float = 0.0
    """In a state: all stays that are over, in seconds."""


@dataclass(slots=True)
class Traffic:
    """The part of a machine's journal between two steps, counted."""

    arrows: Arrows
    states: dict[str, Trips] = field(default_factory=dict[str, Trips])
    edges: dict[str, Trips] = field(default_factory=dict[str, Trips])
    steps: int = 0
    oldest_id: int | None = None
    """The journal entry up to which it was read."""
    newest_id: int = 0
    is_whole: bool = False
    """Nothing older is left in the journal."""
    _oldest_at: float | None = None
    _newest_at: float | None = None
    _present: tuple[str, ...] = ()
    """The configuration after the newest step."""

    def add_older(self, page: Sequence[JournalEntry]) -> None:
        """Count the steps before those counted; newest first, as pages are."""
        for entry in page:
            step = entry.row
            if self._oldest_at is None:
                self._newest_at, self._present = step.at, step.to
                self.newest_id = entry.id
            else:
                self._stay(step.to, self._oldest_at - step.at)
            self._count(step)
            self._oldest_at, self.oldest_id = step.at, entry.id

    def add_newer(self, page: Sequence[JournalEntry]) -> None:
        """Count the steps after those counted; newest first, as pages are."""
        for entry in reversed(page):
            if entry.id <= self.newest_id:
                continue
            step = entry.row
            if self._newest_at is None:
                self.add_older([entry])
                continue
            self._stay(self._present, step.at - self._newest_at)
            self._count(step)
            self._newest_at, self._present = step.at, step.to
            self.newest_id = entry.id

    def spent_s(self, state: str, at: float) -> float:
        """Return the seconds spent in a state, with the present stay until `at`."""
        spent = self.states[state].spent_s if state in self.states else 0.0
        if state in self._present and self._newest_at is not None:
            spent += max(0.0, at - self._newest_at)
        return spent

    def _stay(self, states: Sequence[str], seconds: float) -> None:
        for state in states:
            self.states.setdefault(state, Trips()).spent_s += max(0.0, seconds)

    def _count(self, step: JournalRow) -> None:
        self.steps += 1
        for edge in edges_taken(self.arrows, step):
            _took(self.edges.setdefault(edge, Trips()), step.at)
        for state in _entered(step):
            _took(self.states.setdefault(state, Trips()), step.at)


def _took(trips: Trips, at: float) -> None:
    trips.count += 1
    trips.last_at = at if trips.last_at is None else max(trips.last_at, at)


def _entered(step: JournalRow) -> list[str]:
    """Return the states a step entered, one that was left and entered again too."""
    passed = [
        target
        for micro in step.micro
        if isinstance(micro, dict)
        and not micro.get("loop")
        and isinstance(target := micro.get("to"), str)
    ]
    others = [s for s in step.to if s not in step.from_ and s not in passed]
    return [*passed, *others]
