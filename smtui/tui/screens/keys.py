"""The key sheet: every command bound on the screen that asked, by section."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from smtui.tui.command import Group, ScreenName
from smtui.tui.commands import COMMANDS
from smtui.tui.widgets.sheet import Sheet
from smtui.view.text import Line, Span, fit
from smtui.view.words import MARKS

__all__ = ["KeySheet", "key_lines"]

_TITLES = {
    Group.ACT: "Verbs: they act on what the cursor is on, or on what is marked",
    Group.LOOK: "Views",
    Group.MOVE: "Moving and finding",
    Group.SCREEN: "Screen",
}

KEY_CELLS = 10


class KeySheet(ModalScreen[None], inherit_bindings=False):
    """Press any of these keys to close it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q,enter", "close", "Close", show=False),
        Binding("down,j", "scroll(1)", "Down", show=False),
        Binding("up,k", "scroll(-1)", "Up", show=False),
        Binding("pagedown,space", "scroll(10)", "Page down", show=False),
        Binding("pageup", "scroll(-10)", "Page up", show=False),
    ]

    def __init__(self, screen_name: ScreenName, *, is_ascii: bool) -> None:
        super().__init__()
        self._screen_name = screen_name
        self._is_ascii = is_ascii

    def compose(self) -> ComposeResult:
        """Yield the sheet."""
        yield Sheet("?", "Keys", id="keys", is_ascii=self._is_ascii)

    def on_mount(self) -> None:
        """Fill in the keys."""
        sheet = self.query_one(Sheet)
        sheet.focus()
        sheet.set_titles("Keys", "esc closes")
        sheet.show(key_lines(self._screen_name))

    def action_close(self) -> None:
        """Go back to the screen below."""
        self.dismiss(None)

    def action_scroll(self, rows: int) -> None:
        """Scroll the sheet."""
        sheet = self.query_one(Sheet)
        sheet.go(sheet.top + rows)


def key_lines(screen: ScreenName) -> list[Line]:
    """Return the sheet of a screen, and what the marks mean."""
    lines: list[Line] = []
    for group, title in _TITLES.items():
        lines.append((Span(f" {title}", "title"),))
        for command in COMMANDS:
            if command.group is group and screen in command.screens:
                key = fit(command.shown, KEY_CELLS)
                lines.append(
                    (
                        Span(f"   {key} ", "key"),
                        Span(f"{fit(command.title, 12)} ", "name"),
                        Span(command.help, "quiet"),
                    )
                )
        lines.append(())
    lines.append((Span(" Marks, in order of attention", "title"),))
    lines += [
        (
            Span(f"   {mark.glyph} {fit(mark.word, KEY_CELLS - 1)} ", mark.style),
            Span(mark.help, "quiet"),
        )
        for mark in MARKS.values()
    ]
    return lines
