"""From a line of named styles to a strip of the terminal.

Hot path: Segments and prepared styles, never markup and never Rich Text. What
a style's name looks like is in app.tcss, class `ink--NAME`.
"""

from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from smtui.tui.host import app_of
from smtui.view.text import Line, to_ascii

__all__ = ["INKS", "Ink"]

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
"""Component classes of every widget that paints lines."""


class Ink:
    """The styles of one widget, and whether it may leave ASCII."""

    def __init__(self, widget: Widget, *, is_ascii: bool) -> None:
        self._widget = widget
        self.is_ascii = is_ascii

    def base(self) -> Style:
        """Return the widget's own colours."""
        return self._widget.rich_style

    def style(self, name: str) -> Style:
        """Return what a style's name adds to the base."""
        if not name:
            return Style.null()
        return self._widget.get_component_rich_style(
            f"ink--{name}", partial=True, default=Style.null()
        )

    def text(self, text: str) -> str:
        """Return the text as this terminal can show it."""
        return to_ascii(text) if self.is_ascii else text

    def segments(self, spans: Line, width: int, row_style: str = "") -> list[Segment]:
        """Return the spans cut or padded to exactly `width` cells."""
        base = self.base() + self.style(row_style)
        segments: list[Segment] = []
        room = width
        for span in spans:
            if room <= 0:
                break
            text = self.text(span.text)
            size = cell_len(text)
            if size > room:
                text, size = set_cell_size(text, room), room
            segments.append(Segment(text, self._on_row(base, span.style, row_style)))
            room -= size
        if room > 0:
            segments.append(Segment(" " * room, base))
        return segments

    def strip(self, parts: Iterable[Segment], width: int) -> Strip:
        """Return the segments as a strip of that many cells."""
        return Strip(parts, width)

    def _on_row(self, base: Style, name: str, row_style: str) -> Style:
        style = base + self.style(name)
        if row_style and app_of(self._widget).no_color:
            return style + Style(reverse=True)
        return style
