"""A graph in the language of Graphviz."""

from collections.abc import Iterable

from smtui.view.graph.model import Direction, Edge, Graph, Kind
from smtui.view.graph.width import clean

__all__ = ["to_dot"]

_SHAPES = {
    Kind.FINAL: ' peripheries=2 style=""',
    Kind.CHOICE: ' shape=diamond style=""',
    Kind.QUEUE: ' shape=cylinder style=""',
    Kind.HISTORY: ' shape=circle style=""',
    Kind.DEEP_HISTORY: ' shape=circle style=""',
}


def to_dot(graph: Graph, direction: Direction = Direction.TB) -> str:
    """Return a graph as a `digraph`; compound states are clusters.

    A cluster holds an invisible point, because Graphviz leads lines only to
    nodes; `lhead` and `ltail` cut them at the cluster's border.
    """
    writer = _Writer(graph)
    lines = [
        f"digraph {_quoted(graph.name or 'machine')} {{",
        f"    compound=true; rankdir={direction.value};",
        '    node [shape=box style=rounded fontname="monospace"];',
        '    edge [fontname="monospace" fontsize=11];',
        *writer.contents(None, 1),
    ]
    for edge in graph.edges:
        lines += writer.edge(edge)
    return "\n".join([*lines, "}"]) + "\n"


class _Writer:
    """The names of one graph: helping nodes begin with a sign no node does."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.sign = "@"
        while any(node.id.startswith(self.sign) for node in graph.nodes):
            self.sign += "@"

    def contents(self, container: str | None, depth: int) -> Iterable[str]:
        """Yield the nodes and clusters of a container, and its initial mark."""
        graph, start = self.graph, "    " * depth
        for id_ in graph.children.get(container, ()):
            node = graph.by_id[id_]
            label = _quoted(clean(node.name))
            if id_ not in graph.children:
                shape = _SHAPES.get(node.kind, "")
                yield f"{start}{_quoted(id_)} [label={label}{shape}];"
                continue
            style = "dashed" if node.kind is Kind.REGION else "rounded"
            yield f"{start}subgraph {_quoted('cluster_' + id_)} {{"
            yield f"{start}    label={label}; style={style};"
            yield f"{start}    {self._end(id_)} [shape=point style=invis];"
            yield from self.contents(id_, depth + 1)
            yield f"{start}}}"
        initial = graph.initial if container is None else graph.by_id[container].initial
        if initial is not None:
            point = _quoted(f"{self.sign}initial {container or ''}")
            yield f"{start}{point} [shape=point width=0.12];"
            yield f"{start}{point} -> {self._end(initial)}{self._clipped(initial)};"

    def edge(self, edge: Edge) -> list[str]:
        """Return the lines for an edge."""
        graph = self.graph
        label = f"label={_quoted(clean(edge.label))}"
        target = self._end(edge.target)
        if edge.is_wildcard:
            point = _quoted(f"{self.sign}any {edge.id}")
            return [
                f'    {point} [shape=plaintext label="✱"];',
                f"    {point} -> {target}{self._clipped(edge.target, label)};",
            ]
        parts = [label]
        if edge.is_internal:
            parts.append("style=dotted")
        elif edge.is_dashed:
            parts.append("style=dashed")
        if edge.target in graph.children and not self._holds(edge.target, edge.source):
            parts.append(f"lhead={_quoted('cluster_' + edge.target)}")
        if edge.source in graph.children and not self._holds(edge.source, edge.target):
            parts.append(f"ltail={_quoted('cluster_' + edge.source)}")
        return [f"    {self._end(edge.source)} -> {target} [{' '.join(parts)}];"]

    def _holds(self, outer: str, inner: str) -> bool:
        return outer == inner or outer in self.graph.ancestors(inner)

    def _end(self, id_: str) -> str:
        """Return what stands for a node: itself, or its cluster's point."""
        return _quoted(f"{self.sign}in {id_}" if id_ in self.graph.children else id_)

    def _clipped(self, id_: str, *parts: str) -> str:
        """Return the attributes of a line that ends at a node from outside."""
        if id_ in self.graph.children:
            parts = (*parts, f"lhead={_quoted('cluster_' + id_)}")
        return f" [{' '.join(parts)}]" if parts else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
