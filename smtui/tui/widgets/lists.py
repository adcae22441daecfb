"""The listings of the screen: each knows its columns, none knows the store."""

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from datetime import tzinfo
from types import MappingProxyType

from smtui.tui.widgets.listing import Listing
from smtui.view.columns import Column, head_line, lay_out
from smtui.view.entries import Entry, EntryKey, entry_key, entry_line
from smtui.view.facts import Facts
from smtui.view.jobs import JobLine
from smtui.view.machines import MachineLine, Order, SortBy
from smtui.view.pages import MailLine, StepLine
from smtui.view.tables import (
    JOB_COLUMNS,
    MACHINE_COLUMNS,
    MAIL_COLUMNS,
    STEP_COLUMNS,
    job_row,
    machine_row,
    mail_row,
    step_row,
    with_instances,
)
from smtui.view.text import Line, Span, plain

__all__ = ["Events", "Jobs", "Machines", "Mail", "Steps"]


class Machines(Listing[MachineLine], inherit_bindings=False):
    """The machine list."""

    HAS_HEAD = True

    def __init__(self, *, id: str, is_ascii: bool) -> None:  # noqa: A002 - Textual's name
        super().__init__("1", "Machines", id=id, is_ascii=is_ascii)
        self.order = Order()
        self.marked: frozenset[str] = frozenset()

    def head(self, width: int) -> Line:
        """Return the titles of the columns."""
        arrow = "▴" if self.order.is_reversed else "▾"
        layout = lay_out(MACHINE_COLUMNS, width - 1)
        return (Span(" "), *head_line(layout, self.order.by, arrow))

    def key_of(self, value: MachineLine) -> str:
        """Return the name."""
        return value.name

    def index_of(self, key: Hashable) -> int | None:
        """Return where a machine is now: of a replica that is folded, its group."""
        groups = (n for n, row in enumerate(self.items) if key in row.members)
        found = super().index_of(key)
        return next(groups, None) if found is None else found

    def line_of(self, value: MachineLine, width: int) -> Line:
        """Return a row with its mark and cursor in the first cell."""
        first = "▶" if self.current is value else " "
        if self.is_marked(value):
            first = "+"
        layout = lay_out(MACHINE_COLUMNS, width - 1)
        return (Span(first, "key"), *machine_row(value, layout))

    def copy_of(self, value: MachineLine, width: int) -> str:
        """Return the row without the cursor."""
        return plain(self.line_of(value, width)[1:]).strip()

    def is_marked(self, value: MachineLine) -> bool:
        """Say whether the machine, or every replica of it, is marked."""
        names = value.members or (value.name,)
        return all(name in self.marked for name in names)

    def sort_by(self, step: int) -> None:
        """Choose the column to the right or left of the sorted one."""
        columns = list(SortBy)
        index = (columns.index(self.order.by) + step) % len(columns)
        self.order = Order(columns[index])

    def reverse(self) -> None:
        """Turn the order around."""
        self.order = Order(self.order.by, not self.order.is_reversed)


class Jobs(Listing[JobLine], inherit_bindings=False):
    """The queue."""

    HAS_HEAD = True
    nothing = "no jobs"

    def head(self, width: int) -> Line:
        """Return the titles of the columns."""
        return (Span(" "), *head_line(lay_out(JOB_COLUMNS, width - 1)))

    def key_of(self, value: JobLine) -> str:
        """Return the id."""
        return value.id

    def line_of(self, value: JobLine, width: int) -> Line:
        """Return a row."""
        return (Span(" "), *job_row(value, lay_out(JOB_COLUMNS, width - 1)))


class Events(Listing[Entry], inherit_bindings=False):
    """The log of events."""

    zone: tzinfo | None = None
    reveal: bool = False
    known: Mapping[str, Facts] = MappingProxyType({})
    """What is known of definitions, by their hash."""
    nothing = "nothing has happened yet"

    def key_of(self, value: Entry) -> EntryKey:
        """Return the place of the entry in time."""
        return entry_key(value)

    def index_of(self, key: Hashable) -> int | None:
        """Return where an entry is now: they are in order of their keys."""
        if not isinstance(key, EntryKey):
            return None
        index = bisect_left(self.items, key, key=entry_key)
        is_there = index < len(self.items) and entry_key(self.items[index]) == key
        return index if is_there else None

    def line_of(self, value: Entry, width: int) -> Line:
        """Return an entry; it is cut, never wrapped."""
        del width
        line = entry_line(value, self.zone, reveal=self.reveal, known=self.known)
        return (Span(" "), *line)


class Steps(Listing[StepLine], inherit_bindings=False):
    """The transitions page."""

    HAS_HEAD = True
    columns: tuple[Column, ...] = STEP_COLUMNS
    nothing = "no step yet"

    def show(self, items: Sequence[StepLine]) -> None:
        """Show these; with whose they are where they are of several instances."""
        is_one = not any(item.instance for item in items)
        self.columns = STEP_COLUMNS if is_one else with_instances(STEP_COLUMNS)
        super().show(items)

    def head(self, width: int) -> Line:
        """Return the titles of the columns."""
        return (Span(" "), *head_line(lay_out(self.columns, width - 1)))

    def key_of(self, value: StepLine) -> int:
        """Return the number of the journal entry."""
        return value.key

    def line_of(self, value: StepLine, width: int) -> Line:
        """Return a row."""
        return (Span(" "), *step_row(value, lay_out(self.columns, width - 1)))


class Mail(Listing[MailLine], inherit_bindings=False):
    """The mailbox page."""

    HAS_HEAD = True
    columns: tuple[Column, ...] = MAIL_COLUMNS
    nothing = "no event has come in"

    def show(self, items: Sequence[MailLine]) -> None:
        """Show these; with whose they are where they are of several instances."""
        is_one = not any(item.instance for item in items)
        self.columns = MAIL_COLUMNS if is_one else with_instances(MAIL_COLUMNS)
        super().show(items)

    def head(self, width: int) -> Line:
        """Return the titles of the columns."""
        return (Span(" "), *head_line(lay_out(self.columns, width - 1)))

    def key_of(self, value: MailLine) -> int:
        """Return the number of the event."""
        return value.key

    def line_of(self, value: MailLine, width: int) -> Line:
        """Return a row."""
        return (Span(" "), *mail_row(value, lay_out(self.columns, width - 1)))
