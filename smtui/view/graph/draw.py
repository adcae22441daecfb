"""The one door to the layout: a graph in, a drawing out."""

from dataclasses import replace

from smtui.view.graph.drawing import Drawing
from smtui.view.graph.layout import lay_out
from smtui.view.graph.model import Direction, Graph
from smtui.view.graph.options import Options
from smtui.view.graph.raster import paint

__all__ = ["draw", "draw_for", "overflow"]


def draw(
    graph: Graph, options: Options | None = None, like: Drawing | None = None
) -> Drawing:
    """Return the drawing of a graph: the same for the same arguments.

    `like` is the drawing before an edit: states stay on their sides of each
    other as far as that costs no crossing.
    """
    options = options or Options()
    is_same_way = like is not None and like.options.direction is options.direction
    positions = like.positions if like is not None and is_same_way else None
    return paint(lay_out(graph, options, positions))


def draw_for(
    graph: Graph,
    width: int,
    height: int,
    options: Options | None = None,
    like: Drawing | None = None,
) -> Drawing:
    """Return the drawing in the direction that fits a pane of cells better.

    Least overflow wins, then the smaller area, then top to bottom.
    """
    options = options or Options()
    drawings = [draw(graph, replace(options, direction=way), like) for way in Direction]
    return min(
        drawings,
        key=lambda drawing: (
            overflow(drawing, width, height),
            drawing.width * drawing.height,
        ),
    )


def overflow(drawing: Drawing, width: int, height: int) -> int:
    """Return by how much a drawing exceeds a pane; a row counts two columns."""
    return max(0, drawing.width - width) + 2 * max(0, drawing.height - height)
