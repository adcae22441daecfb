"""All steps of an instance in their order, run after run, as one line to go along.

Pure. A run is dense, so a step's place on the line is a sum: neither going
along nor saying how far one is needs a look at the journal.
"""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import NamedTuple

from smtui.errors import SmtuiError, UsageError
from smtui.store.past_rows import Place, RunSpan
from smtui.view.moments import since

__all__ = ["Timeline", "Wanted", "is_place", "wanted"]


class Wanted(NamedTuple):
    """What an operator typed for a place in a journal."""

    text: str
    run: int | None = None
    """None for the newest one."""
    seq: int | None = None
    at: float | None = None
    """Without a step: the time meant, seconds since the epoch."""


def wanted(text: str, now: float, zone: tzinfo | None) -> Wanted:
    """Return what is meant: `57` a step, `2/57` one of run 2, else a time.

    Raises UsageError for anything else.
    """
    run, slash, seq = text.rpartition("/")
    if seq.isdecimal() and (run.isdecimal() or not slash):
        return Wanted(text, int(run) if run else None, int(seq))
    try:
        return Wanted(text, at=since(text, now, zone))
    except UsageError:
        raise UsageError(
            f"{text!r} is no step and no time",
            hint="57, 2/57 (run 2), 10m, 08:15 or 2026-11-22T08:15",
        ) from None


def is_place(text: str) -> bool:
    """Say whether a text is a step or a time, not a name to look for."""
    try:
        wanted(text, 0.0, UTC)
    except UsageError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Timeline:
    """The runs of an instance that the journal has, the oldest first."""

    spans: tuple[RunSpan, ...] = ()

    @property
    def total(self) -> int:
        """Return how many steps there are."""
        return sum(span.steps for span in self.spans)

    @property
    def first(self) -> Place:
        """Return the oldest step; there must be one."""
        return Place(self.spans[0].run, self.spans[0].first)

    @property
    def last(self) -> Place:
        """Return the newest step; there must be one."""
        return Place(self.spans[-1].run, self.spans[-1].last)

    def ordinal(self, place: Place) -> int:
        """Return how many steps are before a place."""
        before = 0
        for span in self.spans:
            if place.run > span.run:
                before += span.steps
            elif place.run == span.run:
                before += min(max(0, place.seq - span.first), span.steps)
        return before

    def place(self, ordinal: int) -> Place:
        """Return the place with so many steps before it; beyond an end, the end."""
        left = min(max(0, ordinal), self.total - 1)
        for span in self.spans:
            if left < span.steps:
                return Place(span.run, span.first + left)
            left -= span.steps
        return self.last

    def beside(self, place: Place, steps: int) -> Place:
        """Return the place so many steps on, or back; an end is the end."""
        return self.place(self.ordinal(place) + steps)

    def span_of(self, place: Place) -> RunSpan:
        """Return the run of a place; raises SmtuiError when it is not there."""
        for span in self.spans:
            if span.run == place.run:
                return span
        known = f"{self.spans[0].run} to {self.spans[-1].run}" if self.spans else "none"
        raise SmtuiError(f"there is no run {place.run}", hint=f"runs: {known}")

    def find(self, run: int | None, seq: int) -> Place:
        """Return a step by its number; raises SmtuiError when it is not there."""
        if not self.spans:
            raise SmtuiError("no step was taken yet")
        found = Place(self.spans[-1].run if run is None else run, seq)
        span = self.span_of(found)
        if not span.first <= seq <= span.last:
            raise SmtuiError(
                f"there is no step {seq} in run {span.run}",
                hint=f"it has steps {span.first} to {span.last}",
            )
        return found

    def starts(self) -> tuple[int, ...]:
        """Return the ordinals at which a run begins, but for the first."""
        found: list[int] = []
        before = 0
        for span in self.spans[:-1]:
            before += span.steps
            found.append(before)
        return tuple(found)
