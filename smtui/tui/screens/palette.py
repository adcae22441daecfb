"""The palette: find any verb, any machine, any event of any machine.

Under each command stands the command line that does the same. Before anything
is typed at most 20 commands are shown, those that make sense now.
"""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smtui.tui.widgets.bars import Lines
from smtui.view.palette import Found, discover, search
from smtui.view.text import Line, Span, cells, clean

__all__ = ["Palette"]


MOST_LINES = 20


class Palette(ModalScreen[tuple[str, ...]], inherit_bindings=False):
    """Dismissed with the act of the chosen command, () when left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close", show=False),
        Binding("down,tab", "move(1)", "Next command", show=False),
        Binding("up,shift+tab", "move(-1)", "Previous command", show=False),
        Binding("pagedown", "move(8)", "Page down", show=False),
        Binding("pageup", "move(-8)", "Page up", show=False),
        Binding("enter", "take", "Run it", show=False),
    ]

    def __init__(
        self, entries: Sequence[Found], *, title: str, is_ascii: bool, is_menu: bool
    ) -> None:
        super().__init__()
        self._entries = entries
        self._title = title
        self._is_ascii = is_ascii
        self._is_menu = is_menu
        """A menu lists its entries and has no line to type in."""
        self._found: list[Found] = []
        self._cursor = 0
        self._owners: list[int] = []
        """Which command each line belongs to."""

    def compose(self) -> ComposeResult:
        """Yield the line and the list."""
        with Vertical(id="palette"):
            if not self._is_menu:
                with Horizontal(id="palette-line"):
                    yield Static("> ", id="palette-prompt", markup=False)
                    yield Input(id="palette-input", compact=True)
            yield Lines(id="palette-rows", is_ascii=self._is_ascii)

    def on_mount(self) -> None:
        """Show what makes sense now."""
        self.query_one("#palette", Vertical).border_title = self._title
        if self._is_menu:
            self._found = list(self._entries)
            rows = self.query_one(Lines)
            lines = sum(1 + bool(found.twin) for found in self._found)
            rows.styles.height = min(MOST_LINES, lines)
            self.set_focus(None)
        else:
            self.query_one(Input).focus()
            self._found = discover(self._entries)
        self.call_after_refresh(self._draw)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        query = event.value.strip()
        if query:
            self._found = search(self._entries, query)
        else:
            self._found = discover(self._entries)
        self._cursor = 0
        self._draw()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_take()

    @on(Lines.Picked)
    def _picked(self, event: Lines.Picked) -> None:
        event.stop()
        if event.index < len(self._owners):
            self._cursor = self._owners[event.index]
            self.action_take()

    def action_take(self) -> None:
        """Run the command under the cursor."""
        if self._cursor < len(self._found):
            self.dismiss(self._found[self._cursor].act)

    def action_leave(self) -> None:
        """Run nothing."""
        self.dismiss(())

    def action_move(self, step: int) -> None:
        """Go through the commands."""
        last = max(0, len(self._found) - 1)
        self._cursor = min(max(0, self._cursor + step), last)
        self._draw()

    def _draw(self) -> None:
        rows = self.query_one(Lines)
        width = rows.size.width
        lines: list[Line] = []
        self._owners = []
        at = last = 0
        for index, found in enumerate(self._found):
            block = _block(found, width, is_chosen=index == self._cursor)
            if index == self._cursor:
                at, last = len(lines), len(lines) + len(block) - 1
            lines += block
            self._owners += [index] * len(block)
        if not lines:
            lines = [(Span("   nothing has all these words", "quiet"),)]
        rows.show(lines, at if self._found else None)
        rows.reveal(last)


def _block(found: Found, width: int, *, is_chosen: bool) -> list[Line]:
    """Return the command, and below it the command line that does the same."""
    mark = "▶" if is_chosen else " "
    title, note = clean(found.title), clean(found.note)
    gap = max(1, width - 4 - cells(title) - cells(note) - cells(found.key) - 2)
    style = "" if found.is_valid_now else "quiet"
    first: Line = (
        Span(f" {mark} ", "key"),
        Span(title, style or "name"),
        Span(" " * gap),
        Span(note, "quiet"),
        Span(f" {found.key} ", "key"),
    )
    if not found.twin:
        return [first]
    return [first, (Span(f"     $ {clean(found.twin)}", "quiet"),)]
