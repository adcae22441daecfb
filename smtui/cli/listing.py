"""The table of `smtui ps`."""

from collections.abc import Sequence

from smtui.cli.console import Console
from smtui.cli.status import Row
from smtui.view.times import age
from smtui.view.words import MARKS, of_child
from smtui.wire import ChildState

__all__ = ["show"]


def show(console: Console, rows: Sequence[Row], *, supervised: bool) -> None:
    """Print one line a machine, what needs attention first."""
    if not rows:
        console.line("no machines yet: smtui run PATH")
        return
    now = console.clock.now()
    order = list(MARKS)
    ranked = sorted(
        rows, key=lambda row: (order.index(of_child(ChildState(row.status))), row.name)
    )
    heads = ["STATE", "MACHINE", "IN", "FOR", "INBOX", "JOBS", "RESTARTS", "PID", "WHY"]
    console.table(heads, [_cells(row, now) for row in ranked])
    if not supervised:
        console.note("no supervisor runs: this is what the store knows")


def _cells(row: Row, now: float) -> list[str]:
    mark = MARKS[of_child(ChildState(row.status))]
    where = "+".join(row.configuration) or "-"
    spent = age(now - row.since) if row.since else "-"
    return [
        f"{mark.glyph} {row.status}",
        row.name,
        where,
        spent,
        str(row.inbox),
        str(row.jobs),
        str(row.restarts),
        str(row.pid or "-"),
        row.reason,
    ]
