"""How an engine action list moves.

One list = the transition's actions + the state's actions. The cursor is in the
snapshot; a self-loop is a targetless transition; there is one hand per
instance: while a Run or Query is pending, events wait, time-outs preempt, and
a new state's list starts only after the old Run is done. Instead of polling, a
list that looks for something (a queue, the inbox, a list) leaves a Watch at
the end of its pass and runs again when that changes.

At the end of a pass the first of these holds:
  1 it took something and repeats (looped, watchable, repeatable): next pass
  2 it holds watchable actions that were reached: a Watch
  3 an action's event took a self-loop in this pass: again after poll_interval
  4 `repeatable` actions only: those again after 0.25 s
  5 it is over until the state is entered again
"""

from enum import Enum

from smtui.chart.model import StateChart, list_of
from smtui.chart.requests import WATCHABLE, Asked, Did, ask
from smtui.chart.values import (
    At,
    Cursor,
    Kind,
    Micro,
    Query,
    Run,
    RunEntry,
    Settle,
    Settlement,
    Snapshot,
    Status,
    Watch,
    WatchEntry,
)
from smtui.chart.verdicts import Verdict
from smtui.chart.work import Work, key_of

__all__ = ["Came", "is_over", "loop", "next_pass", "react", "run_list"]

REPEAT_AFTER_S = 0.25
"""Pause between the passes of `repeatable` actions."""

POLL_AFTER_S = 1.0
"""Default of `poll_interval`, where nothing tells of a change."""

WAIT_FOR_JOBS_S = 300.0
"""Default of wait_for_jobs' timeout."""

MOST_ACTIONS = 1000
"""Actions in one step; a list that goes on for ever goes on in the next."""

MOST_NESTED = 32
"""Self-loops inside self-loops' actions; one more is a circle."""


class Came(Enum):
    """Where the event of a self-loop came from: it decides what is re-armed."""

    ACTION = "action"
    OUTSIDE = "outside"
    DELAY = "delay"


def run_list(work: Work) -> None:
    """Run the list to its next Run or Query, real transition or end of pass."""
    for _ in range(MOST_ACTIONS):
        cursor = work.cursor
        if cursor is None or work.is_busy or _is_watching(work, cursor):
            return
        actions = work.actions_of(cursor)
        if cursor.offset >= len(actions):
            if cursor.then is not None:
                work.cursor = cursor.then
                continue
            _end_of_pass(work, cursor)
            return
        if cursor.only is not None and cursor.offset not in cursor.only:
            work.cursor = cursor._replace(offset=cursor.offset + 1)
            continue
        if not _run_one(work, cursor):
            return


def _is_watching(work: Work, cursor: Cursor) -> bool:
    return any(
        isinstance(entry, WatchEntry) and entry.owner == cursor.entry
        for entry in work.pending.values()
    )


def _run_one(work: Work, cursor: Cursor) -> bool:
    """Run the action under the cursor; say whether the list goes on."""
    action = work.actions_of(cursor)[cursor.offset]
    if action.type is None:
        work.log("warning", f"{action.at}: action without a type, skipped")
        work.cursor = cursor._replace(offset=cursor.offset + 1)
        return True
    request = ask(action, work.scene())
    if isinstance(request, Asked):
        _perform(work, cursor, request)
        return False
    work.effects.extend(request.logs)
    return _did(work, cursor, request)


def _did(work: Work, cursor: Cursor, did: Did) -> bool:
    since = dict(cursor.since)
    work.apply(did.verdict)
    for topic in did.topics:
        present = work.data.get(topic.removeprefix("data/"))
        since[topic] = len(present) if isinstance(present, list) else 0
    work.cursor = cursor._replace(
        offset=cursor.offset + 1,
        took=cursor.took or did.verdict.took,
        since=since,
    )
    before = len(work.micro)
    react(work, did.verdict)
    return all(micro.is_loop for micro in work.micro[before:])


def _perform(work: Work, cursor: Cursor, asked: Asked) -> None:
    """Ask for a Store or World action under its idempotency key."""
    key = key_of(
        cursor.cause,
        work.before.instance,
        f"{cursor.transition}:{cursor.state}",
        cursor.offset,
        cursor.pass_,
        0,
    )
    settle: tuple[Settle, ...] = ()
    if asked.kind is Kind.STORE and asked.action == "check_database_queue":
        # asking for the next job says that the last one is done
        done = [id_ for id_, how in work.held.items() if how == "queue"]
        settle = tuple(Settle(id_, Settlement.COMPLETED) for id_ in done)
        for id_ in done:
            del work.held[id_]
    if asked.action == "wait_for_jobs" and cursor.by is None:
        seconds = _number(asked.args.get("timeout"), WAIT_FOR_JOBS_S)
        work.cursor = cursor._replace(by=work.at.plus(seconds))
    entry = RunEntry(
        kind=asked.kind,
        action=asked.action,
        args=asked.args,
        key=key,
        owner=cursor.entry,
        since=work.at,
        on_crash=str(asked.args.get("on_crash") or "rerun"),
        topics=tuple(t for t in asked.topics if t.startswith("jobs")),
        settle=settle,
    )
    id_ = work.new_id()
    work.pending[id_] = entry
    if asked.kind is Kind.STORE:
        work.effects.append(Query(id_, entry))
    else:
        work.effects.append(Run(id_, entry))


def _number(value: object, default: float) -> float:
    try:
        return float(str(value))
    except ValueError:
        return default


# ------------------------------------------------------------ an action's event


def react(work: Work, verdict: Verdict) -> None:
    """Take the transition of an action's event, if there is one."""
    if work.status is not Status.RUNNING or verdict.event is None:
        return
    index = work.chart.move(work.state, verdict.event)
    if index is None:
        _unwanted(work, verdict)
        return
    target = work.chart.transitions[index].target
    if target != work.state:
        work.enter(index, target, verdict.event)
    else:
        loop(work, index, verdict.event, Came.ACTION, ends=verdict.is_negative)


def _unwanted(work: Work, verdict: Verdict) -> None:
    if verdict.event == "error":
        work.log("error", str(verdict.sets.get("last_error", "error")))
    if verdict.holds is not None and verdict.holds[1] == "queue":
        job_id = verdict.holds[0]
        work.give_back(job_id)
        work.data = {k: v for k, v in work.data.items() if k != "current_job"}
        work.log(
            "warning",
            f"job {job_id} given back: no {verdict.event!r} in {work.state}",
        )
        if work.cursor is not None:
            # watching on would claim the same job again at once
            since = {
                topic: n
                for topic, n in work.cursor.since.items()
                if not topic.startswith("jobs/")
            }
            work.cursor = work.cursor._replace(since=since, took=False)


def loop(work: Work, index: int, event: str, came: Came, *, ends: bool = False) -> None:
    """Take a self-loop: targetless, nothing is left or entered."""
    transition = work.chart.transitions[index]
    work.micro.append(Micro(work.state, event, work.state, index, is_loop=True))
    if work.is_told_to_end(work.state, event):
        work.end_soon(event)
        _skip_to_end_if_begun(work)
        return
    cursor = work.cursor
    if came is not Came.ACTION or cursor is None or cursor.pass_ == 0:
        work.start_timers()
    if cursor is None:
        return
    if came is Came.ACTION:
        cursor = _root_looped(cursor)
        if ends:
            cursor = _at_end(work, cursor)
    elif came is Came.DELAY:
        cursor = _rearmed(work, cursor)
    if transition.actions and _depth(cursor) >= MOST_NESTED:
        work.log("error", f"{event!r} loops inside its own actions, left out")
    elif transition.actions:
        cursor = Cursor(
            transition=index,
            state=work.state,
            offset=0,
            entry=work.new_id(),
            pass_=0,
            took=False,
            looped=False,
            rearm=False,
            only=None,
            cause=work.cause,
            since={},
            by=None,
            then=cursor,
        )
    work.cursor = cursor


def _depth(cursor: Cursor) -> int:
    depth = 0
    while cursor.then is not None:
        cursor, depth = cursor.then, depth + 1
    return depth


def _root_looped(cursor: Cursor) -> Cursor:
    if cursor.then is not None:
        return cursor._replace(then=_root_looped(cursor.then))
    return cursor._replace(looped=True)


def _at_end(work: Work, cursor: Cursor) -> Cursor:
    if cursor.then is not None:
        return cursor._replace(then=_at_end(work, cursor.then))
    return cursor._replace(offset=len(work.actions_of(cursor)))


def _rearmed(work: Work, cursor: Cursor) -> Cursor:
    """Start a list that is over again, one under way at its end."""
    if cursor.then is not None:
        return cursor._replace(then=_rearmed(work, cursor.then))
    at_end = cursor.offset >= len(work.actions_of(cursor))
    if not at_end or work.is_busy:
        return cursor._replace(rearm=True)
    for id_, entry in list(work.pending.items()):
        if isinstance(entry, WatchEntry) and entry.owner == cursor.entry:
            del work.pending[id_]
    return next_pass(cursor)


def _skip_to_end_if_begun(work: Work) -> None:
    cursor = work.cursor
    if cursor is not None and (cursor.offset > 0 or cursor.pass_ > 0):
        root = cursor
        while root.then is not None:
            root = root.then
        work.cursor = root._replace(offset=len(work.actions_of(root)))


# ------------------------------------------------------------ the end of a pass


def next_pass(cursor: Cursor, only: tuple[int, ...] | None = None) -> Cursor:
    """Return the cursor at the start of the next pass.

    A transition's own actions run once: from now on the list is the state's.
    """
    return cursor._replace(
        transition=None,
        offset=0,
        pass_=cursor.pass_ + 1,
        took=False,
        looped=False,
        rearm=False,
        only=only,
        since={},
    )


def _end_of_pass(work: Work, cursor: Cursor) -> None:
    if work.status is Status.ENDING:
        work.finish()
        return
    if work.status is not Status.RUNNING:
        return
    actions = work.actions_of(cursor)
    own = work.chart.states[cursor.state].actions
    repeatable = tuple(i for i, action in enumerate(own) if action.repeat)
    watchable = any(action.type in WATCHABLE for action in actions)
    repeats = cursor.looped or watchable or bool(repeatable)
    if cursor.rearm or (cursor.took and repeats):
        work.cursor = next_pass(cursor)
    elif cursor.since:
        _watch(work, cursor, cursor.by)
    elif cursor.looped:
        _watch(work, cursor, work.at.plus(_poll_interval(work, cursor)))
    elif repeatable:
        work.cursor = cursor._replace(only=repeatable)
        _watch(work, work.cursor, work.at.plus(REPEAT_AFTER_S))


def _poll_interval(work: Work, cursor: Cursor) -> float:
    given = [
        _number(action.args.get("poll_interval"), POLL_AFTER_S)
        for action in work.actions_of(cursor)
        if "poll_interval" in action.args
    ]
    return max(0.05, min(given)) if given else POLL_AFTER_S


def _watch(work: Work, cursor: Cursor, by: At | None) -> None:
    entry = WatchEntry(
        on=tuple(cursor.since),
        since=cursor.since,
        by=by,
        cause=cursor.cause,
        owner=cursor.entry,
    )
    id_ = work.new_id()
    work.pending[id_] = entry
    work.effects.append(Watch(id_, entry))


def is_over(chart: StateChart, snapshot: Snapshot) -> bool:
    """Say whether the list has nothing left to run until something happens."""
    cursor = snapshot.cursor
    if cursor is None:
        return True
    if snapshot.status is Status.ENDING or cursor.then is not None or cursor.rearm:
        return False
    return cursor.offset >= len(list_of(chart, cursor))
