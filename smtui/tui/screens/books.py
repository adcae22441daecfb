"""What the list pages turn the leaves of: the journal and the inbox of a machine."""

from typing import Protocol, TypeVar

from smtui.store.rows import InboxRow, JournalEntry
from smtui.tui.context import Context
from smtui.tui.widgets.listing import Listing
from smtui.tui.widgets.lists import Mail, Steps
from smtui.view.facts import NOTHING_KNOWN
from smtui.view.pages import (
    MailLine,
    StepLine,
    mail_card,
    mail_line,
    step_card,
    step_line,
)
from smtui.view.text import Line

__all__ = ["Book", "MailBook", "StepBook"]

T = TypeVar("T")
V = TypeVar("V")

PAGE_ROWS = 500


class Book(Protocol[T, V]):
    """Rows of the store (T), each shown as one line (V)."""

    title: str

    def listing(self) -> Listing[V]:
        """Return the pane of the lines."""
        ...

    async def read(self, machine: str) -> None:
        """Read the newest rows; raises StoreError when that cannot be."""
        ...

    def lines(self) -> list[V]:
        """Return the lines, newest first."""
        ...

    def source_of(self, key: object) -> T | None:
        """Return the row a line's key stands for."""
        ...

    def details(self, row: T) -> list[Line]:
        """Return all there is to know of a row."""
        ...


class StepBook:
    """The journal."""

    title = "Transitions"

    def __init__(self, context: Context) -> None:
        self._context = context
        self._steps: tuple[JournalEntry, ...] = ()

    def listing(self) -> Listing[StepLine]:
        """Return the list of steps."""
        return Steps("t", self.title, id="rows", is_ascii=self._context.is_ascii)

    async def read(self, machine: str) -> None:
        """Read the newest steps."""
        records = self._context.sources.records
        self._steps = tuple(await records.steps(machine, limit=PAGE_ROWS))

    def lines(self) -> list[StepLine]:
        """Return the steps, newest first."""
        zone, reveal = self._context.zone, self._context.reveal
        known = self._context.desk.known.facts
        return [
            step_line(
                entry,
                zone,
                reveal=reveal,
                facts=known.get(entry.row.definition_hash, NOTHING_KNOWN),
            )
            for entry in self._steps
        ]

    def source_of(self, key: object) -> JournalEntry | None:
        """Return a step by its id."""
        return next((entry for entry in self._steps if entry.id == key), None)

    def details(self, row: JournalEntry) -> list[Line]:
        """Return all there is to know of a step."""
        return step_card(row, self._context.zone, reveal=self._context.reveal)


class MailBook:
    """The inbox."""

    title = "Mailbox"

    def __init__(self, context: Context) -> None:
        self._context = context
        self._mail: tuple[InboxRow, ...] = ()

    def listing(self) -> Listing[MailLine]:
        """Return the list of events."""
        return Mail("m", self.title, id="rows", is_ascii=self._context.is_ascii)

    async def read(self, machine: str) -> None:
        """Read the newest events."""
        records = self._context.sources.records
        self._mail = tuple(await records.mail(machine, limit=PAGE_ROWS))

    def lines(self) -> list[MailLine]:
        """Return the events, newest first."""
        zone, reveal = self._context.zone, self._context.reveal
        return [mail_line(row, zone, reveal=reveal) for row in self._mail]

    def source_of(self, key: object) -> InboxRow | None:
        """Return an event by its number."""
        return next((row for row in self._mail if row.seq == key), None)

    def details(self, row: InboxRow) -> list[Line]:
        """Return all there is to know of an event."""
        return mail_card(row, self._context.zone, reveal=self._context.reveal)
