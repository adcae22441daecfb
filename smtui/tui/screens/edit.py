"""The box in which the data of a job or an event are changed, to run it again.

One line of JSON, checked as it is typed; below it the value spread out, or the
place of the first mistake. Enter saves and runs it again in one go.
"""

from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smtui.definition import Json
from smtui.tui import editor
from smtui.tui.host import app_of
from smtui.tui.widgets.bars import Bar, Lines
from smtui.view.edit import edit_command, edit_lines, edited, one_line_json
from smtui.view.payload import Payload
from smtui.view.text import Line, Span, clean, to_ascii

__all__ = ["EditBox", "Editable"]

_KEYS = (("↵", "save and run again"), ("ctrl+o", "$EDITOR"), ("esc", "leave as it is"))


class Editable(NamedTuple):
    """What is edited."""

    thing: str
    """job | event"""
    id: str
    title: str
    value: Json


class EditBox(ModalScreen[Payload], inherit_bindings=False):
    """Dismissed with the new value; with a problem when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False),
        Binding("ctrl+o", "edit", "In $EDITOR", show=False),
    ]

    def __init__(self, given: Editable, *, is_ascii: bool) -> None:
        super().__init__()
        self._given = given
        self._is_ascii = is_ascii

    def compose(self) -> ComposeResult:
        """Yield the box."""
        is_ascii = self._is_ascii
        with Vertical(id="inject"):
            with Horizontal(id="inject-line"):
                yield Static("> ", id="inject-prompt", markup=False)
                text = one_line_json(self._given.value)
                yield Input(text, id="inject-input", compact=True)
            yield Lines(id="inject-rows", is_ascii=is_ascii)
            yield Bar(id="inject-help", is_ascii=is_ascii)
            yield Bar(id="inject-twin", is_ascii=is_ascii)

    def on_mount(self) -> None:
        """Begin at the end of the line."""
        # Text, never a str: a str would be read as markup
        title = clean(self._given.title)
        shown = Text(to_ascii(title) if self._is_ascii else title)
        self.query_one("#inject", Vertical).border_title = shown
        line = self.query_one(Input)
        line.cursor_position = len(line.value)
        line.focus()
        spans = [
            span
            for key, word in _KEYS
            for span in (Span(f" {key}", "key"), Span(f" {word} "))
        ]
        self.query_one("#inject-help", Bar).show(tuple(spans))
        self.call_after_refresh(self._draw)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._draw()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        found = edited(event.value, thing=self._given.thing)
        if not found.problem:
            self.dismiss(found)

    def action_close(self) -> None:
        """Leave it as it is."""
        self.dismiss(Payload(None, "left"))

    def action_edit(self) -> None:
        """Edit it spread out, in $EDITOR."""
        line = self.query_one(Input)
        found = edited(line.value, thing=self._given.thing)
        text = line.value
        if not found.problem:
            text = "\n".join(row[0].text[2:] for row in edit_lines(text, found))
        try:
            with app_of(self).suspend():
                text, problem = editor.edit_text(text + "\n", ".json")
        except SuspendNotSupported:
            problem = "this terminal cannot be given to an editor"
        if problem:
            self._tell((Span(f" ✖ {clean(problem)}", "failed"),))
            return
        line.value = " ".join(text.split("\n")).strip()
        line.cursor_position = len(line.value)

    def _draw(self) -> None:
        text = self.query_one(Input).value
        found = edited(text, thing=self._given.thing)
        self.query_one("#inject-rows", Lines).show(edit_lines(text, found))
        if found.problem:
            self._tell((Span(" not saved before it is JSON", "quiet"),))
        else:
            command = edit_command(self._given.thing, self._given.id, found)
            self._tell((Span(" $ ", "key"), Span(clean(command))))

    def _tell(self, line: Line) -> None:
        self.query_one("#inject-twin", Bar).show(line)
