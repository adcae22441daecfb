"""The job queue.

    scheduled ─due─▶ available ─claim─▶ running ─▶ completed
                       ▲    ▲             │ ├────▶ discarded  (last attempt failed)
       retryable ─due──┘    └──release────┘ │
           ▲                                │     cancelled   (an operator, from any)
           └─────────── failed ─────────────┘

The laws of this file: a job ends once, and then only an operator brings it
back; the attempt is counted when a job is claimed and taken back when it is
released. A dedupe key counts for as long as its job is kept, ended or not.
"""

from dataclasses import dataclass
from typing import assert_never

from smtui.chart.values import Settle, Settlement
from smtui.definition import Json
from smtui.errors import StoreError
from smtui.store import counters, payloads, reading, schedule
from smtui.store.connection import Row, Tx
from smtui.store.ids import ulid
from smtui.store.rows import Data, JobRow, JobState
from smtui.store.statements import Statements
from smtui.store.values import Added, Claimant

__all__ = [
    "ENDED",
    "New",
    "add",
    "complete",
    "fail",
    "find",
    "release",
    "retry_delay_s",
    "settle",
]

MAX_RETRY_S = 60.0
"""A job that failed five times says the same after a minute as after an hour."""

ENDED = frozenset({JobState.COMPLETED, JobState.CANCELLED, JobState.DISCARDED})
"""Nothing happens to these by itself."""

_SQL = Statements("jobs.sql")


@dataclass(frozen=True, slots=True)
class New:
    """A job somebody wants done."""

    job_type: str
    data: Data
    source: str
    priority: int = 5
    machine_type: str | None = None
    key: str | None = None
    delay_s: float = 0.0
    max_attempts: int = 3
    job_id: str | None = None
    source_job_id: str | None = None


def retry_delay_s(attempts: int) -> float:
    """Return seconds to wait after that many failed attempts: 2, 4, .. 60."""
    return min(MAX_RETRY_S, 2.0 ** min(attempts, 10))


def add(tx: Tx, new: New) -> Added:
    """Enqueue, once for a key or id. Raises StoreError for bad numbers."""
    text = payloads.encode(dict(new.data), f"data of job {new.job_type!r}")
    _check(new)
    known = _known(tx, new)
    if known is not None:
        return Added(known, is_new=False, bells=frozenset())
    id_ = new.job_id or ulid(tx.now)
    at = schedule.after(tx, new.delay_s) if new.delay_s > 0 else None
    tx.run(
        _SQL["add"],
        {
            "id": id_,
            "job_type": reading.plain(new.job_type),
            "machine_type": new.machine_type,
            "status": JobState.AVAILABLE if at is None else JobState.SCHEDULED,
            "priority": new.priority,
            "data_json": text,
            "key": new.key,
            "max_attempts": new.max_attempts,
            "source_job_id": new.source_job_id,
            "source": reading.plain(new.source),
            "now": tx.now,
            "due_wall": None if at is None else at.wall,
            "due_boot": None if at is None else at.boot,
        },
    )
    if at is None:
        schedule.available(tx, new.job_type)
    else:
        tx.wake_supervisor = True
    return Added(id_, is_new=True, bells=counters.bells(tx), due=at)


def _check(new: New) -> None:
    if not new.job_type:
        raise StoreError("a job needs a type, found ''", hint="say which: TYPE")
    if new.max_attempts < 1:
        raise StoreError(
            f"max_attempts is {new.max_attempts}, expected 1 or more",
            hint="leave it out for 3",
        )
    if not 0 <= new.delay_s < 1e10:  # noqa: PLR2004 - three centuries, and no nan
        raise StoreError(
            f"delay_s is {new.delay_s}, expected seconds, 0 or more",
            hint="leave it out for a job that can begin at once",
        )


def _known(tx: Tx, new: New) -> str | None:
    row: Row | None = None
    if new.key is not None:
        row = tx.one(_SQL["by_key"], {"key": new.key})
    if row is None and new.job_id:
        row = tx.one(_SQL["by_id"], {"id": new.job_id})
    return None if row is None else str(row["id"])


def find(tx: Tx, id_: str) -> JobRow | None:
    """Return a job, or None."""
    row = tx.one(_SQL["by_id"], {"id": id_})
    return None if row is None else reading.job(row)


def complete(tx: Tx, job: JobRow, result: Json = None) -> bool:
    """Complete a job; False if it was cancelled or discarded before."""
    if job.status in ENDED:
        return job.status is JobState.COMPLETED
    text = payloads.encode(result, f"result of job {job.id!r}")
    tx.run(
        _SQL["complete"],
        {
            "id": job.id,
            "result_json": None if result is None else text,
            "now": tx.now,
        },
    )
    counters.bump(tx, counters.JOBS_ENDED)
    return True


def fail(tx: Tx, job: JobRow, error: str) -> JobState:
    """Fail an attempt; return what the job is now. An ended one stays so."""
    if job.status in ENDED:
        return job.status
    # one that nobody had claimed has not counted this attempt yet
    attempts = job.attempts + (job.status is not JobState.RUNNING)
    is_last = attempts >= job.max_attempts
    at = None if is_last else schedule.after(tx, retry_delay_s(attempts))
    status = JobState.DISCARDED if is_last else JobState.RETRYABLE
    tx.run(
        _SQL["fail"],
        {
            "id": job.id,
            "status": status,
            "error": reading.plain(error),
            "attempts": attempts,
            "due_wall": None if at is None else at.wall,
            "due_boot": None if at is None else at.boot,
            "ended_at": tx.now if is_last else None,
        },
    )
    if is_last:
        counters.bump(tx, counters.JOBS_ENDED)
    else:
        tx.wake_supervisor = True
    return status


def release(tx: Tx, job: JobRow) -> None:
    """Give a running job back; the attempt does not count."""
    tx.run(_SQL["release"], {"id": job.id})
    schedule.available(tx, job.job_type)


def settle(tx: Tx, who: Claimant, what: Settle) -> None:
    """Do what the core decided with a held job.

    Nothing happens if the instance no longer has it: someone else completed
    it, or an operator cancelled it.
    """
    job = find(tx, what.job_id)
    if job is None or job.status is not JobState.RUNNING:
        return
    if (job.machine, job.instance) != (who.machine, who.instance):
        return
    match what.how:
        case Settlement.COMPLETED:
            complete(tx, job)
        case Settlement.FAILED:
            fail(tx, job, what.error)
        case Settlement.RELEASED:
            release(tx, job)
        case _:
            assert_never(what.how)
