"""Lines without a frame: header, footer, and the insides of boxes."""

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from smtui.tui.ink import Ink
from smtui.view.text import Line, Span, cells

__all__ = ["Bar", "FooterBar", "Lines"]


class Bar(Widget, inherit_bindings=False):
    """One line of spans."""

    def __init__(self, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes="bar")
        self.ink = Ink(self, is_ascii=is_ascii)
        self._line: Line = ()

    def notify_style_update(self) -> None:
        """Forget prepared styles: a theme or a class has changed."""
        self.ink.forget()
        super().notify_style_update()

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
        return Strip(self.ink.segments(spans, width), width)


class FooterBar(Bar, inherit_bindings=False):
    """The keys that work now; a message takes their place for a while."""

    MOST_KEYS_NARROW = 9
    """At 80 columns more would be cut or read by nobody."""

    NARROW_CELLS = 100

    def show_keys(
        self, keys: Sequence[tuple[str, str]], always: Sequence[tuple[str, str]]
    ) -> None:
        """Show as many (key, verb) pairs as fit, the most used first.

        Those of `always` stand at the end, however little room there is.
        """
        width = self.size.width
        room = width - sum(_size(pair) for pair in always)
        most = len(keys)
        if width < self.NARROW_CELLS:
            most = self.MOST_KEYS_NARROW - len(always)
        shown: list[tuple[str, str]] = []
        for pair in keys:
            if len(shown) < most and _size(pair) <= room:
                shown.append(pair)
                room -= _size(pair)
        pairs = [*shown, *always]
        if self.ink.is_ascii:
            pairs = [("enter" if key == "↵" else key, word) for key, word in pairs]
        self.show(tuple(span for pair in pairs for span in _spans(pair)))


def _spans(pair: tuple[str, str]) -> Line:
    key, word = pair
    return (Span(" "), Span(key, "key"), Span(f" {word} "))


def _size(pair: tuple[str, str]) -> int:
    return sum(cells(span.text) for span in _spans(pair))


class Lines(Widget, inherit_bindings=False):
    """Some lines without a frame, one of them under the cursor."""

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

    def notify_style_update(self) -> None:
        """Forget prepared styles: a theme or a class has changed."""
        self.ink.forget()
        super().notify_style_update()

    def show(self, lines: Sequence[Line], cursor: int | None = None) -> None:
        """Show these lines, scrolled so that the cursor is visible."""
        self.lines, self.cursor = lines, cursor
        height = max(1, self.size.height)
        if cursor is not None:
            self.top = max(min(self.top, cursor), cursor - height + 1)
        self.top = max(0, min(self.top, len(lines) - height))
        self.refresh()

    def reveal(self, index: int) -> None:
        """Scroll so that a line below the cursor is visible too."""
        height = max(1, self.size.height)
        if index >= self.top + height:
            self.top = index - height + 1
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return one line."""
        width = self.size.width
        index = self.top + y
        spans = self.lines[index] if index < len(self.lines) else ()
        style = "cursor" if index == self.cursor else ""
        return Strip(self.ink.segments(spans, width, style), width)

    def on_click(self, event: events.Click) -> None:
        """Say which line was meant."""
        index = self.top + event.y
        if index < len(self.lines):
            self.post_message(self.Picked(index))
