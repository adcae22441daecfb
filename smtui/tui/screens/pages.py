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

from smtui.errors import SmtuiError
from smtui.store.rows import InboxRow, InstanceRow, JournalEntry
from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.context import Context
from smtui.tui.screens.acting import ActingScreen
from smtui.tui.widgets.cursor import CursorPane
from smtui.tui.widgets.listing import Listing
from smtui.tui.widgets.lists import Mail, Steps
from smtui.tui.widgets.sheet import Sheet
from smtui.view.machines import standing_of
from smtui.view.pages import (
    MailLine,
    StepLine,
    mail_card,
    mail_line,
    step_card,
    step_line,
    value_lines,
)
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

PAGE_ROWS = 500


class MachinePage(ActingScreen, inherit_bindings=False):
    """A screen about one machine."""

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(context)
        self.machine_name = name
        self._seen_version = -1

    def selection(self) -> Selection:
        """Return the machine the page is about."""
        desk = self.context.desk
        machine = desk.machine(self.machine_name)
        if machine is None:
            return NOTHING_SELECTED
        facts = desk.known.facts_for(machine)
        frame = machine.frame
        state = frame.configuration[0] if frame and frame.configuration else ""
        stays = desk.known.stays_for(machine)
        return Selection(
            "machine",
            machine.name,
            standing_of(machine, facts, stays, desk.now()),
            file=machine.file,
            line=facts.lines.get(state, 1),
            is_running_action=bool(frame and frame.running),
        )

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

    _list: Listing[V]

    def listing_widget(self) -> Listing[V]:
        """Return the list."""
        raise NotImplementedError

    def details(self, row: T) -> list[Line]:
        """Return all there is to know of a row."""
        raise NotImplementedError

    def compose_body(self) -> ComposeResult:
        """Yield the list over the details."""
        with Vertical(id="page"):
            self._list = self.listing_widget()
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
        everything = self.rows()
        rows = [
            row
            for row in everything
            if all(word in str(row).casefold() for word in words)
        ]
        total = len(everything)
        count = f"{len(rows)}/{total}" if words else str(total)
        info = f"/{pane.query_text}" if words else "newest first"
        pane.set_titles(
            f"{self.title_text()} · {clean(self.machine_name)}  {count}", info
        )
        pane.show(rows)
        self._draw_details()

    def rows(self) -> list[V]:
        """Return the rows of the list."""
        raise NotImplementedError

    def source_of(self, key: object) -> T | None:
        """Return what a row was made from."""
        raise NotImplementedError

    def title_text(self) -> str:
        """Return what the page is called."""
        raise NotImplementedError

    @on(CursorPane.Moved)
    def _row_moved(self) -> None:
        self._draw_details()

    def _draw_details(self) -> None:
        pane = self._list
        source = self.source_of(pane.current_key)
        sheet = self.query_one("#details", Sheet)
        lines = self.details(source) if source is not None else []
        width = max(20, sheet.inner.width)
        indent = " " * 13
        sheet.show([part for one in lines for part in wrap(one, width, indent=indent)])


class HistoryScreen(ListPage[JournalEntry, StepLine], inherit_bindings=False):
    """The journal of a machine."""

    SCREEN_NAME = ScreenName.HISTORY
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.HISTORY)]
    _steps: tuple[JournalEntry, ...] = ()

    def listing_widget(self) -> Listing[StepLine]:
        """Return the list of steps."""
        return Steps("t", "Transitions", id="rows", is_ascii=self.context.is_ascii)

    async def read(self) -> None:
        """Read the newest steps."""
        records = self.context.sources.records
        self._steps = tuple(await records.steps(self.machine_name, limit=PAGE_ROWS))

    def rows(self) -> list[StepLine]:
        """Return the steps, newest first."""
        zone, reveal = self.context.zone, self.context.reveal
        return [step_line(entry, zone, reveal=reveal) for entry in self._steps]

    def source_of(self, key: object) -> JournalEntry | None:
        """Return a step by its id."""
        return next((entry for entry in self._steps if entry.id == key), None)

    def details(self, row: JournalEntry) -> list[Line]:
        """Return all there is to know of a step."""
        return step_card(row, self.context.zone, reveal=self.context.reveal)

    def title_text(self) -> str:
        """Return what the page is called."""
        return "Transitions"


class MailScreen(ListPage[InboxRow, MailLine], inherit_bindings=False):
    """The inbox of a machine."""

    SCREEN_NAME = ScreenName.MAIL
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.MAIL)]
    _mail: tuple[InboxRow, ...] = ()

    def listing_widget(self) -> Listing[MailLine]:
        """Return the list of events."""
        return Mail("m", "Mailbox", id="rows", is_ascii=self.context.is_ascii)

    async def read(self) -> None:
        """Read the newest events."""
        records = self.context.sources.records
        self._mail = tuple(await records.mail(self.machine_name, limit=PAGE_ROWS))

    def rows(self) -> list[MailLine]:
        """Return the events, newest first."""
        zone, reveal = self.context.zone, self.context.reveal
        return [mail_line(row, zone, reveal=reveal) for row in self._mail]

    def source_of(self, key: object) -> InboxRow | None:
        """Return an event by its number."""
        return next((row for row in self._mail if row.seq == key), None)

    def details(self, row: InboxRow) -> list[Line]:
        """Return all there is to know of an event."""
        return mail_card(row, self.context.zone, reveal=self.context.reveal)

    def title_text(self) -> str:
        """Return what the page is called."""
        return "Mailbox"

    def selection(self) -> Selection:
        """Return the event under the cursor, else the machine."""
        machine = super().selection()
        row = self.source_of(self._list.current_key) if self.is_whole else None
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
        lines = value_lines(row.data, reveal=self.context.reveal)
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
