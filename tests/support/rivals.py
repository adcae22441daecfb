"""A store of entities that somebody else writes into."""

from smtui.definition import Json
from smtui.library import InMemoryStateStore, StoredEntity

__all__ = ["Rival"]


class Rival:
    """A store into which somebody else writes just before our first saves."""

    is_quick = True

    def __init__(self, times: int) -> None:
        self.inner = InMemoryStateStore()
        self.times = times

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def load(self, machine: str, entity_id: str) -> StoredEntity | None:
        return self.inner.load(machine, entity_id)

    def reply(self, machine: str, entity_id: str, key: str) -> Json:
        return self.inner.reply(machine, entity_id, key)

    def due(self, machine: str, now: float, limit: int) -> list[str]:
        return self.inner.due(machine, now, limit)

    def next_due(self, machine: str) -> float | None:
        return self.inner.next_due(machine)

    def save(
        self,
        machine: str,
        entity_id: str,
        entity: StoredEntity,
        reply: tuple[str, Json] | None = None,
    ) -> int:
        if self.times:
            self.times -= 1
            found = self.inner.load(machine, entity_id)
            assert found is not None
            self.inner.save(machine, entity_id, found)
        return self.inner.save(machine, entity_id, entity, reply)
