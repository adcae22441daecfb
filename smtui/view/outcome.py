"""What became of an injected event, on one line."""

from collections.abc import Sequence
from typing import Protocol

from smtui.chart.foreign_news import said
from smtui.store.rows import InboxRow, InboxStatus, JournalEntry
from smtui.view.moves import Leaves, move_of
from smtui.view.text import Line, Span, clean
from smtui.view.times import duration
from smtui.view.words import OUTCOME_STYLES

__all__ = ["Sent", "outcome_line", "sent_line"]


class Sent(Protocol):
    """An event that was stored."""

    @property
    def seq(self) -> int:
        """Return its number."""
        ...

    @property
    def took_s(self) -> float:
        """Return how long storing it took, in seconds."""
        ...


def sent_line(sent: Sequence[Sent]) -> Line:
    """Return `✓ #18232 stored 0.6 ms`."""
    if not sent:
        return (Span(" ✖ nobody of that name", "failed"),)
    numbers = f"#{sent[0].seq}" if len(sent) == 1 else f"{len(sent)} events"
    took = duration(sum(one.took_s for one in sent))
    return (Span(" ✓ ", "done"), Span(f"{numbers} stored {took}"))


def outcome_line(
    sent: Sequence[Sent],
    rows: Sequence[InboxRow],
    step: JournalEntry | None,
    leaves: Leaves = tuple,
) -> Line:
    """Return the line with what the machines did: `taken · a ─go→ b`."""
    head = sent_line(sent)
    if len(rows) == 1:
        return (*head, Span(" · "), *_of_one(rows[0], step, leaves))
    counts: dict[str, int] = {}
    for row in rows:
        word = _word(row)
        counts[word] = counts.get(word, 0) + 1
    parts: list[Span] = []
    for word, count in counts.items():
        parts.append(Span(f"  {word} {count}", OUTCOME_STYLES.get(word, "")))
    return (*head, *parts)


def _of_one(row: InboxRow, step: JournalEntry | None, leaves: Leaves) -> Line:
    word = _word(row)
    spans = [Span(word, OUTCOME_STYLES.get(word, ""))]
    if row.status is InboxStatus.TAKEN and step is not None:
        source, target = map(clean, move_of(step.row, leaves))
        spans += [
            Span(f" · {source} "),
            Span(f"─{clean(said(row.event, row.payload))}→ ", "edge"),
            Span(target, "state"),
        ]
    elif row.why:
        spans.append(Span(f" · {clean(row.why)}"))
    return tuple(spans)


def _word(row: InboxRow) -> str:
    return "waits" if row.status is InboxStatus.PENDING else row.status.value
