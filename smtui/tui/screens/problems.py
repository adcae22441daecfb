"""The problems page: what is wrong with the definitions, with the lines at fault."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from smtui.store.rows import InboxRow
from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.context import Context
from smtui.tui.screens.acting import ActingScreen
from smtui.tui.widgets.cursor import CursorPane
from smtui.tui.widgets.listing import Listing
from smtui.tui.widgets.sheet import Sheet
from smtui.view.pages import mail_card
from smtui.view.problems import problem_head, problem_lines
from smtui.view.selection import NOTHING_SELECTED, Selection
from smtui.view.text import Line, Span, plain, wrap
from smtui.wire.messages import ProblemView

__all__ = ["ProblemsScreen"]


class ProblemList(Listing[ProblemView | InboxRow], inherit_bindings=False):
    """One line a problem."""

    nothing = "no problems: every definition can be read, no event is parked"

    def key_of(self, value: ProblemView | InboxRow) -> str:
        """Return where the problem is and what it says."""
        return plain(problem_head(value))

    def line_of(self, value: ProblemView | InboxRow, width: int) -> Line:
        """Return the problem's place and message."""
        del width
        return problem_head(value)


class ProblemsScreen(ActingScreen, inherit_bindings=False):
    """Problems of files, and events that were parked."""

    SCREEN_NAME = ScreenName.PROBLEMS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.PROBLEMS)]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._sources: dict[str, Sequence[str]] = {}

    def compose_body(self) -> ComposeResult:
        """Yield the list over the lines at fault."""
        is_ascii = self.context.is_ascii
        with Vertical(id="page"):
            yield ProblemList("!", "Problems", id="rows", is_ascii=is_ascii)
            yield Sheet("", "Where", id="details", is_ascii=is_ascii)

    def on_mount(self) -> None:
        """Begin in the list."""
        super().on_mount()
        self.query_one(ProblemList).focus()

    def show(self) -> None:
        """Show the problems that pass the filter."""
        desk, pane = self.context.desk, self.query_one(ProblemList)
        everything: list[ProblemView | InboxRow] = [*desk.fleet.problems, *desk.parked]
        words = pane.query_text.casefold().split()
        rows = [
            problem
            for problem in everything
            if all(word in str(problem).casefold() for word in words)
        ]
        count = f"{len(rows)}/{len(everything)}" if words else str(len(everything))
        pane.set_titles(f"Problems {count}", f"/{pane.query_text}" if words else "")
        pane.show(rows)
        self._draw_details()

    def selection(self) -> Selection:
        """Return the file and line of the problem under the cursor."""
        problem = self.query_one(ProblemList).current
        match problem:
            case ProblemView():
                return Selection("problem", file=problem.file, line=problem.line)
            case InboxRow():
                return Selection(
                    "event",
                    problem.machine,
                    event_id=problem.id,
                    event_status=problem.status,
                )
            case None:
                return NOTHING_SELECTED

    @on(CursorPane.Moved)
    def _problem_moved(self) -> None:
        self._draw_details()

    def _draw_details(self) -> None:
        problem = self.query_one(ProblemList).current
        lines: list[Line] = [(Span(" nothing is wrong", "done"),)]
        match problem:
            case ProblemView(file=file):
                if file and file not in self._sources:
                    self._read(file)
                lines = problem_lines(problem, self._sources.get(file, ()))
            case InboxRow():
                lines = mail_card(
                    problem, self.context.zone, reveal=self.context.reveal
                )
            case None:
                pass
        sheet = self.query_one("#details", Sheet)
        width = max(20, sheet.inner.width)
        sheet.show([part for one in lines for part in wrap(one, width, indent="   ")])

    @work(group="source", exit_on_error=False)
    async def _read(self, file: str) -> None:
        self._sources[file] = ()
        self._sources[file] = await asyncio.to_thread(_lines_of, file)
        self._draw_details()


def _lines_of(file: str) -> Sequence[str]:
    try:
        text = Path(file).read_text("utf-8", "replace")
    except OSError:
        return ()
    return text.splitlines()
