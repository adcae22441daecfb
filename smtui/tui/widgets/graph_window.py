"""A pane that is a window on a drawing, or shows the lines of the card.

The drawing is moved below the window. What is lit changes signs and styles of
some cells, so only rows that differ are made and painted again. Under the
drawing there may be a foot of lines: why, or what was picked.
"""

from collections.abc import Sequence

from textual.strip import Strip

from smtui.tui.ink import GRAPH
from smtui.tui.widgets.frame import THUMB, Frame
from smtui.tui.widgets.pane import Pane
from smtui.view.graph import (
    NOTHING_CHOSEN,
    Box,
    Moment,
    Overlay,
    Run,
    Sketch,
    merged,
    row_runs,
    shine,
)
from smtui.view.text import Line, Span, cells, fit

__all__ = ["GraphWindow"]

_STYLES = {name: f"graph-{name}" for name in GRAPH}
"""Style of a cell of a drawing -> ink; those of marks are inks themselves."""

LEAST_SAID = 12
"""A narrower border has no room for words."""

MARGIN = 2
"""Rows that stay visible around the active state while following."""


class GraphWindow(Pane, inherit_bindings=False):
    """A drawing, seen through a window."""

    ALLOW_SELECT = False
    """Dragging moves the drawing."""

    def __init__(self, number: str, title: str, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__(number, title, id=id, is_ascii=is_ascii)
        self.chosen = NOTHING_CHOSEN
        self.is_following = True
        """The window goes where the active state is."""
        self.query_text = ""
        """Words of a search: states that have them stand out."""
        self.beneath: Overlay = {}
        """What is written over the drawing before anything is lit."""
        self._sketch: Sketch | None = None
        self._lines: Sequence[Line] = ()
        self._foot: Sequence[Line] = ()
        self._moment = Moment()
        self._overlay: Overlay = {}
        self._rows: dict[int, Line] = {}
        """Row of the drawing -> its line, as long as nothing in it changes."""
        self._strips: dict[int, tuple[Line, tuple[int, str, str, str], Strip]] = {}
        """Line of the pane -> its strip, and what it was made of."""
        self._shown_rows = 0
        """`page_rows` as it is for the window: asking for sizes is dear."""
        self._window = (0, 0, 0)
        """Column and row of the upper left corner, and the width."""
        self._hovered = ""

    # ------------------------------------------------------------ what it shows

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show the card in place of a drawing."""
        if self._sketch is not None:
            self._sketch = None
            self._window = (0, 0, 0)
            self._hovered = ""
        self._lines, self._foot = lines, ()
        self.sync()

    def show_sketch(
        self, sketch: Sketch, moment: Moment, foot: Sequence[Line] = ()
    ) -> None:
        """Show a drawing as it is at a moment, with lines below it."""
        is_new = sketch is not self._sketch or len(foot) != len(self._foot)
        is_moved = moment.configuration != self._moment.configuration
        if sketch is not self._sketch:
            self._rows.clear()
            self._overlay = {}
            self._hovered = ""
        self._sketch, self._moment, self._foot = sketch, moment, foot
        self.light()
        if is_new or (is_moved and self.is_following):
            self._reveal()
        self.sync()

    def light(self) -> None:
        """Light what is active, picked or found; forget the rows that change."""
        if self._sketch is None:
            return
        before = self._overlay
        found = self.found() if self.query_text else ()
        lit = shine(self._sketch, self._moment, self.chosen, found)
        after = merged(self.beneath, lit) if self.beneath else lit
        for row in before.keys() | after.keys():
            if before.get(row) != after.get(row):
                self._rows.pop(row, None)
        self._overlay = after

    def found(self) -> tuple[str, ...]:
        """Return the states of the drawing whose names have the searched words."""
        if self._sketch is None:
            return ()
        drawing = self._sketch.drawing
        words = self.query_text.casefold().split()
        return tuple(
            node.id
            for node in drawing.graph.nodes
            if node.id in drawing.boxes
            and all(word in node.name.casefold() for word in words)
        )

    @property
    def sketch(self) -> Sketch | None:
        """Return the drawing that is shown."""
        return self._sketch

    @property
    def moment(self) -> Moment:
        """Return the moment the drawing is lit by."""
        return self._moment

    @property
    def corner(self) -> tuple[int, int]:
        """Return the column and row of the drawing in the upper left corner."""
        return self._window[:2]

    @property
    def styles_shown(self) -> frozenset[str]:
        """Return the styles of what is lit, picked or counted."""
        rows = self._overlay.values()
        return frozenset(patch.style for row in rows for patch in row.values())

    @property
    def is_cut(self) -> bool:
        """Say whether the drawing is larger than the window."""
        if self._sketch is None:
            return False
        drawing = self._sketch.drawing
        return drawing.width > self.inner.width or drawing.height > self.page_rows

    # ------------------------------------------------------------- the window

    @property
    def page_rows(self) -> int:
        """Return how many rows are visible at once: the foot stays."""
        foot = min(len(self._foot), self.inner.height)
        return max(0, self.inner.height - foot)

    @property
    def top(self) -> int:
        """Return the row of the drawing that is on top."""
        return self._window[1]

    def go(self, top: int) -> None:
        """Let this row be on top; the window no longer follows."""
        self._move(self._window[0], top)
        self.is_following = False
        self.sync()

    def pan(self, columns: int, rows: int) -> None:
        """Move the window over the drawing."""
        self._move(self._window[0] + columns, self._window[1] + rows)
        self.is_following = False
        self.sync()

    def follow(self) -> None:
        """Centre on the active state, and keep it in sight from now on."""
        self.is_following = True
        self._reveal(is_centred=True)
        self.sync()

    def count(self) -> int:
        """Return the rows there are."""
        if self._sketch is not None:
            return self._sketch.drawing.height
        return len(self._lines)

    def sync(self) -> None:
        """Paint again what differs, within the drawing's borders."""
        self._move(self._window[0], self._window[1])
        super().sync()

    def _move(self, column: int, row: int) -> None:
        """Set the corner of the window; a narrow drawing stands in the middle."""
        width = self.inner.width
        wide = self._sketch.drawing.width if self._sketch is not None else width
        room = wide - width
        column = room // 2 if room <= 0 else min(max(0, column), room)
        self._shown_rows = self.page_rows
        lowest = max(0, self.count() - self._shown_rows)
        window = (column, min(max(0, row), lowest), width)
        if window[0] != self._window[0] or width != self._window[2]:
            self._rows.clear()
        self._window = window

    def _reveal(self, *, is_centred: bool = False) -> None:
        """Bring the active or picked states into sight, where they are not."""
        boxes = self._boxes()
        if not boxes:
            self._move(*self._window[:2])
            return
        left, up = min(box.x for box in boxes), min(box.y for box in boxes)
        right = max(box.x + box.width for box in boxes)
        down = max(box.y + box.height for box in boxes)
        width, height = self.inner.width, self.page_rows
        column, row = self._window[:2]
        is_seen = (
            column <= left
            and right <= column + width
            and row <= max(0, up - MARGIN)
            and min(down + MARGIN, self.count()) <= row + height
        )
        if is_centred or not is_seen:
            column = (left + right - width) // 2
            row = (up + down - height) // 2
            if down - up > height:
                row = up
        self._move(column, row)

    def _boxes(self) -> list[Box]:
        if self._sketch is None:
            return []
        boxes = self._sketch.drawing.boxes
        wanted = self._moment.configuration
        if self.chosen.state and not self.is_following:
            wanted = (self.chosen.state,)
        return [boxes[state] for state in wanted if state in boxes]

    # --------------------------------------------------------------- painting

    def line_at(self, index: int, width: int) -> tuple[Line, str]:
        """Return a row as it is seen through the window."""
        if self._sketch is None:
            return (self._lines[index] if index < len(self._lines) else ()), ""
        found = self._rows.get(index)
        if found is None:
            found = self._rows[index] = self._drawn(index, width)
        return found, ""

    def text_of_all(self) -> str:
        """Return the whole drawing and the lines below it as text."""
        if self._sketch is None:
            return super().text_of_all()
        drawing = self._sketch.drawing
        rows = [
            "".join(run.text for run in self._runs(y)).rstrip()
            for y in range(drawing.height)
        ]
        rows += ["".join(span.text for span in spans) for spans in self._foot]
        return "\n".join(rows)

    def render_line(self, y: int) -> Strip:
        """Return a line of the pane; the lowest says what the pointer is on."""
        said = self._said() if y > self._shown_rows else ""
        if not said:
            return super().render_line(y)
        width, height = self.size
        if y != height - 1 or width < LEAST_SAID:
            return super().render_line(y)
        frame, style = self._frame()
        shown = fit(said, min(cells(said), width - 6))
        rest = frame.bar * (width - 5 - cells(shown))
        spans = (
            Span(frame.bottom_left + frame.bar, style),
            Span(f" {shown} ", "info"),
            Span(rest + frame.bottom_right, style),
        )
        return Strip(self.ink.segments(spans, width), width)

    def _said(self) -> str:
        if self._hovered or self._sketch is None:
            return self._hovered
        column, _, width = self._window
        wide = self._sketch.drawing.width
        if wide > width > 0:
            return f"columns {column + 1}-{column + width} of {wide}"
        return ""

    def _row(self, y: int, width: int, frame: Frame, style: str) -> Strip:
        """Return a row between the borders; sizes and selections are not asked for."""
        content = self._content(y, width - 2)
        bar = THUMB if y in self._painted_thumb else frame.side
        key = (width, style, frame.side, bar)
        kept = self._strips.get(y)
        # a line that has not changed is the same object
        if kept is None or kept[0] is not content[0] or kept[1] != key:
            segments = self.ink.segments((Span(frame.side, style),), 1)
            segments += self.ink.segments(content[0], width - 2, content[1])
            segments += self.ink.segments((Span(bar, style),), 1)
            kept = self._strips[y] = (content[0], key, Strip(segments, width))
        self._painted[y] = content
        return kept[2]

    def notify_style_update(self) -> None:
        """Forget what was painted: a theme or a class has changed."""
        self._strips.clear()
        super().notify_style_update()

    def _content(self, y: int, width: int) -> tuple[Line, str]:
        row = y - 1 - self._shown_rows
        if self._foot and 0 <= row < len(self._foot):
            return self._foot[row], ""
        return super()._content(y, width)

    def _drawn(self, row: int, width: int) -> Line:
        column = self._window[0]
        runs = self._runs(row, (max(0, column), column + width))
        spans = [Span(text, _STYLES.get(style, style)) for text, style in runs]
        return (Span(" " * -column), *spans) if column < 0 else tuple(spans)

    def _runs(self, row: int, span: tuple[int, int] | None = None) -> Sequence[Run]:
        if self._sketch is None:
            return ()
        drawing, is_ascii = self._sketch.drawing, self.ink.is_ascii
        return row_runs(drawing, row, self._overlay, span, is_ascii=is_ascii)
