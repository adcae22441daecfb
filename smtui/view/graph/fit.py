"""A drawing for a page: as wide as that at most, as long as it gets.

Long labels and names are broken into more and shorter lines, step by step,
until the drawing fits. Where even that is too wide, the narrowest is returned:
whoever prints it says so.
"""

from dataclasses import replace

from smtui.view.graph.draw import draw, draw_for
from smtui.view.graph.drawing import Drawing
from smtui.view.graph.model import Direction, Graph
from smtui.view.graph.options import Options

__all__ = ["draw_within"]

_USUAL_CELLS = 100
"""The width that decides on a direction where no page is given."""

_ENDLESS = 1 << 16
"""A page has no end at its bottom."""

_HOPELESS = 2
"""So much too wide, and shorter lines of text will not do."""

_NARROWER = (
    Options(),
    Options(name_cells=20, name_lines=3, label_cells=20, label_lines=4, row_cells=40),
    Options(
        name_cells=14,
        name_lines=4,
        label_cells=13,
        label_lines=6,
        row_cells=24,
        stretch=12,
    ),
    Options(
        name_cells=10,
        name_lines=6,
        label_cells=9,
        label_lines=9,
        row_cells=0,
        stretch=0,
    ),
)
"""From left to right a label has one line, so there only the first is tried."""


def draw_within(
    graph: Graph, width: int | None = None, direction: Direction | None = None
) -> Drawing:
    """Return a drawing of at most `width` cells if there is one; None is any.

    `direction` is kept to; without it the better one is taken.
    """
    if width is None:
        if direction is not None:
            return draw(graph, Options(direction=direction))
        return draw_for(graph, _USUAL_CELLS, _ENDLESS)
    best: Drawing | None = None
    for options in _NARROWER:
        if best is None and direction is None:
            drawing = draw_for(graph, width, _ENDLESS, options)
        elif best is not None and direction is Direction.LR:
            break
        else:
            drawing = draw(graph, replace(options, direction=direction or Direction.TB))
        if best is None or drawing.width < best.width:
            best = drawing
        if best.width <= width or best.width > _HOPELESS * width:
            break
    return best or draw(graph)
