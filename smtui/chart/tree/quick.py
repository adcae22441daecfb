"""The short way through a step, for what most events do.

Where the kernel knows an event's move, the data alone decides its guards, and it
changes nothing but the configuration and the data, the step is put together
from the move at once. It is the same Step that the long way makes: a property test
compares them. Anything else returns None, and the long way is taken.
"""

from smtui.chart.messages import Decision
from smtui.chart.tree.chart import StateChart
from smtui.chart.tree.guards import NOBODY
from smtui.chart.tree.moves import Fork, Move, Node
from smtui.chart.tree.work import TAKEN
from smtui.chart.values import Data, Event, Snapshot, Status, Step
from smtui.definition import Normalizer
from smtui.errors import EvaluationError

__all__ = ["quick_step"]


def quick_step(chart: StateChart, snapshot: Snapshot, event: Event) -> Step | None:
    """Return the step of an event with a known move, or None."""
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
        node, decided = _decided(node, seen)
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


def _decided(fork: Fork, data: Data) -> tuple[Node | None, tuple[Decision, ...]]:
    """Follow plain tests; None where one is not plain, fails, or is new."""
    decided: list[Decision] = []
    node: Node | None = fork
    while isinstance(node, Fork):
        test = node.test
        if not test.is_plain:
            return None, ()
        try:
            holds = test.check(data, NOBODY)
        except EvaluationError:
            return None, ()
        decided.append(test.yes if holds else test.no)
        node = node.yes if holds else node.no
    return node, tuple(decided)
