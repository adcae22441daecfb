"""What a store keeps, kept in memory: snapshots, inboxes, journals.

Snapshots are kept as the JSON text a real store would keep, so that whatever
is driven over a FakeStore is round-tripped at every step.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from smtui.chart import decode, encode
from smtui.chart.values import Done, Event, Snapshot, Step
from smtui.definition import Json
from smtui.driver import Row
from smtui.errors import StoreError

__all__ = ["FakeStore", "Kept"]


@dataclass(slots=True)
class Kept:
    """All that is stored of one instance."""

    snapshot: str = ""
    """As JSON text; '' before the first step."""
    decoded: Snapshot | None = None
    """What the text says, once it was read."""
    inbox: list[Event] = field(default_factory=list[Event])
    """Accepted and not handled, in order of acceptance."""
    results: list[Done] = field(default_factory=list[Done])
    """What actions gave, not stepped yet."""
    journal: list[Row] = field(default_factory=list[Row])


class FakeStore:
    """Instances by id."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._sent = 0

    def copy(self) -> "FakeStore":
        """Return a store that keeps the same and goes its own way."""
        other = FakeStore()
        other._sent = self._sent
        other._kept = {
            id_: replace(
                kept,
                inbox=[*kept.inbox],
                results=[*kept.results],
                journal=[*kept.journal],
            )
            for id_, kept in self._kept.items()
        }
        return other

    def __contains__(self, instance: str) -> bool:
        return instance in self._kept

    def __iter__(self) -> Iterator[str]:
        return iter([*self._kept])

    def add(self, instance: str) -> Kept:
        """Make room for an instance. Raises StoreError when it is there already."""
        if instance in self._kept:
            raise StoreError(f"there is already an instance {instance!r}")
        self._kept[instance] = Kept()
        return self._kept[instance]

    def remove(self, instance: str) -> None:
        """Forget an instance with its inbox."""
        self._kept.pop(instance, None)

    def kept(self, instance: str) -> Kept:
        """Return what is stored of an instance. Raises StoreError when nothing is."""
        found = self._kept.get(instance)
        if found is None:
            raise StoreError(f"there is no instance {instance!r}")
        return found

    def new_id(self) -> str:
        """Return the id of one more row of an inbox."""
        self._sent += 1
        return f"event-{self._sent:04}"

    def accept(self, instance: str, event: Event) -> bool:
        """Put an event into an inbox; False when there is no such instance."""
        found = self._kept.get(instance)
        if found is None:
            return False
        found.inbox.append(event)
        return True

    def commit(self, step: Step, row: Row | None) -> None:
        """Keep what a step changed."""
        kept = self.kept(step.snapshot.instance)
        kept.snapshot = json.dumps(encode(step.snapshot))
        kept.decoded = None
        if row is not None:
            kept.journal.append(row)

    def snapshot(self, instance: str) -> Snapshot:
        """Return the present snapshot. Raises StoreError when there is none."""
        kept = self.kept(instance)
        if not kept.snapshot:
            raise StoreError(f"instance {instance!r} has not begun")
        if kept.decoded is None:
            kept.decoded = decode(json.loads(kept.snapshot))
        return kept.decoded

    def data(self, instance: str) -> Mapping[str, Json]:
        """Return the present data of an instance."""
        return self.snapshot(instance).data
