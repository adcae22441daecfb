"""Entities of machines in other programs: one SQLite file, safe to share.

For the library's Runner, whose entities no supervised process owns: any
process may save any of them, and a version says whether somebody else did in
between; who holds an entity has it alone. The file is not a fleet's store
(`smtui.db`); it may lie beside one.
"""

import json
import sqlite3
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import NamedTuple

from smtui.clock import Clock
from smtui.definition import Json
from smtui.store.connection import BUSY_TIMEOUT_S
from smtui.store.entity_locks import EntityLocks
from smtui.store.failures import translate
from smtui.store.filesystem import refuse_network
from smtui.store.statements import Statements

__all__ = ["EntityFile", "EntityRow", "Saved"]

_TABLES = Statements("entity_tables.sql")
_SQL = Statements("entities.sql")


class EntityRow(NamedTuple):
    """An entity as it is kept."""

    state: str
    """For lists and counts; the snapshot decides."""
    snapshot: Mapping[str, Json]
    due: float | None
    """When its next delay is due, in seconds since the epoch."""
    version: int = 0
    """Number of saves; 0 is one that was never saved."""


class Saved(NamedTuple):
    """Whether a save was done, and the version the entity has now."""

    is_done: bool
    version: int


class EntityFile:
    """The door to one file; may be used from any thread."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Open the file, making it first if there is none. Raises StoreError."""
        refuse_network(path)
        self._path = path
        self._clock = clock
        self._lock = RLock()
        self._locks = EntityLocks(path)
        with self._translated():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._conn = sqlite3.connect(
                path,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,
                check_same_thread=False,
            )
            self._conn.row_factory = sqlite3.Row
            self._conn.execute("PRAGMA journal_mode = WAL")
            self._conn.execute("PRAGMA synchronous = NORMAL")
            with self._writing():
                for table in _TABLES.values():
                    self._conn.execute(table)

    def close(self) -> None:
        """Close the file; a second close does nothing."""
        with self._lock:
            self._conn.close()

    def hold(self, machine: str, id_: str, *, waits: bool) -> Callable[[], None] | None:
        """Have an entity alone until what is returned is called; see EntityLocks."""
        return self._locks.hold(machine, id_, waits=waits)

    def load(self, machine: str, id_: str) -> EntityRow | None:
        """Return an entity as it was last saved, None for an unknown one."""
        row = self._one("load", {"machine": machine, "id": id_})
        if row is None:
            return None
        snapshot = json.loads(row["snapshot_json"])
        return EntityRow(row["state"], snapshot, row["due_at"], row["version"])

    def save(
        self,
        machine: str,
        id_: str,
        row: EntityRow,
        reply: tuple[str, Json] | None = None,
    ) -> "Saved":
        """Save what was made of the entity at `row.version`, `reply` with it.

        Where somebody else saved in between, nothing is changed.
        """
        given: dict[str, object] = {
            "machine": machine,
            "id": id_,
            "version": row.version,
            "state": row.state,
            "snapshot_json": json.dumps(row.snapshot, ensure_ascii=False),
            "due_at": row.due,
            "now": self._clock.now(),
        }
        with self._translated(), self._writing():
            name = "update" if row.version else "insert"
            if not self._conn.execute(_SQL[name], given).rowcount:
                found = self._conn.execute(_SQL["version"], given).fetchone()
                return Saved(False, 0 if found is None else found["version"])
            if reply is not None:
                given["key"] = reply[0]
                given["reply_json"] = json.dumps(reply[1])
                self._conn.execute(_SQL["add_reply"], given)
        return Saved(True, row.version + 1)

    def reply(self, machine: str, id_: str, key: str) -> Json:
        """Return what came of an event with this key before, or None."""
        row = self._one("reply", {"machine": machine, "id": id_, "key": key})
        found: Json = None if row is None else json.loads(row["reply_json"])
        return found

    def due(self, machine: str, now: float, limit: int) -> list[str]:
        """Return entities with a delay due at `now`, the earliest first."""
        given = {"machine": machine, "now": now, "limit": limit}
        return [row["id"] for row in self._every("due", given)]

    def next_due(self, machine: str) -> float | None:
        """Return when the next delay of the machine is due, None for never."""
        row = self._one("next_due", {"machine": machine})
        return None if row is None else row["due_at"]

    def ids(self, machine: str, state: str = "") -> list[str]:
        """Return the entities of a machine, or those in a state, sorted."""
        return [
            row["id"]
            for row in self._every("ids", {"machine": machine, "state": state})
        ]

    # ------------------------------------------------------------------ inside

    def _one(self, name: str, given: Mapping[str, object]) -> sqlite3.Row | None:
        found = self._every(name, given)
        return found[0] if found else None

    def _every(self, name: str, given: Mapping[str, object]) -> list[sqlite3.Row]:
        with self._translated():
            rows: list[sqlite3.Row] = self._conn.execute(_SQL[name], given).fetchall()
            return rows

    @contextmanager
    def _writing(self) -> Generator[None, None, None]:
        self._conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._conn.execute("COMMIT")
        except BaseException:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
            raise

    @contextmanager
    def _translated(self) -> Generator[None, None, None]:
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise translate(error, self._path) from error
