"""From a line of named styles to a strip of the terminal.

Hot path: Segments and prepared styles, never markup and never Rich Text. What
a style's name looks like is in app.tcss, class `ink--NAME`.
"""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget

from smtui.tui.host import app_of
from smtui.view.text import Line, to_ascii

__all__ = ["GRAPH", "INKS", "Ink"]

GRAPH = (
    *("frame", "name", "title", "row", "line", "head", "label", "stub"),
    *("initial", "lit", "lit-warm", "lit-last", "countdown", "count"),
    *("chosen", "chosen-frame", "chosen-line", "match"),
)
"""Styles of the cells of a drawing, each with an ink `graph-STYLE`."""

INKS = frozenset(
    f"ink--{name}"
    for name in (
        "alert",
        "asks",
        "backoff",
        "blocked",
        "cursor",
        "cursor-blur",
        "done",
        "edge",
        "failed",
        "frame",
        "frame-focus",
        *(f"graph-{part}" for part in GRAPH),
        "head",
        "head-sorted",
        "info",
        "key",
        "live",
        "marked",
        "match",
        "name",
        "number",
        "operator",
        "quiet",
        "ready",
        "rule",
        "starting",
        "state",
        "stopped",
        "stopping",
        "stuck",
        "text",
        "title",
    )
)
"""Component classes of the app: styled once, not once for every widget."""


class Ink:
    """The styles of one widget, prepared once, and whether it may leave ASCII."""

    def __init__(self, widget: Widget, *, is_ascii: bool) -> None:
        self._widget = widget
        self.is_ascii = is_ascii
        self._prepared: dict[tuple[str, str], Style] = {}

    def forget(self) -> None:
        """Prepare the styles anew: a theme, a class or the focus has changed."""
        self._prepared.clear()

    def style(self, name: str, row_style: str = "") -> Style:
        """Return the widget's colours with a row's and a span's on top."""
        key = (name, row_style)
        found = self._prepared.get(key)
        if found is None:
            found = self._widget.rich_style + self._added(row_style) + self._added(name)
            if row_style in _REVERSED and app_of(self._widget).no_color:
                found += Style(reverse=True)
            self._prepared[key] = found
        return found

    def segments(self, spans: Line, width: int, row_style: str = "") -> list[Segment]:
        """Return the spans cut or padded to exactly `width` cells."""
        segments: list[Segment] = []
        prepared = self._prepared
        room = width
        for text, name in spans:
            if room <= 0:
                break
            shown = to_ascii(text) if self.is_ascii else text
            size = cell_len(shown)
            if size > room:
                shown, size = set_cell_size(shown, room), room
            if size:
                style = prepared.get((name, row_style))
                if style is None:
                    style = self.style(name, row_style)
                segments.append(Segment(shown, style))
            room -= size
        if room > 0:
            segments.append(Segment(" " * room, self.style("", row_style)))
        return segments

    def _added(self, name: str) -> Style:
        if not name:
            return Style.null()
        try:
            found = app_of(self._widget).get_component_styles(f"ink--{name}")
        except KeyError:  # the name of a style that only weighs
            return Style.null()
        return found.partial_rich_style


_REVERSED = frozenset({"cursor", "cursor-blur", "marked"})
"""Row styles that are only a ground: without colours they are reversed."""
