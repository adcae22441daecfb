"""The version of the store, and making a new one.

The version is SQLite's user_version, the application_id says that the file is
ours. A newer store is refused, never guessed at; a store is made in one
transaction, so two first processes cannot make half of it each.
"""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from smtui.errors import StoreError
from smtui.store.statements import Statements

__all__ = ["APPLICATION_ID", "SCHEMA_VERSION", "check", "migrate"]

SCHEMA_VERSION = 7
APPLICATION_ID = int.from_bytes(b"smtu", "big")

_TABLES = Statements("schema.sql")
_UPGRADES = Statements("upgrades.sql")


def check(application_id: int, version: int, path: Path) -> None:
    """Raise StoreError unless this is a store this program can use."""
    if application_id != APPLICATION_ID:
        raise StoreError(
            f"{path}: this database was not made by smtui",
            hint="name another data directory with --data DIR",
        )
    if version > SCHEMA_VERSION:
        raise StoreError(
            f"{path}: the store has schema {version}, this smtui knows"
            f" {SCHEMA_VERSION} at most: a newer smtui made it",
            hint="upgrade smtui, or name another data directory with --data DIR",
        )


def migrate(conn: sqlite3.Connection, path: Path) -> None:
    """Make the tables if the file is empty, bring an older store up to date.

    Raises StoreError for a newer one, and for what is none of ours.
    """
    if _pragma(conn, "user_version") != SCHEMA_VERSION:
        conn.execute("BEGIN IMMEDIATE")
        try:
            if _is_empty(conn):
                _create(conn)
            else:
                _upgrade(conn)
            conn.execute("COMMIT")
        except BaseException:
            # a full disk rolls back by itself
            if conn.in_transaction:
                conn.execute("ROLLBACK")
            raise
    application_id = _pragma(conn, "application_id")
    check(application_id, _pragma(conn, "user_version"), path)


def _create(conn: sqlite3.Connection) -> None:
    for statement in _TABLES.values():
        conn.execute(statement)
    conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _upgrade(conn: sqlite3.Connection) -> None:
    """Take an older store of ours one version on at a time."""
    if _pragma(conn, "application_id") != APPLICATION_ID:
        return
    for version in range(_pragma(conn, "user_version") + 1, SCHEMA_VERSION + 1):
        for statement in _to(version):
            conn.execute(statement)
        conn.execute(f"PRAGMA user_version = {version}")


def _to(version: int) -> Iterator[str]:
    """Return the statements that lead to a version, in order."""
    name = f"to_{version}"
    for each, statement in _UPGRADES.items():
        if each == name or each.startswith(f"{name}_"):
            yield statement


def _is_empty(conn: sqlite3.Connection) -> bool:
    found = conn.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone()
    return found is None and _pragma(conn, "application_id") == 0


def _pragma(conn: sqlite3.Connection, name: str) -> int:
    return int(conn.execute(f"PRAGMA {name}").fetchone()[0])
