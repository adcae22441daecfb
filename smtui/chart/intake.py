"""What an instance accepts now, and what an event would do to it.

Deferral is the chart's decision: while an action is in hand, or a list holds
`check_events` for a type, events wait in the inbox and keep their place.
Preview is the truth: it is `step` itself on the live snapshot.
"""

from collections.abc import Iterator

from smtui.chart.foreseeing import Known, foreseen, leads_to, nobody_knows, unheard
from smtui.chart.model import ListChart, awaits_start, list_of
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
    In,
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
    if awaits_start(chart, snapshot):
        return Nothing("the run begins")
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
    if awaits_start(chart, snapshot):
        return True
    for entry in snapshot.pending.values():
        if isinstance(entry, RunEntry):
            return False
        if isinstance(entry, WatchEntry) and entry.owner == cursor.entry:
            return False
    if snapshot.status is Status.ENDING or cursor.then is not None or cursor.rearm:
        return True
    return cursor.offset < len(list_of(chart, cursor))


def foresee(
    chart: ListChart, snapshot: Snapshot, event: Event, known: Known = nobody_knows
) -> Foreseen:
    """Return what the event would do now, without doing it."""
    intake = accepts(chart, snapshot)
    found = unheard(intake, snapshot)
    if found is not None:
        return found
    if intake.takes(event.name):
        return _stepped(chart, snapshot, event, known)
    return _through_check_events(chart, snapshot, event, known)


def _stepped(chart: ListChart, snapshot: Snapshot, given: In, known: Known) -> Foreseen:
    """Follow one input, as far as it is known where other machines are."""
    return foreseen(
        lambda answers: step(chart, snapshot, given, answers), _target, known
    )


def _target(done: Step) -> str:
    is_taken = isinstance(done.outcome, Taken)
    return done.snapshot.configuration[0] if is_taken else ""


def _through_check_events(
    chart: ListChart, snapshot: Snapshot, event: Event, known: Known
) -> Foreseen:
    """Follow an event that a watching list would take out of the inbox."""
    topic = f"inbox/{event.name}"
    for id_, entry in snapshot.pending.items():
        if isinstance(entry, WatchEntry) and topic in entry.on:
            woken = _stepped(chart, snapshot, Woken(id_, event.at), known)
            return _answered(chart, woken, event, known)
    return Foreseen(Waits("check_events of this state takes it in its turn"), None)


def _answered(
    chart: ListChart, woken: Foreseen, event: Event, known: Known
) -> Foreseen:
    """Answer the queries of the list until one of them takes the event."""
    found: dict[str, Json] = {
        "id": event.id,
        "type": event.name,
        "payload": event.data,
        "job_id": event.job_id,
        "source": event.source,
    }
    followed = woken
    while (step_ := followed.step) is not None:
        asked = _query(step_.snapshot)
        if asked is None:
            break
        id_, types = asked
        takes = event.name in types
        answer = Result({"event": found if takes else None})
        done = Done(id_, answer, event.at)
        followed = _stepped(chart, step_.snapshot, done, known)
        if takes:
            return followed
    if followed.step is None:
        return followed
    return Foreseen(Waits("the list looks elsewhere first"), None)


def _query(snapshot: Snapshot) -> tuple[str, tuple[str, ...]] | None:
    """Return id and types of the `check_events` in hand, if it is one."""
    for id_, entry in snapshot.pending.items():
        if isinstance(entry, RunEntry) and entry.action == "check_events":
            return id_, names(entry.args.get("event_types"))
    return None


def preview(
    chart: ListChart, snapshot: Snapshot, known: Known = nobody_knows
) -> tuple[Option, ...]:
    """Return every event of the chart with what it would do now, valid first.

    The payload is empty: where the outcome depends on it, ask `foresee`.
    """
    at: At = snapshot.stepped
    found = [
        _option(chart, snapshot, Event(name, {}, "preview", at), known)
        for name in chart.event_names()
    ]
    return tuple(sorted(found, key=lambda option: option.target == ""))


def _option(chart: ListChart, snapshot: Snapshot, event: Event, known: Known) -> Option:
    found = foresee(chart, snapshot, event, known)
    target = leads_to(found, _target)
    if isinstance(found.outcome, Waits):
        index = chart.move(snapshot.configuration[0], event.name)
        target = "" if index is None else chart.transitions[index].target
    return Option(event.name, found.outcome, target)
