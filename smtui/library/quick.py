"""The short way through `process`, for what most events do.

Where the kernel knows an event's move, and the move only changes the data and
plans actions, the result differs from that of the same move before in its data
alone: the rest is copied. Guards are asked in the same order as on the long
way; when that turns out to be needed, what they have said goes with it, so that
none is asked twice. A test compares the results of the two ways.
"""

from collections.abc import Mapping
from typing import NamedTuple

from smtui.chart import StateChart
from smtui.chart.messages import Answer, Message
from smtui.chart.questions import question_about
from smtui.chart.tree.edits import compile_edit
from smtui.chart.tree.guards import NOBODY, Test, title
from smtui.chart.tree.guards import Judge as Judging
from smtui.chart.tree.model import Do, Edit, Site, Task
from smtui.chart.tree.moves import Fork, Move
from smtui.chart.tree.work import event_json
from smtui.definition import Json, Normalizer
from smtui.definition.content import Call
from smtui.definition.guards import NamedGuard, PeerGuard
from smtui.errors import EvaluationError
from smtui.expr import Compiled, Scope
from smtui.library.calling import answer
from smtui.library.errors import FSMError
from smtui.library.likeness import Likeness, like
from smtui.library.registry import GuardRegistry
from smtui.library.results import TransitionResult
from smtui.library.states import configuration_of
from smtui.library.turns import Judge, Outside, Reply, Request

__all__ = ["Missed", "Replaying", "Shortcut"]

MOST = 4096
"""Texts of states, and results to copy from, that are kept."""


class Missed(NamedTuple):
    """There is no short way, this time."""

    said: list[Answer]
    """What guards have said on the way there."""
    move: Move | None = None
    """What would have a short way, if a result of it were known."""


class _Kept(NamedTuple):
    likeness: Likeness
    edits: tuple[Edit, ...]
    """All that changes the data."""


class Shortcut:
    """The results of one machine that can be made of earlier ones."""

    def __init__(self, chart: StateChart, guards: GuardRegistry) -> None:
        """Know nothing yet; `guards` are those the long way asks."""
        self.chart = chart
        self.guards = guards
        semantics = chart.tree.semantics
        self._is_open = (
            semantics.normalizer is Normalizer.NONE and chart.tree.contract is None
        )
        self._ids: dict[str, tuple[str, ...]] = {}
        self._kept: dict[tuple[str, Move], _Kept] = {}
        self._events: dict[str, dict[str, Json]] = {}

    def find(
        self, state: str, trigger: str, context: Mapping[str, Json]
    ) -> TransitionResult | Missed:
        """Return the result of an event, if there is a short way to it.

        Raises what the long way raises for a guard that cannot be asked.
        """
        ids = self._ids.get(state)
        if ids is None:
            ids = self._read(state)
        node = self.chart.kernel.known(ids, trigger) if ids else None
        said: list[Answer] = []
        judge: Judging = NOBODY
        while isinstance(node, Fork):
            test = node.test
            if judge is NOBODY and not test.is_plain:
                judge = _Asking(self, ids or (), trigger, said)
            try:
                holds = test.check(context, judge)
            except EvaluationError:
                return Missed(said)
            node = node.yes if holds else node.no
        if not isinstance(node, Move):
            return Missed(said)
        kept = self._kept.get((state, node))
        return Missed(said, node) if kept is None else _copied(kept, context)

    def learn(self, state: str, move: Move, result: TransitionResult) -> None:
        """Keep what the long way has found for a move."""
        edits = self._edits(move) if result.success and move.is_settled else None
        if edits is None or not move.plans:
            return
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[state, move] = _Kept(like(result), edits)

    def event(self, trigger: str) -> dict[str, Json]:
        """Return an event as guards see it, one of their own."""
        found = self._events.get(trigger)
        if found is None:
            if len(self._events) >= MOST:
                self._events.clear()
            found = self._events[trigger] = event_json(Message(trigger))
        return {**found}

    def _read(self, state: str) -> tuple[str, ...] | None:
        """Return the configuration of a text; None where the long way says more."""
        if not self._is_open:
            return None
        try:
            ids = configuration_of(self.chart, state)
        except FSMError:
            return None
        if len(self._ids) >= MOST:
            self._ids.clear()
        self._ids[state] = ids
        return ids

    def _edits(self, move: Move) -> tuple[Edit, ...] | None:
        """Return all a move does to the data; None where it does more than plan."""
        if move.edits is not None:
            return move.edits
        found: list[Edit] = []
        for plan in move.plans:
            for task in plan.tasks:
                edit = self._edit(task)
                if edit is None:
                    return None
                found += edit
        return tuple(found)

    def _edit(self, task: Task) -> tuple[Edit, ...] | None:
        if task.site is not None:
            return _edit_of(task.site)
        state = self.chart.tree.states[task.state]
        has_data = state.node is not None and bool(state.node.data)
        if task.do is Do.LEAVE or (
            task.do is Do.ENTER and not state.invokes and not has_data
        ):
            return ()  # timers: nothing waits for them here
        return None


class _Asking:
    """Answers tests with the author's functions, as the long way does."""

    __slots__ = ("_ids", "_of", "_said", "_trigger")

    def __init__(
        self, of: Shortcut, ids: tuple[str, ...], trigger: str, said: list[Answer]
    ) -> None:
        self._of = of
        self._ids = ids
        self._trigger = trigger
        self._said = said

    def condition(self, compiled: Compiled, data: Mapping[str, Json]) -> bool:
        """Return what an expression says. Raises EvaluationError."""
        chart = self._of.chart
        system: dict[str, Json] = {
            "_name": chart.definition.title or chart.definition.name,
            "_sessionid": "",
            "_event": self._of.event(self._trigger),
        }
        is_in = self._ids.__contains__
        return compiled.truth(Scope(data, chart.tree.declared, system, is_in))

    def asked(self, guard: NamedGuard | PeerGuard, data: Mapping[str, Json]) -> bool:
        """Ask a function. Raises EvaluationError where that needs the long way."""
        question = question_about("", guard, data, self._of.event(self._trigger))
        found = answer(self._of.guards, question)
        self._said.append(found)
        if found.error or found.said:
            raise EvaluationError(f"{title(guard)}: {found.error or found.said}")
        return found.holds

    def holds(self, test: Test, data: Mapping[str, Json]) -> bool:
        """Return what a test says. Raises EvaluationError."""
        return test.check(data, self)


class Replaying:
    """Does what another does, but for guards that have already spoken."""

    def __init__(self, outside: Outside, said: list[Answer]) -> None:
        self._outside = outside
        self._said = iter(said)

    def do(self, request: Request) -> Reply:
        """Do it now, or say again what a guard has said."""
        if isinstance(request, Judge):
            before = next(self._said, None)
            if before is not None:
                return before._replace(id=request.question.id)
        return self._outside.do(request)

    async def ado(self, request: Request) -> Reply:
        """Do it, or say again what a guard has said."""
        return self.do(request)


def _edit_of(site: Site) -> tuple[Edit, ...] | None:
    if site.edit is not None:
        return (site.edit,)
    changes = tuple(one for one in site.block if not isinstance(one, Call))
    if not changes:
        return ()
    edit = compile_edit(changes)
    return None if edit is None else (edit,)


def _copied(kept: _Kept, context: Mapping[str, Json]) -> TransitionResult:
    data = dict(context)
    for edit in kept.edits:
        edit(data)
    return kept.likeness.with_data(data)
