"""A part of a graph: what lies within a few hops of a state."""

from collections.abc import Collection
from dataclasses import replace

from smtui.view.graph.model import Graph, Node

__all__ = ["neighbourhood"]


def neighbourhood(graph: Graph, centre: str, hops: int) -> Graph:
    """Return the nodes within so many lines of one node, whatever the direction.

    Frames around kept nodes stay; a compound node whose children are cut is a
    plain box. A node with neighbours that are cut says how many: `+3`. An
    unknown centre gives the whole graph.
    """
    if centre not in graph.by_id:
        return graph
    beside = _beside(graph)
    kept = {centre}
    border = {centre}
    for _ in range(hops):
        border = {other for node in border for other in beside[node]} - kept
        kept |= border
    shown = {*kept, *(above for node in kept for above in graph.ancestors(node))}
    return Graph(
        nodes=tuple(
            _cut(node, shown, beside[node.id] - shown if node.id in kept else ())
            for node in graph.nodes
            if node.id in shown
        ),
        edges=tuple(
            edge
            for edge in graph.edges
            if edge.target in shown and (edge.is_wildcard or edge.source in shown)
        ),
        initial=graph.initial if graph.initial in shown else None,
        name=graph.name,
    )


def _beside(graph: Graph) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {node.id: set() for node in graph.nodes}
    for edge in graph.edges:
        if not edge.is_wildcard and edge.source != edge.target:
            found[edge.source].add(edge.target)
            found[edge.target].add(edge.source)
    return found


def _cut(node: Node, shown: Collection[str], cut: Collection[str]) -> Node:
    return replace(
        node,
        initial=node.initial if node.initial in shown else None,
        badge=f"+{len(cut)}" if cut else node.badge,
    )
