"""The table of `smtui ps`."""

from collections.abc import Sequence

from smtui.cli.console import Console
from smtui.cli.status import Row
from smtui.view.times import age
from smtui.view.words import MARKS, Standing

__all__ = ["show"]


def show(console: Console, rows: Sequence[Row], *, supervised: bool) -> None:
    """Print one line a machine, what needs attention first."""
    if not rows:
        console.line("no machines yet: smtui run PATH")
        return
    now = console.clock.now()
    order = list(MARKS)
    ranked = sorted(rows, key=lambda row: (order.index(row.standing(now)), row.name))
    heads = ["STATE", "MACHINE", "IN", "FOR", "INBOX", "JOBS", "RESTARTS", "PID", "WHY"]
    console.table(heads, [_cells(row, now) for row in ranked])
    if not supervised:
        console.note("no supervisor runs: this is what the store knows")


_OWN_WORDS = frozenset({Standing.ASKS, Standing.STUCK})
"""What is true of a machine while its process is ready."""


def _cells(row: Row, now: float) -> list[str]:
    standing = row.standing(now)
    word = standing.value if standing in _OWN_WORDS else row.status
    spent = age(now - row.since) if row.since else "-"
    return [
        f"{MARKS[standing].glyph} {word}",
        row.name,
        row.where,
        spent,
        str(row.inbox),
        str(row.jobs),
        str(row.restarts),
        str(row.pid or "-"),
        row.reason or row.asks or row.begun_by,
    ]
