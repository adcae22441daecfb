"""The fast door: a chart compiled, while it runs, into its product automaton.

    kernel.move(configuration, name, data) -> Move

What an event does depends on the configuration, the event's name, what guards
say, and, where a history is entered, on what it remembers. So the first time a
configuration meets an event the plain algorithm (`select`, `plan`) is asked,
and its answer is kept in the configuration's row: a Move; or a Fork, grown one
guard at a time in the order of selection; or a Recall, by remembered states.
From then on an event is one dictionary lookup, whatever hierarchy and regions
there are.

The laws of this file: the memo (`memo`, bounded) holds nothing that the plain
algorithm would not say again, so forgetting changes no result. An eventless
transition without a guard is folded into the move that makes it possible.
"""

from collections.abc import Mapping
from typing import Final

from smtui.chart.tree.guards import NOBODY, Judge, NoJudge, Test
from smtui.chart.tree.memo import Memo
from smtui.chart.tree.memories import Histories, Reading
from smtui.chart.tree.model import Transition, Tree
from smtui.chart.tree.moves import (
    ROUTES,
    Configuration,
    Fork,
    Key,
    Move,
    Node,
    Plan,
    Recall,
)
from smtui.chart.tree.plan import make_initial_plan, make_plan
from smtui.chart.tree.select import select, select_routes
from smtui.definition import Json
from smtui.errors import StepError, nearest

__all__ = ["Kernel"]

MAX_CONFIGURATIONS = 4096
"""Kept at a time: independent regions have more than anyone visits."""

MAX_NODES = 65_536
"""Moves and forks kept at a time, about 50 MB at the most."""

MAX_FOLDED = 16
"""Eventless microsteps in one move; a circle of them is left to run time."""

_NO_HISTORY: Final[Histories] = {}


class Kernel:
    """The moves of one chart, as far as they are known."""

    __slots__ = ("_memo", "tree")

    def __init__(
        self,
        tree: Tree,
        *,
        most_configurations: int = MAX_CONFIGURATIONS,
        most_nodes: int = MAX_NODES,
    ) -> None:
        self.tree = tree
        self._memo = Memo(tree, most_configurations, most_nodes)

    @property
    def size(self) -> tuple[int, int]:
        """Return how many configurations, and moves and forks, are remembered."""
        return self._memo.size

    def forget(self) -> None:
        """Forget every move. No result changes by it."""
        self._memo.forget()

    # ------------------------------------------------------------- the door

    def initial(self) -> Move:
        """Return what entering the chart does, unguarded eventless moves included."""
        return self._folded(make_initial_plan(self.tree, self.intern), "")

    def move(
        self,
        configuration: Configuration,
        name: str,
        data: Mapping[str, Json],
        judge: Judge | None = None,
        histories: Histories = _NO_HISTORY,
    ) -> Move:
        """Return what an event does in a configuration.

        Guards see `data`. Those that are author's code need a judge: without
        one they do not hold.
        """
        node = configuration.row.get(name)
        if isinstance(node, Move):
            return node
        return self._walk(configuration, name, node, data, judge, histories)

    def settle(
        self,
        configuration: Configuration,
        data: Mapping[str, Json],
        judge: Judge | None = None,
        histories: Histories = _NO_HISTORY,
        *,
        led_by: str = "",
    ) -> Move:
        """Return what eventless transitions do in a configuration.

        `led_by` is the event being processed: the arrows of a choice state may
        name it.
        """
        key: Key = (led_by,) if configuration.is_choosing else None
        node = configuration.row.get(key)
        return self._walk(configuration, key, node, data, judge, histories)

    def route(
        self,
        configuration: Configuration,
        data: Mapping[str, Json],
        judge: Judge | None = None,
        histories: Histories = _NO_HISTORY,
    ) -> Move:
        """Return where data leads: to a state whose `when` holds, not active yet."""
        node = configuration.row.get(ROUTES)
        return self._walk(configuration, ROUTES, node, data, judge, histories)

    def configuration(self, ids: tuple[str, ...]) -> Configuration:
        """Return the configuration of these active states, in document order.

        Raises StepError when the chart has no such state.
        """
        found = self._memo.of(ids)
        if found is not None:
            return found
        mask = 0
        for id_ in ids:
            number = self.tree.numbers.get(id_)
            if number is None:
                hint = nearest(id_, [*self.tree.numbers])
                raise StepError(f"the chart has no state {id_!r}", hint=hint)
            mask |= 1 << number
        return self.intern(mask)

    def intern(self, mask: int) -> Configuration:
        """Return the one configuration with this set of states."""
        return self._memo.intern(mask)

    def known(self, ids: tuple[str, ...], name: str) -> Node | None:
        """Return what is remembered of an event, a move or what leads to one."""
        configuration = self._memo.of(ids)
        return None if configuration is None else configuration.row.get(name)

    # ---------------------------------------------------------- the long way

    def _walk(  # noqa: PLR0917 - keywords would cost a tenth of it
        self,
        configuration: Configuration,
        key: Key,
        node: Node | None,
        data: Mapping[str, Json],
        judge: Judge | None,
        histories: Histories,
    ) -> Move:
        """Follow a row to its move, growing what is not there yet."""
        if node is None:
            node = self._memo.find(configuration, key)
        if node is None:
            node = self._grown(configuration, key, {}, histories)
            self._memo.remember(configuration, key, node)
        if judge is None:
            judge = NOBODY
            if not self.tree.is_plain:
                judge = NoJudge(self.tree.declared, configuration.is_in)
        while isinstance(node, Fork):
            test = node.test
            holds = judge.holds(test, data)
            next_ = node.yes if holds else node.no
            if next_ is None:
                known = {**node.known, id(test): holds}
                next_ = self._grown(configuration, key, known, histories)
                if holds:
                    node.yes = next_
                else:
                    node.no = next_
                self._memo.count(configuration)
            node = next_
        if isinstance(node, Recall):
            return self._recalled(node, configuration, key, histories)
        return node

    def _grown(
        self,
        configuration: Configuration,
        key: Key,
        known: Mapping[int, bool],
        histories: Histories,
    ) -> Node:
        """Return what follows when these tests have said so: a test, or a move."""
        reading = Reading(histories)
        try:
            transitions = self._selected(configuration, key, known, reading)
        except _Unknown as unknown:
            return Fork(unknown.test, known)
        name = _name(key)
        move = self._made(configuration, name, transitions, reading)
        if not reading.was_read:
            return move
        recall = Recall(known)
        recall.moves[self._memories(histories)] = move
        return recall

    def _recalled(
        self,
        recall: Recall,
        configuration: Configuration,
        key: Key,
        histories: Histories,
    ) -> Move:
        memories = self._memories(histories)
        found = recall.moves.get(memories)
        if found is None:
            known = recall.known
            transitions = self._selected(configuration, key, known, histories)
            found = self._made(configuration, _name(key), transitions, histories)
            recall.moves[memories] = found
            self._memo.count(configuration)
        return found

    def _memories(self, histories: Histories) -> tuple[tuple[str, ...] | None, ...]:
        return tuple([histories.get(id_) for id_ in self.tree.history_ids])

    def _selected(
        self,
        configuration: Configuration,
        key: Key,
        known: Mapping[int, bool],
        histories: Histories,
    ) -> tuple[Transition, ...]:
        """Select with the answers that are known. Raises _Unknown at another test."""

        def holds(test: Test) -> bool:
            said = known.get(id(test))
            if said is None:
                raise _Unknown(test)
            return said

        if key == ROUTES:
            return select_routes(self.tree, configuration, holds, histories)
        event = key if isinstance(key, str) else None
        return select(
            self.tree, configuration, event, holds, histories, led_by=_name(key)
        )

    def _made(
        self,
        configuration: Configuration,
        name: str,
        transitions: tuple[Transition, ...],
        histories: Histories,
    ) -> Move:
        if not transitions:
            return Move(configuration, (), is_settled=True)
        if not name and transitions[0].arrow.events:
            name = transitions[0].arrow.events[0]
        plan = make_plan(
            self.tree,
            configuration,
            transitions,
            histories,
            event=name,
            intern=self.intern,
        )
        return self._folded(plan, name)

    def _folded(self, plan: Plan, name: str) -> Move:
        """Return the plan with the eventless microsteps that surely follow it."""
        plans = [plan]
        while plan.target.is_restless and not plan.ends:
            reading = Reading(_NO_HISTORY)
            key: Key = (name,) if plan.target.is_choosing else None
            try:
                next_ = self._selected(plan.target, key, {}, reading)
            except _Unknown:
                break
            if not next_:
                is_settled = not plan.target.is_routed
                return Move(plan.target, tuple(plans), is_settled=is_settled)
            following = make_plan(
                self.tree, plan.target, next_, reading, event="", intern=self.intern
            )
            if reading.was_read or len(plans) == MAX_FOLDED:
                break
            plan = following
            plans.append(plan)
        may_go_on = plan.target.is_restless or plan.target.is_routed
        is_settled = plan.ends or not may_go_on
        return Move(plan.target, tuple(plans), is_settled=is_settled)


def _name(key: Key) -> str:
    """Return the event that is being processed."""
    return "".join(key) if isinstance(key, tuple) else key or ""


class _Unknown(Exception):  # noqa: N818 - no error: it stops a selection
    """A selection needs a test nobody has made yet."""

    def __init__(self, test: Test) -> None:
        super().__init__()
        self.test = test
