"""The injection box: type an event, see what it would do, send it.

    > url u=https://ex.org/b depth=2
      cancel               taken    fetching ─▶ idle
    ▶ url  u depth         ignored  no "url" in fetching (taken in queued)

`i` `enter` is the whole injection where there is no payload. The box closes
when the line can be sent, so that the next key is a verb again; what becomes of
the event stands in the footer. A line that cannot be sent stays, and is told.
"""

import json
from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from smtui.tui import editor
from smtui.tui.context import Context
from smtui.tui.host import app_of
from smtui.tui.injecting import Injection
from smtui.tui.sending import Sending
from smtui.tui.widgets.bars import Bar, Lines
from smtui.tui.widgets.check import Check
from smtui.view.inject import Candidate, Draft, parse_draft
from smtui.view.payload import send_command
from smtui.view.tables import candidate_line
from smtui.view.text import Line, Span, clean, to_ascii
from smtui.view.times import age

__all__ = ["InjectBox"]

LEAST_ROWS, MOST_ROWS = 3, 8


class InjectBox(ModalScreen[Sending | None], inherit_bindings=False):
    """The box; dismissed with what is to be sent, None when it was left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False),
        Binding("tab", "complete", "Complete the event, or next field", show=False),
        Binding("shift+tab", "next_field", "Next field", show=False),
        Binding("up", "past(-1)", "Earlier line, or row above", show=False),
        Binding("down", "past(1)", "Later line, or row below", show=False),
        Binding("ctrl+o", "edit", "Payload in $EDITOR", show=False),
    ]

    def __init__(
        self, context: Context, machines: Sequence[str], text: str = ""
    ) -> None:
        super().__init__()
        self.context = context
        self.injection = Injection(context, machines)
        self._first_text = text
        self._rows: tuple[Candidate, ...] = ()
        self._cursor = 0
        self._place_in_past = 0
        """0 is the line being typed, 1 the newest past one."""
        self._answer: Line | None = None
        self._seen_version = -1
        self._is_loaded = False
        self._is_entered = False
        """Enter came before the machines were read: sent as soon as they are."""

    # ------------------------------------------------------------ the widgets

    def compose(self) -> ComposeResult:
        """Yield the box."""
        is_ascii = self.context.is_ascii
        with Vertical(id="inject"):
            with Horizontal(id="inject-line"):
                yield Static("> ", id="inject-prompt", markup=False)
                yield Input(self._first_text, id="inject-input", compact=True)
            yield Lines(id="inject-rows", is_ascii=is_ascii)
            with Horizontal(id="inject-keys"):
                yield Bar(id="inject-help", is_ascii=is_ascii)
                yield Check(
                    "only if in its state", id="inject-check", is_ascii=is_ascii
                )
            yield Bar(id="inject-twin", is_ascii=is_ascii)

    def on_mount(self) -> None:
        """Read the machines, then show what is possible."""
        line = self.query_one(Input)
        line.cursor_position = len(line.value)
        line.focus()
        keys = (("↵", "send"), ("tab", "complete"), ("↑", "past"), ("@", "other"))
        spans = [
            span
            for key, word in keys
            for span in (Span(f" {key}", "key"), Span(f" {word} "))
        ]
        self.query_one("#inject-help", Bar).show(tuple(spans))
        self._load()

    def flush(self) -> None:
        """Look at the machines again when something happened in the store."""
        version = self.context.desk.records_version
        if version != self._seen_version:
            self._seen_version = version
            self._load()
        else:
            self._draw()

    @work(exclusive=True, group="inject-load", exit_on_error=False)
    async def _load(self) -> None:
        draft = self._draft()
        names = [
            n for n in self.injection.targets_of(draft) if self.injection.is_known(n)
        ]
        await self.injection.load(names)
        self._is_loaded = True
        self._draw()
        if self._is_entered:
            self._is_entered = False
            self._enter()

    # ------------------------------------------------------------- the typing

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._answer = None
        self._cursor = 0
        draft = self._draft()
        if draft.target and not self.injection.is_loaded(draft.target):
            self._load()
        self._draw()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self._is_loaded:
            self._enter()
        else:
            self._is_entered = True

    def _enter(self) -> None:
        draft = self._draft()
        chosen = self._chosen()
        problem = self._target_problem(draft)  # told before the line is completed
        if not problem and not draft.is_named and chosen is not None:
            target = f"@{draft.target} " if draft.target else ""
            with self.prevent(Input.Changed):
                self.query_one(Input).value = f"{target}{chosen.event}"
            draft = self._draft()
        problem = problem or self._problem(draft)
        if problem:
            self._show_answer((Span(f" ✖ {problem}", "failed"),))
            return
        self._send(draft)

    @on(Lines.Picked)
    def _picked(self, event: Lines.Picked) -> None:
        event.stop()
        self._cursor = event.index
        self._fill_in()

    def action_close(self) -> None:
        """Leave, and send nothing."""
        self.dismiss(None)

    def action_complete(self) -> None:
        """Complete the event's name; when it is complete, go on."""
        line = self.query_one(Input)
        chosen = self._chosen()
        draft = self._draft()
        if line.has_focus and not draft.is_named and chosen is not None:
            self._fill_in()
        else:
            self.focus_next()

    def action_next_field(self) -> None:
        """Go between the line and the check box."""
        self.focus_previous()

    def action_past(self, step: int) -> None:
        """Go through the rows while an event is typed, upwards into the past."""
        past = list(self.context.desk.past)
        if step < 0 and self._cursor > 0 and self._place_in_past == 0:
            self._cursor -= 1
            self._draw()
        elif step > 0 and self._place_in_past == 0:
            self._cursor = min(self._cursor + 1, max(0, len(self._rows) - 1))
            self._draw()
        else:
            place = min(max(0, self._place_in_past - step), len(past))
            self._place_in_past = place
            line = self.query_one(Input)
            line.value = past[-place] if place else ""
            line.cursor_position = len(line.value)

    def action_edit(self) -> None:
        """Edit the payload as JSON in $EDITOR."""
        draft = self._draft()
        text = json.dumps(draft.payload.value, indent=2, ensure_ascii=False)
        try:
            with app_of(self).suspend():
                edited, problem = editor.edit_text(text + "\n", ".json")
        except SuspendNotSupported:
            edited, problem = text, "this terminal cannot be given to an editor"
        if problem:
            self._show_answer((Span(f" ✖ {clean(problem)}", "failed"),))
            return
        target = f"@{draft.target} " if draft.target else ""
        line = self.query_one(Input)
        line.value = f"{target}{draft.event} {' '.join(edited.split())}"
        line.cursor_position = len(line.value)

    # ------------------------------------------------------------ the sending

    def _send(self, draft: Draft) -> None:
        self.context.desk.remember(self.query_one(Input).value)
        is_only_if = self._is_only_if()
        targets = [
            (name, (self.injection.state_of(name) or None) if is_only_if else None)
            for name in self.injection.targets_of(draft)
        ]
        self.dismiss(Sending(draft.event, draft.payload.value, tuple(targets)))

    def _problem(self, draft: Draft) -> str:
        if not draft.event:
            return "no event: type its name"
        if draft.payload.problem:
            return clean(draft.payload.problem)
        return ""

    def _target_problem(self, draft: Draft) -> str:
        for name in self.injection.targets_of(draft):
            if not self.injection.is_known(name):
                return f"no machine {clean(name)!r}"
            if self.injection.wants_instance(name):
                return _which(name)
        return ""

    # ------------------------------------------------------------ the drawing

    def _draw(self) -> None:
        if not (self.is_mounted and self.is_running and self.query(Input)):
            return
        draft = self._draft()
        names = self.injection.targets_of(draft)
        self._rows = self.injection.rows(draft)
        self._place_cursor(draft)
        widget = self.query_one("#inject-rows", Lines)
        if not draft.event:
            widget.styles.height = min(MOST_ROWS, max(LEAST_ROWS, len(self._rows)))
        lines = [
            candidate_line(row, widget.size.width, is_chosen=index == self._cursor)
            for index, row in enumerate(self._rows)
        ]
        if not lines:
            text = "   no event of that name is known; enter sends it all the same"
            lines = [(Span(text, "quiet"),)]
        widget.show(lines, self._cursor if self._rows else None)
        self._draw_frame(names)
        self.query_one("#inject-twin", Bar).show(self._answer or self._twin(draft))

    def _place_cursor(self, draft: Draft) -> None:
        events = [row.event for row in self._rows]
        if draft.is_named and draft.event in events:
            self._cursor = events.index(draft.event)
        self._cursor = min(self._cursor, max(0, len(events) - 1))

    def _draw_frame(self, names: Sequence[str]) -> None:
        box = self.query_one("#inject", Vertical)
        check = self.query_one(Check)
        if len(names) == 1:
            state = self.injection.state_of(names[0])
            spent = self.injection.for_s(names[0])
            place = f" · {state} {age(spent)}" if state and spent is not None else ""
            title = f"Inject into {names[0]}{place}"
            check.set_label(f"only if in {state}" if state else "only if in its state")
        else:
            title = f"Inject into {len(names)} machines"
            check.set_label("only if in their states")
        # Text, never a str: a str would be read as markup
        shown = clean(title)
        box.border_title = Text(to_ascii(shown) if self.context.is_ascii else shown)

    def _twin(self, draft: Draft) -> Line:
        if draft.payload.problem:
            return (Span(f" ✖ {clean(draft.payload.problem)}", "failed"),)
        chosen = self._chosen()
        event = draft.event
        if not draft.is_named and chosen is not None:
            event = chosen.event
        names = self.injection.targets_of(draft)
        if self.injection.wants_instance(names[0]):
            text = f"{_which(names[0])}: any id, known or new"
            return (Span(f" {text}", "quiet"),)
        state = self.injection.state_of(names[0]) if self._is_only_if() else ""
        command = send_command(
            names[0], event or "EVENT", draft.payload.value, if_state=state
        )
        more = f"   and {len(names) - 1} more" if len(names) > 1 else ""
        return (Span(" $ ", "key"), Span(clean(command)), Span(more, "quiet"))

    def _show_answer(self, line: Line) -> None:
        self._answer = line
        self.query_one("#inject-twin", Bar).show(line)

    def _fill_in(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        draft = self._draft()
        target = f"@{draft.target} " if draft.target else ""
        line = self.query_one(Input)
        line.value = f"{target}{chosen.event} {draft.rest}"
        line.cursor_position = len(line.value)

    def _draft(self) -> Draft:
        return parse_draft(self.query_one(Input).value)

    def _chosen(self) -> Candidate | None:
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    def _is_only_if(self) -> bool:
        return self.query_one(Check).is_on


def _which(name: str) -> str:
    """Ask for the instance, with the line to type."""
    return f"for which instance? @{clean(name.strip('/'))}/ID EVENT"
