"""The short way through a turn of an entity, for what most events do.

An event whose step the core knows ends with that step: nobody is asked for
anything and no action follows. Its result differs from the one of the same
move before in its data alone, and is copied. A test compares the two ways.
"""

from collections.abc import Sequence
from typing import NamedTuple

from smtui.chart import StateChart
from smtui.chart.messages import Answer
from smtui.chart.tree.quick import quick_step
from smtui.chart.values import Event, Micro, Snapshot
from smtui.library.likeness import Likeness, like
from smtui.library.outcomes import made_result
from smtui.library.results import TransitionResult
from smtui.stepper import is_foreign

__all__ = ["QuickTurns"]

_MOST = 4096
"""Moves whose results are kept."""


class _Kept(NamedTuple):
    micro: tuple[Micro, ...]
    """The move's own: it lives as long as its identity is a key."""
    likeness: Likeness


class QuickTurns:
    """What events with a known step lead to, of all entities of one chart."""

    def __init__(self, chart: StateChart) -> None:
        """Know nothing yet."""
        self._chart = chart
        self._hash = "" if is_foreign(chart) else chart.hash
        self._kept: dict[int, _Kept] = {}

    def take(
        self, before: Snapshot, event: Event, said: Sequence[Answer] = ()
    ) -> tuple[Snapshot, TransitionResult] | None:
        """Return the entity after an event and what it led to; None for the long way.

        The event has nothing waiting before or behind it in the entity then.
        Raises Unanswered for a guard that has not spoken yet.
        """
        if before.chart_hash != self._hash:
            return None
        step = quick_step(self._chart, before, event, said)
        if step is None:
            return None
        after, micro = step.snapshot, step.micro
        kept = self._kept.get(id(micro))
        if kept is not None and not any(one.said for one in said):
            return after, kept.likeness.with_data(after.data)
        result = made_result(self._chart, before, event.name, [step])
        if any(one.said for one in step.decided):
            return after, result
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[id(micro)] = _Kept(micro, like(result))
        return after, result
