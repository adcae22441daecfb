"""What an operator does to a job by hand.

The laws of this file: what an owner has in hand is not taken from it unless
the operator insists (`force`): it would be done twice; every act is kept in
the audit log with who did it.
"""

from smtui.errors import StoreError, UsageError
from smtui.store import (
    counters,
    epochs,
    inbox,
    jobs,
    payloads,
    pending,
    reading,
    schedule,
)
from smtui.store.connection import Tx
from smtui.store.rows import Data, InboxKind, JobRow, JobState
from smtui.store.statements import Statements
from smtui.store.values import Changed

__all__ = ["cancel", "release", "retry"]

AUDIT_TARGET = "jobs"
"""Acts on jobs are kept under this name in the audit log."""

_SQL = Statements("jobs.sql")


def retry(tx: Tx, id_: str, who: str, data: Data | None) -> Changed:
    """Make an ended or waiting job available, all attempts before it."""
    job = _find(tx, id_)
    if job.status is JobState.RUNNING:
        raise StoreError(
            f"job {id_} is running in {job.machine!r}",
            hint=f"wait for it, or `smtui jobs release {id_}` first",
        )
    if data is None:
        text = reading.dumps(job.data)
    else:
        text = payloads.encode(dict(data), f"data of job {id_!r}")
    tx.run(_SQL["again"], {"id": id_, "data_json": text})
    schedule.available(tx, job.job_type)
    return _changed(tx, job, "job_retry", who)


def cancel(tx: Tx, id_: str, who: str, *, force: bool) -> Changed:
    """End a job that is to be done no more."""
    job = _find(tx, id_)
    if job.status in jobs.ENDED:
        raise StoreError(
            f"job {id_} is {job.status}, there is nothing to cancel",
            hint=f"`smtui jobs show {id_}` says when it ended",
        )
    if job.status is JobState.RUNNING and not force:
        raise StoreError(
            f"job {id_} is running in {job.machine!r}",
            hint=f"wait for it, or stop {job.machine!r} first",
        )
    error = reading.plain(f"cancelled by {who}")
    tx.run(_SQL["cancel"], {"id": id_, "error": error, "now": tx.now})
    counters.bump(tx, counters.JOBS_ENDED)
    return _changed(tx, job, "job_cancel", who)


def release(tx: Tx, id_: str, who: str, *, force: bool) -> Changed:
    """Give a running job back to the queue."""
    job = _find(tx, id_)
    if job.status is not JobState.RUNNING:
        raise StoreError(
            f"job {id_} is {job.status}, nobody holds it",
            hint=f"`smtui jobs retry {id_}` makes it available",
        )
    if not force and _has_it(tx, job):
        raise StoreError(
            f"job {id_} is in the hands of {job.machine!r}, it would be done twice",
            hint=f"wait for it, or stop {job.machine!r} and try again",
        )
    jobs.release(tx, job)
    return _changed(tx, job, "job_release", who)


def _has_it(tx: Tx, job: JobRow) -> bool:
    """Say whether an unfinished run holds the job or has yet to begin with it."""
    if job.machine is None or job.instance is None:
        return False
    kept = epochs.instance(tx, job.machine, job.instance)
    if kept is None or kept.snapshot is None:
        return True
    if kept.status not in epochs.UNFINISHED:
        return False
    answers = epochs.results(tx, job.machine, job.instance)
    return job.id in pending.held(kept.snapshot) | epochs.claimed(answers)


def _find(tx: Tx, id_: str) -> JobRow:
    job = jobs.find(tx, id_)
    if job is None:
        raise UsageError(f"no job {id_!r}", hint="`smtui jobs list` lists them")
    return job


def _changed(tx: Tx, before: JobRow, act: str, who: str) -> Changed:
    told = {"job": before.id, "type": before.job_type, "was": before.status.value}
    new = inbox.New(
        before.machine or AUDIT_TARGET,
        act,
        dict(told),
        who,
        job_id=before.id,
        kind=InboxKind.AUDIT,
    )
    inbox.accept(tx, new)
    after = _find(tx, before.id)
    return Changed(after.id, after.status, counters.bells(tx))
