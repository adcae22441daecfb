"""Screens with a graph pane: its keys, what is picked in it, its journal."""

from textual import on, work

from smtui.tui.screens.acting import ActingScreen
from smtui.tui.screens.graphing import Graphing
from smtui.tui.widgets.graph import GraphPane
from smtui.view.graph import NOTHING_CHOSEN
from smtui.view.palette import Found
from smtui.wire.messages import MachineView

__all__ = ["GraphedScreen"]

COLUMNS = 6
"""One press goes three times as far sideways as it looks: cells are narrow."""


class GraphedScreen(ActingScreen, inherit_bindings=False):
    """A screen that shows the graph of a machine in one of its panes."""

    _graphing: Graphing | None = None

    @property
    def graphing(self) -> Graphing:
        """Return what fills the graph pane."""
        if self._graphing is None:
            self._graphing = Graphing(self.context, self.query_one(GraphPane))
        return self._graphing

    def show_graph(self, machine: MachineView, *, has_foot: bool = True) -> None:
        """Put a machine into the graph pane, and count in its journal if need be."""
        self.graphing.show(machine, has_foot=has_foot)
        if self.graphing.wants_journal:
            self._read_journal()

    @property
    def has_graph(self) -> bool:
        """Say whether the focus is on the graph."""
        return isinstance(self.focused, GraphPane)

    @work(exclusive=True, group="journal", exit_on_error=False)
    async def _read_journal(self) -> None:
        await self.graphing.read_journal()
        self.flush()

    @on(GraphPane.Picked)
    def _picked(self, event: GraphPane.Picked) -> None:
        event.stop()
        self.flush()

    def extra_entries(self) -> list[Found]:
        """Return the events that what is picked takes."""
        if self.has_graph and self.graphing.pane.chosen != NOTHING_CHOSEN:
            return self.graphing.entries()
        return []

    def action_graph(self) -> None:
        """Show the graph, and in a graph its next view."""
        if self.has_graph:
            self.graphing.next_view()
            self.flush()
        else:
            super().action_graph()

    def action_closer(self) -> None:
        """Show less of the graph, and more of it."""
        self._go_closer(1)

    def action_reverse(self) -> None:
        """Show more of the graph, and less of it."""
        self._go_closer(-1)

    def action_sideways(self, step: int) -> None:
        """Move the graph's window to the left or right."""
        self.graphing.pane.pan(step * COLUMNS, 0)
        self.flush()

    def let_go(self) -> bool:
        """Let go of what is picked, then of the search; return whether there was."""
        pane = self.graphing.pane
        if pane.chosen != NOTHING_CHOSEN:
            pane.choose(NOTHING_CHOSEN)
        elif pane.query_text:
            pane.query_text = ""
            self.flush()
        else:
            return False
        return True

    def _go_closer(self, steps: int) -> None:
        if self.has_graph:
            self.graphing.closer(steps)
            self.flush()
