"""A finished drawing: cells, and what each of them belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from smtui.view.graph.model import Direction, Graph
from smtui.view.graph.options import Options

__all__ = [
    "Box",
    "Cell",
    "Drawing",
    "Drawn",
    "Mark",
    "Run",
    "Stroke",
    "to_runs",
]


class Cell(NamedTuple):
    """A place in a drawing, from the top left corner."""

    x: int
    y: int


class Drawn(StrEnum):
    """How a transition is shown."""

    LINE = "line"
    LABEL = "label"
    """One more text on the line of its pair of states."""
    ROW = "row"
    """Inside its state."""
    STUB = "stub"
    """An arrow from nowhere: out of any state."""


@dataclass(frozen=True, slots=True)
class Box:
    """A state's place, frame included."""

    x: int
    y: int
    width: int
    height: int
    is_row: bool = False
    """Drawn as `( name )`, without a frame."""

    def has(self, cell: Cell) -> bool:
        """Return whether the cell is in the box or on its frame."""
        inside = self.x <= cell.x < self.x + self.width
        return inside and self.y <= cell.y < self.y + self.height


@dataclass(frozen=True, slots=True)
class Mark:
    """A transition's place."""

    drawn: Drawn
    path: tuple[Cell, ...]
    """The cells of its line, from the source's border to the arrowhead; of a
    LABEL or a ROW its text, of a STUB text and arrow."""
    text: tuple[Cell, ...] = ()
    """The cells of its label, those of a wide sign both."""


class Run(NamedTuple):
    """Neighbouring cells of a row in one style."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A drawn line: all transitions of one pair of states."""

    source: str
    target: str
    edges: tuple[str, ...]
    path: tuple[Cell, ...]
    """From the source's border to the arrowhead."""


@dataclass(frozen=True)
class Drawing:
    """A state machine on the character grid."""

    graph: Graph
    options: Options
    width: int
    height: int
    cells: tuple[tuple[str, ...], ...]
    """Rows of signs; the cell after a wide sign is ''."""
    styles: tuple[tuple[str, ...], ...]
    """Rows of style names, '' for nothing: frame name title row line head
    label stub initial."""
    boxes: Mapping[str, Box]
    names: Mapping[str, tuple[Cell, ...]]
    """Node -> the cells of its name."""
    marks: Mapping[str, Mark]
    strokes: tuple[Stroke, ...]
    initials: Mapping[str, tuple[Cell, ...]]
    """Node -> the cells of its initial mark."""
    notes: Mapping[str, tuple[Cell, ...]]
    """Node -> the cells kept for its note."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The rows as text, without blanks at their ends."""
        return tuple("".join(row).rstrip() for row in self.cells)

    @cached_property
    def runs(self) -> tuple[tuple[Run, ...], ...]:
        """The rows as runs of one style each."""
        rows = zip(self.cells, self.styles, strict=True)
        return tuple(to_runs(signs, styles) for signs, styles in rows)

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Where each node stands across the flow: what `like` wants."""
        is_tb = self.options.direction is Direction.TB
        return {
            node: 2 * box.x + box.width if is_tb else 2 * box.y + box.height
            for node, box in self.boxes.items()
        }

    def state_at(self, x: int, y: int) -> str | None:
        """Return the innermost node whose box has a cell."""
        found = [node for node, box in self.boxes.items() if box.has(Cell(x, y))]
        return max(found, key=lambda n: len(self.graph.ancestors(n)), default=None)

    def edges_at(self, x: int, y: int) -> tuple[str, ...]:
        """Return the edges whose line or text has a cell; a line has several."""
        return self._edges.get(Cell(x, y), ())

    @cached_property
    def _edges(self) -> dict[Cell, tuple[str, ...]]:
        found: dict[Cell, tuple[str, ...]] = {}
        for stroke in self.strokes:
            for cell in stroke.path:
                found[cell] = found.get(cell, ()) + stroke.edges
        for edge, mark in self.marks.items():
            found.update(dict.fromkeys(mark.text, (edge,)))
        return found


def to_runs(signs: Sequence[str], styles: Sequence[str]) -> tuple[Run, ...]:
    """Return cells as runs; blanks at the end are left out."""
    found: list[Run] = []
    first, last = 0, ""
    for at, style in enumerate(styles):
        if style == last or not signs[at]:
            continue
        if at > first:
            found.append(Run("".join(signs[first:at]), last))
        first, last = at, style
    text = "".join(signs[first:])
    if last or (text := text.rstrip()):
        found.append(Run(text, last))
    return tuple(found)
