"""Machines with many instances: which of them have something to do.

The laws of this file: reads only; nothing here costs more with 100,000
instances than with one. An instance that waits for an event or a delay stays
in the store; a new owner takes up those that are marked busy, and asks for
the others when their event or their time comes.
"""

from collections.abc import Iterable

from smtui.chart.values import At
from smtui.store import commits, inbox, reading
from smtui.store.connection import Tx
from smtui.store.rows import InboxRow, InstanceSize
from smtui.store.statements import Statements
from smtui.store.values import Due, Loaded, Look, Seen

__all__ = ["busy", "look", "sizes"]

BUSY_PAGE = 256

_SQL = Statements("lives.sql")


def look(tx: Tx, machine: str, wants: Look) -> Seen:
    """Read what came in and is due, and the instances it is for."""
    rows: list[InboxRow] = []
    if wants.limit:
        rows = inbox.read(tx, machine, wants.after, wants.limit)
    due = None if wants.at is None else _due(tx, machine, wants.at)
    ids = dict.fromkeys([*wants.wanted, *(row.instance for row in rows)])
    ids.update(dict.fromkeys(due.instances if due is not None else ()))
    missing = [id_ for id_ in ids if not wants.knows(id_)]
    return Seen(rows, due, _load(tx, machine, missing))


def busy(tx: Tx, machine: str, after: str) -> list[Loaded]:
    """Return a page of what a new owner has to take up, by id."""
    params = {"machine": machine, "after": after, "limit": BUSY_PAGE}
    rows = tx.every(_SQL["busy"], params)
    return [commits.loaded(tx, row) for row in rows]


def sizes(tx: Tx, machine: str) -> list[InstanceSize]:
    """Return how many instances of a machine are where."""
    rows = tx.every(_SQL["sizes"], {"machine": machine})
    return [reading.instance_size(row) for row in rows]


def _load(tx: Tx, machine: str, ids: Iterable[str]) -> dict[str, Loaded | None]:
    return {id_: commits.load_one(tx, machine, id_) for id_ in ids}


def _due(tx: Tx, machine: str, at: At) -> Due:
    place = {"machine": machine, "boot_id": at.boot_id}
    params = {**place, "boot": at.boot, "wall": at.wall, "limit": BUSY_PAGE}
    found = [row["instance"] for row in tx.every(_SQL["due"], params)]
    row = tx.one(_SQL["next"], params)
    due = None if row is None else At(row["due_wall"], row["due_boot"], at.boot_id)
    old = tx.one(_SQL["is_old"], place)
    if old is not None and old["found"]:
        found += [row["instance"] for row in tx.every(_SQL["due_old"], params)]
        row = tx.one(_SQL["next_old"], params)
        if row is not None:
            left: float = row["due_wall"] - at.wall
            due = min(filter(None, (due, at.plus(left))), key=lambda one: one.boot)
    return Due(tuple(dict.fromkeys(found)), due, len(found) >= BUSY_PAGE)
