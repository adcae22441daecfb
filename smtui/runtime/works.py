"""The World actions in hand of a machine with many instances.

At most `max_running` of them at a time; the others wait in the order in which
they were asked for. The laws of `hands` hold for each instance.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial

from smtui.chart.values import Run, RunEntry
from smtui.runtime.entity import Entity
from smtui.runtime.hands import Hands
from smtui.runtime.roll import Roll
from smtui.runtime.setup import Setup, Tools

__all__ = ["Works"]


class Works:
    """What runs outside now, and what waits to."""

    def __init__(
        self, setup: Setup, tools: Tools, roll: Roll, on_end: Callable[[], None]
    ) -> None:
        """Call `on_end` when an action has ended."""
        self._setup = setup
        self._tools = tools
        self._roll = roll
        self._on_end = on_end
        self._waiting: deque[tuple[str, Run]] = deque()
        self._ended: dict[str, None] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self.running = 0
        """Actions in hand."""

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """Own actions in `tasks` from now on."""
        self._tasks = tasks

    def add(self, id_: str, runs: Iterable[Run]) -> None:
        """Let actions of an instance wait for their turn."""
        self._waiting += [(id_, run) for run in runs]

    def take_up(self) -> None:
        """Begin what waits, as long as not too much is in hand."""
        while self._waiting and self.running < self._setup.max_running:
            id_, run = self._waiting.popleft()
            entity = self._roll.entities.get(id_)
            if entity is not None and run.id in entity.snapshot.pending:
                self.running += 1
                hands = self._hands_of(id_, entity)
                hands.take_up(run.id, run.entry, entity.snapshot)

    def gather(self) -> list[str]:
        """Hand results to their instances; return whose they are."""
        ended, self._ended = [*self._ended], {}
        for id_ in ended:
            entity = self._roll.entities.get(id_)
            if entity is not None and entity.hands is not None:
                done = entity.hands.gather()
                self.running -= len(done)
                entity.done += done
        if ended:
            self.take_up()
        return ended

    def forget(self, entity: Entity, used: Iterable[str]) -> None:
        """Keep no more of actions whose results were stepped."""
        if entity.hands is not None:
            entity.hands.forget(used)
            if entity.hands.is_idle:
                entity.hands = None

    def drop(self, id_: str, pending: str) -> None:
        """End an invoked action whose state was left."""
        entity = self._roll.entities.get(id_)
        if entity is not None and entity.hands is not None:
            self.running -= entity.hands.drop(pending)

    def entries(self) -> list[tuple[str, RunEntry, int | None]]:
        """Return what is in hand: instance, action, process."""
        found: list[tuple[str, RunEntry, int | None]] = []
        for id_, entity in self._busy():
            for pending, pid in entity.hands.pids().items() if entity.hands else ():
                entry = entity.snapshot.pending.get(pending)
                if isinstance(entry, RunEntry):
                    found.append((id_, entry, pid))
        return found

    async def end(self) -> None:
        """Give what is in hand the time it has left, then cut it off."""
        self._waiting.clear()
        hands = [e.hands for _, e in self._busy() if e.hands is not None]
        await asyncio.gather(*(each.end(self._tools.stop) for each in hands))

    def cut_off(self) -> list[tuple[Entity, list[str]]]:
        """Return the actions that ended half-way, without a result."""
        busy = [entity for _, entity in self._busy()]
        return [(e, e.hands.cut_off) for e in busy if e.hands and e.hands.cut_off]

    def kill(self) -> None:
        """End everything at once: this process may do nothing any more."""
        for _, entity in self._busy():
            if entity.hands is not None:
                entity.hands.kill()

    def _busy(self) -> list[tuple[str, Entity]]:
        if not self.running:
            return []
        return [
            (id_, entity)
            for id_, entity in self._roll.entities.items()
            if entity.hands is not None
        ]

    def _hands_of(self, id_: str, entity: Entity) -> Hands:
        if self._tasks is None:
            raise AssertionError("took up an action before begin()")
        if entity.hands is None:
            entity.hands = Hands(
                self._tasks,
                self._setup.place,
                self._setup.author,
                outlet=self._tools.outlet,
                clock=self._tools.clock,
                on_end=partial(self._over, id_),
                functions=self._setup.functions,
            )
        return entity.hands

    def _over(self, id_: str) -> None:
        self._ended[id_] = None
        self._on_end()
