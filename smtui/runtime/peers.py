"""Other machines: where they are, and who waits for them to move.

The laws of this file: a machine is looked at once for one input of one
instance, so all guards of a step see it in the same place; nobody looks for
changes by time: who moves rings those that watch it.
"""

from collections.abc import Sequence

from smtui.chart import StateChart
from smtui.chart.messages import Answer, Question
from smtui.chart.questions import answer_by
from smtui.definition import guards_on_peers
from smtui.runtime.patience import Patience
from smtui.runtime.roll import Roll
from smtui.runtime.turns import Sights
from smtui.store import MOST_RUNG, SOLE_INSTANCE, Writer

__all__ = ["Watch", "look"]


async def look(store: Patience, question: Question, own: str, seen: Sights) -> Answer:
    """Return whether another machine is where the question asks.

    `own` is the instance that asks; `seen` keeps what was seen for its input.
    """
    wanted = str(question.params.get("instance") or "")
    key = (question.name, wanted)
    sight = seen.get(key)
    if sight is None:
        sight = await store.call(Writer.where_is, question.name, wanted, own)
        seen[key] = sight
    instance = "" if sight.instance == SOLE_INSTANCE else sight.instance
    return answer_by(
        question,
        sight.configuration,
        instance=instance,
        is_known=sight.is_known,
        topics=sight.topics,
    )


class Watch:
    """The instances of a machine that wait for another machine to move."""

    def __init__(
        self, chart: StateChart, machine: str, store: Patience, roll: Roll
    ) -> None:
        self._is_needed = _may_watch(chart)
        self._machine = machine
        self._store = store
        self._roll = roll
        self.has_more = False
        """A page was full: look again."""

    async def look(self) -> Sequence[str]:
        """Take up the instances that watch what has moved; return their ids."""
        if not self._is_needed:
            return ()
        rung = await self._store.call(Writer.rung, self._machine)
        self.has_more = sum(map(len, rung.values())) >= MOST_RUNG
        await self._roll.fetch([*rung])
        found: list[str] = []
        for id_, numbers in rung.items():
            entity = self._roll.entities.get(id_)
            if entity is not None:
                entity.counters = numbers
                found.append(id_)
        return found


def _may_watch(chart: StateChart) -> bool:
    """Say whether a transition without event may wait for another machine.

    Of a chart that is invoked from a file nobody knows before.
    """
    return any(use.is_eventless for use in guards_on_peers(chart.definition)) or any(
        invoke.src is not None
        for node in chart.definition.nodes
        for invoke in node.invokes
    )
