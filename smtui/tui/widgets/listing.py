"""A pane of values whose cursor sticks to the thing, not to the line.

Every value has a key. Once the operator has placed the cursor it stays on its
key when the order changes, and near it when the value is gone; before that it
is on the first row, which is the one that needs attention most. Values are
taken as they are, never copied: there may be 100,000.
"""

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from smtui.tui.widgets.cursor import CursorPane
from smtui.view.text import Line, Span, plain

__all__ = ["Listing"]

T = TypeVar("T")


class Listing(CursorPane, Generic[T], inherit_bindings=False):
    """A pane of values; a subclass says how one looks and what its key is."""

    items: Sequence[T] = ()
    nothing = "nothing here"
    """What stands there when there is no value."""

    # --------------------------------------------------- what a subclass says

    def line_of(self, value: T, width: int) -> Line:
        """Return the line of a value."""
        del value, width
        return ()

    def key_of(self, value: T) -> Hashable:
        """Return what the value is found again by."""
        return id(value)

    def copy_of(self, value: T, width: int) -> str:
        """Return the text of a value, for the clipboard."""
        return plain(self.line_of(value, width)).strip()

    def is_marked(self, value: T) -> bool:
        """Say whether the value is marked."""
        del value
        return False

    def index_of(self, key: Hashable) -> int | None:
        """Return where a key is now; a long listing knows a faster way."""
        for index, value in enumerate(self.items):
            if self.key_of(value) == key:
                return index
        return None

    # ----------------------------------------------------------------- values

    def show(self, items: Sequence[T]) -> None:
        """Show these values; the cursor stays on its thing."""
        key = self.current_key
        before = len(self.items)
        self.items = items
        if self.is_following:
            self.cursor = max(0, len(items) - 1)
        else:
            self.missed += max(0, len(items) - before) if before else 0
            self.cursor = self._place(key)
        self.sync()
        if self.is_following and items:
            self.scroll_to_end()
        if self.current_key != key:
            self.post_message(self.Moved(self))

    @property
    def current(self) -> T | None:
        """Return the value under the cursor."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    @property
    def current_key(self) -> Hashable:
        """Return the key under the cursor, None when there is no value."""
        value = self.current
        return None if value is None else self.key_of(value)

    def text_at_cursor(self) -> str:
        """Return the row under the cursor, without the cursor."""
        value = self.current
        return "" if value is None else self.copy_of(value, self.inner.width)

    def move_to_key(self, key: Hashable) -> bool:
        """Put the cursor on a thing; return whether it is there."""
        index = self.index_of(key)
        if index is not None:
            self.move_to(index)
        return index is not None

    def count(self) -> int:
        """Return the number of values."""
        return len(self.items)

    def empty_line(self) -> Line:
        """Return what stands there instead of rows."""
        text = "nothing has these words" if self.query_text else self.nothing
        return (Span(f" {text}", "quiet"),)

    def line_at(self, index: int, width: int) -> tuple[Line, str]:
        """Return a value's line and style."""
        if index >= len(self.items):
            return (), ""
        value = self.items[index]
        style = "marked" if self.is_marked(value) else ""
        if index == self.cursor and (self.has_focus or not self.is_following):
            style = "cursor" if self.has_focus else "cursor-blur"
        return self.line_of(value, width), style

    def _place(self, key: Hashable) -> int:
        if not self.is_placed:
            return 0
        last = max(0, len(self.items) - 1)
        here = self.current
        if key is None or (here is not None and self.key_of(here) == key):
            return min(self.cursor, last)
        found = self.index_of(key)
        return min(self.cursor, last) if found is None else found
