"""How a drawing is wanted."""

from dataclasses import dataclass

from smtui.view.graph.model import Direction

__all__ = ["Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """What may be chosen about a drawing; all sizes in cells."""

    direction: Direction = Direction.TB
    names_only: bool = False
    """States as `( name )` in one row, no labels: the map of a large chart."""
    name_cells: int = 28
    name_lines: int = 2
    """A longer name is wrapped into so many lines, then shortened."""
    label_cells: int = 32
    label_lines: int = 2
    row_cells: int = 56
    """A row of boxes wider than that takes in no node without lines."""
    stretch: int = 36
    """A box may grow by so many cells to let its lines leave straight."""
