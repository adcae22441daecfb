"""Store actions: performed inside the transaction that keeps their result.

The laws of this file: a performer does one thing and gives bare facts; which
event that is (`success:`, `empty:`) is decided by the core. What an author got
wrong, and a limit that is reached, is `Raised`; what the database cannot do
fails the whole commit, so nothing is half done. No author's code runs here.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

from smtui.chart import encode_message
from smtui.chart.messages import Message
from smtui.chart.values import Query, Raised, Result
from smtui.definition import Json
from smtui.errors import StoreError
from smtui.store import (
    claims,
    counters,
    epochs,
    inbox,
    invocations,
    jobs,
    machines,
    starting,
)
from smtui.store.arguments import Arguments, BadArgumentError
from smtui.store.connection import Tx
from smtui.store.rows import (
    SOLE_INSTANCE,
    InboxKind,
    InvocationStatus,
    JobRow,
    JobState,
)
from smtui.store.values import Claimant

__all__ = ["perform"]

DEFAULT_LIMIT = 1000
"""Jobs get_pending_jobs gives at most, where the author says nothing: they are
copied into the machine's data, which every step writes."""

AUDIT_TARGET = "ui"
"""Whom activity_log speaks to, as in the original."""

Value: TypeAlias = dict[str, Json]


class Asked(NamedTuple):
    """An action to perform."""

    tx: Tx
    who: Claimant
    args: Arguments


def perform(tx: Tx, who: Claimant, query: Query) -> Result | Raised:
    """Settle what the query settles, perform its action, read its counters."""
    entry = query.entry
    for settle in entry.settle:
        jobs.settle(tx, who, settle)
    performer = _PERFORMERS.get(entry.action)
    if performer is None:
        return Raised(f"the store knows no action {entry.action!r}", "NotFound")
    try:
        with tx.attempt():
            value = performer(Asked(tx, who, Arguments(entry.action, entry.args)))
    except BadArgumentError as error:
        return Raised(str(error), "ValueError")
    except StoreError as error:
        return Raised(error.message, type(error).__name__)
    topics = [topic for topic in entry.topics if counters.is_shared(topic)]
    return Result(value, counters.read(tx, topics))


# ---------------------------------------------------------------- events


def _send_event(asked: Asked) -> Value:
    tx, args = asked.tx, asked.args
    ids: list[Json] = []
    name, _, instance = args.text("target_machine").partition("/")
    if name == "#_parent":
        return _tell_invoker(asked)
    for target in machines.resolve(tx, name):
        new = inbox.New(
            target,
            args.text("event_type"),
            args.raw("payload"),
            asked.who.machine,
            instance=instance or None,
            job_id=args.optional("job_id"),
        )
        ids.append(inbox.accept(tx, new).id)
        tx.bells.add(target)
    return {"id": ids[0], "ids": ids}


def _tell_invoker(asked: Asked) -> Value:
    """Send to the instance that has invoked this machine."""
    tx, args, own = asked.tx, asked.args, asked.who.machine
    row = invocations.of_machine(tx, own)
    if row is None or row.status is not InvocationStatus.ACTIVE:
        raise BadArgumentError(f"nobody has invoked {own!r}, or has left it since")
    message = Message(
        args.text("event_type"),
        args.raw("payload"),
        origin=invocations.origin_of(row),
        invoke_id=row.invoke_id,
    )
    new = inbox.New(
        row.parent,
        message.name,
        message.data,
        own,
        instance=row.parent_instance,
        job_id=args.optional("job_id"),
        message=encode_message(message),
    )
    id_ = inbox.accept(tx, new).id
    tx.bells.add(row.parent)
    return {"id": id_, "ids": [id_]}


def _check_events(asked: Asked) -> Value:
    types = asked.args.names("event_types") or []
    who = asked.who
    row = inbox.take_oldest(asked.tx, who.machine, who.instance, types)
    if row is None:
        return {"event": None}
    return {
        "event": {
            "id": row.id,
            "type": row.event,
            "payload": row.payload,
            "job_id": row.job_id,
            "source": row.source,
        }
    }


def _clear_events(asked: Asked) -> Value:
    args, own = asked.args, asked.who.machine
    target = args.optional("target_machine") or own
    why = f"cleared by {own}"
    n = inbox.clear(asked.tx, target, args.names("event_types"), why)
    return {"cleared": n}


def _activity_log(asked: Asked) -> Value:
    args, machine = asked.args, asked.who.machine
    payload: Value = {
        "message": args.optional("message") or "",
        "level": args.optional("level") or "info",
        "machine": machine,
    }
    new = inbox.New(
        AUDIT_TARGET, "activity_log", payload, machine, kind=InboxKind.AUDIT
    )
    inbox.accept(asked.tx, new)
    return {}


# ------------------------------------------------------------------ jobs


def _check_database_queue(asked: Asked) -> Value:
    args = asked.args
    job_type, machine_type = args.optional("job_type"), args.optional("machine_type")
    job = claims.claim(asked.tx, asked.who, job_type, machine_type)
    return {"job": None if job is None else _in_hand(job)}


def _get_pending_jobs(asked: Asked) -> Value:
    args = asked.args
    limit = args.whole("limit", DEFAULT_LIMIT)
    job_type, machine_type = args.optional("job_type"), args.optional("machine_type")
    found = claims.peek(asked.tx, job_type, machine_type, limit)
    return {"jobs": [_as_row(job) for job in found]}


def _claim_job(asked: Asked) -> Value:
    job = claims.claim_id(asked.tx, asked.who, asked.args.text("job_id"))
    if job is None:
        return {"claimed": False, "job": None}
    return {"claimed": True, "job": _in_hand(job)}


def _complete_job(asked: Asked) -> Value:
    job = _find(asked)
    return {"completed": jobs.complete(asked.tx, job, asked.args.raw("result"))}


def _fail_job(asked: Asked) -> Value:
    job = _find(asked)
    why = asked.args.optional("reason") or f"failed by {asked.who.machine}"
    status = jobs.fail(asked.tx, job, why)
    return {"failed": job.status not in jobs.ENDED, "status": status.value}


def _add_job(asked: Asked) -> Value:
    args = asked.args
    new = jobs.New(
        job_type=args.text("job_type"),
        data=args.mapping("data"),
        source=asked.who.machine,
        priority=args.whole("priority", 5),
        machine_type=args.optional("machine_type"),
        key=args.optional("key"),
        delay_s=args.number("delay_s", 0.0),
        max_attempts=args.whole("max_attempts", 3),
        job_id=args.optional("job_id"),
        source_job_id=args.optional("source_job_id"),
    )
    added = jobs.add(asked.tx, new)
    return {"id": added.id, "created": added.is_new}


def _wait_for_jobs(asked: Asked) -> Value:
    completed: list[Json] = []
    failed: list[Json] = []
    waiting: list[Json] = []
    for id_ in asked.args.names("ids") or []:
        job = jobs.find(asked.tx, id_)
        # one nobody knows will never end: waiting for it would be for ever
        if job is None or job.status in {JobState.DISCARDED, JobState.CANCELLED}:
            failed.append(id_)
        elif job.status is JobState.COMPLETED:
            completed.append(id_)
        else:
            waiting.append(id_)
    return {"completed": completed, "failed": failed, "pending": waiting}


def _find(asked: Asked) -> JobRow:
    id_ = asked.args.text("job_id")
    job = jobs.find(asked.tx, id_)
    if job is None:
        raise BadArgumentError(f"no job {id_!r}")
    return job


def _in_hand(job: JobRow) -> Value:
    return {
        "id": job.id,
        "source_job_id": job.source_job_id,
        "job_type": job.job_type,
        "data": job.data,
    }


def _as_row(job: JobRow) -> Value:
    return {
        "job_id": job.id,
        "job_type": job.job_type,
        "machine_type": job.machine_type,
        "source_job_id": job.source_job_id,
        "data": job.data,
        "priority": job.priority,
        "status": job.status.value,
        "created_at": job.created_at,
    }


# -------------------------------------------------------------- machines


def _check_machine_state(asked: Asked) -> Value:
    target = asked.args.text("target_machine", "machine_name")
    status = starting.liveness(asked.tx, target)
    kept = epochs.instance(asked.tx, target, SOLE_INSTANCE)
    state = kept.configuration[0] if kept and kept.configuration else None
    return {"status": status.value, "state": state}


def _start_fsm(asked: Asked) -> Value:
    args = asked.args
    wanted = starting.Wanted(
        name=args.text("machine_name"),
        file=args.text("file"),
        context=args.mapping("context"),
        jobs=tuple(args.names("jobs") or ()),
        extra={
            key: args.raw(key)
            for key in ("dialect", "hash", "folder", "actions_dir")
            if args.raw(key) is not None
        },
    )
    return {"created": starting.start(asked.tx, asked.who, wanted)}


_PERFORMERS: Mapping[str, Callable[[Asked], Value]] = {
    "activity_log": _activity_log,
    "add_job": _add_job,
    "check_database_queue": _check_database_queue,
    "check_events": _check_events,
    "check_machine_state": _check_machine_state,
    "claim_job": _claim_job,
    "clear_events": _clear_events,
    "complete_job": _complete_job,
    "fail_job": _fail_job,
    "get_pending_jobs": _get_pending_jobs,
    "send_event": _send_event,
    "start_fsm": _start_fsm,
    "wait_for_jobs": _wait_for_jobs,
}
