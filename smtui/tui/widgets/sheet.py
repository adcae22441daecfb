"""A pane of finished lines: the card, a page of facts, the keys."""

from collections.abc import Sequence

from smtui.tui.widgets.pane import Pane
from smtui.view.text import Line

__all__ = ["Sheet"]


class Sheet(Pane, inherit_bindings=False):
    """Lines that are shown as they are."""

    def __init__(self, number: str, title: str, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__(number, title, id=id, is_ascii=is_ascii)
        self.lines: Sequence[Line] = ()

    def show(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.lines = lines
        self.sync()

    def count(self) -> int:
        """Return the number of lines."""
        return len(self.lines)

    def line_at(self, index: int, width: int) -> tuple[Line, str]:
        """Return a line."""
        del width
        return (self.lines[index] if index < len(self.lines) else ()), ""
