"""A pane of rows whose cursor sticks to the thing, not to the line.

Rows are values with a key. Once the operator has placed the cursor it stays on
its key when the order changes, and near it when the row is gone; before that it
is on the first row, which is the one that needs attention most.
"""

from collections.abc import Hashable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from smtui.tui.widgets.cursor import CursorPane
from smtui.view.text import Line

__all__ = ["Listing", "Row"]

T = TypeVar("T")


class Row(NamedTuple, Generic[T]):
    """A value and the key by which the cursor finds it again."""

    key: Hashable
    value: T


class Listing(CursorPane, Generic[T], inherit_bindings=False):
    """A pane of rows; a subclass says how a row looks."""

    rows: Sequence[Row[T]] = ()

    def line_of(self, value: T, width: int) -> Line:
        """Return a row's line."""
        del value, width
        return ()

    def is_marked(self, value: T) -> bool:
        """Say whether the row is marked."""
        del value
        return False

    def show(self, rows: Sequence[Row[T]]) -> None:
        """Show these rows; the cursor stays on its thing."""
        key = self.current_key
        before = len(self.rows)
        self.rows = rows
        if self.is_following:
            self.cursor = max(0, len(rows) - 1)
        else:
            self.missed += max(0, len(rows) - before) if before else 0
            self.cursor = self._find(key)
        self.sync()
        if self.is_following and rows:
            self.scroll_to_end()
        if self.current_key != key:
            self.post_message(self.Moved(self))

    @property
    def current(self) -> T | None:
        """Return the value under the cursor."""
        return self.rows[self.cursor].value if self.cursor < len(self.rows) else None

    @property
    def current_key(self) -> Hashable:
        """Return the key under the cursor, None when there is no row."""
        return self.rows[self.cursor].key if self.cursor < len(self.rows) else None

    def move_to_key(self, key: Hashable) -> bool:
        """Put the cursor on a thing; return whether it is there."""
        for index, row in enumerate(self.rows):
            if row.key == key:
                self.move_to(index)
                return True
        return False

    def values(self) -> Iterator[T]:
        """Yield the values in order."""
        return (row.value for row in self.rows)

    def count(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def line_at(self, index: int, width: int) -> tuple[Line, str]:
        """Return a row's line and style."""
        if index >= len(self.rows):
            return (), ""
        value = self.rows[index].value
        style = "marked" if self.is_marked(value) else ""
        if index == self.cursor and (self.has_focus or not self.is_following):
            style = "cursor" if self.has_focus else "cursor-blur"
        return self.line_of(value, width), style

    def _find(self, key: Hashable) -> int:
        last = max(0, len(self.rows) - 1)
        if not self.is_placed:
            return 0
        if key is None:
            return min(self.cursor, last)
        if self.cursor < len(self.rows) and self.rows[self.cursor].key == key:
            return self.cursor
        for index, row in enumerate(self.rows):
            if row.key == key:
                return index
        return min(self.cursor, last)
