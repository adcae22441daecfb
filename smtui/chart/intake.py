"""What an instance accepts now, and what an event would do to it.

Deferral is the chart's decision: while an action is in hand, or a list holds
`check_events` for a type, events wait in the inbox and keep their place.
Preview is the truth: it is `step` itself on the live snapshot.
"""

from collections.abc import Iterator

from smtui.chart.model import ListChart, list_of
from smtui.chart.options import (
    Accepts,
    AllBut,
    Everything,
    Foreseen,
    Nothing,
    Option,
    Waits,
)
from smtui.chart.scene import names
from smtui.chart.step import step
from smtui.chart.values import (
    At,
    Done,
    Event,
    Ignored,
    Result,
    RunEntry,
    Snapshot,
    Status,
    Step,
    Taken,
    WatchEntry,
    Woken,
)
from smtui.definition import Json
from smtui.expr import fill, lookup_in

__all__ = ["accepts", "foresee", "preview", "wants_go"]


def accepts(chart: ListChart, snapshot: Snapshot) -> Accepts:
    """Return which events the instance would step now; the others wait."""
    if snapshot.status is not Status.RUNNING:
        return Nothing(f"the run is {snapshot.status.value}")
    for entry in snapshot.pending.values():
        if isinstance(entry, RunEntry):
            return Nothing(f"{entry.action} is in hand")
    deferred = _deferred(chart, snapshot)
    return AllBut(deferred) if deferred else Everything()


def _deferred(chart: ListChart, snapshot: Snapshot) -> frozenset[str]:
    """Return the types that wait for a `check_events` that will look for them.

    One that a pass ended before reaching takes nothing until the list runs
    again for another reason: then its events do not wait for it.
    """
    if "check_events" in chart.custom:
        return frozenset()
    look = lookup_in({**snapshot.data, "current_state": snapshot.configuration[0]})
    deferred = set(_watched(snapshot))
    cursor = snapshot.cursor
    while cursor is not None:
        actions = list_of(chart, cursor)
        if cursor.rearm or cursor.offset < len(actions):
            for action in actions:
                if fill(action.type, look) == "check_events":
                    deferred.update(names(fill(action.args.get("event_types"), look)))
        cursor = cursor.then
    return frozenset(deferred)


def _watched(snapshot: Snapshot) -> Iterator[str]:
    for entry in snapshot.pending.values():
        if isinstance(entry, WatchEntry):
            for topic in entry.on:
                kind, _, name = topic.partition("/")
                if kind == "inbox":
                    yield name


def wants_go(chart: ListChart, snapshot: Snapshot) -> bool:
    """Say whether the action list would run on if nothing came in."""
    cursor = snapshot.cursor
    if cursor is None:
        return False
    for entry in snapshot.pending.values():
        if isinstance(entry, RunEntry):
            return False
        if isinstance(entry, WatchEntry) and entry.owner == cursor.entry:
            return False
    if snapshot.status is Status.ENDING or cursor.then is not None or cursor.rearm:
        return True
    return cursor.offset < len(list_of(chart, cursor))


def foresee(chart: ListChart, snapshot: Snapshot, event: Event) -> Foreseen:
    """Return what the event would do now, without doing it."""
    intake = accepts(chart, snapshot)
    if isinstance(intake, Nothing):
        if snapshot.status is not Status.RUNNING:
            return Foreseen(Ignored(intake.why), None)
        return Foreseen(Waits(intake.why), None)
    if intake.takes(event.name):
        done = step(chart, snapshot, event)
        return Foreseen(done.outcome, done)
    return _through_check_events(chart, snapshot, event)


def _through_check_events(
    chart: ListChart, snapshot: Snapshot, event: Event
) -> Foreseen:
    """Follow an event that a watching list would take out of the inbox."""
    topic = f"inbox/{event.name}"
    for id_, entry in snapshot.pending.items():
        if isinstance(entry, WatchEntry) and topic in entry.on:
            woken = step(chart, snapshot, Woken(id_, event.at))
            return _answered(chart, woken, event)
    return Foreseen(Waits("check_events of this state takes it in its turn"), None)


def _answered(chart: ListChart, woken: Step, event: Event) -> Foreseen:
    """Answer the queries of the list until one of them takes the event."""
    found: dict[str, Json] = {
        "id": event.id,
        "type": event.name,
        "payload": event.data,
        "job_id": event.job_id,
        "source": event.source,
    }
    step_ = woken
    while (asked := _query(step_.snapshot)) is not None:
        id_, types = asked
        takes = event.name in types
        answer = Result({"event": found if takes else None})
        step_ = step(chart, step_.snapshot, Done(id_, answer, event.at))
        if takes:
            return Foreseen(step_.outcome, step_)
    return Foreseen(Waits("the list looks elsewhere first"), None)


def _query(snapshot: Snapshot) -> tuple[str, tuple[str, ...]] | None:
    """Return id and types of the `check_events` in hand, if it is one."""
    for id_, entry in snapshot.pending.items():
        if isinstance(entry, RunEntry) and entry.action == "check_events":
            return id_, names(entry.args.get("event_types"))
    return None


def preview(chart: ListChart, snapshot: Snapshot) -> tuple[Option, ...]:
    """Return every event of the chart with what it would do now, valid first.

    The payload is empty: where the outcome depends on it, ask `foresee`.
    """
    at: At = snapshot.stepped
    found = [
        _option(chart, snapshot, Event(name, {}, "preview", at))
        for name in chart.event_names()
    ]
    return tuple(sorted(found, key=lambda option: option.target == ""))


def _option(chart: ListChart, snapshot: Snapshot, event: Event) -> Option:
    foreseen = foresee(chart, snapshot, event)
    target = ""
    if isinstance(foreseen.outcome, Taken) and foreseen.step is not None:
        target = foreseen.step.snapshot.configuration[0]
    elif isinstance(foreseen.outcome, Waits):
        index = chart.move(snapshot.configuration[0], event.name)
        target = "" if index is None else chart.transitions[index].target
    return Option(event.name, foreseen.outcome, target)
