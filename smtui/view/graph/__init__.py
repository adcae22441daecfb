"""The state graph on the character grid: any state chart, drawn and proved.

`draw` lays a `Graph` out and paints it; `check` reads the drawing back from its
signs alone and says what is wrong with it. `highlight` and `caption` change
what cells show, never where things are. The `to_*` functions are the ways out
of the terminal.
"""

from smtui.view.graph.ansi import ANSI_STYLES, to_ansi, to_text
from smtui.view.graph.caption import caption, merged
from smtui.view.graph.chart import from_chart
from smtui.view.graph.check import Violation, check, read_lines
from smtui.view.graph.document import to_document
from smtui.view.graph.dot import to_dot
from smtui.view.graph.draw import draw, draw_for, overflow
from smtui.view.graph.drawing import Box, Cell, Drawing, Drawn, Mark, Run, Stroke
from smtui.view.graph.light import (
    Glow,
    Lamp,
    Overlay,
    Patch,
    highlight,
    lamp_of,
    row_runs,
)
from smtui.view.graph.mermaid import mermaid, mermaid_set, with_groups
from smtui.view.graph.model import ANY, Direction, Edge, Graph, Kind, Node
from smtui.view.graph.options import Options
from smtui.view.graph.reduce import neighbourhood
from smtui.view.graph.svg import to_svg

__all__ = [
    "ANSI_STYLES",
    "ANY",
    "Box",
    "Cell",
    "Direction",
    "Drawing",
    "Drawn",
    "Edge",
    "Glow",
    "Graph",
    "Kind",
    "Lamp",
    "Mark",
    "Node",
    "Options",
    "Overlay",
    "Patch",
    "Run",
    "Stroke",
    "Violation",
    "caption",
    "check",
    "draw",
    "draw_for",
    "from_chart",
    "highlight",
    "lamp_of",
    "merged",
    "mermaid",
    "mermaid_set",
    "neighbourhood",
    "overflow",
    "read_lines",
    "row_runs",
    "to_ansi",
    "to_document",
    "to_dot",
    "to_svg",
    "to_text",
    "with_groups",
]
