"""Pages about one machine: transitions, mailbox, values, why.

A list with the details of the row under the cursor, or one sheet. A page
looks into the store when it opens and whenever the store has something new,
never on a timer.
"""

from dataclasses import replace
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from smtui.chart.foreign_news import values_of
from smtui.errors import SmtuiError
from smtui.store.rows import InboxRow, InstanceRow, JournalEntry
from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.context import Context
from smtui.tui.screens.acting import ActingScreen
from smtui.tui.screens.books import Book, MailBook, StepBook
from smtui.tui.widgets.cursor import CursorPane
from smtui.tui.widgets.listing import Listing
from smtui.tui.widgets.sheet import Sheet
from smtui.view.machines import standing_of
from smtui.view.pages import MailLine, StepLine, value_lines
from smtui.view.selection import NOTHING_SELECTED, Selection
from smtui.view.text import Line, Span, clean, wrap
from smtui.view.times import age
from smtui.view.why import why
from smtui.view.words import MARKS

__all__ = [
    "HistoryScreen",
    "MachinePage",
    "MailScreen",
    "ValuesScreen",
    "WhyScreen",
]

T = TypeVar("T")
V = TypeVar("V")


class MachinePage(ActingScreen, inherit_bindings=False):
    """A screen about one machine."""

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(context)
        self.machine_name = name
        self._seen_version = -1

    def selection(self) -> Selection:
        """Return the machine the page is about."""
        return self.context.desk.selected(self.machine_name)

    def show(self) -> None:
        """Look into the store when it has something new, then draw."""
        version = self.context.desk.records_version
        if version != self._seen_version:
            self._seen_version = version
            self.load()
        else:
            self.draw()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def load(self) -> None:
        """Read what the page shows, then draw it."""
        try:
            await self.read()
        except SmtuiError as error:
            self.say(str(error), is_error=True)
        self.draw()

    async def read(self) -> None:
        """Read from the store."""

    def draw(self) -> None:
        """Put what was read into the panes."""


class ListPage(MachinePage, Generic[T, V], inherit_bindings=False):
    """A list of rows and the details of the one under the cursor."""

    book: Book[T, V]
    _list: Listing[V]

    async def read(self) -> None:
        """Read the rows."""
        await self.book.read(self.machine_name)

    def compose_body(self) -> ComposeResult:
        """Yield the list over the details."""
        with Vertical(id="page"):
            self._list = self.book.listing()
            yield self._list
            yield Sheet("", "Details", id="details", is_ascii=self.context.is_ascii)

    def on_mount(self) -> None:
        """Begin in the list."""
        super().on_mount()
        self.query_one("#rows", CursorPane).focus()

    def draw(self) -> None:
        """Show the rows that pass the filter."""
        if not self.is_whole:
            return
        pane = self._list
        words = pane.query_text.casefold().split()
        everything = self.book.lines()
        rows = [
            row
            for row in everything
            if all(word in str(row).casefold() for word in words)
        ]
        total = len(everything)
        count = f"{len(rows)}/{total}" if words else str(total)
        info = f"/{pane.query_text}" if words else "newest first"
        pane.set_titles(
            f"{self.book.title} · {clean(self.machine_name)}  {count}", info
        )
        pane.show(rows)
        self._draw_details()

    @on(CursorPane.Moved)
    def _row_moved(self) -> None:
        self._draw_details()

    def _draw_details(self) -> None:
        pane = self._list
        source = self.book.source_of(pane.current_key)
        sheet = self.query_one("#details", Sheet)
        lines = self.book.details(source) if source is not None else []
        width = max(20, sheet.inner.width)
        indent = " " * 13
        sheet.show([part for one in lines for part in wrap(one, width, indent=indent)])


class HistoryScreen(ListPage[JournalEntry, StepLine], inherit_bindings=False):
    """The journal of a machine."""

    SCREEN_NAME = ScreenName.HISTORY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.HISTORY)]

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(context, name)
        self.book = StepBook(context)


class MailScreen(ListPage[InboxRow, MailLine], inherit_bindings=False):
    """The inbox of a machine."""

    SCREEN_NAME = ScreenName.MAIL
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.MAIL)]

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(context, name)
        self.book = MailBook(context)

    def selection(self) -> Selection:
        """Return the event under the cursor, else the machine."""
        machine = super().selection()
        row = self.book.source_of(self._list.current_key) if self.is_whole else None
        if row is None or machine is NOTHING_SELECTED:
            return machine
        return replace(machine, thing="event", event_id=row.id, event_status=row.status)


class SheetPage(MachinePage, inherit_bindings=False):
    """One sheet of lines."""

    NUMBER: ClassVar[str] = ""

    def compose_body(self) -> ComposeResult:
        """Yield the sheet."""
        yield Sheet(self.NUMBER, "", id="sheet", is_ascii=self.context.is_ascii)

    def on_mount(self) -> None:
        """Begin in the sheet."""
        super().on_mount()
        self.query_one("#sheet", Sheet).focus()

    def put(self, title: str, info: str, lines: list[Line]) -> None:
        """Show the lines, broken where they are too long."""
        if not self.is_whole:
            return
        sheet = self.query_one("#sheet", Sheet)
        width = max(20, sheet.inner.width)
        sheet.set_titles(f"{title} · {clean(self.machine_name)}", info)
        sheet.show([part for one in lines for part in wrap(one, width, indent="    ")])


class ValuesScreen(SheetPage, inherit_bindings=False):
    """The data of a machine."""

    SCREEN_NAME = ScreenName.VALUES
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.VALUES)]
    NUMBER = "v"
    _instance: InstanceRow | None = None

    async def read(self) -> None:
        """Read the committed data."""
        records = self.context.sources.records
        self._instance = await records.instance(self.machine_name)

    def draw(self) -> None:
        """Show them as a tree."""
        row = self._instance
        if row is None:
            self.put("Values", "", [(Span(" nothing is committed yet", "quiet"),)])
            return
        spent = age(self.context.now() - row.updated_at)
        lines = value_lines(values_of(row.data), reveal=self.context.reveal)
        lines = lines or [(Span(" no data", "quiet"),)]
        self.put("Values", f"step {row.seq} of run {row.run}, {spent} ago", lines)


class WhyScreen(SheetPage, inherit_bindings=False):
    """Why a machine is where it is."""

    SCREEN_NAME = ScreenName.WHY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.WHY)]
    NUMBER = "w"

    def draw(self) -> None:
        """Show the reasons."""
        desk = self.context.desk
        machine = desk.machine(self.machine_name)
        if machine is None:
            self.put("Why", "", [(Span(" this machine is gone", "quiet"),)])
            return
        facts, stays = desk.known.facts_for(machine), desk.known.stays_for(machine)
        standing = standing_of(machine, facts, stays, desk.now())
        mark = MARKS[standing]
        lines: list[Line] = [
            (
                Span(f" {mark.glyph} {mark.word}", mark.style),
                Span(f"  {mark.help}", "quiet"),
            ),
            (),
        ]
        reasons = why(
            machine, standing, facts, stays, desk.now(), reveal=self.context.reveal
        )
        lines += [(Span(" "), *reason) for reason in reasons]
        self.put("Why", f"pid {machine.pid}" if machine.pid else "", lines)
