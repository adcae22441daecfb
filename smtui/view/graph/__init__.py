"""The state graph on the character grid: any state chart, drawn and proved.

`draw` lays a `Graph` out and paints it; `check` reads the drawing back from its
signs alone and says what is wrong with it. `highlight` and `caption` change
what cells show, never where things are. The `to_*` functions are the ways out
of the terminal.
"""

from smtui.view.graph.about import Doings, Subject, about, edge_text, title_of, ways_out
from smtui.view.graph.ansi import ANSI_STYLES, to_ansi, to_text
from smtui.view.graph.caption import caption, merged, noted
from smtui.view.graph.chart import from_chart
from smtui.view.graph.check import Violation, check, read_lines
from smtui.view.graph.document import to_document
from smtui.view.graph.doings import doings_of
from smtui.view.graph.dot import to_dot
from smtui.view.graph.draw import draw, draw_for, overflow
from smtui.view.graph.drawing import Box, Cell, Drawing, Drawn, Mark, Run, Stroke
from smtui.view.graph.fit import draw_within
from smtui.view.graph.fleet import (
    UNKNOWN,
    Arrow,
    FleetGraph,
    Member,
    Sighting,
    fleet_graph,
    with_notes,
)
from smtui.view.graph.fleet_now import (
    BoxNote,
    Presence,
    fleet_shine,
    note_of,
    waiting_note,
)
from smtui.view.graph.light import (
    Glow,
    Lamp,
    Overlay,
    Patch,
    highlight,
    lamp_of,
    row_runs,
)
from smtui.view.graph.live import moment_of
from smtui.view.graph.mermaid import mermaid, mermaid_set, with_groups
from smtui.view.graph.model import ANY, Direction, Edge, Graph, Kind, Node
from smtui.view.graph.moment import Arrows, Moment, arrows_of, edges_taken
from smtui.view.graph.options import Options
from smtui.view.graph.outlets import Outlet, Way, outlets_of
from smtui.view.graph.reduce import neighbourhood
from smtui.view.graph.shine import NOTHING_CHOSEN, Chosen, Sketch, shine, sketch_of
from smtui.view.graph.sightings import of_children, of_events, of_jobs, summed
from smtui.view.graph.svg import to_svg
from smtui.view.graph.traffic import Traffic, Trips
from smtui.view.graph.tree import from_tree
from smtui.view.graph.views import (
    BY_SIZE,
    NOW,
    VAST_STATES,
    Pane,
    Picture,
    View,
    Wanted,
    closer,
    keeps_centre,
    next_view,
    pick,
)

__all__ = [
    "ANSI_STYLES",
    "ANY",
    "BY_SIZE",
    "NOTHING_CHOSEN",
    "NOW",
    "UNKNOWN",
    "VAST_STATES",
    "Arrow",
    "Arrows",
    "Box",
    "BoxNote",
    "Cell",
    "Chosen",
    "Direction",
    "Doings",
    "Drawing",
    "Drawn",
    "Edge",
    "FleetGraph",
    "Glow",
    "Graph",
    "Kind",
    "Lamp",
    "Mark",
    "Member",
    "Moment",
    "Node",
    "Options",
    "Outlet",
    "Overlay",
    "Pane",
    "Patch",
    "Picture",
    "Presence",
    "Run",
    "Sighting",
    "Sketch",
    "Stroke",
    "Subject",
    "Traffic",
    "Trips",
    "View",
    "Violation",
    "Wanted",
    "Way",
    "about",
    "arrows_of",
    "caption",
    "check",
    "closer",
    "doings_of",
    "draw",
    "draw_for",
    "draw_within",
    "edge_text",
    "edges_taken",
    "fleet_graph",
    "fleet_shine",
    "from_chart",
    "from_tree",
    "highlight",
    "keeps_centre",
    "lamp_of",
    "merged",
    "mermaid",
    "mermaid_set",
    "moment_of",
    "neighbourhood",
    "next_view",
    "note_of",
    "noted",
    "of_children",
    "of_events",
    "of_jobs",
    "outlets_of",
    "overflow",
    "pick",
    "read_lines",
    "row_runs",
    "shine",
    "sketch_of",
    "summed",
    "title_of",
    "to_ansi",
    "to_document",
    "to_dot",
    "to_svg",
    "to_text",
    "waiting_note",
    "ways_out",
    "with_groups",
    "with_notes",
]
