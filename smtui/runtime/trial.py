"""Which of several actions ends the process: found by performing them one by one.

The laws of this file: when a process dies, the attempt of all it had in hand
is raised, for nobody knows which of them it was. Those that have one attempt
left are accused one after the other: what was raised last is taken back, and
counts again from the commit before the action is performed. So an action that
ends the process comes to its last attempt, and those beside it do not.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import NamedTuple

from smtui.chart.values import At, Run, RunEntry
from smtui.runtime.alarm import at_now
from smtui.runtime.entity import Entity
from smtui.runtime.hands import MAX_CRASHES
from smtui.runtime.loading import Start
from smtui.runtime.patience import Patience
from smtui.runtime.records import write_of
from smtui.runtime.roll import Roll
from smtui.runtime.setup import Tools
from smtui.runtime.works import Works
from smtui.store import MAX_STEPS, Owner, StepWrite, Writer

__all__ = ["Trial", "cut_short"]

PATIENCE_S = 5.0
"""One that has not ended the process in this time is let run on beside others."""


class _Suspect(NamedTuple):
    """An action that was in hand whenever a process died."""

    instance: str
    run: Run


class Trial:
    """Performs the suspects, one at a time."""

    def __init__(
        self, owner: Owner, tools: Tools, roll: Roll, works: Works, store: Patience
    ) -> None:
        """Nothing is written before `hold`."""
        self._owner = owner
        self._tools = tools
        self._roll = roll
        self._works = works
        self._store = store
        self._suspects: list[_Suspect] = []
        self.is_called_for = False
        """Something was in hand when the process before this one died."""

    def let_go(self, instance: str, start: Start) -> list[Run]:
        """Keep what of an instance has its last attempt; return the others."""
        others: list[Run] = []
        for run in start.runs:
            self.is_called_for |= run.entry.attempt > 1
            if run.entry.attempt >= MAX_CRASHES:
                self._suspects.append(_Suspect(instance, run))
            else:
                others.append(run)
        return others

    async def hold(self, turn: Callable[[At], Awaitable[None]]) -> None:
        """Perform them; `turn` steps what has come in, or waits until then.

        Raises StoreError and FencedError.
        """
        suspects, self._suspects = self._suspects, []
        is_one = len(suspects) == 1  # then it was this one, as far as can be known
        if not is_one:
            await self._count(suspects, -1)
        for suspect in suspects:
            if self._tools.stop.is_told:
                return
            if not self._is_pending(suspect):
                continue  # its state was left meanwhile
            if not is_one:
                await self._count([suspect], 1)
            self._works.add(suspect.instance, [suspect.run])
            self._works.take_up()
            until = at_now(self._tools.clock).plus(PATIENCE_S)
            while self._is_pending(suspect) and not self._is_over(until):
                await turn(until)

    def _is_over(self, until: At) -> bool:
        return self._tools.stop.is_told or until.is_due(at_now(self._tools.clock))

    async def _count(self, suspects: Sequence[_Suspect], by: int) -> None:
        """Change the attempts of these, in the store and in memory."""
        changed: dict[str, list[str]] = {}
        for instance, run in suspects:
            changed.setdefault(instance, []).append(run.id)
        writes: list[StepWrite] = []
        for instance, ids in changed.items():
            entity = self._roll.entities.get(instance)
            if entity is not None:
                writes += _counted(entity, ids, by)
        await _commit(self._store, self._owner, writes)

    def _is_pending(self, suspect: _Suspect) -> bool:
        entity = self._roll.entities.get(suspect.instance)
        return entity is not None and suspect.run.id in entity.snapshot.pending


def _counted(entity: Entity, ids: Iterable[str], by: int) -> list[StepWrite]:
    pending = dict(entity.snapshot.pending)
    for id_ in ids:
        entry = pending.get(id_)
        if isinstance(entry, RunEntry):
            pending[id_] = entry._replace(attempt=entry.attempt + by)
    if pending == entity.snapshot.pending:
        return []
    entity.snapshot = entity.snapshot._replace(pending=pending)
    return [write_of(entity.snapshot)]


async def cut_short(
    store: Patience, owner: Owner, ended: Iterable[tuple[Entity, list[str]]]
) -> None:
    """Count an attempt of what was cut off and must not run twice."""
    writes: list[StepWrite] = []
    for entity, ids in ended:
        pending = entity.snapshot.pending
        once = [
            id_
            for id_ in ids
            if isinstance(entry := pending.get(id_), RunEntry)
            and entry.on_crash == "error"
        ]
        writes += _counted(entity, once, 1)
    await _commit(store, owner, writes)


async def _commit(store: Patience, owner: Owner, writes: list[StepWrite]) -> None:
    for page in range(0, len(writes), MAX_STEPS):
        part = writes[page : page + MAX_STEPS]
        await store.call(Writer.commit, owner, part)
