"""What is wanted of each supervised process, and what was seen of it last.

Desired and observed state are two things: commands and start_fsm change the
first, the supervisor the second, and it makes the second follow the first.
`version` grows with every change of what is wanted, so that a supervisor that
was busy sees that it must look again.
"""

from smtui.errors import UsageError, nearest
from smtui.store import payloads, reading
from smtui.store.connection import Tx
from smtui.store.rows import ChildRow, Desired
from smtui.store.statements import Statements

__all__ = [
    "every",
    "find",
    "forget_observed",
    "of_machine",
    "put",
    "remove",
    "set_desired",
    "set_state",
]

_SQL = Statements("children.sql")


def put(tx: Tx, row: ChildRow) -> None:
    """Add a child or change its spec and desired state.

    Raises StoreError for a spec that is no JSON or over the payload limits.
    """
    tx.run(
        _SQL["put"],
        {
            "name": row.name,
            "spec_json": payloads.encode(dict(row.spec), f"spec of {row.name!r}"),
            "desired": row.desired,
            "reason": reading.plain(row.reason),
            "who": reading.plain(row.who),
            "now": tx.now,
        },
    )


def set_desired(tx: Tx, child: str, desired: Desired, reason: str, who: str) -> None:
    """Say what is wanted of a child. Raises UsageError if nobody knows it."""
    params = {
        "name": child,
        "desired": desired,
        "reason": reading.plain(reason),
        "who": reading.plain(who),
        "now": tx.now,
    }
    if not tx.run(_SQL["set_desired"], params):
        known = [row.name for row in every(tx)]
        raise UsageError(
            f"no machine or process {child!r}",
            hint=nearest(child, known) or "`smtui ps` lists them",
        )


def set_state(
    tx: Tx,
    child: str,
    state: str,
    *,
    reason: str,
    pid: int | None,
    restarts: int,
) -> None:
    """Note what the supervisor sees; an unknown child is ignored."""
    tx.run(
        _SQL["set_state"],
        {
            "name": child,
            "state": state,
            "reason": reading.plain(reason),
            "pid": pid,
            "restarts": restarts,
            "now": tx.now,
        },
    )


def forget_observed(tx: Tx) -> None:
    """Set every child to `stopped`."""
    tx.run(_SQL["forget_observed"], {"now": tx.now})


def remove(tx: Tx, child: str) -> None:
    """Forget a child."""
    tx.run(_SQL["remove"], {"name": child})


def every(tx: Tx) -> list[ChildRow]:
    """Return all children, by name."""
    return [reading.child(row) for row in tx.every(_SQL["every"])]


def find(tx: Tx, name: str) -> ChildRow | None:
    """Return a child, or None."""
    row = tx.one(_SQL["by_name"], {"name": name})
    return None if row is None else reading.child(row)


def of_machine(tx: Tx, machine: str) -> ChildRow | None:
    """Return the child that hosts a machine, or None."""
    row = tx.one(_SQL["of_machine"], {"machine": machine})
    return None if row is None else reading.child(row)
