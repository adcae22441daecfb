"""The line in which a filter is typed; it stands in for the footer meanwhile."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

__all__ = ["FilterLine"]


class FilterLine(Input):
    """A one-line input; enter keeps the filter, escape clears it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear_filter", "Clear", show=False)
    ]

    class Cleared(Message):
        """The filter is given up."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, compact=True, placeholder="filter: words, any order")

    def action_clear_filter(self) -> None:
        """Show all rows again."""
        self.post_message(self.Cleared())
