"""How an engine action list moves.

One list = the transition's actions + the state's actions. The cursor is in the
snapshot; a self-loop is a targetless transition whose own actions are a list
of their own, on top of the state's; there is one hand per instance: while a
Run or Query is pending, events wait, time-outs preempt, and a new state's list
starts only after the old Run is done.
"""

from enum import Enum

from smtui.chart.keys import key_of
from smtui.chart.passes import end_of_pass, next_pass, number, root_of
from smtui.chart.requests import ask
from smtui.chart.scene import Asked, Did
from smtui.chart.values import (
    Cursor,
    Kind,
    Micro,
    Query,
    Run,
    RunEntry,
    Settle,
    Settlement,
    Status,
    WatchEntry,
)
from smtui.chart.verdicts import Verdict
from smtui.chart.work import Work

__all__ = ["Came", "loop", "react", "run_list"]

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
        if cursor.offset >= len(work.actions_of(cursor)):
            if cursor.then is None:
                end_of_pass(work, cursor)
                return
            # what the own actions led to, the next action's key comes from
            work.cursor = cursor.then._replace(cause=cursor.cause)
        elif cursor.only is not None and cursor.offset not in cursor.only:
            work.cursor = cursor._replace(offset=cursor.offset + 1)
        elif not _run_one(work, cursor):
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
    react(work, did.verdict, cursor.entry)
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
        seconds = number(asked.args.get("timeout"), WAIT_FOR_JOBS_S)
        work.cursor = cursor._replace(by=work.at.plus(seconds))
    entry = RunEntry(
        kind=asked.kind,
        action=asked.action,
        args=asked.args,
        key=key,
        owner=cursor.entry,
        since=work.at,
        on_crash=str(asked.args.get("on_crash") or "rerun"),
        topics=asked.topics,
        settle=settle,
    )
    id_ = work.new_id()
    work.pending[id_] = entry
    if asked.kind is Kind.STORE:
        work.effects.append(Query(id_, entry))
    else:
        work.effects.append(Run(id_, entry))


# ------------------------------------------------------------ an action's event


def react(work: Work, verdict: Verdict, owner: str) -> None:
    """Take the transition of an action's event, if there is one.

    `owner` is the entry of the list the action stands in; one that is no
    longer there has no part in what the present list does.
    """
    index = None
    if work.status is Status.RUNNING and verdict.event is not None:
        index = work.way(verdict.event)
    if verdict.event is None or index is None:
        _unwanted(work, verdict, owner)
        return
    target = work.chart.transitions[index].target
    if target != work.state:
        work.enter(index, target, verdict.event)
        return
    work.change_list(owner, lambda cursor: _looped(work, cursor, verdict))
    loop(work, index, verdict.event, Came.ACTION)


def _looped(work: Work, cursor: Cursor, verdict: Verdict) -> Cursor:
    """Mark the list whose action looped; a negative result ends its pass."""
    offset = cursor.offset
    if verdict.is_negative:
        offset = max(offset, len(work.actions_of(cursor)))
    return cursor._replace(looped=True, offset=offset)


def _unwanted(work: Work, verdict: Verdict, owner: str) -> None:
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
        work.change_list(owner, _without_queue)


def _without_queue(cursor: Cursor) -> Cursor:
    """Watching on would claim the same job again at once."""
    topics = cursor.since.items()
    kept = {topic: n for topic, n in topics if topic.partition("/")[0] != "jobs"}
    return cursor._replace(since=kept, took=False)


def loop(work: Work, index: int, event: str, came: Came) -> None:
    """Take a self-loop: targetless, nothing is left or entered."""
    work.micro.append(Micro(work.state, event, work.state, index, is_loop=True))
    if work.is_told_to_end(work.state, event):
        work.end_soon(event)
        _end_list(work)
    else:
        # a poll must not starve a delay
        if came is not Came.ACTION or root_of(work.here()).pass_ == 0:
            work.start_timers()
        if came is Came.DELAY:
            _rearm(work)
    if work.chart.transitions[index].actions:
        _put_own(work, index, event)


def _put_own(work: Work, index: int, event: str) -> None:
    """Put the transition's own actions on top of what runs."""
    below = work.here()
    if _depth(below) >= MOST_NESTED:
        work.log("error", f"{event!r} loops inside its own actions, left out")
        return
    work.cursor = work.new_cursor(index, then=below)


def _depth(cursor: Cursor) -> int:
    depth = 0
    while cursor.then is not None:
        cursor, depth = cursor.then, depth + 1
    return depth


def _rearm(work: Work) -> None:
    """Start a list that is over or watching again, one under way at its end."""
    root = root_of(work.here())
    if root.offset < len(work.actions_of(root)):
        work.change_list(root.entry, lambda cursor: cursor._replace(rearm=True))
        return
    for id_, entry in list(work.pending.items()):
        if isinstance(entry, WatchEntry) and entry.owner == root.entry:
            del work.pending[id_]
    work.change_list(root.entry, next_pass)


def _end_list(work: Work) -> None:
    """Skip the rest of a list that began: a run that ends runs none twice."""
    root = root_of(work.here())
    if root.offset > 0 or root.pass_ > 0:
        offset = max(root.offset, len(work.actions_of(root)))
        work.cursor = root._replace(offset=offset)
