"""The short way through a step, for what most events do.

Where the kernel knows an event's move, and it changes nothing but the
configuration and the data, the step is put together from the move at once. It is
the same Step that the long way makes: a property test compares them. Anything
else returns None, and the long way is taken.
"""

from collections.abc import Sequence

from smtui.chart.messages import Answer, Decision, Message
from smtui.chart.questions import by_id
from smtui.chart.tree.chart import StateChart
from smtui.chart.tree.guards import NOBODY
from smtui.chart.tree.moves import Fork, Move, Node
from smtui.chart.tree.work import TAKEN, Work
from smtui.chart.values import Data, Event, Snapshot, Status, Step
from smtui.definition import Normalizer
from smtui.errors import EvaluationError

__all__ = ["quick_step"]


def quick_step(
    chart: StateChart, snapshot: Snapshot, event: Event, answers: Sequence[Answer] = ()
) -> Step | None:
    """Return the step of an event with a known move, or None.

    Raises Unanswered for a guard of the author's, as the long way would.
    """
    if snapshot.pending or event.message is not None:
        return None
    node = chart.kernel.known(snapshot.configuration, event.name)
    if node is None:
        return None
    tree = chart.tree
    semantics = tree.semantics
    if semantics.normalizer is not Normalizer.NONE or tree.contract is not None:
        return None
    seen, payload = snapshot.data, event.data
    if payload and semantics.merges_payload and isinstance(payload, dict):
        seen = {**seen, **payload}
    decided: tuple[Decision, ...] = ()
    if isinstance(node, Fork):
        judge = _Late(chart, snapshot, event, answers)
        node, decided = _decided(node, seen, judge)
    if not isinstance(node, Move) or not node.is_whole:
        return None
    (
        hash_,
        instance,
        run,
        before,
        _,
        history,
        pending,
        cursor,
        held,
        seq,
        status,
        since,
        turn,
        _,
        _,
        pause,
        lineage,
        bound,
    ) = snapshot
    if status is not Status.RUNNING or pause is not None:
        return None
    edits = node.edits
    if edits:
        changed = dict(seen)
        for edit in edits:
            edit(changed)
        seen = changed
    at = event.at
    ids = node.configuration.ids
    after = Snapshot._make(
        (
            hash_,
            instance,
            run,
            ids,
            seen,
            history,
            pending,
            cursor,
            held,
            seq + 1,
            status,
            since if ids == before else at,
            turn + 1,
            at,
            0,
            pause,
            lineage,
            bound,
        )
    )
    return Step(after, (), TAKEN, node.micro, False, decided)


class _Late:
    """The judge of the long way, made when a test needs more than the data."""

    __slots__ = ("_made", "_of")

    def __init__(
        self,
        chart: StateChart,
        snapshot: Snapshot,
        event: Event,
        answers: Sequence[Answer],
    ) -> None:
        self._of = chart, snapshot, event, answers
        self._made: Work | None = None

    def decided(self, fork: Fork, data: Data) -> Decision | None:
        """Return what a test says; None where that is better not asked here."""
        work = self._made
        if work is None:
            chart, snapshot, event, answers = self._of
            is_at_rest = snapshot.status is Status.RUNNING and snapshot.pause is None
            if not is_at_rest or not _may_be_whole(fork):
                return None
            work = Work(chart, snapshot, event.at, event.id, by_id(answers))
            work.hear(Message(event.name, event.data, origin=event.source))
            self._made = work
        work.holds(fork.test, data)
        decision = work.decided[-1]
        return None if decision.error else decision


def _decided(
    fork: Fork, data: Data, judge: _Late
) -> tuple[Node | None, tuple[Decision, ...]]:
    """Follow tests; None where one fails, or is new."""
    decided: list[Decision] = []
    node: Node | None = fork
    while isinstance(node, Fork):
        test = node.test
        if test.is_plain:
            try:
                decision = test.yes if test.check(data, NOBODY) else test.no
            except EvaluationError:
                return None, ()
        else:
            found = judge.decided(node, data)
            if found is None:
                return None, ()
            decision = found
        decided.append(decision)
        node = node.yes if decision.holds else node.no
    return node, tuple(decided)


def _may_be_whole(node: Node | None) -> bool:
    """Say whether some answers are known to lead to a move the short way takes."""
    if isinstance(node, Fork):
        return _may_be_whole(node.yes) or _may_be_whole(node.no)
    return isinstance(node, Move) and node.is_whole
