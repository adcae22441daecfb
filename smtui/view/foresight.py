"""What an event would do to a machine now: `stepper.foresee` in words.

The preview is the core's own step on the live snapshot, so it cannot differ
from what will be journalled unless the machine moves on in between. No
author's code runs, nothing is written.
"""

from collections.abc import Iterable
from typing import assert_never

from smtui.chart import (
    Chart,
    Depends,
    Foreseen,
    Known,
    StateChart,
    Waits,
    nobody_knows,
)
from smtui.chart.values import (
    At,
    Event,
    Ignored,
    Rejected,
    RunEntry,
    Snapshot,
    StartTimer,
    Status,
    Step,
    Taken,
    TimerEntry,
)
from smtui.definition import Json
from smtui.errors import StepError
from smtui.stepper import foresee
from smtui.view.entities import has_entities
from smtui.view.inject import Foresight, Verdict
from smtui.view.text import clean
from smtui.view.times import duration
from smtui.view.why import running_text
from smtui.wire.messages import Frame

__all__ = ["UNREAD", "look_ahead", "look_at_all"]

_OVER = frozenset({Status.FINAL, Status.FAILED})

UNREAD = Foresight(Verdict.UNKNOWN, "no preview: its state is not in the store yet")


def look_ahead(
    chart: Chart,
    snapshot: Snapshot,
    event: str,
    payload: Json,
    *,
    frame: Frame | None = None,
    now: float = 0.0,
    known: Known = nobody_knows,
) -> Foresight:
    """Return what the event with this payload would do.

    `frame` only makes the words of *waits* richer: which process it waits for.
    `known` answers where other machines are.
    """
    if snapshot.status in _OVER:
        return _of_ended(chart, snapshot)
    try:
        given = Event(event, payload, "preview", snapshot.stepped)
        foreseen = foresee(chart, snapshot, given, known)
    except StepError as problem:
        return Foresight(Verdict.UNKNOWN, f"no preview: {clean(problem.message)}")
    return _told_of(chart, snapshot, foreseen, frame=frame, now=now)


def _told_of(
    chart: Chart,
    snapshot: Snapshot,
    foreseen: Foreseen,
    *,
    frame: Frame | None,
    now: float,
) -> Foresight:
    match foreseen.outcome:
        case Taken():
            return Foresight(Verdict.TAKEN, _move(chart, snapshot, foreseen.step))
        case Ignored(why):
            return Foresight(Verdict.IGNORED, clean(why))
        case Rejected(_, why):
            return Foresight(Verdict.REJECTED, clean(why))
        case Waits(why):
            return Foresight(Verdict.WAITS, _waits(why, snapshot, frame, now))
        case Depends(on=names):
            return Foresight(Verdict.DEPENDS, f"on {clean(', '.join(names))}")
        case _ as never:
            assert_never(never)


def _of_ended(chart: Chart, snapshot: Snapshot) -> Foresight:
    """Return what becomes of an event for a run that has ended."""
    where = _where(chart, snapshot)
    if has_entities(chart):
        why = f"{snapshot.instance!r} has ended in {where}"
        return Foresight(Verdict.REJECTED, clean(why))
    return Foresight(Verdict.WAITS, f"has ended in {where}: for the next run")


def look_at_all(
    chart: Chart,
    snapshot: Snapshot,
    events: Iterable[str],
    *,
    frame: Frame | None = None,
    now: float = 0.0,
) -> list[tuple[str, Foresight]]:
    """Return the preview of every event with an empty payload."""
    return [
        (event, look_ahead(chart, snapshot, event, {}, frame=frame, now=now))
        for event in events
    ]


def _move(chart: Chart, before: Snapshot, step: Step | None) -> str:
    if step is None:
        return "handled"
    source = _where(chart, before)
    target = _where(chart, step.snapshot)
    timers = [
        _told(effect.entry, before.stepped, is_tree=isinstance(chart, StateChart))
        for effect in step.effects
        if isinstance(effect, StartTimer)
    ]
    then = f"  then {clean(timers[0])}" if timers else ""
    seen = dict.fromkeys(one.said for one in step.decided if one.said)
    if seen:  # where other machines are: it may be another way a moment later
        then += f"  ({clean('; '.join(seen))})"
    if source == target:
        return f"{source} stays{then}"
    return f"{source} ─▶ {target}{then}"


def _told(timer: TimerEntry, now: At, *, is_tree: bool) -> str:
    """Return a delay as people know it: a statechart's by how long it is."""
    if is_tree and timer.message is None:
        return f"after {timer.due.seconds_left(now):g}s"
    return timer.event


def _where(chart: Chart, snapshot: Snapshot) -> str:
    """Return the active states, of nested ones the innermost."""
    active = snapshot.configuration
    if isinstance(chart, StateChart):
        active = chart.leaves(active)
    return clean("+".join(active))


def _waits(why: str, snapshot: Snapshot, frame: Frame | None, now: float) -> str:
    if frame is not None and frame.running:
        action = frame.running[0]
        text = running_text(action, now)
        return f"waits for {text.replace(' runs ', ', ')}"
    for entry in snapshot.pending.values():
        if isinstance(entry, RunEntry):
            since = (
                f" since {duration(now - entry.since.wall)}"
                if entry.since and now
                else ""
            )
            return f"waits for {clean(entry.action)}{since}"
    return clean(why)
