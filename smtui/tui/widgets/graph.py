"""The graph pane: a window on a drawing in which things are picked.

A click picks a state or a line, the button held down moves the drawing, the
wheel scrolls it. Whatever the pointer is on, its whole text is said in the
lower border, for names in a drawing may be cut.
"""

from textual import events
from textual.geometry import Region
from textual.message import Message

from smtui.tui.widgets.cursor import RIGHT_BUTTON
from smtui.tui.widgets.graph_window import GraphWindow
from smtui.view.graph import (
    NOTHING_CHOSEN,
    Chosen,
    edge_text,
)
from smtui.view.text import clean

__all__ = ["GraphPane"]

_TEXTS = frozenset({"label", "row", "stub"})
"""Cells of these styles belong to a transition, wherever they are."""

LEFT_BUTTON = 1


class GraphPane(GraphWindow, inherit_bindings=False):
    """A state graph."""

    class Picked(Message):
        """Something was picked, or let go."""

        def __init__(self, pane: "GraphPane") -> None:
            super().__init__()
            self.pane = pane

    _held: tuple[int, int] | None = None
    """Where the mouse button went down, or the drag has come to."""
    _was_dragged = False

    # --------------------------------------------------------------- picking

    def choose(self, chosen: Chosen) -> None:
        """Pick a state or a line, or let go of it."""
        if chosen == self.chosen:
            return
        self.chosen = chosen
        self.light()
        self.sync()
        self.post_message(self.Picked(self))

    def choose_next(self, step: int) -> None:
        """Pick the next state, of those found if a search is on."""
        states = self.found()
        if not states:
            return
        if self.chosen.state in states:
            index = states.index(self.chosen.state) + step
        else:
            active = [s for s in self._moment.configuration if s in states]
            index = states.index(active[0]) if active else 0
        self.is_following = False
        self.choose(Chosen(states[index % len(states)]))
        self._reveal()
        self.sync()

    def thing_at(self, x: int, y: int) -> Chosen:
        """Return what is in a cell of the pane: a state, a line, or nothing."""
        inside = 0 < x <= self.inner.width and 0 < y <= self.page_rows
        if self._sketch is None or not inside:
            return NOTHING_CHOSEN
        drawing = self._sketch.drawing
        column, row = x - 1 + self._window[0], y - 1 + self._window[1]
        if not (0 <= column < drawing.width and 0 <= row < drawing.height):
            return NOTHING_CHOSEN
        edges = drawing.edges_at(column, row)
        if edges and drawing.styles[row][column] in _TEXTS:
            return Chosen(edges=edges)
        state = drawing.state_at(column, row)
        if state is not None and not (edges and drawing.graph.children.get(state)):
            return Chosen(state)
        return Chosen(edges=edges)

    def _text_of(self, thing: Chosen) -> str:
        """Return the whole text of a thing, which the drawing may have cut."""
        if self._sketch is None:
            return ""
        graph = self._sketch.drawing.graph
        if thing.state:
            return clean(graph.by_id[thing.state].name)
        edges = [edge for edge in graph.edges if edge.id in thing.edges]
        return "  ".join(edge_text(graph, edge) for edge in edges)

    # ----------------------------------------------------------------- mouse

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the drawing."""
        self._was_dragged = False
        if event.button == LEFT_BUTTON and self._sketch is not None:
            self._held = (event.x, event.y)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the drawing that is held, or say what the pointer is on."""
        if self._held is None:
            self._hover(self._text_of(self.thing_at(event.x, event.y)))
            return
        columns, rows = self._held[0] - event.x, self._held[1] - event.y
        if columns or rows:
            self._held = (event.x, event.y)
            self._was_dragged = True
            self.pan(columns, rows)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of the drawing."""
        del event
        if self._held is not None:
            self._held = None
            self.release_mouse()

    def on_leave(self, event: events.Leave) -> None:
        """Say nothing more of what the pointer was on."""
        del event
        self._hover("")

    def on_click(self, event: events.Click) -> None:
        """Pick what is there; a second click or the right button lists its verbs."""
        if self._was_dragged:
            return
        self.choose(self.thing_at(event.x, event.y))
        if event.button == RIGHT_BUTTON:
            self.post_message(self.Chosen(self, is_menu=True))
        elif event.chain > 1:
            self.post_message(self.Chosen(self, is_menu=False))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down; with shift to the right."""
        self._wheel(event, 1, is_sideways=event.shift)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up; with shift to the left."""
        self._wheel(event, -1, is_sideways=event.shift)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Scroll to the right."""
        self._wheel(event, 1, is_sideways=True)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Scroll to the left."""
        self._wheel(event, -1, is_sideways=True)

    def _wheel(self, event: events.MouseEvent, step: int, *, is_sideways: bool) -> None:
        # a pane of lines would scroll too
        event.prevent_default()
        event.stop()
        if is_sideways:
            self.pan(2 * step * self.SCROLL_LINES, 0)
        else:
            self.pan(0, step * self.SCROLL_LINES)

    def _hover(self, text: str) -> None:
        if text != self._hovered:
            self._hovered = text
            self.refresh(Region(0, self.size.height - 1, self.size.width, 1))
