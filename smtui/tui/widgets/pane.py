"""A framed pane that paints its lines itself, one `render_line` a row.

One widget, no children, and no layout while data come in: the frame, its
titles and the scroll bar in its right border are painted with the rows, and
how far one may scroll is asked of `count()` instead of a virtual size, which
would lay out the whole screen at each change. Only rows whose text changed and
which are visible are painted again.
"""

from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection as TextSelection
from textual.strip import Strip

from smtui.tui.ink import Ink
from smtui.tui.widgets.frame import (
    FRAME_ROWS,
    THUMB,
    Frame,
    frame_of,
    thumb_rows,
    top_line,
)
from smtui.view.text import Line, Span, plain

__all__ = ["Pane"]

_LEAST_WIDTH = 4


class Pane(ScrollView, can_focus=True, inherit_bindings=False):
    """A frame with a title, an info at its right end, and lines inside."""

    ALLOW_SELECT = True
    HAS_HEAD: ClassVar[bool] = False
    """A line of column titles stays on top."""
    SCROLL_LINES = 3
    """Of the mouse wheel: what terminals use themselves."""

    is_box = False
    """Stands over the screen: its frame is always heavy."""

    class Chosen(Message):
        """A row was opened with the mouse."""

        def __init__(self, pane: "Pane", *, is_menu: bool) -> None:
            super().__init__()
            self.pane = pane
            self.is_menu = is_menu
            """The right button asked for the verbs of the row."""

    def __init__(self, number: str, title: str, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes="pane")
        self.number = number
        self.pane_title = title
        self.pane_info = ""
        self.ink = Ink(self, is_ascii=is_ascii)
        self._painted: dict[int, tuple[Line, str]] = {}
        """Line of the pane -> what was painted there last."""
        self._painted_thumb = range(0)

    # ------------------------------------------------- what a subclass says

    def count(self) -> int:
        """Return the number of rows."""
        return 0

    def line_at(self, index: int, width: int) -> tuple[Line, str]:
        """Return a row and the name of its row style."""
        del index, width
        return (), ""

    def head(self, width: int) -> Line:
        """Return the line that stays on top."""
        del width
        return ()

    def empty_line(self) -> Line:
        """Return what stands there when there is no row."""
        return ()

    # ------------------------------------------------------------- the rows

    @property
    def inner(self) -> Size:
        """Return the size inside the frame."""
        width, height = self.size
        return Size(max(0, width - 2), max(0, height - FRAME_ROWS))

    @property
    def page_rows(self) -> int:
        """Return how many rows are visible at once."""
        return max(0, self.inner.height - int(self.HAS_HEAD))

    @property
    def top(self) -> int:
        """Return the index of the first visible row."""
        return self.scroll_offset.y

    @property
    def max_scroll_y(self) -> int:
        """Return the highest index that may be the first visible one."""
        return max(0, self.count() - self.page_rows)

    @property
    def is_strong(self) -> bool:
        """Say whether the frame is heavy: it has the focus, or is a box."""
        return self.has_focus or self.is_box

    def set_titles(self, title: str, info: str = "") -> None:
        """Change what the frame says."""
        if (title, info) != (self.pane_title, self.pane_info):
            self.pane_title, self.pane_info = title, info
            self.refresh(Region(0, 0, self.size.width, 1))

    def sync(self) -> None:
        """Paint again what differs from what was painted last."""
        if self.top > self.max_scroll_y:
            self.go(self.max_scroll_y)
        thumb = self._thumb()
        if thumb != self._painted_thumb:
            self._painted_thumb = thumb
            self.refresh()
            return
        width = self.inner.width
        for y in range(1, self.size.height - 1):
            if self._content(y, width) != self._painted.get(y):
                self.refresh(Region(0, y, self.size.width, 1))

    def index_at(self, y: int) -> int | None:
        """Return the index of the row at that line of the pane."""
        row = y - 1 - int(self.HAS_HEAD)
        index = self.top + row
        is_row = 0 <= row < self.page_rows and index < self.count()
        return index if is_row else None

    def go(self, top: int) -> None:
        """Scroll so that this row is the first visible one."""
        # force: there is no scroll bar of Textual's own, so it would refuse
        self.scroll_to(y=max(0, top), animate=False, force=True)

    def show_row(self, index: int) -> None:
        """Scroll so that a row is visible."""
        if index < self.top:
            self.go(index)
        elif index >= self.top + self.page_rows:
            self.go(index - self.page_rows + 1)

    def page(self, step: int) -> None:
        """Scroll by pages."""
        self.go(self.top + step * max(1, self.page_rows - 1))

    def text_of_all(self) -> str:
        """Return every row as text: for tests and the clipboard."""
        width = self.inner.width
        rows = (plain(self.line_at(i, width)[0]).rstrip() for i in range(self.count()))
        return "\n".join(rows)

    # ------------------------------------------------------------- painting

    def render_line(self, y: int) -> Strip:
        """Return one line of the pane, frame included."""
        width, height = self.size
        if width < _LEAST_WIDTH or height < FRAME_ROWS:
            return Strip.blank(width, self.rich_style)
        frame, style = self._frame()
        if y == 0:
            title = " ".join(word for word in (self.number, self.pane_title) if word)
            spans = top_line(frame, style, title, self.pane_info, width)
            return Strip(self.ink.segments(tuple(spans), width), width)
        if y == height - 1:
            bar = frame.bar * (width - 2)
            bottom = Span(frame.bottom_left + bar + frame.bottom_right, style)
            return Strip(self.ink.segments((bottom,), width), width)
        return self._row(y, width, frame, style)

    def get_selection(self, selection: TextSelection) -> tuple[str, str] | None:
        """Return the text selected with the mouse, without the frame."""
        lines = [self.render_line(y).text[1:-1] for y in range(self.size.height)]
        shifted = TextSelection(_left(selection.start), _left(selection.end))
        return shifted.extract("\n".join(line.rstrip() for line in lines)), "\n"

    def _row(self, y: int, width: int, frame: Frame, style: str) -> Strip:
        spans, row_style = content = self._content(y, width - 2)
        self._painted[y] = content
        side = self.ink.segments((Span(frame.side, style),), 1)
        bar = THUMB if y in self._thumb() else frame.side
        edge = self.ink.segments((Span(bar, style),), 1)
        segments: list[Segment] = [
            *side,
            *self.ink.segments(spans, width - 2, row_style),
            *edge,
        ]
        strip = Strip(segments, width)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(y)) is not None:
            strip = self._highlighted(strip, span)
        # half of what a row costs, and only good for selecting text
        return strip.apply_offsets(0, y) if self.ALLOW_SELECT else strip

    def _content(self, y: int, width: int) -> tuple[Line, str]:
        """Return what stands in a line of the pane, between its borders."""
        row = y - 1
        if self.HAS_HEAD:
            if row == 0:
                return self.head(width), "head"
            row -= 1
        index = self.top + row
        if index < self.count():
            return self.line_at(index, width)
        return (self.empty_line() if row == 0 and index == 0 else ()), ""

    def _highlighted(self, strip: Strip, span: tuple[int, int]) -> Strip:
        start, end = span
        end = strip.cell_length if end == -1 else end
        style = self.screen.get_component_rich_style("screen--selection")
        chosen = strip.crop(start, end).apply_style(style)
        return Strip.join([strip.crop(0, start), chosen, strip.crop(end)])

    def _frame(self) -> tuple[Frame, str]:
        frame = frame_of(is_strong=self.is_strong, is_ascii=self.ink.is_ascii)
        return frame, "frame-focus" if self.is_strong else "frame"

    def _thumb(self) -> range:
        height = self.inner.height
        return thumb_rows(self.top, self.page_rows, self.count(), height)

    # --------------------------------------------------------------- events

    def notify_style_update(self) -> None:
        """Forget prepared styles: a theme or a class has changed."""
        self.ink.forget()
        super().notify_style_update()

    def on_focus(self) -> None:
        """Draw the frame heavy."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw the frame light."""
        self.refresh()

    def on_resize(self) -> None:
        """Make the rows anew for the new size."""
        self._painted.clear()
        self.sync()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll the pane under the pointer."""
        event.stop()
        self.go(self.top + self.SCROLL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll the pane under the pointer."""
        event.stop()
        self.go(self.top - self.SCROLL_LINES)


def _left(offset: Offset | None) -> Offset | None:
    return None if offset is None else Offset(max(0, offset.x - 1), offset.y)
