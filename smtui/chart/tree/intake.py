"""What a statechart takes now, and what an event would do to it.

Preview is the truth: it is `step` itself on the live snapshot. It never runs
author's code: where a guard of the author's decides, both answers are followed.
"""

from collections.abc import Iterator

from smtui.chart.foreseeing import Known, foreseen, leads_to, nobody_knows, unheard
from smtui.chart.options import (
    Accepts,
    Everything,
    Foreseen,
    Nothing,
    Option,
)
from smtui.chart.tree.chart import StateChart
from smtui.chart.tree.step import step
from smtui.chart.values import (
    Event,
    RunEntry,
    Snapshot,
    Status,
    Step,
    Taken,
    TimerEntry,
)

__all__ = ["accepts", "foresee", "is_paused", "preview", "wants_go"]


def accepts(chart: StateChart, snapshot: Snapshot) -> Accepts:
    """Return which events the instance would step now; the others wait."""
    del chart
    if snapshot.status is not Status.RUNNING:
        return Nothing(f"the run is {snapshot.status.value}")
    if snapshot.pause is not None:
        return Nothing(f"{_awaited(snapshot) or 'a guard'} is in hand")
    return Everything()


def _awaited(snapshot: Snapshot) -> str:
    """Return the name of the author's action that is in hand, or ''."""
    for entry in snapshot.pending.values():
        if isinstance(entry, RunEntry) and not entry.invoke_id:
            return entry.action
        if isinstance(entry, TimerEntry) and entry.run is not None:
            return entry.event
    return ""


def is_paused(snapshot: Snapshot) -> bool:
    """Say whether delays must wait, because an action is awaited."""
    return snapshot.pause is not None


def wants_go(chart: StateChart, snapshot: Snapshot) -> bool:
    """Say whether a pause waits for nothing but another step."""
    del chart
    return snapshot.pause is not None and not _awaited(snapshot)


def foresee(
    chart: StateChart, snapshot: Snapshot, event: Event, known: Known = nobody_knows
) -> Foreseen:
    """Return what the event would do now, without doing it."""
    return unheard(accepts(chart, snapshot), snapshot) or foreseen(
        lambda answers: step(chart, snapshot, event, answers),
        lambda done: _target(chart, snapshot, done),
        known,
    )


def _target(chart: StateChart, before: Snapshot, done: Step) -> str:
    """Return the leaves a step leads to; those it newly enters, if any."""
    if not isinstance(done.outcome, Taken):
        return ""
    leaves = chart.leaves(done.snapshot.configuration)
    new = [leaf for leaf in leaves if leaf not in before.configuration]
    return ", ".join(new or leaves)


def preview(
    chart: StateChart, snapshot: Snapshot, known: Known = nobody_knows
) -> tuple[Option, ...]:
    """Return every event of the chart with what it would do now, valid first.

    The payload is empty: where the outcome depends on it, ask `foresee`.
    """
    found = [*_options(chart, snapshot, known)]
    return tuple(sorted(found, key=lambda option: option.target == ""))


def _options(chart: StateChart, snapshot: Snapshot, known: Known) -> Iterator[Option]:
    for name in chart.event_names():
        event = Event(name, {}, "preview", snapshot.stepped)
        found = foresee(chart, snapshot, event, known)
        target = leads_to(found, lambda done: _target(chart, snapshot, done))
        yield Option(name, found.outcome, target)
