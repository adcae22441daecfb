"""A finished drawing: cells, and what each of them belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from smtui.view.graph.model import Graph
from smtui.view.graph.options import Options

__all__ = ["Box", "Cell", "Drawing", "Drawn", "Mark"]


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
    """Rows of style names, '' for nothing."""
    boxes: Mapping[str, Box]
    marks: Mapping[str, Mark]
    initials: Mapping[str, tuple[Cell, ...]]
    """Node -> the cells of its initial mark."""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The rows as text, without blanks at their ends."""
        return tuple("".join(row).rstrip() for row in self.cells)
