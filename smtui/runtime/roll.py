"""The instances a machine has in memory, of the many it has in the store.

The laws of this file: an instance comes with its family, so that what begins
and ends children finds them; the least used ones are put on the shelf, those that
wait for nothing outside first and only; nothing here writes.
"""

from collections.abc import Iterable, Mapping, Sequence

from smtui.chart import StateChart, decode
from smtui.chart.values import Given, Snapshot
from smtui.errors import DefinitionError
from smtui.runtime.adopt import Blocked, adopt
from smtui.runtime.alarm import at_now
from smtui.runtime.entity import Entity
from smtui.runtime.family import Charts, entry_of
from smtui.runtime.patience import Patience
from smtui.runtime.setup import Setup, Tools
from smtui.runtime.shelf import Shelf
from smtui.store import Due, InboxRow, Loaded, Look, Writer
from smtui.store.ids import ulid

__all__ = ["MOST", "Roll"]

MOST = 2000
"""Instances in use at most, beside those that are busy."""


class Roll:
    """Who is in memory, and who has not begun."""

    def __init__(
        self, setup: Setup, tools: Tools, store: Patience, charts: Charts
    ) -> None:
        self.entities: dict[str, Entity] = {}
        """The least used first."""
        self.unborn: dict[str, Loaded | None] = {}
        """Looked for and not found, with the run the store says to begin."""
        self._shelf = Shelf()
        self._setup = setup
        self._tools = tools
        self._store = store
        self._charts = charts

    def knows(self, id_: str) -> bool:
        """Say whether it need not be looked for."""
        return id_ in self.entities or id_ in self.unborn or id_ in self._shelf

    def use(self, id_: str) -> Entity | None:
        """Return an instance and note that it is in use."""
        entity = self.entities.pop(id_, None)
        if entity is not None:
            self.entities[id_] = entity
        return entity

    async def look(
        self, after: int, limit: int, *, is_due: bool
    ) -> tuple[list[InboxRow], Due | None]:
        """Read a page of the inbox and what is due, and take up who it is for."""
        at = at_now(self._tools.clock) if is_due else None
        wants = Look(after, limit, at, self.knows)
        seen = await self._store.call(Writer.look, self._setup.name, wants)
        self._take_down(row.instance for row in seen.rows)
        if seen.due is not None:
            self._take_down(seen.due.instances)
        await self.take(seen.loaded)
        return seen.rows, seen.due

    async def fetch(self, ids: Sequence[str]) -> None:
        """Take up these instances and their families."""
        self._take_down(ids)
        missing = [id_ for id_ in ids if not self.knows(id_)]
        if missing:
            wants = Look(0, 0, None, self.knows, missing)
            seen = await self._store.call(Writer.look, self._setup.name, wants)
            await self.take(seen.loaded)

    async def take(self, loaded: Mapping[str, Loaded | None]) -> None:
        """Make what was loaded instances, after the parents they have."""
        begun: dict[str, Snapshot] = {}
        for id_, one in loaded.items():
            if one is None or one.snapshot is None:
                self.unborn[id_] = one
            else:
                begun[id_] = decode(one.snapshot)
        lineages = [one.lineage for one in begun.values() if one.lineage]
        parents = [each.parent for each in lineages if not each.token]
        await self.fetch([id_ for id_ in parents if id_ not in begun])
        for id_ in begun:
            self._add(id_, begun)
        children = (
            child.instance
            for id_ in begun
            if (entity := self.entities.get(id_)) is not None
            for child in entity.children
        )
        await self.fetch([*children])

    def _add(self, id_: str, begun: Mapping[str, Snapshot]) -> None:
        kept = begun[id_]
        if id_ in self.entities:
            return
        chart, why = self._charts.own, ""
        lineage = kept.lineage
        if lineage is not None and not lineage.token:
            if lineage.parent in begun:
                self._add(lineage.parent, begun)
            chart, why = self._chart_of(self.entities.get(lineage.parent), id_)
        adopted = adopt(None, chart, kept, at_now(self._tools.clock))
        if isinstance(adopted, Blocked):
            self.entities[id_] = Entity(chart, kept, why_blocked=adopted.why)
        else:
            self.entities[id_] = Entity(chart, adopted, why_blocked=why)

    def _chart_of(self, parent: Entity | None, id_: str) -> tuple[StateChart, str]:
        """Return the chart a child runs, and what is wrong with it."""
        entry = None if parent is None else entry_of(parent.snapshot, id_)
        if parent is None or entry is None:
            return self._charts.own, "what invoked it does not know it any more"
        try:
            return self._charts.of_child(parent.chart, entry), ""
        except DefinitionError as problem:
            return self._charts.own, str(problem)

    def given(self, id_: str, cause: str) -> Given:
        """Return what a run of an unborn instance is born with."""
        kept = self.unborn.get(id_)
        return Given(
            machine=self._setup.name,
            instance=id_,
            run=1 if kept is None else kept.run,
            id=cause or ulid(self._tools.clock.now()),
            at=at_now(self._tools.clock),
            held=() if kept is None else kept.handed,
            lineage=self._setup.lineage,
        )

    def begin(self, id_: str, entity: Entity) -> None:
        """Note that an instance has begun."""
        self.unborn.pop(id_, None)
        self.entities[id_] = entity

    def forget(self, busy: Iterable[str]) -> None:
        """Keep no more than MOST in memory; `busy` ones stay."""
        over = len(self.entities) - MOST
        if over > 0:
            stays = set(busy)
            free = (
                id_
                for id_, entity in self.entities.items()
                if id_ not in stays and entity.is_free
            )
            for id_ in [*_first(free, over)]:
                self._put_away(id_)
        if len(self.unborn) > MOST:
            self.unborn = {id_: self.unborn[id_] for id_ in busy if id_ in self.unborn}

    def _take_down(self, ids: Iterable[str]) -> None:
        for id_ in ids:
            kept = self._shelf.take(id_)
            if kept is not None:
                self.entities[id_] = Entity(self._charts.own, kept)

    def _put_away(self, id_: str) -> None:
        entity = self.entities.pop(id_)
        if entity.chart is self._charts.own and not entity.why_blocked:
            self._shelf.put(id_, entity.snapshot)


def _first(ids: Iterable[str], count: int) -> Iterable[str]:
    for n, id_ in enumerate(ids):
        if n >= count:
            return
        yield id_
