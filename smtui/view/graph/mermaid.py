"""A graph as Mermaid state diagrams.

One diagram holds everything: compound states are boxes in boxes, and where a
chart has no hierarchy but sections (`# === NAME ===`), those are the boxes.
Notes say what Mermaid has no sign for or cannot lay out: internal transitions,
those from any state, and those between a box and what is in it.

`mermaid_set` gives the same as an overview and one diagram for each box.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from smtui.view.graph.model import Edge, Graph, Kind, Node
from smtui.view.graph.width import clean

__all__ = ["mermaid", "mermaid_set", "with_groups"]

_RESERVED = frozenset(
    {
        *("accdescr", "acctitle", "as", "class", "classdef", "click", "default"),
        *("direction", "end", "fork", "hide", "href", "join", "linkstyle", "note"),
        *("root", "scale", "state", "style", "title"),
    }
)
_CODES = {
    "#": "#35;",
    ":": "#58;",
    ";": "#59;",
    '"': "#quot;",
    "<": "#lt;",
    ">": "#gt;",
    "&": "#amp;",
    "{": "#123;",
    "}": "#125;",
    "\\": "#92;",
    "`": "#96;",
    "%": "#37;",
    "$": "#36;",
}
_INDENT = "    "


def with_groups(graph: Graph) -> Graph:
    """Return the graph with a compound node for each group of nodes.

    A graph that has a hierarchy already, or no groups, stays as it is.
    """
    groups = dict.fromkeys(node.group for node in graph.nodes if node.group)
    if not groups or len(graph.children) > 1:
        return graph
    ids = {node.id for node in graph.nodes}
    frames: dict[str, str] = {}
    for group in groups:
        id_ = group.replace(" ", "")
        while id_ in ids:
            id_ += "_"
        ids.add(id_)
        frames[group] = id_
    first = next((n.group for n in graph.nodes if n.id == graph.initial), "")
    boxes = tuple(
        Node(
            id_, group, Kind.COMPOUND, initial=graph.initial if group == first else None
        )
        for group, id_ in frames.items()
    )
    inner = tuple(
        replace(node, parent=frames[node.group]) if node.group else node
        for node in graph.nodes
    )
    return replace(graph, nodes=(*boxes, *inner))


def mermaid(graph: Graph) -> str:
    """Return a whole graph as one `stateDiagram-v2`."""
    writer = _Writer(with_groups(graph))
    return writer.diagram(None)


def mermaid_set(graph: Graph) -> Mapping[str, str]:
    """Return `main`, the overview, and a diagram for each box within it.

    A graph without boxes gives `main` alone.
    """
    grouped = with_groups(graph)
    writer = _Writer(grouped)
    if len(grouped.children) == 1:
        return {"main": writer.diagram(None)}
    found = {"main": writer.overview()}
    for node in grouped.children[None]:
        if node in grouped.children:
            found[node] = writer.part(node)
    return found


class _Writer:
    """The names and the nesting of one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.names: dict[str, str] = {}
        used: set[str] = set()
        for node in graph.nodes:
            name = re.sub(r"[^A-Za-z0-9_]", "_", node.id) or "_"
            if name[0].isdigit() or name.lower() in _RESERVED or "__" in name:
                name = "s_" + name.replace("__", "_")
            while name in used:
                name += "_"
            used.add(name)
            self.names[node.id] = name

    # ------------------------------------------------------------ diagrams
    def diagram(self, container: str | None) -> str:
        """Return everything in a container."""
        return _finish(self._contents(container, 1))

    def overview(self) -> str:
        """Return the outermost boxes and the lines between them."""
        lines = [self._declare(node, 1) for node in self.graph.children[None]]
        lines += self._entry(None, 1)
        shown: dict[tuple[str, str], list[str]] = {}
        for edge in self.graph.edges:
            if not edge.is_wildcard:
                source, target = (
                    self._outermost(edge.source),
                    self._outermost(edge.target),
                )
                if source != target:
                    shown.setdefault((source, target), []).append(edge.label)
        for (source, target), labels in shown.items():
            label = ", ".join(dict.fromkeys(label for label in labels if label))
            lines.append(_arrow(self.names[source], self.names[target], label, 1))
        return _finish(lines)

    def _outermost(self, id_: str) -> str:
        return (id_, *self.graph.ancestors(id_))[-1]

    def part(self, container: str) -> str:
        """Return what is in one box, and its neighbours as plain states."""
        beyond: dict[str, None] = {}
        inside: dict[str, None] = {container: None}
        lines: list[str] = []
        for node in self.graph.nodes:
            if container in self.graph.ancestors(node.id):
                inside[node.id] = None
        for edge in self.graph.edges:
            if not edge.is_wildcard and (edge.source in inside) != (
                edge.target in inside
            ):
                beyond[edge.target if edge.source in inside else edge.source] = None
                source, target = self.names[edge.source], self.names[edge.target]
                lines.append(_arrow(source, target, edge.label, 1))
        declared = [self._declare(node, 1) for node in beyond]
        within = [
            _arrow(self.names[edge.source], self.names[edge.target], edge.label, 1)
            for edge in self.graph.edges
            if edge.source in inside
            and edge.target in inside
            and self._noted_at(edge) is None
            and self._home(edge) is None
        ]
        return _finish([*declared, *self._state(container, 1), *within, *lines])

    # ------------------------------------------------------------ pieces
    def _contents(self, container: str | None, depth: int) -> list[str]:
        lines: list[str] = []
        start = _INDENT * depth
        children = self.graph.children.get(container, ())
        node = None if container is None else self.graph.by_id[container]
        is_parallel = node is not None and node.kind is Kind.PARALLEL
        for number, child in enumerate(children):
            if is_parallel and number:
                lines.append(f"{start}--")
            lines += self._state(child, depth)
            if is_parallel:  # entering it enters all
                lines.append(f"{start}[*] --> {self.names[child]}")
        if not is_parallel:
            lines += self._entry(container, depth)
        return lines + self._edges(container, depth)

    def _state(self, id_: str, depth: int) -> list[str]:
        if id_ not in self.graph.children:
            return [self._declare(id_, depth)]
        lines = [self._declare(id_, depth) + " {"]
        lines += self._contents(id_, depth + 1)
        return [*lines, _INDENT * depth + "}"]

    def _declare(self, id_: str, depth: int) -> str:
        node, name, start = self.graph.by_id[id_], self.names[id_], _INDENT * depth
        if node.kind is Kind.CHOICE:
            return f"{start}state {name} <<choice>>"
        label = _text(node.name)
        if node.kind in {Kind.HISTORY, Kind.DEEP_HISTORY}:
            label = ("H* " if node.kind is Kind.DEEP_HISTORY else "H ") + label
        if label == name and id_ not in self.graph.children:
            return f"{start}{name}"
        return f'{start}state "{label}" as {name}'

    def _entry(self, container: str | None, depth: int) -> list[str]:
        """Return the arrow to the initial state, and those out of final ones."""
        graph, start = self.graph, _INDENT * depth
        initial = graph.initial if container is None else graph.by_id[container].initial
        lines: list[str] = []
        if initial is not None:
            chain = [initial, *graph.ancestors(initial)]
            children = graph.children.get(container, ())
            first = next((id_ for id_ in chain if id_ in children), None)
            if first is not None:
                lines.append(f"{start}[*] --> {self.names[first]}")
        lines += [
            f"{start}{self.names[child]} --> [*]"
            for child in graph.children.get(container, ())
            if graph.by_id[child].kind is Kind.FINAL
        ]
        return lines

    def _edges(self, container: str | None, depth: int) -> list[str]:
        """Return the arrows between the children of a container, and notes.

        Arrows between different boxes stand at the outermost level, after
        everything is declared.
        """
        lines: list[str] = []
        notes: dict[str, list[str]] = {}
        for edge in self.graph.edges:
            owner = self._noted_at(edge)
            if owner is not None:
                if self.graph.by_id[owner].parent == container:
                    notes.setdefault(owner, []).append(_note(edge))
            elif self._home(edge) == container:
                source, target = self.names[edge.source], self.names[edge.target]
                lines.append(_arrow(source, target, edge.label, depth))
        start = _INDENT * depth
        for node, texts in notes.items():
            lines.append(f"{start}note right of {self.names[node]}")
            lines += [f"{start}{_INDENT}{text}" for text in texts]
            lines.append(f"{start}end note")
        return lines

    def _noted_at(self, edge: Edge) -> str | None:
        """Return the node at which a note stands in place of an arrow.

        Mermaid's layout fails on an arrow between a box and what is in it, and
        on one from a box to itself.
        """
        if edge.is_wildcard:
            return edge.target
        source, target = edge.source, edge.target
        is_loop = source == target and source in self.graph.children
        if edge.is_internal or is_loop or target in self.graph.ancestors(source):
            return target
        return source if source in self.graph.ancestors(target) else None

    def _home(self, edge: Edge) -> str | None:
        """Return the container in which an arrow is written."""
        by_id = self.graph.by_id
        parent = by_id[edge.source].parent
        is_loose = parent is not None and by_id[parent].kind is Kind.PARALLEL
        return None if is_loose or by_id[edge.target].parent != parent else parent


def _note(edge: Edge) -> str:
    if edge.is_wildcard:
        return _text(f"from any state: {edge.label}")
    if edge.is_internal:
        return _text(f"stays on {edge.label}")
    if edge.source == edge.target:
        return _text(f"again on {edge.label}")
    return _text(f"{edge.label}: {edge.source} to {edge.target}")


def _finish(lines: Iterable[str]) -> str:
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"


def _arrow(source: str, target: str, label: str, depth: int) -> str:
    text = f" : {_text(label)}" if label else ""
    return f"{_INDENT * depth}{source} --> {target}{text}"


def _text(text: str) -> str:
    """Return a text with the codes Mermaid reads for its own signs."""
    coded = "".join(_CODES.get(sign, sign) for sign in clean(text))
    return coded.replace("[[", "[#91;") or "_"  # [[fork]] is a sign of its own
