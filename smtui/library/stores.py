"""Where a Runner keeps its entities: a protocol, memory, and one SQLite file.

A store keeps documents (an entity's snapshot is JSON) and knows nothing of
charts. `save` is where two writers meet: the version it is given is that of
the entity that was read, and one somebody else saved since is refused. A store
that can also hold an entity for one writer lets no two meet.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock
from typing import NamedTuple, Protocol, runtime_checkable

from smtui.chart import encode
from smtui.chart.values import Snapshot
from smtui.clock import Clock, SystemClock
from smtui.definition import Json
from smtui.library.errors import StaleVersionError
from smtui.library.locks import Locks
from smtui.library.plain import plain_copy

__all__ = [
    "HoldingStore",
    "InMemoryStateStore",
    "SQLiteStateStore",
    "StateStore",
    "StoredEntity",
]


class StoredEntity(NamedTuple):
    """An entity as a store keeps it."""

    state: str
    """Its current state, to list and count by."""
    snapshot: Mapping[str, Json]
    """All there is to know of it, as JSON."""
    due: float | None
    """When its next delay is due, in seconds since the epoch; None for never."""
    version: int = 0
    """Number of saves; 0 is one that was never saved."""


class StateStore(Protocol):
    """What a Runner needs of a store; called from any thread."""

    is_quick: bool
    """It never waits for a disk or a network: called without a thread."""

    def load(self, machine: str, entity_id: str) -> StoredEntity | None:
        """Return an entity as it was last saved, None for an unknown one."""
        ...

    def save(
        self,
        machine: str,
        entity_id: str,
        entity: StoredEntity,
        reply: tuple[str, Json] | None = None,
    ) -> int:
        """Save what was made of the entity at `entity.version`; return the next.

        `reply` is (idempotency key, what came of it), kept together with it.
        Raises StaleVersionError when somebody saved it since, changing nothing.
        """
        ...

    def reply(self, machine: str, entity_id: str, key: str) -> Json:
        """Return what came of an event with this key before, or None."""
        ...

    def due(self, machine: str, now: float, limit: int) -> list[str]:
        """Return entities with a delay due at `now`, the earliest first."""
        ...

    def next_due(self, machine: str) -> float | None:
        """Return when the machine's next delay is due, None for never."""
        ...


@runtime_checkable
class HoldingStore(Protocol):
    """A store that can let one turn alone deal with an entity, as both here can.

    Without it two programs that deal with one entity at a time are told apart
    by its version alone: the second begins anew, and an action in hand of the
    first may be done by both.
    """

    def hold(
        self, machine: str, entity_id: str, *, waits: bool
    ) -> Callable[[], None] | None:
        """Have an entity alone until what is returned is called, from any thread.

        None when somebody else has it; with `waits` that never comes. Whoever
        dies has it no more.
        """
        ...


_NOTHING = ("", StoredEntity("", {}, None))


class InMemoryStateStore:
    """A store that ends with the program."""

    is_quick = True

    def __init__(self) -> None:
        self._lock = Lock()
        self._entities: dict[tuple[str, str], tuple[str | Snapshot, StoredEntity]] = {}
        """Each as JSON text, or as values that nobody else can write to."""
        self._replies: dict[tuple[str, str, str], Json] = {}
        self._held = Locks()

    def hold(
        self, machine: str, entity_id: str, *, waits: bool
    ) -> Callable[[], None] | None:
        """Have an entity alone until what is returned is called."""
        return self._held.hold((machine, entity_id), waits=waits)

    def load(self, machine: str, entity_id: str) -> StoredEntity | None:
        """Return an entity as it was last saved, None for an unknown one."""
        found = self._entities.get((machine, entity_id))
        if found is None:
            return None
        kept, entity = found
        text = kept if isinstance(kept, str) else json.dumps(encode(kept))
        return entity._replace(snapshot=json.loads(text))

    def recall(self, machine: str, entity_id: str) -> tuple[Snapshot, int] | None:
        """Return an entity and its version, None where it is not kept as values."""
        kept, entity = self._entities.get((machine, entity_id), _NOTHING)
        if isinstance(kept, str):
            return None
        data = plain_copy(kept.data)
        return None if data is None else (with_data(kept, data), entity.version)

    def save(
        self,
        machine: str,
        entity_id: str,
        entity: StoredEntity,
        reply: tuple[str, Json] | None = None,
    ) -> int:
        """Save an entity. Raises StaleVersionError."""
        text = json.dumps(entity.snapshot)
        return self._put((machine, entity_id), text, entity, reply)

    def keep(
        self,
        machine: str,
        entity_id: str,
        entity: tuple[Snapshot, int],
        state: str,
        reply: tuple[str, Json] | None = None,
    ) -> int | None:
        """Save an entity as values; None where only JSON is the same to all.

        Raises StaleVersionError.
        """
        snapshot, version = entity
        has_more = snapshot.pending or snapshot.pause or snapshot.lineage
        data = None if has_more else plain_copy(snapshot.data)
        if data is None or type(entity_id) is not str:
            return None
        kept, stored = (
            snapshot._replace(data=data),
            StoredEntity(state, {}, None, version),
        )
        return self._put((machine, entity_id), kept, stored, reply)

    def _put(
        self,
        key: tuple[str, str],
        made: str | Snapshot,
        entity: StoredEntity,
        reply: tuple[str, Json] | None,
    ) -> int:
        with self._lock:
            found = self._entities.get(key)
            actual = 0 if found is None else found[1].version
            if actual != entity.version:
                raise stale(key[1], entity.version, actual)
            kept = StoredEntity(entity.state, {}, entity.due, actual + 1)
            self._entities[key] = (made, kept)
            if reply is not None:
                self._replies[(*key, reply[0])] = reply[1]
        return actual + 1

    def reply(self, machine: str, entity_id: str, key: str) -> Json:
        """Return what came of an event with this key before, or None."""
        return self._replies.get((machine, entity_id, key))

    def due(self, machine: str, now: float, limit: int) -> list[str]:
        """Return entities with a delay due at `now`, the earliest first."""
        dues = sorted(
            (entity.due, id_)
            for (owner, id_), (_, entity) in [*self._entities.items()]
            if owner == machine and entity.due is not None and entity.due <= now
        )
        return [id_ for _, id_ in dues[:limit]]

    def next_due(self, machine: str) -> float | None:
        """Return when the machine's next delay is due, None for never."""
        dues = [
            entity.due
            for (owner, _), (_, entity) in [*self._entities.items()]
            if owner == machine and entity.due is not None
        ]
        return min(dues, default=None)

    def ids(self, machine: str, state: str = "") -> list[str]:
        """Return the entities of a machine, or those in a state, sorted."""
        return sorted(
            id_
            for (owner, id_), (_, entity) in [*self._entities.items()]
            if owner == machine and state in {"", entity.state}
        )


class SQLiteStateStore:
    """A store in one SQLite file, which any number of processes may share."""

    is_quick = False

    def __init__(
        self, path: str | os.PathLike[str], *, clock: Clock | None = None
    ) -> None:
        """Open the file, making it first if there is none. Raises StoreError."""
        from smtui.store.entities import EntityFile  # late: SQLite

        self._file = EntityFile(Path(path), clock or SystemClock())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def hold(
        self, machine: str, entity_id: str, *, waits: bool
    ) -> Callable[[], None] | None:
        """Have an entity alone, among all programs, until the returned is called."""
        return self._file.hold(machine, entity_id, waits=waits)

    def load(self, machine: str, entity_id: str) -> StoredEntity | None:
        """Return an entity as it was last saved, None for an unknown one."""
        found = self._file.load(machine, entity_id)
        return None if found is None else StoredEntity(*found)

    def save(
        self,
        machine: str,
        entity_id: str,
        entity: StoredEntity,
        reply: tuple[str, Json] | None = None,
    ) -> int:
        """Save an entity. Raises StaleVersionError."""
        from smtui.store.entities import EntityRow  # late: SQLite

        saved = self._file.save(machine, entity_id, EntityRow(*entity), reply)
        if not saved.is_done:
            raise stale(entity_id, entity.version, saved.version)
        return saved.version

    def reply(self, machine: str, entity_id: str, key: str) -> Json:
        """Return what came of an event with this key before, or None."""
        return self._file.reply(machine, entity_id, key)

    def due(self, machine: str, now: float, limit: int) -> list[str]:
        """Return entities with a delay due at `now`, the earliest first."""
        return self._file.due(machine, now, limit)

    def next_due(self, machine: str) -> float | None:
        """Return when the machine's next delay is due, None for never."""
        return self._file.next_due(machine)

    def ids(self, machine: str, state: str = "") -> list[str]:
        """Return the entities of a machine, or those in a state, sorted."""
        return self._file.ids(machine, state)


def with_data(snapshot: Snapshot, data: dict[str, Json]) -> Snapshot:
    """Return an entity that knows this; `_replace` takes three times as long."""
    return Snapshot._make((*snapshot[:_DATA], data, *snapshot[_DATA + 1 :]))


_DATA = Snapshot._fields.index("data")


def stale(entity_id: str, expected: int, actual: int) -> StaleVersionError:
    """Return the error of a write that came second."""
    return StaleVersionError(
        f"Stale version for entity {entity_id!r}: expected {expected}, got {actual}",
        hint="read it again and repeat what was to be done",
        entity_id=entity_id,
        expected_version=expected,
        actual_version=actual,
    )
