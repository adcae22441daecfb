"""A check box in one line: space turns it on and off."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType

from smtui.tui.widgets.bars import Bar
from smtui.view.text import Span, clean

__all__ = ["Check"]


class Check(Bar, can_focus=True, inherit_bindings=False):
    """`[x] label`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "turn", "Turn on or off", show=False)
    ]

    def __init__(self, label: str, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, is_ascii=is_ascii)
        self.label = label
        self.is_on = False

    def on_mount(self) -> None:
        """Draw the box."""
        self._draw()

    def set_label(self, label: str) -> None:
        """Change the words."""
        self.label = label
        self._draw()

    def action_turn(self) -> None:
        """Turn it on or off."""
        self.is_on = not self.is_on
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Turn it on or off with the mouse."""
        event.stop()
        self.action_turn()

    def on_focus(self) -> None:
        """Show where the cursor is."""
        self._draw()

    def on_blur(self) -> None:
        """Show that the cursor has left."""
        self._draw()

    def _draw(self) -> None:
        mark = "x" if self.is_on else " "
        style = "cursor" if self.has_focus else ""
        self.show((Span(f"[{mark}] {clean(self.label)}", style),))
