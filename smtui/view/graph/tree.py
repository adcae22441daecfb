"""A statechart's tree of nodes as a graph to draw.

The children of a parallel node are its regions. An arrow with several events
is one line with a label each; one with several targets is a line to each. An
arrow without a target stays inside its state.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from smtui.definition import (
    Arrow,
    Guard,
    NodeKind,
    TreeDefinition,
)
from smtui.definition import Node as Written
from smtui.definition.guards import (
    AllOf,
    AnyOf,
    ExprGuard,
    FieldGuard,
    NamedGuard,
    NotGuard,
    PeerGuard,
)
from smtui.view.graph.model import ANY, Edge, Graph, Kind, Node

__all__ = ["from_tree", "said"]

_KINDS = {
    NodeKind.ATOMIC: Kind.ATOMIC,
    NodeKind.COMPOUND: Kind.COMPOUND,
    NodeKind.PARALLEL: Kind.PARALLEL,
    NodeKind.FINAL: Kind.FINAL,
    NodeKind.HISTORY: Kind.HISTORY,
    NodeKind.DEEP_HISTORY: Kind.DEEP_HISTORY,
    NodeKind.CHOICE: Kind.CHOICE,
}


def from_tree(definition: TreeDefinition) -> Graph:
    """Return the nodes and arrows of a definition, in document order.

    What leads out of any state is one edge with the index of its first arrow.
    The id of an edge begins with the arrow's index: `3`, of several events and
    targets `3.0`, `3.1`. Where a history leads that has none yet is `NODE.0`.
    """
    kinds = {node.id: node.kind for node in definition.nodes}
    return Graph(
        nodes=tuple(_node(node, kinds) for node in definition.nodes),
        edges=(
            *(
                edge
                for number, arrow in _drawn(definition.arrows)
                for edge in _edges(number, arrow)
            ),
            *(edge for node in definition.nodes for edge in _defaults(node)),
        ),
        initial=next(iter(definition.initial.targets), None),
        name=definition.name,
    )


def _drawn(arrows: Sequence[Arrow]) -> Iterator[tuple[int, Arrow]]:
    """Yield the arrows with their indices; those of any state are one."""
    seen: set[int] = set()
    for number, arrow in enumerate(arrows):
        if not (arrow.is_any and arrow.targets):
            yield number, arrow
        elif arrow.origin not in seen:
            seen.add(arrow.origin)
            yield number, replace(arrow, source=ANY)


def _node(node: Written, kinds: dict[str, NodeKind]) -> Node:
    kind = _KINDS[node.kind]
    is_inner = node.parent is not None and kinds[node.parent] is NodeKind.PARALLEL
    if is_inner and node.kind is NodeKind.COMPOUND:
        kind = Kind.REGION
    is_state = node.kind in {NodeKind.COMPOUND, NodeKind.PARALLEL}
    first = node.initial.targets if node.initial is not None and is_state else ()
    return Node(
        node.id,
        label=node.name,
        kind=kind,
        parent=node.parent,
        initial=next(iter(first), None),
        group=node.group,
    )


def _edges(number: int, arrow: Arrow) -> Iterator[Edge]:
    events = ("",) if arrow.delay_s is not None else arrow.events or ("",)
    pairs = [(event, to) for to in arrow.targets or (arrow.source,) for event in events]
    for place, (event, target) in enumerate(pairs):
        yield Edge(
            str(number) if len(pairs) == 1 else f"{number}.{place}",
            arrow.source,
            target,
            event,
            guard="" if arrow.guard is None else said(arrow.guard),
            delay_s=arrow.delay_s,
            is_internal=not arrow.targets,
        )


def _defaults(node: Written) -> Iterator[Edge]:
    """Yield where a history leads that remembers nothing."""
    is_history = node.kind in {NodeKind.HISTORY, NodeKind.DEEP_HISTORY}
    targets = node.initial.targets if node.initial is not None and is_history else ()
    for number, target in enumerate(targets):
        yield Edge(f"{node.id}.{number}", node.id, target)


def said(guard: Guard) -> str:
    """Return a guard as it is written on an arrow, on one line."""
    match guard:
        case ExprGuard(expression):
            shown = " ".join(expression.text.split())
        case NamedGuard(name):
            shown = name
        case FieldGuard(field, op, value):
            shown = f"{field} {op.value}" + ("" if value is None else f" {value}")
        case PeerGuard(states=states):
            shown = f"{guard.called} in {' or '.join(states)}"
        case NotGuard(PeerGuard(states=states) as peer):
            shown = f"{peer.called} not in {' or '.join(states)}"
        case AllOf(guards):
            shown = " and ".join(said(each) for each in guards)
        case AnyOf(guards):
            shown = " or ".join(said(each) for each in guards)
        case NotGuard(inner):
            shown = f"not {said(inner)}"
        case _:
            assert_never(guard)
    return shown
