"""The tables of the screen: their columns, and a row's cells with their styles."""

from smtui.view.columns import Column, Layout, row_line
from smtui.view.inject import Candidate
from smtui.view.jobs import JobLine
from smtui.view.machines import MachineLine, SortBy
from smtui.view.pages import MailLine, StepLine
from smtui.view.text import Line, Span, cells, clean, fit
from smtui.view.times import age
from smtui.view.words import MARKS, OUTCOME_STYLES, TIMES, Standing

__all__ = [
    "JOB_COLUMNS",
    "MACHINE_COLUMNS",
    "MAIL_COLUMNS",
    "STEP_COLUMNS",
    "candidate_line",
    "job_row",
    "machine_row",
    "mail_row",
    "step_row",
    "with_instances",
]

MACHINE_COLUMNS = (
    Column(SortBy.ATTENTION, "STATE", 10),
    Column(SortBy.MACHINE, "MACHINE", 6, weight=3),
    Column(SortBy.IN, "IN", 5, weight=2, from_width=32),
    Column(SortBy.FOR, "FOR", 5, is_right=True, from_width=26),
    Column(SortBy.MAIL, "MAIL", 4, is_right=True, from_width=38),
    Column(SortBy.JOBS, "JOBS", 4, is_right=True, from_width=48),
    Column(SortBy.RESTARTS, "↻", 3, is_right=True, from_width=42),
)

JOB_COLUMNS = (
    Column("id", "ID", 6),
    Column("machine", "MACHINE", 7, weight=2),
    Column("type", "TYPE", 6, weight=3),
    Column("status", "STATE", 8),
    Column("age", "AGE", 5, is_right=True),
    Column("tries", "TRY", 4, is_right=True),
)

STEP_COLUMNS = (
    Column("time", "TIME", 12),
    Column("from", "FROM", 8, weight=2),
    Column("event", "EVENT", 8, weight=2),
    Column("to", "TO", 8, weight=2),
    Column("took", "TOOK", 7, is_right=True, from_width=90),
    Column("outcome", "OUTCOME", 8),
    Column("note", "WHY, OR WHAT CHANGED", 10, weight=4, from_width=70),
)

INSTANCE_COLUMN = Column("instance", "INSTANCE", 8, weight=1)
"""Behind the time, where rows of several instances are together."""

MAIL_COLUMNS = (
    Column("id", "ID", 7),
    Column("time", "TIME", 8),
    Column("event", "EVENT", 10, weight=2),
    Column("status", "STATUS", 8),
    Column("source", "FROM", 8, weight=1, from_width=60),
    Column("note", "WHY, OR PAYLOAD", 12, weight=4),
)


def with_instances(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the columns of a table with rows of several instances."""
    index = 1 + [column.id for column in columns].index("time")
    return (*columns[:index], INSTANCE_COLUMN, *columns[index:])


def machine_row(row: MachineLine, layout: Layout) -> Line:
    """Return a row of the machine list."""
    mark = MARKS[row.standing]
    name = row.name
    if row.is_group:
        name = _group_name(row, layout)
    elif row.is_member:
        name = f" {name}"
    is_quiet = row.standing in (Standing.STOPPED, Standing.DONE)
    text = "quiet" if is_quiet else ""
    spent = "" if row.for_s is None else age(row.for_s)
    has_restarts = row.restart_count > 0
    return row_line(
        layout,
        {
            SortBy.ATTENTION: Span(f"{mark.glyph} {row.word}", mark.style),
            SortBy.MACHINE: Span(name, text or "name"),
            SortBy.IN: Span(row.where, text),
            SortBy.FOR: Span(spent, text),
            SortBy.MAIL: Span(str(row.mail), "number" if row.mail else "quiet"),
            SortBy.JOBS: Span(str(row.jobs), "number" if row.jobs else "quiet"),
            SortBy.RESTARTS: Span(
                row.restarts, mark.style if has_restarts else "quiet"
            ),
        },
    )


def _group_name(row: MachineLine, layout: Layout) -> str:
    """Return the name with its number; where it is tight only the name is cut."""
    tail = f"{TIMES}{len(row.members)}{'▸' if row.is_folded else '▾'}"
    widths = dict(zip(layout.columns, layout.widths, strict=True))
    width = next(
        (widths[column] for column in layout.columns if column.id == SortBy.MACHINE), 0
    )
    room = width - cells(tail)
    if cells(row.name) < room:
        return f"{row.name} {tail}"
    return (row.name if cells(row.name) <= room else fit(row.name, room)) + tail


def job_row(row: JobLine, layout: Layout) -> Line:
    """Return a row of the queue."""
    return row_line(
        layout,
        {
            "id": Span(row.short_id, "quiet"),
            "machine": Span(row.machine, "name"),
            "type": Span(row.job_type),
            "status": Span(f"{row.glyph} {row.word}", row.style),
            "age": Span(age(row.age_s)),
            "tries": Span(row.tries),
        },
    )


def step_row(row: StepLine, layout: Layout) -> Line:
    """Return a row of the transitions page."""
    return row_line(
        layout,
        {
            "time": Span(row.time, "quiet"),
            "instance": Span(row.instance, "name"),
            "from": Span(row.source),
            "event": Span(row.event, "edge"),
            "to": Span(row.target, "state"),
            "took": Span(row.took, "quiet"),
            "outcome": Span(row.outcome, row.style),
            "note": Span(row.note, "quiet"),
        },
    )


def mail_row(row: MailLine, layout: Layout) -> Line:
    """Return a row of the mailbox page."""
    return row_line(
        layout,
        {
            "id": Span(f"#{row.key}", "quiet"),
            "time": Span(row.time, "quiet"),
            "instance": Span(row.instance, "name"),
            "event": Span(row.event, "edge"),
            "status": Span(row.status, row.style),
            "source": Span(row.source),
            "note": Span(row.note, "quiet"),
        },
    )


def candidate_line(row: Candidate, width: int, *, is_chosen: bool) -> Line:
    """Return a row of the injection box: event, fields, what it would do."""
    head = max(16, min(28, width * 3 // 10))
    event, fields = clean(row.event), clean(row.fields)
    mark = "▶" if is_chosen else "◆" if row.is_answer else " "
    name_cells = min(head, max(8, len(event)))
    rest = max(0, head - name_cells - 1)
    verdict = row.foresight.verdict.value
    return (
        Span(f" {mark} ", "asks" if row.is_answer else "key"),
        Span(fit(event, name_cells) + " ", "name"),
        Span(fit(fields, rest) + " ", "quiet"),
        Span(f"{verdict:<8} ", OUTCOME_STYLES.get(verdict, "quiet")),
        Span(row.foresight.text),
    )
