"""The part of a machine's inbox that is in memory: a window on its rows.

The store is the mailbox. Rows are read in pages, in order of acceptance, and
stay here until a step has handled them; deferred ones keep their place. When
the window can no longer be trusted (somebody dropped or took rows) it is
thrown away and read again.
"""

from collections.abc import Sequence

from smtui.chart import decode_message
from smtui.chart.values import At, Event
from smtui.store import InboxRow

__all__ = ["PAGE_ROWS", "Mail", "Window"]

PAGE_ROWS = 256
"""Rows read at a time: four batches of steps."""

_LOW_ROWS = 64
"""With fewer than a batch at hand the next page is read."""

_MOST_ROWS = 4096
"""Rows in memory while none of them is wanted: the store keeps the others."""


class Window:
    """Unhandled rows, and how far the inbox has been read."""

    def __init__(self) -> None:
        self.rows: dict[str, InboxRow] = {}
        """By id, in order of acceptance."""
        self.events: list[Event] = []
        """The same as the core wants them; the instant comes with the step."""
        self.after = 0
        """Seq after which to read on."""
        self.read = 0
        """Greatest seq ever read, for the supervisor's sweep."""
        self._has_more = True
        self._is_rung = True

    def ring(self) -> None:
        """Note that something may have come in."""
        self._is_rung = True

    def must_look(self, *, is_stuck: bool = False) -> bool:
        """Say whether the store is worth a look now.

        `is_stuck`: nothing in the window can be stepped, and not because an
        action is in hand.
        """
        if self._is_rung:
            return True
        is_short = len(self.rows) < _LOW_ROWS or is_stuck
        return self._has_more and is_short and len(self.rows) < _MOST_ROWS

    def look(self) -> None:
        """Begin a look: what comes in from now on is another ring."""
        self._is_rung = False

    def limit(self) -> int:
        """Return how many rows to read: none when the memory holds enough."""
        return PAGE_ROWS if len(self.rows) < _MOST_ROWS else 0

    def looked(self, rows: Sequence[InboxRow], limit: int = PAGE_ROWS) -> None:
        """Add the page that was read after `after`."""
        self._has_more = len(rows) == limit
        self.rows.update((row.id, row) for row in rows)
        self.events.extend(_event_of(row) for row in rows)
        if rows:
            self.after = rows[-1].seq
            self.read = max(self.read, self.after)

    def drop_ids(self, ids: Sequence[str]) -> None:
        """Forget rows that were handled."""
        gone = [id_ for id_ in ids if self.rows.pop(id_, None) is not None]
        if gone:
            self.events = [event for event in self.events if event.id in self.rows]

    def drop_seq(self, seq: int) -> None:
        """Forget a row that is no longer pending."""
        self.drop_ids([id_ for id_, row in self.rows.items() if row.seq == seq])

    def reset(self) -> None:
        """Read everything again."""
        self.rows = {}
        self.events = []
        self.after = 0
        self._has_more = self._is_rung = True


class Mail(Window):
    """A window on the rows of many instances, each with a queue of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.of: dict[str, dict[str, Event]] = {}
        """Instance -> its events by id, in order of acceptance."""

    def looked(self, rows: Sequence[InboxRow], limit: int = PAGE_ROWS) -> None:
        """Add the page that was read after `after`."""
        super().looked(rows, limit)
        for event, row in zip(self.events, rows, strict=True):
            self.of.setdefault(row.instance, {})[event.id] = event
        self.events = []

    def drop_ids(self, ids: Sequence[str]) -> None:
        """Forget rows that were handled."""
        for id_ in ids:
            row = self.rows.pop(id_, None)
            queue = self.of.get(row.instance) if row is not None else None
            if row is not None and queue is not None:
                queue.pop(id_, None)
                if not queue:
                    del self.of[row.instance]

    def reset(self) -> None:
        """Read everything again."""
        super().reset()
        self.of = {}


def _event_of(row: InboxRow) -> Event:
    at = At(row.at, 0.0, "")
    message = decode_message(row.message)
    return Event(row.event, row.payload, row.id, at, row.source, row.job_id, message)
