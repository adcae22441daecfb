"""What is drawn how, before any size is known.

Every edge becomes one of: a row inside its state (self-loops and internal
transitions), a stub at its target (from any state), or a label on the line of
its pair of states. A line is cut into hops, one for each container it runs
through; a hop always goes from an upper to a lower end, whatever the arrow's
direction, so that a container's layout sees a graph without cycles.

The side on which a line leaves each nested frame follows from the ranks at
the container where its two ends part: downwards through the bottom, upwards
through the top, between regions (which share a rank) through the bottom.
"""

from dataclasses import dataclass, field
from enum import Enum

from smtui.view.graph.model import Direction, Edge, Graph, Kind, Node
from smtui.view.graph.options import Options
from smtui.view.graph.rank import rank_nodes
from smtui.view.graph.width import clean, wrap

__all__ = ["BORDER", "Hop", "Label", "Line", "Plan", "Run", "Shape", "make_plan"]

BORDER = "\x00border"
"""As the end of a hop: the frame of the container itself."""

LOOP, INTERNAL, ANY_MARK, INITIAL_MARK = "↻", "·", "✱", "●"
_PREFIX = {Kind.FINAL: "◉ ", Kind.CHOICE: "◇ ", Kind.QUEUE: "≡ "}


class Run(Enum):
    """How a hop runs between its two ends."""

    DOWN = "down"
    """From the upper end's bottom to the lower end's top."""
    UNDER = "under"
    """From bottom to bottom of two nodes side by side."""


@dataclass(frozen=True, slots=True)
class Label:
    """The text of one edge, in rows."""

    edge: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """All edges from one node to another: one drawn line, labels stacked."""

    index: int
    source: str
    target: str
    edges: tuple[str, ...]
    labels: tuple[Label, ...]
    """Those of the edges that have a text."""
    is_dashed: bool = False
    """All its edges are."""


@dataclass(frozen=True, slots=True)
class Hop:
    """The part of a line in one container."""

    line: int
    upper: str
    """A child of the container, or BORDER."""
    lower: str
    run: Run
    is_forward: bool
    """Whether the arrow points from the upper to the lower end."""
    step: int
    """Orders the hops of a line from its source to its target."""
    has_label: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A node as it will be drawn."""

    node: Node
    is_frame: bool
    """Drawn around its children."""
    names: tuple[str, ...]
    rows: tuple[Label, ...] = ()
    """The note (its edge is ''), self-loops and internal transitions."""
    stubs: tuple[Label, ...] = ()
    """Arrows from nowhere, left of the box; the initial mark has edge ''."""


@dataclass(slots=True)
class Plan:
    """Everything that is known before sizes are."""

    graph: Graph
    options: Options
    shapes: dict[str, Shape]
    lines: list[Line]
    ranks: dict[str | None, dict[str, int]]
    hops: dict[str | None, list[Hop]] = field(
        default_factory=dict[str | None, list[Hop]]
    )


def make_plan(graph: Graph, options: Options) -> Plan:
    """Decide for every edge how it is drawn, and cut the lines into hops."""
    lines = _lines(graph, options)
    plan = Plan(
        graph=graph,
        options=options,
        shapes=_shapes(graph, options),
        lines=lines,
        ranks=_ranks(graph, lines, options.row_cells),
    )
    for container in plan.ranks:
        plan.hops[container] = []
    for line in lines:
        _cut(plan, line)
    return plan


def _is_inside(edge: Edge) -> bool:
    """Return whether the edge is a row in its own state."""
    return edge.source == edge.target


def _lines(graph: Graph, options: Options) -> list[Line]:
    pairs: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        if not edge.is_wildcard and not _is_inside(edge):
            pairs.setdefault((edge.source, edge.target), []).append(edge)
    return [
        Line(
            index=index,
            source=source,
            target=target,
            edges=tuple(edge.id for edge in edges),
            labels=tuple(_label(edge, options) for edge in edges if edge.label)
            if not options.names_only
            else (),
            is_dashed=all(edge.is_dashed for edge in edges),
        )
        for index, ((source, target), edges) in enumerate(pairs.items())
    ]


def _label(edge: Edge, options: Options, before: str = "") -> Label:
    text = clean(edge.label)
    lines = options.label_lines if options.direction is Direction.TB else 1
    rows = wrap(text, options.label_cells, lines)
    indent = " " * len(before)
    return Label(
        edge.id,
        tuple((indent if i else before) + row for i, row in enumerate(rows)),
    )


def _shapes(graph: Graph, options: Options) -> dict[str, Shape]:
    rows: dict[str, list[Label]] = {
        node.id: [] if options.names_only or node.id in graph.children else _note(node)
        for node in graph.nodes
    }
    stubs: dict[str, list[Label]] = {node.id: [] for node in graph.nodes}
    initials = [graph.initial, *(node.initial for node in graph.nodes)]
    for initial in dict.fromkeys(initials):
        if initial is not None:
            stubs[initial].append(Label("", (INITIAL_MARK,)))
    for edge in graph.edges if not options.names_only else ():
        if edge.is_wildcard:
            text = wrap(clean(edge.label), options.label_cells, 1)[0]
            stubs[edge.target].append(
                Label(edge.id, (f"{ANY_MARK} {text}─" if text else f"{ANY_MARK}─",))
            )
        elif _is_inside(edge):
            mark = INTERNAL if edge.is_internal else LOOP
            rows[edge.target].append(_label(edge, options, f"{mark} "))
    return {
        node.id: Shape(
            node=node,
            is_frame=node.id in graph.children,
            names=_names(node, options, is_frame=node.id in graph.children),
            rows=tuple(rows[node.id]),
            stubs=tuple(stubs[node.id]),
        )
        for node in graph.nodes
    }


def _note(node: Node) -> list[Label]:
    if not node.note and not node.note_cells:
        return []
    return [Label("", (clean(node.note),))]


def _names(node: Node, options: Options, *, is_frame: bool) -> tuple[str, ...]:
    name = clean(node.name) or "?"
    if node.kind in {Kind.HISTORY, Kind.DEEP_HISTORY}:
        mark = "H*" if node.kind is Kind.DEEP_HISTORY else "H"
        name = mark if name in {"H", "H*"} else f"{mark} {name}"
    name = _PREFIX.get(node.kind, "") + name
    if node.badge:
        name += " " + clean(node.badge)
    lines = 1 if options.names_only or is_frame else options.name_lines
    return wrap(name, options.name_cells, lines)


def _ranks(
    graph: Graph, lines: list[Line], row_cells: int
) -> dict[str | None, dict[str, int]]:
    """Return the rank of every node among its siblings."""
    pairs: dict[str | None, list[tuple[str, str]]] = {}
    for line in lines:
        source, target = _chain(graph, line.source), _chain(graph, line.target)
        while source and target and source[-1] == target[-1]:
            source.pop()
            target.pop()
        if source and target:
            container = graph.by_id[source[-1]].parent
            pairs.setdefault(container, []).append((source[-1], target[-1]))
    roots = {edge.target for edge in graph.edges if edge.is_wildcard}
    found: dict[str | None, dict[str, int]] = {}
    for container, children in graph.children.items():
        node = graph.by_id[container] if container is not None else None
        if node is not None and node.kind is Kind.PARALLEL:
            found[container] = dict.fromkeys(children, 0)
            continue
        initial = graph.initial if node is None else node.initial
        first = next((id_ for id_ in _chain(graph, initial) if id_ in children), None)
        own = pairs.get(container, [])
        linked = {node for pair in own for node in pair}
        ranks = rank_nodes(
            [child for child in children if child in linked],
            own,
            first if first in linked else None,
            roots & linked,
        )
        loose = [child for child in children if child not in linked]
        found[container] = _tuck_in(graph, ranks, loose, row_cells)
    return found


def _tuck_in(
    graph: Graph, ranks: dict[str, int], loose: list[str], row_cells: int
) -> dict[str, int]:
    """Give every node without lines the rank where there is most room."""
    if not loose:
        return ranks
    widths = [0] * (max(ranks.values(), default=-1) + 1)
    for node, rank in ranks.items():
        widths[rank] += _width(graph, node)
    ranks = dict(ranks)
    for node in loose:
        own = _width(graph, node)
        if not widths or min(widths) + own > max(row_cells, *widths):
            widths.append(0)
        best = min(range(len(widths)), key=lambda rank: (widths[rank], -rank))
        widths[best] += own
        ranks[node] = best
    return ranks


def _width(graph: Graph, node: str) -> int:
    """Return roughly how many cells a node takes in its row."""
    stubs = [
        len(edge.label) + 4
        for edge in graph.edges
        if edge.is_wildcard and edge.target == node
    ]
    inner = sum(_width(graph, child) for child in graph.children.get(node, ()))
    return max(len(graph.by_id[node].name) + 6, inner) + max(stubs, default=0)


def _chain(graph: Graph, id_: str | None) -> list[str]:
    """Return the node and its ancestors, nearest first."""
    return [] if id_ is None else [id_, *graph.ancestors(id_)]


def _cut(plan: Plan, line: Line) -> None:
    """Add the hops of a line."""
    graph = plan.graph
    source, target = _chain(graph, line.source), _chain(graph, line.target)
    while source and target and source[-1] == target[-1]:
        source.pop()
        target.pop()
    container, upper, lower = _ends(graph, line, source, target)
    run, is_forward = Run.DOWN, True
    if BORDER not in (upper, lower):
        ranks = plan.ranks[container]
        if ranks[upper] == ranks[lower]:
            run = Run.UNDER
        elif ranks[upper] > ranks[lower]:
            upper, lower, is_forward = lower, upper, False
    top = Hop(line.index, upper, lower, run, is_forward, _MIDDLE, has_label=True)
    plan.hops[container].append(top)
    leaves_down = is_forward
    for step, id_ in enumerate(source[:-1]):
        _pass(plan, line.index, id_, step, is_exit=True, is_down=leaves_down)
    enters_down = is_forward and run is not Run.UNDER
    for step, id_ in enumerate(target[:-1]):
        _pass(plan, line.index, id_, -step, is_exit=False, is_down=enters_down)


_MIDDLE = 1 << 16
"""The step of the hop at the container where the ends part."""


def _ends(
    graph: Graph, line: Line, source: list[str], target: list[str]
) -> tuple[str | None, str, str]:
    """Return the container where the two ends part, and what is joined there."""
    if not source:  # the target is inside the source
        return line.source, BORDER, target[-1]
    if not target:  # the source is inside the target
        return line.target, source[-1], BORDER
    return graph.by_id[source[-1]].parent, source[-1], target[-1]


def _pass(
    plan: Plan, line: int, id_: str, step: int, *, is_exit: bool, is_down: bool
) -> None:
    """Add the hop between a node and the frame around it."""
    through_bottom = is_exit == is_down
    upper, lower = (id_, BORDER) if through_bottom else (BORDER, id_)
    place = step if is_exit else 2 * _MIDDLE + step
    hop = Hop(line, upper, lower, Run.DOWN, is_forward=is_down, step=place)
    plan.hops[plan.graph.by_id[id_].parent].append(hop)
