"""Which machines there are, what they run, and whom a name means."""

from smtui.store import reading
from smtui.store.connection import Tx
from smtui.store.rows import DefinitionRow, MachineRow
from smtui.store.statements import Statements

__all__ = [
    "definition",
    "every",
    "find",
    "names",
    "of_file",
    "put",
    "put_definition",
    "resolve",
]

ALL_REPLICAS = "#*"

_SQL = Statements("machines.sql")


def put_definition(tx: Tx, row: DefinitionRow) -> None:
    """Keep the text of one version of a definition, once."""
    tx.run(
        _SQL["put_definition"],
        {
            "hash": row.hash,
            "dialect": row.dialect,
            "name": row.name,
            "file": reading.plain(row.file),
            "text": reading.plain(row.text),
            "now": tx.now,
        },
    )


def put(tx: Tx, row: MachineRow) -> None:
    """Add a machine or change what is known of it; its epoch stays."""
    tx.run(
        _SQL["put"],
        {
            "name": row.name,
            "child": row.child,
            "dialect": row.dialect,
            "definition_hash": row.definition_hash,
            "file": reading.plain(row.file),
            "folder": reading.plain(row.folder),
            "template": int(row.template),
        },
    )


def definition(tx: Tx, hash_: str) -> DefinitionRow | None:
    """Return one version of a definition, or None."""
    row = tx.one(_SQL["definition"], {"hash": hash_})
    return None if row is None else reading.definition(row)


def every(tx: Tx) -> list[MachineRow]:
    """Return all machines, by name."""
    return [reading.machine(row) for row in tx.every(_SQL["every"])]


def find(tx: Tx, name: str) -> MachineRow | None:
    """Return a machine, or None."""
    row = tx.one(_SQL["by_name"], {"name": name})
    return None if row is None else reading.machine(row)


def names(tx: Tx) -> list[str]:
    """Return what the machines are called."""
    return [row["name"] for row in tx.every(_SQL["names"])]


def of_file(tx: Tx, file: str) -> MachineRow | None:
    """Return a machine that runs this file, or None."""
    row = tx.one(_SQL["by_file"], {"file": reading.plain(file)})
    return None if row is None else reading.machine(row)


def resolve(tx: Tx, target: str) -> tuple[str, ...]:
    """Return the machines a target names.

    A known machine is itself. `worker` with replicas is the one that has the
    fewest events waiting, the first of equals; `worker#*` is all of them. Any
    other name is itself: its inbox waits for it.
    """
    if find(tx, target) is not None:
        return (target,)
    rows = tx.every(_SQL["replicas"], {"name": target.removesuffix(ALL_REPLICAS)})
    if not rows:
        return (target,)
    if target.endswith(ALL_REPLICAS):
        return tuple(row["name"] for row in rows)
    return (min(rows, key=lambda row: int(row["n"]))["name"],)
