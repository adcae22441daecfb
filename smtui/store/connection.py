"""One SQLite connection for writing, and the transactions on it.

The laws of this file: a write is BEGIN IMMEDIATE, because a read that turns
into a write fails at once with BUSY whatever the time-out; a failed write
leaves nothing; every sqlite3 error leaves this room as a StoreError. Awaiting
or running an author's code inside a transaction is impossible, because the
functions that get a `Tx` are plain and belong to this room.
"""

import os
import sqlite3
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from smtui.clock import Clock
from smtui.errors import StoreError
from smtui.store import filesystem
from smtui.store.failures import translate
from smtui.store.schema import migrate
from smtui.store.values import Durability

__all__ = ["BUSY_TIMEOUT_S", "NO_PARAMS", "Connection", "Params", "Row", "Tx"]

BUSY_TIMEOUT_S = 5.0
"""Longer than any honest transaction by two orders of magnitude."""

WAL_BYTES = 64 << 20
"""What a burst leaves of the WAL file, once it has been checkpointed."""

CACHE_KIB = 16 << 10
"""Pages in memory at most: the inner ones of all indexes of 100,000 instances.
A machine that touches few has few."""

_SWITCH_TRIES = 250
"""A new file is switched to WAL in a few ms; asked for every 20 ms."""

_OLDEST_SQLITE = (3, 37, 0)
"""STRICT tables; RETURNING came with 3.35."""

Row: TypeAlias = sqlite3.Row
Params: TypeAlias = Mapping[str, object]


NO_PARAMS: Params = {}


class Tx:
    """A transaction under way; what it changes is gathered for its caller."""

    def __init__(self, conn: sqlite3.Connection, clock: Clock) -> None:
        self._conn = conn
        self.clock = clock
        self.topics: set[str] = set()
        """Change counters this transaction has bumped."""
        self.bells: set[str] = set()
        """Machines that got an event in this transaction."""
        self.wake_supervisor = False
        """A child was asked for, or a job got a due time."""

    @cached_property
    def now(self) -> float:
        """The wall time of this transaction: one for all its rows."""
        return self.clock.now()

    @contextmanager
    def attempt(self) -> Generator[None, None, None]:
        """Undo what is done inside if it raises, and nothing before it."""
        topics, bells = set(self.topics), set(self.bells)
        wake = self.wake_supervisor
        self._conn.execute("SAVEPOINT attempt")
        try:
            yield
        except Exception:
            # a full disk rolls all of it back by itself
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK TO attempt")
            self.topics, self.bells = topics, bells
            self.wake_supervisor = wake
            raise
        finally:
            if self._conn.in_transaction:
                self._conn.execute("RELEASE attempt")

    def run(self, sql: str, params: Params = NO_PARAMS) -> int:
        """Execute a statement; return how many rows it changed."""
        return self._conn.execute(sql, params).rowcount

    def insert(self, sql: str, params: Params) -> int:
        """Execute an insert; return the new rowid."""
        return self._conn.execute(sql, params).lastrowid or 0

    def one(self, sql: str, params: Params = NO_PARAMS) -> Row | None:
        """Return the first row, or None."""
        rows: list[Row] = self._conn.execute(sql, params).fetchall()
        return rows[0] if rows else None

    def every(self, sql: str, params: Params = NO_PARAMS) -> list[Row]:
        """Return all rows."""
        rows: list[Row] = self._conn.execute(sql, params).fetchall()
        return rows


class Connection:
    """The door to one database file; belongs to the thread that opened it."""

    def __init__(self, path: Path, durability: Durability, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        _refuse_old_sqlite()
        filesystem.refuse_network(path)
        _make_file(path)
        with self._translated():
            self._conn = _connect(path)
            try:
                _configure(self._conn, path, durability)
                migrate(self._conn, path)
            except BaseException:
                self._conn.close()
                raise

    def close(self) -> None:
        """Close it; a second close does nothing."""
        self._conn.close()

    @contextmanager
    def writing(self) -> Generator[Tx, None, None]:
        """Begin, and commit at the end or roll back."""
        with self._translated(), self._transaction("BEGIN IMMEDIATE") as tx:
            yield tx

    @contextmanager
    def reading(self) -> Generator[Tx, None, None]:
        """Begin a read that sees one moment of the store."""
        with self._translated(), self._transaction("BEGIN") as tx:
            yield tx

    @contextmanager
    def _transaction(self, begin: str) -> Generator[Tx, None, None]:
        self._conn.execute(begin)
        try:
            yield Tx(self._conn, self._clock)
            self._conn.execute("COMMIT")
        except BaseException:
            # a full disk rolls back by itself
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
            raise

    @contextmanager
    def _translated(self) -> Generator[None, None, None]:
        try:
            yield
        except sqlite3.Error as error:
            raise translate(error, self._path) from error
        except (OverflowError, UnicodeEncodeError) as error:
            raise StoreError(
                f"{self._path}: a value cannot be kept: {error}",
                hint="use numbers under 2^63 and text that is UTF-8",
            ) from error


def _refuse_old_sqlite() -> None:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise StoreError(
            f"this Python has SQLite {sqlite3.sqlite_version}, 3.37 is needed",
            hint="use a newer Python build",
        )


def _make_file(path: Path) -> None:
    """Make the file readable by its owner only: data may hold secrets."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StoreError(
            f"{path}: the store cannot be opened ({error.strerror})",
            hint="check the data directory, or name another with --data DIR",
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(
        path,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,
        cached_statements=256,
    )
    conn.row_factory = sqlite3.Row
    return conn


def _configure(conn: sqlite3.Connection, path: Path, durability: Durability) -> None:
    level = "FULL" if durability == "full" else "NORMAL"
    conn.execute(f"PRAGMA synchronous = {level}")
    conn.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
    conn.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    mode = _switch_to_wal(conn)
    if mode != "wal":
        raise StoreError(
            f"{path}: this file system cannot keep a WAL database ({mode})",
            hint="name a data directory on a local disk with --data DIR",
        )


def _switch_to_wal(conn: sqlite3.Connection) -> str:
    """Return the journal mode after asking for WAL.

    While another process makes the same switch in a new file this fails at
    once, whatever the busy time-out: SQLite does not call its busy handler.
    """
    for _ in range(_SWITCH_TRIES):
        try:
            return str(conn.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        time.sleep(BUSY_TIMEOUT_S / _SWITCH_TRIES)
    return str(conn.execute("PRAGMA journal_mode = WAL").fetchone()[0])
