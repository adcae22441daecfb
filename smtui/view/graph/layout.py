"""From a graph to geometry: sizes, places and paths, in flow and cross cells.

Containers are laid out from the innermost outwards: a laid-out container is a
box with a size, and with the fixed cells where lines pass its frame. Then
everything gets absolute coordinates, from the root inwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from smtui.view.graph.arrange import arrange
from smtui.view.graph.block import frame_block, leaf_block, least_length
from smtui.view.graph.flow import Flow, flow_of
from smtui.view.graph.model import Direction, Graph
from smtui.view.graph.options import Options
from smtui.view.graph.plan import Plan, make_plan
from smtui.view.graph.sheet import Block, Is, Sheet, is_parallel

__all__ = ["Geometry", "Point", "Spot", "lay_out"]

Point: TypeAlias = tuple[int, int]
"""Flow and cross."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something is: its first cell and its extent."""

    flow: int
    cross: int
    length: int
    size: int


@dataclass(slots=True)
class Geometry:
    """Where everything is, in flow and cross cells from 0."""

    plan: Plan
    boxes: dict[str, Spot] = field(default_factory=dict[str, Spot])
    rows: set[str] = field(default_factory=set[str])
    """Nodes drawn as `( name )`."""
    titles: dict[str, int] = field(default_factory=dict[str, int])
    """Frame -> offset of its title in its first row."""
    notes: dict[str, Point] = field(default_factory=dict[str, Point])
    """Frame -> where the rows of its own begin."""
    labels: dict[int, Point] = field(default_factory=dict[int, Point])
    """Line -> the first cell of its label, the line's own cell."""
    paths: list[list[Point]] = field(default_factory=list[list[Point]])
    """For each line its corners, from the source's border to the target's."""


@dataclass(slots=True)
class _Inner:
    """A container laid out, in coordinates of its own."""

    sheet: Sheet
    flow: Flow
    blocks: dict[str, Block]
    shift: int
    """What to add to a cross coordinate to count from its frame."""


def lay_out(
    graph: Graph, options: Options, like: Mapping[str, int] | None = None
) -> Geometry:
    """Return where everything in the drawing of a graph is.

    `like` are cross positions of nodes in an earlier drawing, to stay near.
    """
    plan = make_plan(graph, options)
    inners: dict[str | None, _Inner] = {}
    titles: dict[str, int] = {}
    _solve(plan, None, inners, titles, like or {})
    geometry = Geometry(plan, titles=titles, paths=[[] for _ in plan.lines])
    pieces: dict[tuple[int, int], list[Point]] = {}
    root = inners[None]
    low, _ = root.flow.span
    _emit(geometry, inners, None, (0, -low), pieces)
    for (line, _), points in sorted(pieces.items()):
        path = geometry.paths[line]
        path.extend(points[1:] if path and path[-1] == points[0] else points)
    return geometry


def _solve(
    plan: Plan,
    container: str | None,
    inners: dict[str | None, _Inner],
    titles: dict[str, int],
    like: Mapping[str, int],
) -> None:
    """Lay out a container after all containers within it."""
    children = plan.graph.children[container]
    frames = [child for child in children if plan.shapes[child].is_frame]
    for child in frames:
        _solve(plan, child, inners, titles, like)
    if is_parallel(plan, container):  # its regions are equally long
        least = max((inners[child].flow.length for child in frames), default=0)
        for child in frames:
            inners[child].flow = flow_of(inners[child].sheet, least)
    blocks: dict[str, Block] = {}
    for child in children:
        if child in frames:
            inner = inners[child]
            framed = frame_block(plan, child, inner.sheet, inner.flow)
            blocks[child], inner.shift, titles[child] = framed
        else:
            blocks[child] = leaf_block(plan, child)
    least = 0 if container is None else least_length(plan, container)
    sheet, flow = arrange(plan, container, blocks, least, like)
    inners[container] = _Inner(sheet, flow, blocks, 0)


def _emit(
    geometry: Geometry,
    inners: dict[str | None, _Inner],
    container: str | None,
    origin: Point,
    pieces: dict[tuple[int, int], list[Point]],
) -> None:
    """Put a container and everything within it at an origin."""
    inner = inners[container]
    sheet, flow = inner.sheet, inner.flow
    is_tb = geometry.plan.options.direction is Direction.TB
    for child, index in sheet.boxes.items():
        item, block = sheet.items[index], inner.blocks[child]
        at = origin[0] + flow.box_start(sheet, index)
        across = origin[1] + item.pos + block.lead
        size = item.size - block.lead
        geometry.boxes[child] = Spot(at, across, block.length, size)
        if block.tips is not None:
            low, high = block.tips
            length = block.length - low - high
            geometry.boxes[child] = Spot(at + low, across, length, size)
            geometry.rows.add(child)
        if child in inners:
            if child in geometry.titles:
                geometry.titles[child] += item.before if is_tb else 0
            shift = across + item.before + inners[child].shift
            _emit(geometry, inners, child, (at, shift), pieces)
    for item in sheet.items:
        point = (origin[0] + flow.starts[item.layer], origin[1] + item.pos)
        if item.what is Is.LABEL:
            geometry.labels[item.line] = point
        elif item.what is Is.NOTE and container is not None:
            geometry.notes[container] = point
    for chain, points in zip(sheet.chains, flow.paths, strict=True):
        moved = [(f + origin[0], c + origin[1]) for f, c in points]
        if not chain.hop.is_forward:
            moved.reverse()
        pieces[chain.hop.line, chain.hop.step] = moved
