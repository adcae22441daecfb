"""A framed pane that paints its lines itself, one `render_line` a row.

The frame, its titles and the scroll bar in its right border are drawn here:
one widget, no children, no layout while data come in. Only rows whose text
changed and which are visible are painted again.
"""

from typing import ClassVar, NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection as TextSelection
from textual.strip import Strip

from smtui.tui.ink import INKS, Ink
from smtui.view.text import Line, plain

__all__ = ["Pane"]


class Frame(NamedTuple):
    """The characters of a frame."""

    top_left: str
    bar: str
    top_right: str
    side: str
    bottom_left: str
    bottom_right: str


_ROUND = Frame("╭", "─", "╮", "│", "╰", "╯")
_HEAVY = Frame("┏", "━", "┓", "┃", "┗", "┛")
_ASCII = Frame("+", "-", "+", "|", "+", "+")
_ASCII_FOCUS = Frame("+", "=", "+", "|", "+", "+")
_THUMB = "█"
_FRAME_ROWS = 2


class Pane(ScrollView, can_focus=True, inherit_bindings=False):
    """A frame with a title, an info at its right end, and lines inside."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(INKS)
    ALLOW_SELECT = True
    is_box = False
    """Stands over the screen: its frame is always heavy."""
    SCROLL_LINES = 3
    """Of the mouse wheel: what terminals use themselves."""

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
        self._painted: list[tuple[Line, str]] = []
        self._painted_thumb = range(0)

    # ------------------------------------------------- what a subclass says

    def count(self) -> int:
        """Return the number of rows."""
        return 0

    def line_at(self, index: int, width: int) -> tuple[Line, str]:
        """Return a row and the name of its row style."""
        del index, width
        return (), ""

    def head(self, width: int) -> Line | None:
        """Return a line that stays on top, if there is one."""
        del width
        return None

    # ------------------------------------------------------------- the rows

    @property
    def inner(self) -> Size:
        """Return the size inside the frame."""
        width, height = self.size
        return Size(max(0, width - 2), max(0, height - _FRAME_ROWS))

    @property
    def has_head(self) -> bool:
        """Say whether a head line takes the first row."""
        return self.head(self.inner.width) is not None

    @property
    def page_rows(self) -> int:
        """Return how many rows are visible at once."""
        return max(0, self.inner.height - int(self.has_head))

    @property
    def top(self) -> int:
        """Return the index of the first visible row."""
        return self.scroll_offset.y

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
        extra = _FRAME_ROWS + int(self.has_head)
        wanted = Size(self.size.width, self.count() + extra)
        thumb = self._thumb()
        if wanted != self.virtual_size or thumb != self._painted_thumb:
            self._painted_thumb = thumb
            self.virtual_size = wanted
            self.refresh()
            return
        first = 1 + int(self.has_head)
        for row, shown in enumerate(self._painted):
            index = self.top + row
            if index < self.count() and self.line_at(index, self.inner.width) != shown:
                self.refresh(Region(0, first + row, self.size.width, 1))

    def index_at(self, y: int) -> int | None:
        """Return the index of the row at that line of the pane."""
        row = y - 1 - int(self.has_head)
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
        if width < 2 or height < _FRAME_ROWS:  # noqa: PLR2004 - no room for a frame
            return Strip.blank(width, self.rich_style)
        if y == 0:
            self._forget()
            return self._top(width)
        if y == height - 1:
            return self._bottom(width)
        return self._middle(y, width)

    def _middle(self, y: int, width: int) -> Strip:
        inner = width - 2
        row = y - 1
        head = self.head(inner)
        if head is not None:
            row -= 1
        spans, style = (head, "head") if row < 0 and head is not None else ((), "")
        index = self.top + row
        if row >= 0 and index < self.count():
            spans, style = self.line_at(index, inner)
            while len(self._painted) <= row:
                self._painted.append(((), ""))
            self._painted[row] = (spans, style)
        side = self._chars().side
        frame = self._frame_style()
        bar = _THUMB if y in self._thumb() else side
        segments = [
            Segment(side, frame),
            *self.ink.segments(spans, inner, style),
            Segment(self.ink.text(bar), frame),
        ]
        strip = self.ink.strip(segments, width)
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(y)) is not None:
            strip = self._highlighted(strip, span)
        return strip.apply_offsets(0, y)

    def _highlighted(self, strip: Strip, span: tuple[int, int]) -> Strip:
        start, end = span
        end = strip.cell_length if end == -1 else end
        style = self.screen.get_component_rich_style("screen--selection")
        before, chosen, after = (
            strip.crop(0, start),
            strip.crop(start, end),
            strip.crop(end),
        )
        return Strip.join([before, chosen.apply_style(style), after])

    def get_selection(self, selection: TextSelection) -> tuple[str, str] | None:
        """Return the text selected with the mouse, without the frame."""
        lines = [self.render_line(y).text for y in range(self.size.height)]
        inner = [line[1:-1].rstrip() if len(line) > 1 else line for line in lines]
        shifted = TextSelection(_left(selection.start), _left(selection.end))
        return shifted.extract("\n".join(inner)), "\n"

    def _top(self, width: int) -> Strip:
        left, bar, right, _, _, _ = self._chars()
        frame = self._frame_style()
        words = " ".join(word for word in (self.number, self.pane_title) if word)
        title = self.ink.text(f" {words} ") if words else ""
        info = self.ink.text(f" {self.pane_info} ") if self.pane_info else ""
        room = width - 4
        if cell_len(title) + cell_len(info) > room:
            info = ""
        if cell_len(title) > room:
            title = set_cell_size(title, max(0, room))
        gap = room - cell_len(title) - cell_len(info)
        base = self.rich_style
        title_style = base + self.ink.style("title")
        segments = [
            Segment(left + bar, frame),
            Segment(title, title_style),
            Segment(bar * gap, frame),
            Segment(info, base + self.ink.style("info")),
            Segment(bar + right, frame),
        ]
        return self.ink.strip([part for part in segments if part.text], width)

    def _bottom(self, width: int) -> Strip:
        chars = self._chars()
        text = chars.bottom_left + chars.bar * (width - 2) + chars.bottom_right
        return self.ink.strip([Segment(text, self._frame_style())], width)

    def _chars(self) -> Frame:
        if self.ink.is_ascii:
            return _ASCII_FOCUS if self.is_strong else _ASCII
        return _HEAVY if self.is_strong else _ROUND

    def _frame_style(self) -> Style:
        name = "frame-focus" if self.is_strong else "frame"
        return self.rich_style + self.ink.style(name)

    def _thumb(self) -> range:
        """Return the rows of the right border that show what is visible."""
        rows, total = self.page_rows, self.count()
        if total <= rows or rows <= 0:
            return range(0)
        track = self.inner.height
        size = max(1, track * rows // total)
        start = round((track - size) * self.top / max(1, total - rows))
        return range(start + 1, start + size + 1)

    def _forget(self) -> None:
        if len(self._painted) > self.page_rows:
            del self._painted[self.page_rows :]

    # --------------------------------------------------------------- events

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
