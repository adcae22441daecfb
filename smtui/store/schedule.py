"""When a job that waits becomes available.

The laws of this file: a due time is kept on the boot clock, so a changed wall
clock moves nothing, and on the wall clock for after a reboot: the first writer
of a new boot counts all due times in it. Every claim promotes what is due
through a partial index first, so nobody needs to sweep.
"""

from smtui.chart.values import At
from smtui.store import counters
from smtui.store.connection import Tx
from smtui.store.statements import Statements
from smtui.store.values import Promoted

__all__ = [
    "after",
    "available",
    "is_rebased",
    "next_due",
    "promote",
    "promoted",
    "rebase",
]

_SQL = Statements("jobs.sql")


def after(tx: Tx, seconds: float) -> At:
    """Return the instant that many seconds from now."""
    now = At(tx.now, tx.clock.elapsed(), tx.clock.boot_id())
    return now.plus(seconds)


def available(tx: Tx, job_type: str) -> None:
    """Tell those who watch this type, or any, that a job can be claimed."""
    counters.bump(tx, counters.JOBS)
    counters.bump(tx, counters.jobs_of(job_type))


def promote(tx: Tx) -> int:
    """Make due jobs available; return how many."""
    rows = tx.every(_SQL["due"], {"boot": tx.clock.elapsed()})
    for row in rows:
        tx.run(_SQL["promote"], {"seq": row["seq"]})
        available(tx, row["job_type"])
    return len(rows)


def promoted(tx: Tx) -> Promoted:
    """Make due jobs available and say whom to ring and when to come again."""
    n = promote(tx)
    return Promoted(n, counters.bells(tx), next_due(tx))


def next_due(tx: Tx) -> At | None:
    """Return when the next job becomes due, or None."""
    row = tx.one(_SQL["next_due"])
    if row is None:
        return None
    return At(row["due_wall"], row["due_boot"], tx.clock.boot_id())


def is_rebased(tx: Tx) -> bool:
    """Say whether due times count in the present boot."""
    row = tx.one(_SQL["boot_id"])
    return row is not None and row["value"] == tx.clock.boot_id()


def rebase(tx: Tx) -> None:
    """Count due times in the present boot, if nobody else just did."""
    if is_rebased(tx):
        return
    tx.run(_SQL["rebase"], {"boot": tx.clock.elapsed(), "now": tx.now})
    tx.run(_SQL["put_boot_id"], {"boot_id": tx.clock.boot_id()})
