"""The inbox: what was sent to a machine, and what became of it.

The laws of this file: an event is accepted when its row is committed; rows
are only added, or changed while no owner has taken them; a row that was
handled never waits again, so requeueing adds a new one at the end.

A dedupe key counts for as long as its row is kept (30 days by default).
"""

from dataclasses import dataclass
from typing import Literal

from smtui.definition import Json
from smtui.errors import StoreError, UsageError
from smtui.store import payloads, reading
from smtui.store.connection import Tx
from smtui.store.faults import GoneError
from smtui.store.ids import ulid
from smtui.store.rows import (
    SOLE_INSTANCE,
    Data,
    InboxKind,
    InboxRow,
    InboxStatus,
)
from smtui.store.statements import Statements
from smtui.store.values import Accepted, Handled

__all__ = [
    "MAX_CRASHES",
    "MAX_WAITING",
    "New",
    "accept",
    "accuse",
    "blame_accused",
    "blame_oldest",
    "clear",
    "drop",
    "handle",
    "read",
    "requeue",
    "take_oldest",
]

MAX_WAITING = 100_000
"""Events a machine may have waiting: a sender that outruns it for this long
must be told, before the disk tells everybody."""

MAX_CRASHES = 3
"""An event whose step ends the process this often is parked."""

ON_TRIAL = "tried alone: the process has died while it waited"
"""Why an event waits whose guards are asked after a death."""

_SQL = Statements("inbox.sql")


@dataclass(frozen=True, slots=True)
class New:
    """An event somebody wants to send."""

    machine: str
    event: str
    payload: Json
    source: str
    instance: str | None = None
    job_id: str | None = None
    key: str | None = None
    kind: InboxKind = InboxKind.EVENT
    if_state: str | None = None
    message: Data | None = None
    """What a statechart says with it."""


def accept(tx: Tx, new: New) -> Accepted:
    """Add the row, unless its key is known.

    Raises StoreError at a limit, and for an event for none of many instances.
    """
    text = payloads.encode(new.payload, f"payload of {new.event!r}")
    if not new.machine or not new.event:
        raise StoreError(
            f"an event needs a machine and a name, found {new.machine!r} and"
            f" {new.event!r}",
            hint="say which: MACHINE EVENT",
        )
    if new.key is not None:
        known = tx.one(_SQL["by_key"], {"machine": new.machine, "key": new.key})
        if known is not None:
            return Accepted(known["id"], known["seq"], is_new=False)
    is_audit = new.kind is InboxKind.AUDIT
    if not is_audit:
        _refuse_full(tx, new)
        if new.instance is None:
            _refuse_nobody(tx, new)
    id_ = ulid(tx.now)
    seq = tx.insert(
        _SQL["accept"],
        {
            "id": id_,
            "machine": reading.plain(new.machine),
            "instance": new.instance or SOLE_INSTANCE,
            "kind": new.kind,
            "event": reading.plain(new.event),
            "payload_json": text,
            "source": reading.plain(new.source),
            "job_id": new.job_id,
            "key": new.key,
            "if_state": new.if_state,
            "message_json": (
                None if new.message is None else reading.dumps(dict(new.message))
            ),
            "status": InboxStatus.LOGGED if is_audit else InboxStatus.PENDING,
            "now": tx.now,
            "handled_at": tx.now if is_audit else None,
        },
    )
    return Accepted(id_, seq, is_new=True)


def read(tx: Tx, machine: str, after_seq: int, limit: int) -> list[InboxRow]:
    """Return pending rows after a seq, in order of acceptance."""
    params = {"machine": machine, "after": after_seq, "limit": limit}
    return [reading.inbox_row(row) for row in tx.every(_SQL["read"], params)]


def handle(tx: Tx, machine: str, done: Handled, journal_id: int | None) -> None:
    """Note what a step did with a row. Raises GoneError if it waits no more."""
    changed = tx.run(
        _SQL["handle"],
        {
            "seq": done.seq,
            "machine": machine,
            "status": done.status,
            "why": reading.plain(done.why),
            "now": tx.now,
            "journal_id": journal_id,
        },
    )
    if not changed:
        raise GoneError(done.seq)


def take_oldest(
    tx: Tx, machine: str, instance: str, events: list[str]
) -> InboxRow | None:
    """Take the oldest waiting event of these types, or None."""
    found: list[int] = []
    for event in events:
        params = {"machine": machine, "instance": instance, "event": event}
        row = tx.one(_SQL["oldest"], params)
        if row is not None:
            found.append(row["seq"])
    if not found:
        return None
    taken = tx.one(_SQL["take"], {"seq": min(found), "now": tx.now})
    return None if taken is None else reading.inbox_row(taken)


def clear(tx: Tx, machine: str, events: list[str] | None, why: str) -> int:
    """Drop waiting events of these types, of all types for None; count them."""
    params = {"machine": machine, "why": why, "now": tx.now}
    if events is None:
        return tx.run(_SQL["clear"], params)
    return sum(
        tx.run(_SQL["clear_type"], params | {"event": event})
        for event in dict.fromkeys(events)
    )


def drop(tx: Tx, id_: str, who: str) -> InboxRow:
    """Drop an event that waits or is parked; return it as it was."""
    row = _find(tx, id_)
    _leave(tx, row, InboxStatus.DROPPED, f"dropped by {who}")
    return row


def requeue(
    tx: Tx,
    id_: str,
    who: str,
    *,
    payload: Json = None,
    is_edit: bool = False,
) -> Accepted:
    """Add the event again, at the end; its first row says so.

    Raises StoreError for one that was taken: that would be done twice.
    """
    row = _find(tx, id_)
    if row.status in {InboxStatus.TAKEN, InboxStatus.REQUEUED, InboxStatus.LOGGED}:
        raise StoreError(
            f"event {id_} is {row.status}, it cannot be requeued",
            hint="send a new one",
        )
    new = New(
        row.machine,
        row.event,
        payload if is_edit else row.payload,
        who,
        instance=row.instance,
        job_id=row.job_id,
        kind=row.kind,
        if_state=row.if_state,
        message=None if is_edit else row.message,
    )
    again = accept(tx, new)
    words = "edited and requeued" if is_edit else "requeued"
    why = f"{words} as {again.id} by {who}"
    if row.status in {InboxStatus.PENDING, InboxStatus.PARKED}:
        _leave(tx, row, InboxStatus.REQUEUED, why)
    else:
        why = f"{row.why}; {why}" if row.why else why
        tx.run(_SQL["replace"], {"id": id_, "why": reading.plain(why)})
    return again


def accuse(tx: Tx, id_: str, *, is_over: bool = False) -> None:
    """Note that an event is tried alone, or that it is no more."""
    tx.run(_SQL["accuse"], {"id": id_, "why": "" if is_over else ON_TRIAL})


def blame_accused(tx: Tx, machine: str) -> bool:
    """Count a crash against the event that was tried; return whether one was."""
    row = tx.one(_SQL["accused"], {"machine": machine, "why": ON_TRIAL})
    if row is not None:  # it was there when the process died before, too
        _blame(tx, row["seq"], max(1, row["crashes"]) + 1)
    return row is not None


def blame_oldest(tx: Tx, machine: str) -> None:
    """Count a crash against the oldest waiting event; park it at the third."""
    row = tx.one(_SQL["suspect"], {"machine": machine})
    if row is not None:
        _blame(tx, row["seq"], row["crashes"] + 1)


def _blame(tx: Tx, seq: int, crashes: int) -> None:
    is_parked = crashes >= MAX_CRASHES
    why = f"its step ended the process {crashes} times" if is_parked else ""
    status = InboxStatus.PARKED if is_parked else InboxStatus.PENDING
    params = {"seq": seq, "crashes": crashes, "status": status, "why": why}
    tx.run(_SQL["crash"], params)


def _refuse_full(tx: Tx, new: New) -> None:
    row = tx.one(_SQL["waiting"], {"machine": new.machine})
    if row is not None and row["n"] >= MAX_WAITING:
        raise StoreError(
            f"inbox of {new.machine!r} is full: {row['n']:,} events wait",
            hint=f"start {new.machine!r}, or drop what it need not do",
        )


def _refuse_nobody(tx: Tx, new: New) -> None:
    if tx.one(_SQL["nobody"], {"machine": new.machine}) is not None:
        raise StoreError(
            f"{new.machine!r} has an instance for each entity, and {new.event!r}"
            " does not say for which",
            hint=f"an instance is named {new.machine}/ID",
        )


def _find(tx: Tx, id_: str) -> InboxRow:
    row = tx.one(_SQL["by_id"], {"id": id_})
    if row is None:
        raise UsageError(
            f"no event {id_!r} in the inbox", hint="`smtui events` lists them"
        )
    return reading.inbox_row(row)


def _leave(
    tx: Tx,
    row: InboxRow,
    status: Literal[InboxStatus.DROPPED, InboxStatus.REQUEUED],
    why: str,
) -> None:
    params = {
        "id": row.id,
        "status": status,
        "why": reading.plain(why),
        "now": tx.now,
    }
    if not tx.run(_SQL["drop"], params):
        raise StoreError(
            f"event {row.id} is {row.status}, it no longer waits",
            hint="`smtui events` shows what became of it",
        )
