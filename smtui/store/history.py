"""Cutting the past, a thousand rows at a time so that nobody waits for it.

The laws of this file: what waits, is parked or is not ended stays, however
old; the newest row of a table stays, because its number is an order and must
not be used twice; what was cut is counted.
"""

from smtui.store.connection import Row, Tx
from smtui.store.statements import Statements
from smtui.store.values import Trimmed

__all__ = ["trim"]

BATCH = 1000
"""The LIMIT in the queries: about 10 ms of holding the write lock."""

_SQL = Statements("history.sql")


def trim(tx: Tx, max_age_s: float, max_rows: int) -> Trimmed:
    """Remove the oldest history; call again until it is done."""
    before = tx.now - max_age_s
    journal = _cut_journal(tx, before, max_rows)
    inbox = _cut_inbox(tx, before, max_rows)
    ended = _cut_jobs(tx, before)
    for name, n in (("journal", journal), ("inbox", inbox), ("jobs", ended)):
        if n:
            tx.run(_SQL["count"], {"key": f"cut/{name}", "n": n})
    return Trimmed(journal, inbox, ended, is_done=max(journal, inbox, ended) < BATCH)


def _cut_journal(tx: Tx, before: float, max_rows: int) -> int:
    last = _last(tx, "journal_last")
    rows = tx.every(_SQL["journal_old"], {"last": last})
    id_ = _cut_at(rows, before, last - max_rows)
    if id_ is None:
        return 0
    n = tx.run(_SQL["cut_journal"], {"id": id_})
    tx.run(_SQL["cut_snapshots"], {"id": id_})
    tx.run(_SQL["cut_blobs"])
    return n


def _cut_inbox(tx: Tx, before: float, max_rows: int) -> int:
    last = _last(tx, "inbox_last")
    rows = tx.every(_SQL["inbox_old"], {"last": last})
    id_ = _cut_at(rows, before, last - max_rows)
    return 0 if id_ is None else tx.run(_SQL["cut_inbox"], {"id": id_})


def _cut_jobs(tx: Tx, before: float) -> int:
    params = {"before": before, "last": _last(tx, "jobs_last")}
    return tx.run(_SQL["cut_jobs"], params)


def _last(tx: Tx, name: str) -> int:
    row = tx.one(_SQL[name])
    return 0 if row is None else int(row["last"] or 0)


def _cut_at(rows: list[Row], before: float, floor: int) -> int | None:
    """Return the last of the oldest rows that are too old or too many."""
    found: int | None = None
    for row in rows:
        if row["at"] >= before and row["id"] > floor:
            break
        found = row["id"]
    return found
