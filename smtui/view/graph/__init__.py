"""The state graph on the character grid: any state chart, drawn and proved.

`draw` lays a `Graph` out and paints it; `check` reads the drawing back from its
signs alone and says what is wrong with it.
"""

from smtui.view.graph.chart import from_chart
from smtui.view.graph.check import Violation, check
from smtui.view.graph.draw import draw, draw_for
from smtui.view.graph.drawing import Box, Cell, Drawing, Drawn, Mark
from smtui.view.graph.model import ANY, Direction, Edge, Graph, Kind, Node
from smtui.view.graph.options import Options

__all__ = [
    "ANY",
    "Box",
    "Cell",
    "Direction",
    "Drawing",
    "Drawn",
    "Edge",
    "Graph",
    "Kind",
    "Mark",
    "Node",
    "Options",
    "Violation",
    "check",
    "draw",
    "draw_for",
    "from_chart",
]
