"""Whose turn is it? The pure loop over step.

The driver offers, in this order: a finished Query's result; a due delay or a
finished Run's result, whichever came first; the oldest event the instance
accepts; a wake-up; else Go. It decides with values and does nothing itself:
the runtime gathers the offer, steps the choice, commits and performs.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, assert_never

from smtui.chart.data import patch_between
from smtui.chart.foreign_news import name_of
from smtui.chart.values import (
    At,
    Cancelled,
    CancelTimer,
    Data,
    Done,
    Effect,
    Event,
    Fired,
    Go,
    Ignored,
    In,
    Kind,
    Query,
    Rejected,
    Run,
    RunEntry,
    Send,
    Snapshot,
    StartChild,
    StartTimer,
    Status,
    Step,
    Taken,
    TimerEntry,
    WatchEntry,
    Woken,
)
from smtui.definition import Json
from smtui.stepper import Chart, accepts, holds_timers, wants_go

__all__ = ["Offer", "Row", "Wait", "choose", "journal", "patch_between"]

GOS_BEFORE_PACING = 100
"""Go steps with nothing from outside between them; then they are paced."""

PACE_S = 0.05
"""Pause between paced Go steps: a machine that chases itself uses no core."""


class Offer(NamedTuple):
    """What there is to choose from."""

    at: At
    done: Sequence[Done] = ()
    events: Sequence[Event] = ()
    """Unhandled rows of the inbox, in order of acceptance."""
    counters: Mapping[str, int] = MappingProxyType({})
    """Present change counters of the watched topics."""


class Wait(NamedTuple):
    """Nothing to step now."""

    until: At | None
    """When there will be, if nothing comes in before; None: never."""


def choose(chart: Chart, snapshot: Snapshot, offer: Offer) -> In | Wait:
    """Return the next input to step, or how long to wait for one."""
    if snapshot.status in {Status.FINAL, Status.FAILED}:
        return Wait(None)
    first = _result_or_delay(chart, snapshot, offer)
    if first is not None:
        return first
    intake = accepts(chart, snapshot)
    for event in offer.events:
        if intake.takes(event.name):
            return event
    if not holds_timers(chart, snapshot):
        for id_, entry in snapshot.pending.items():
            if isinstance(entry, WatchEntry) and _has_changed(
                entry, snapshot.data, offer
            ):
                return Woken(id_, offer.at)
    return _go_or_wait(chart, snapshot, offer.at)


def _go_or_wait(chart: Chart, snapshot: Snapshot, at: At) -> Go | Wait:
    if not wants_go(chart, snapshot):
        # a delay that is held has its turn after what holds it, not at an instant
        if holds_timers(chart, snapshot):
            return Wait(_next_due(snapshot, at, retries_only=True))
        return Wait(_next_due(snapshot, at))
    paced = snapshot.stepped.plus(PACE_S)
    if snapshot.gos < GOS_BEFORE_PACING or paced.is_due(at):
        return Go(at)
    return Wait(_next_due(snapshot, at, paced))


def _result_or_delay(
    chart: Chart, snapshot: Snapshot, offer: Offer
) -> Done | Fired | None:
    results: list[Done] = []
    for done in offer.done:
        entry = snapshot.pending.get(done.id)
        if isinstance(entry, RunEntry):
            if entry.kind is Kind.STORE:
                return done
            results.append(done)
    timers = [
        (entry.due, id_)
        for id_, entry in snapshot.pending.items()
        if isinstance(entry, TimerEntry) and entry.due.is_due(offer.at)
    ]
    if timers and holds_timers(chart, snapshot):
        timers = [timer for timer in timers if _is_retry(snapshot, timer[1])]
    if not timers:
        return results[0] if results else None
    due, id_ = min(timers, key=lambda timer: timer[0].wall)
    if results and results[0].at.boot_id == due.boot_id:
        first = results[0]
        if first.at.boot < due.boot:
            return first
    return Fired(id_, offer.at)


def _is_retry(snapshot: Snapshot, id_: str) -> bool:
    """Say whether a delay is of what holds the others: an action tried again."""
    entry = snapshot.pending[id_]
    return isinstance(entry, TimerEntry) and entry.run is not None


def _has_changed(entry: WatchEntry, data: Data, offer: Offer) -> bool:
    if entry.by is not None and entry.by.is_due(offer.at):
        return True
    for topic, since in entry.since.items():
        kind, _, name = topic.partition("/")
        if kind == "inbox":
            if any(event.name == name for event in offer.events):
                return True
        elif kind == "data":
            present = data.get(name)
            if isinstance(present, list) and len(present) > since:
                return True
        elif offer.counters.get(topic, 0) > since:
            return True
    return False


def _next_due(
    snapshot: Snapshot, now: At, *others: At, retries_only: bool = False
) -> At | None:
    dues = list(others)
    for id_, entry in snapshot.pending.items():
        if retries_only and not _is_retry(snapshot, id_):
            continue
        if isinstance(entry, TimerEntry):
            dues.append(entry.due)
        elif isinstance(entry, WatchEntry) and entry.by is not None:
            dues.append(entry.by)
    return min(dues, key=lambda due: due.seconds_left(now), default=None)


# ---------------------------------------------------------------- the journal


class Row(NamedTuple):
    """What the journal keeps of one step."""

    seq: int
    run: int
    at: float
    cause: str
    """Inbox id, timer id or action key that led to it."""
    event: str
    from_: tuple[str, ...]
    to: tuple[str, ...]
    outcome: str
    why: str
    micro: tuple[dict[str, Json], ...]
    data_patch: dict[str, Json] | None
    effects: tuple[dict[str, Json], ...]


def journal(before: Snapshot | None, given: In | None, step: Step) -> Row | None:
    """Return the journal row of a step; None for an idle pass.

    `before` and `given` are None for the step that began the run.
    """
    if step.is_idle:
        return None
    after = step.snapshot
    outcome, why = _words(step)
    return Row(
        seq=after.seq,
        run=after.run,
        at=after.stepped.wall,
        cause=_cause(before, given),
        event=_event(before, given, step),
        from_=before.configuration if before is not None else (),
        to=after.configuration,
        outcome=outcome,
        why=why,
        micro=tuple(
            {"from": m.source, "event": m.event, "to": m.target, "loop": m.is_loop}
            for m in step.micro
        ),
        data_patch=patch_between(before.data if before is not None else {}, after.data),
        effects=tuple(_brief(step.effects)),
    )


def _words(step: Step) -> tuple[str, str]:
    match step.outcome:
        case Taken(why):
            return "taken", why
        case Ignored(why):
            return "ignored", why
        case Rejected(_, why):
            return "rejected", why
        case _:
            assert_never(step.outcome)


def _cause(before: Snapshot | None, given: In | None) -> str:
    if before is None or given is None:
        return ""
    match given:
        case Event():
            return given.id
        case Done():
            entry = before.pending.get(given.id)
            return entry.key if isinstance(entry, RunEntry) else given.id
        case Fired() | Woken():
            return given.id
        case Go() | Cancelled():
            return before.cursor.cause if before.cursor is not None else ""
        case _:
            assert_never(given)


def _event(before: Snapshot | None, given: In | None, step: Step) -> str:
    """Return the event's name: the input's own, else the first one taken."""
    if step.event:
        return step.event
    if isinstance(given, Event):
        return given.name
    taken = next((m.event for m in step.micro if m.event), "")
    if taken or before is None:
        return taken
    if isinstance(given, Fired | Done):
        entry = before.pending.get(given.id)
        if isinstance(entry, TimerEntry):
            return entry.event
    return ""


def _brief(effects: Sequence[Effect]) -> Iterator[dict[str, Json]]:
    """Return what was asked, short: enough to read and to replay by."""
    for effect in effects:
        match effect:
            case Run(id_, entry) | Query(id_, entry):
                yield {"run": id_, "action": entry.action, "key": entry.key}
            case StartTimer(id_, entry):
                again = {} if entry.run is None else {"again": entry.run.action}
                due = entry.due.wall
                yield {"timer": id_, "event": entry.event, "due": due, **again}
            case Send(id_, to, message):
                yield {"send": id_, "event": name_of(message), "to": to.name}
            case StartChild(id_, child):
                yield {"child": id_, "instance": child.instance}
            case CancelTimer(id_):
                yield {"cancel": id_}
            case _:
                pass
