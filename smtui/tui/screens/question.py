"""A one-line question: letters, arrows, enter; the key that asked says yes."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from smtui.tui.host import app_of
from smtui.tui.widgets.sheet import Sheet
from smtui.view.text import Line, Span, cells, clean, wrap

__all__ = ["Choice", "Question"]


LEAST_CELLS = 32


class Choice(NamedTuple):
    """An answer: what it gives back, its key, its word."""

    value: str
    key: str
    word: str
    help: str = ""


class Question(ModalScreen[str], inherit_bindings=False):
    """Ask; dismissed with the value of a choice, '' when the answer is no."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up,shift+tab", "move(-1)", "Previous answer", show=False),
        Binding("right,down,tab", "move(1)", "Next answer", show=False),
        Binding("enter", "take", "Take the answer", show=False),
        Binding("escape,n", "no", "No", show=False),
    ]

    def __init__(
        self,
        text: str,
        choices: Sequence[Choice],
        *,
        is_ascii: bool,
        same_key: str = "",
        details: str = "",
    ) -> None:
        super().__init__()
        self.text = text
        self.details = details
        """Why it is asked, under the question."""
        self.choices = list(choices)
        self.same_key = same_key
        """The key that asked: it takes the first answer."""
        self.chosen = 0
        self._is_ascii = is_ascii

    def compose(self) -> ComposeResult:
        """Yield the box."""
        sheet = Sheet("", "", id="question", is_ascii=self._is_ascii)
        sheet.can_focus = False
        sheet.is_box = True
        yield sheet

    def on_mount(self) -> None:
        """Draw the answers."""
        self._draw()

    def on_resize(self) -> None:
        """Wrap the question anew."""
        self._draw()

    def on_key(self, event: events.Key) -> None:
        """Take the answer whose letter was pressed."""
        key = event.character or event.key
        if self.same_key and self.same_key in (key, event.key):
            event.stop()
            self.dismiss(self.choices[0].value)
            return
        for choice in self.choices:
            if key == choice.key:
                event.stop()
                self.dismiss(choice.value)
                return

    def action_move(self, step: int) -> None:
        """Go to the next answer."""
        self.chosen = (self.chosen + step) % len(self.choices)
        self._draw()

    def action_take(self) -> None:
        """Take the answer the cursor is on."""
        self.dismiss(self.choices[self.chosen].value)

    def action_no(self) -> None:
        """Leave everything as it is."""
        self.dismiss("")

    def _draw(self) -> None:
        answers: list[Span] = [Span(" ")]
        for index, choice in enumerate(self.choices):
            style = "cursor" if index == self.chosen else ""
            answers += [Span(f" {choice.key} ", "key"), Span(f"{choice.word} ", style)]
            answers.append(Span("  "))
        helps = [choice.help for choice in self.choices]
        details = [self.details, *helps]
        longest = max(cells(text) for text in (self.text, *details)) + 2
        buttons = sum(cells(span.text) for span in answers)
        width = min(app_of(self).size.width - 2, max(longest, buttons, LEAST_CELLS))
        lines: list[Line] = [(Span(f" {clean(self.text)}", "title"),)]
        if self.details:
            lines += wrap((Span(f" {clean(self.details)}"),), width - 1, indent=" ")
        lines += [(), tuple(answers)]
        if any(helps):
            lines.append((Span(f"  {helps[self.chosen]}", "quiet"),))
        sheet = self.query_one("#question", Sheet)
        sheet.styles.width = width + 2
        sheet.styles.height = len(lines) + 2
        sheet.show(lines)
