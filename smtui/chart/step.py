"""The step: one input, one macrostep, everything it changes and asks for.

A transition taken by a result, a delay or a Pure action only places the cursor
and ends the step. An event, Go, a wake-up, and a result without a real
transition run the list on. So an event that queued during an action can leave
the new state before its actions run, and two events sent together never skip a
state's actions.
"""

from collections.abc import Mapping, Sequence
from typing import assert_never

from smtui.chart.birth import require_own, unborn
from smtui.chart.data import patched
from smtui.chart.keys import key_of
from smtui.chart.lists import Came, loop, react, run_list
from smtui.chart.messages import Answer, Ask
from smtui.chart.model import START, ListChart, awaits_start
from smtui.chart.passes import next_pass
from smtui.chart.questions import Unanswered, said_no
from smtui.chart.scene import names
from smtui.chart.values import (
    At,
    Cancelled,
    Cursor,
    Data,
    Done,
    Event,
    Fired,
    Given,
    Go,
    Ignored,
    In,
    Interrupted,
    Kind,
    Raised,
    Result,
    RunEntry,
    Snapshot,
    Status,
    Step,
    TimerEntry,
    WatchEntry,
    Woken,
)
from smtui.chart.verdicts import judge, message_data
from smtui.chart.work import Work
from smtui.errors import StepError

__all__ = ["START", "ignored_why", "start", "step"]


def start(chart: ListChart, data: Data, given: Given) -> Step:
    """Begin a run: enter the initial state, then take `start` if it leads on.

    Raises StepError when the chart has no such initial state.
    """
    if chart.initial not in chart.states:
        raise StepError(f"initial state {chart.initial!r} is not in the chart")
    snapshot = unborn(chart, {**data, **given.reserved}, given)
    work = Work.on(chart, snapshot, given.at, given.id)
    work.enter(None, chart.initial, "")
    if work.status is Status.RUNNING and START not in work.node.ways:
        _take(work, chart.move(work.state, START), START, Came.OUTSIDE)
    return work.freeze()


def _take(work: Work, index: int | None, event: str, came: Came) -> bool:
    """Take a transition, if there is one; say whether there was."""
    if index is None:
        return False
    target = work.chart.transitions[index].target
    if target == work.state:
        loop(work, index, event, came)
    else:
        work.enter(index, target, event)
    return True


def step(
    chart: ListChart, snapshot: Snapshot, given: In, answers: Sequence[Answer] = ()
) -> Step | Ask:
    """Take one input to its end, or ask where another machine is.

    Raises StepError when the snapshot belongs to another chart.
    """
    require_own(chart, snapshot)
    try:
        return _stepped(chart, snapshot, given, answers)
    except Unanswered as open_:
        return Ask((open_.question,))


def _stepped(
    chart: ListChart, snapshot: Snapshot, given: In, answers: Sequence[Answer]
) -> Step:
    match given:
        case Event():
            return _event(chart, snapshot, given, answers)
        case Fired():
            return _fired(chart, snapshot, given, answers)
        case Done():
            return _done(chart, snapshot, given, answers)
        case Woken():
            return _woken(chart, snapshot, given, answers)
        case Go():
            return _go(chart, snapshot, given, answers)
        case Cancelled():
            return _dropped(chart, snapshot, "an invoke", given.at)
        case _:
            assert_never(given)


def ignored_why(chart: ListChart, state: str, event: str) -> str:
    """Return the words for an event that no transition takes here."""
    takers = chart.takers(event)
    where = f"taken in {', '.join(takers[:3])}" if takers else "taken in no state"
    more = f" and {len(takers) - 3} more" if len(takers) > 3 else ""  # noqa: PLR2004
    return f'no "{event}" in {state} ({where}{more})'


def _event(
    chart: ListChart, snapshot: Snapshot, event: Event, answers: Sequence[Answer]
) -> Step:
    work = Work.on(chart, snapshot, event.at, event.id, answers)
    work.told = True
    if work.status is not Status.RUNNING:
        work.outcome = Ignored(f"the run is {work.status.value}")
        return work.freeze()
    message = message_data(
        {"type": event.name, "payload": event.data, "job_id": event.job_id}
    )
    work.hear(message)
    work.asker.event = message
    if not _take(work, work.way(event.name), event.name, Came.OUTSIDE):
        work.outcome = Ignored(_why_not(work, event.name))
    work.told = False
    run_list(work)
    return work.freeze()


def _why_not(work: Work, event: str) -> str:
    """Return why no transition takes an event."""
    no = said_no(work.asker.decided)
    if no:
        return f'"{event}" in {work.state}: no by {no}'
    return ignored_why(work.chart, work.state, event)


def _fired(
    chart: ListChart, snapshot: Snapshot, fired: Fired, answers: Sequence[Answer]
) -> Step:
    entry = snapshot.pending.get(fired.id)
    if not isinstance(entry, TimerEntry):
        return _dropped(chart, snapshot, fired.id, fired.at)
    cause = key_of(entry.cause, "fired", entry.event)
    work = Work.on(chart, snapshot, fired.at, cause, answers)
    del work.pending[fired.id]
    if not _take(work, work.way(entry.event), entry.event, Came.DELAY):
        work.outcome = Ignored(_why_not(work, entry.event))
    return work.freeze()


def _dropped(chart: ListChart, snapshot: Snapshot, id_: str, at: At) -> Step:
    work = Work.on(chart, snapshot, at, id_)
    work.outcome = Ignored(f"{id_} is no longer pending")
    return work.freeze()


def _done(
    chart: ListChart, snapshot: Snapshot, done: Done, answers: Sequence[Answer]
) -> Step:
    entry = snapshot.pending.get(done.id)
    if not isinstance(entry, RunEntry):
        return _dropped(chart, snapshot, done.id, done.at)
    work = Work.on(chart, snapshot, done.at, entry.key, answers)
    work.cause_is_own = entry.kind is Kind.STORE
    del work.pending[done.id]
    if done.patch is not None:
        work.data = patched(work.data, done.patch)
    if isinstance(done.answer, Interrupted):
        _advance(work, entry)
        work.log("warning", f"{entry.action} interrupted: {done.answer.why}")
    elif _answered(work, entry, done.answer):
        return work.freeze()
    run_list(work)
    return work.freeze()


def _answered(work: Work, entry: RunEntry, answer: Result | Raised) -> bool:
    """Carry out what an answer means; say whether a state was left by it."""
    by = _deadline(work.cursor, entry.owner)
    verdict = judge(entry, answer, by=by, at=work.at)
    work.found_nothing = verdict.is_negative
    if verdict.is_negative:
        # states that chase each other by finding nothing are paced like Go
        work.gos = work.before.gos
    since = _inbox_topics(entry)
    if isinstance(answer, Result):
        since.update(answer.counters)
    _advance(
        work,
        entry,
        took=verdict.took,
        since=since,
        clears_by=entry.action == "wait_for_jobs" and not verdict.is_negative,
    )
    work.apply(verdict)
    before = len(work.micro)
    work.told = entry.kind is Kind.STORE and entry.action == "check_events"
    react(work, verdict, entry.owner)
    work.told = False
    return any(not micro.is_loop for micro in work.micro[before:])


def _inbox_topics(entry: RunEntry) -> dict[str, int]:
    """Return the topics of a list that looked into the inbox."""
    if entry.action != "check_events" or entry.kind is not Kind.STORE:
        return {}
    types = names(entry.args.get("event_types"))
    return {f"inbox/{name}": 0 for name in types}


def _deadline(cursor: Cursor | None, owner: str) -> At | None:
    while cursor is not None:
        if cursor.entry == owner:
            return cursor.by
        cursor = cursor.then
    return None


def _advance(
    work: Work,
    entry: RunEntry,
    *,
    took: bool = False,
    since: Mapping[str, int] | None = None,
    clears_by: bool = False,
) -> None:
    """Move the cursor that asked past its action; another one stays."""
    work.change_list(
        entry.owner,
        lambda asker: asker._replace(
            offset=asker.offset + 1,
            took=asker.took or took,
            since={**(since or {}), **asker.since},
            cause=entry.key,
            by=None if clears_by else asker.by,
        ),
    )


def _woken(
    chart: ListChart, snapshot: Snapshot, woken: Woken, answers: Sequence[Answer]
) -> Step:
    entry = snapshot.pending.get(woken.id)
    if not isinstance(entry, WatchEntry):
        return _dropped(chart, snapshot, woken.id, woken.at)
    work = Work.on(chart, snapshot, woken.at, entry.cause, answers)
    work.cause_is_own = True
    del work.pending[woken.id]
    work.change_list(entry.owner, lambda watcher: next_pass(watcher, watcher.only))
    run_list(work)
    return work.freeze()


def _go(
    chart: ListChart, snapshot: Snapshot, go: Go, answers: Sequence[Answer]
) -> Step:
    cause = snapshot.cursor.cause if snapshot.cursor is not None else ""
    work = Work.on(chart, snapshot, go.at, cause, answers)
    work.cause_is_own = True
    work.gos = snapshot.gos + 1
    if not awaits_start(chart, snapshot) or not _take(
        work, work.way(START), START, Came.OUTSIDE
    ):
        run_list(work)
    return work.freeze()
