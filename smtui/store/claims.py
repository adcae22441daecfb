"""Claiming: who gets which job.

The laws of this file: a claim is one UPDATE in an immediate transaction, so no
job is claimed twice; its order, priority and then age, is the order of a
partial index, so it takes as long with 100,000 jobs waiting as with one; the
attempt is counted when it is claimed.
"""

from smtui.store import reading, schedule
from smtui.store.connection import Tx
from smtui.store.rows import JobRow
from smtui.store.statements import Statements
from smtui.store.values import Claimant

__all__ = ["claim", "claim_id", "held", "pass_on", "peek"]

_SQL = Statements("jobs.sql")


def claim(
    tx: Tx, who: Claimant, job_type: str | None, machine_type: str | None
) -> JobRow | None:
    """Claim the first available job by priority and age, or None.

    A job without machine_type is for anyone; None claims any.
    """
    schedule.promote(tx)
    params = _claim_params(tx, who)
    params |= {"job_type": job_type, "machine_type": machine_type}
    row = tx.one(_SQL["claim" + _by(job_type, machine_type)], params)
    return None if row is None else reading.job(row)


def claim_id(tx: Tx, who: Claimant, id_: str) -> JobRow | None:
    """Claim this job, or None if it is not available."""
    schedule.promote(tx)
    row = tx.one(_SQL["claim_id"], _claim_params(tx, who) | {"id": id_})
    return None if row is None else reading.job(row)


def peek(
    tx: Tx, job_type: str | None, machine_type: str | None, limit: int
) -> list[JobRow]:
    """Return what `claim` would give one after the other, claiming nothing."""
    schedule.promote(tx)
    params = {"job_type": job_type, "machine_type": machine_type, "limit": limit}
    rows = tx.every(_SQL["peek" + _by(job_type, machine_type)], params)
    return [reading.job(row) for row in rows]


def held(tx: Tx, machine: str, instance: str) -> list[JobRow]:
    """Return the jobs an instance has in hand."""
    params = {"machine": machine, "instance": instance}
    return [reading.job(row) for row in tx.every(_SQL["held"], params)]


def pass_on(tx: Tx, id_: str, who: Claimant, *, is_crash: bool = False) -> None:
    """Give a running job to another claimant; a crash counts an attempt."""
    params = {
        "id": id_,
        "machine": who.machine,
        "instance": who.instance,
        "epoch": who.epoch,
        "more": int(is_crash),
    }
    tx.run(_SQL["pass_on"], params)


def _by(job_type: str | None, machine_type: str | None) -> str:
    if job_type is None:
        return "_any"
    return "_type" if machine_type is None else "_machine_type"


def _claim_params(tx: Tx, who: Claimant) -> dict[str, object]:
    return {
        "machine": who.machine,
        "instance": who.instance,
        "epoch": who.epoch,
        "now": tx.now,
    }
