"""A Runner's entities in its store: read and written, as JSON where that is needed.

The store of this program keeps an entity that is at rest as values: what is
read is the same that JSON would give. A test compares the two ways.
"""

import json
from typing import NamedTuple

from smtui.chart import encode
from smtui.chart.values import Snapshot
from smtui.definition import Json
from smtui.library.bound import BoundMachine
from smtui.library.errors import ValidationError
from smtui.library.saving import adopted, fitted, timers_of
from smtui.library.stores import InMemoryStateStore, StateStore, StoredEntity

__all__ = ["Found", "Shelf"]

_LOAD, _SAVE = InMemoryStateStore.load, InMemoryStateStore.save


class Found(NamedTuple):
    """An entity as it was last saved."""

    snapshot: Snapshot
    """Nobody else has its data."""
    version: int


class Shelf:
    """The entities of one machine in one store."""

    def __init__(self, machine: BoundMachine, store: StateStore) -> None:
        self._machine = machine
        self._name = machine.name
        self._store = store

    def read(self, entity_id: str) -> Found | None:
        """Return an entity, None for an unknown one.

        Raises UndefinedStateError or InvalidStateError for one of another
        version of the machine, and what the store raises.
        """
        store = self._store
        if isinstance(store, InMemoryStateStore) and _is_own(store):
            kept = store.recall(self._name, entity_id)
            if kept is not None:
                return Found(fitted(self._machine, kept[0]), kept[1])
        found = store.load(self._name, entity_id)
        if found is None:
            return None
        return Found(adopted(self._machine, found.snapshot), found.version)

    def write(
        self,
        entity_id: str,
        state: str,
        found: Found,
        reply: tuple[str, Json] | None = None,
    ) -> int:
        """Save what was made of an entity; return its next version.

        Raises StaleVersionError, ValidationError for data that is no JSON, and
        what the store raises.
        """
        store, (snapshot, version) = self._store, found
        if isinstance(store, InMemoryStateStore) and _is_own(store):
            kept = store.keep(self._name, entity_id, found, state, reply)
            if kept is not None:
                return kept
        stored = StoredEntity(state, encode(snapshot), _due(snapshot), version)
        try:
            return store.save(self._name, entity_id, stored, reply)
        except TypeError:
            for key, value in snapshot.data.items():
                _refuse_unkept(key, value)
            raise


def _refuse_unkept(key: str, value: Json) -> None:
    """Raise ValidationError for a value that JSON cannot say."""
    try:
        json.dumps(value)
    except (TypeError, ValueError, RecursionError) as problem:
        raise ValidationError(
            f"the context cannot be saved: {key!r} is no JSON ({problem})",
            hint="pass it as text or as a number",
        ) from None


def _is_own(store: InMemoryStateStore) -> bool:
    """Say whether nobody has put other methods in the place of the store's."""
    load, save = store.load, store.save
    return (
        getattr(load, "__func__", None) is _LOAD
        and getattr(save, "__func__", None) is _SAVE
    )


def _due(snapshot: Snapshot) -> float | None:
    return min((one.due.wall for one in timers_of(snapshot).values()), default=None)
