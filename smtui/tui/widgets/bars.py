"""Lines without a frame: header, footer, and the insides of boxes."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from smtui.tui.ink import INKS, Ink
from smtui.view.text import Line, Span, cells

__all__ = ["Bar", "FooterBar", "Lines"]


class Bar(Widget, inherit_bindings=False):
    """One line of spans."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(INKS)

    def __init__(self, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes="bar")
        self.ink = Ink(self, is_ascii=is_ascii)
        self._line: Line = ()

    def show(self, line: Line) -> None:
        """Show this line, painting only when it differs."""
        if line != self._line:
            self._line = line
            self.refresh()

    @property
    def line(self) -> Line:
        """Return what is shown."""
        return self._line

    def render_line(self, y: int) -> Strip:
        """Return the line, cut or padded to the width."""
        width = self.size.width
        spans = self._line if y == 0 else ()
        return self.ink.strip(self.ink.segments(spans, width), width)


class FooterBar(Bar, inherit_bindings=False):
    """The keys that work now; a message takes their place for a while."""

    MOST_KEYS_NARROW = 9
    """At 80 columns more would be cut or read by nobody."""

    NARROW_CELLS = 100

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show as many of the (key, verb) pairs as fit, the most used first."""
        width = self.size.width
        most = self.MOST_KEYS_NARROW if width < self.NARROW_CELLS else len(keys)
        spans: list[Span] = []
        room = width - 1
        for key, word in list(keys)[:most]:
            size = cells(key) + 1 + cells(word) + 2
            if size > room:
                break
            spans += [Span(" "), Span(key, "key"), Span(f" {word} ")]
            room -= size
        self.show(tuple(spans))

    def show_message(self, text: str, style: str) -> None:
        """Show a message instead of the keys."""
        self.show((Span(f" {text}", style),))


class Lines(Widget, inherit_bindings=False):
    """Some lines without a frame, one of them under the cursor."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(INKS)

    class Picked(Message):
        """A line was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes="lines")
        self.ink = Ink(self, is_ascii=is_ascii)
        self.lines: Sequence[Line] = ()
        self.cursor: int | None = None
        self.top = 0

    def show(self, lines: Sequence[Line], cursor: int | None = None) -> None:
        """Show these lines, scrolled so that the cursor is visible."""
        self.lines, self.cursor = lines, cursor
        height = max(1, self.size.height)
        if cursor is not None:
            self.top = max(min(self.top, cursor), cursor - height + 1)
        self.top = max(0, min(self.top, len(lines) - height))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        width = self.size.width
        index = self.top + y
        spans = self.lines[index] if index < len(self.lines) else ()
        style = "cursor" if index == self.cursor else ""
        return self.ink.strip(self.ink.segments(spans, width, style), width)

    def on_click(self, event: events.Click) -> None:
        """Say which line was meant."""
        index = self.top + event.y
        if index < len(self.lines):
            self.post_message(self.Picked(index))
