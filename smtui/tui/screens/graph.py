"""The graph of a machine over the whole screen, and what was picked in it.

Wide terminals show the details beside the graph, narrow ones below it.
"""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.screens.graphed import GraphedScreen
from smtui.tui.screens.pages import MachinePage
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.sheet import Sheet
from smtui.view.graph import NOTHING_CHOSEN
from smtui.view.text import Span

__all__ = ["GraphScreen"]

_WIDTHS = [(0, "-narrow"), (100, "-wide")]


class GraphScreen(GraphedScreen, MachinePage, inherit_bindings=False):
    """One machine's graph."""

    SCREEN_NAME = ScreenName.GRAPH
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.GRAPH)]
    HORIZONTAL_BREAKPOINTS = _WIDTHS

    def compose_body(self) -> ComposeResult:
        """Yield the graph and the details."""
        is_ascii = self.context.is_ascii
        with Container(id="graph-page"):
            yield GraphPane("g", "Graph", id="graph", is_ascii=is_ascii)
            yield Sheet("", "Why", id="about", is_ascii=is_ascii)

    def on_mount(self) -> None:
        """Begin in the graph."""
        super().on_mount()
        self.query_one(GraphPane).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Choose the view for the new size."""
        del event
        self.call_after_refresh(self.flush)

    def draw(self) -> None:
        """Show the graph as it is now, and what was picked."""
        machine = self.context.desk.machine(self.machine_name)
        if not self.is_whole or machine is None:
            return
        self.show_graph(machine, has_foot=False)
        graphing, charted = self.graphing, self.graphing.charted
        sheet = self.query_one("#about", Sheet)
        if charted is None:
            sheet.set_titles("why")
            sheet.show([])
            return
        moment = graphing.moment(machine, charted)
        width = max(20, sheet.inner.width - 1)
        hint = "" if graphing.pane.chosen == NOTHING_CHOSEN else "↵ events it takes"
        sheet.set_titles(graphing.title(charted), hint)
        lines = graphing.details(machine, charted, moment, width)
        sheet.show([(Span(" "), *one) for one in lines])

    def action_open(self) -> None:
        """List the events of what was picked, and the verbs of the machine."""
        self.action_menu()

    def action_back(self) -> None:
        """Let go of what is picked, then leave the page."""
        if not self.let_go():
            super().action_back()
