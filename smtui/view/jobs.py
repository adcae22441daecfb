"""The queue: jobs worst first, then by age, with the words of the store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import NamedTuple

from smtui.store.rows import JobCount, JobRow, JobState
from smtui.view.masks import compact
from smtui.view.text import Line, Span, clean, one_line
from smtui.view.times import age, day_time
from smtui.view.words import JOB_MARKS

__all__ = ["JobLine", "job_card", "job_lines", "job_summary", "job_verbs"]

_RANK = {
    JobState.DISCARDED: 0,
    JobState.RETRYABLE: 1,
    JobState.RUNNING: 2,
    JobState.AVAILABLE: 3,
    JobState.SCHEDULED: 4,
    JobState.CANCELLED: 5,
    JobState.COMPLETED: 6,
}
_WORDS = {
    JobState.RUNNING: "run",
    JobState.AVAILABLE: "ready",
    JobState.RETRYABLE: "retry",
    JobState.SCHEDULED: "later",
    JobState.COMPLETED: "done",
    JobState.CANCELLED: "cancel",
    JobState.DISCARDED: "dead",
}
"""At most six letters, for the queue pane; the card says the full word."""

_OPEN = frozenset(_RANK) - {JobState.COMPLETED, JobState.CANCELLED}


@dataclass(frozen=True, slots=True)
class JobLine:
    """One row of the queue."""

    id: str
    short_id: str
    machine: str
    """Who holds it or may take it."""
    holder: str
    """The machine that has it in hand, or had; '' when none did."""
    job_type: str
    glyph: str
    style: str
    word: str
    age_s: float
    tries: str
    status: JobState


def job_lines(jobs: Iterable[JobRow], now: float, query: str = "") -> list[JobLine]:
    """Return the rows, worst first and then newest first, that pass the filter."""
    ordered = sorted(jobs, key=lambda job: (_RANK[job.status], -job.seq))
    lines = [_line(job, now) for job in ordered]
    wanted = query.casefold().split()
    return [row for row in lines if _passes(row, wanted)]


class JobSummary(NamedTuple):
    """The counts of a queue."""

    open: int
    """Jobs that are not over, and those that need a decision."""
    text: str
    """`1 run 3 ready 2 dead`."""


def job_summary(counts: Iterable[JobCount]) -> JobSummary:
    """Return what the title of the queue says."""
    found = dict.fromkeys(_RANK, 0)
    for count in counts:
        found[count.status] += count.n
    words = [(status, n) for status, n in found.items() if n and status in _OPEN]
    text = " ".join(f"{n} {_WORDS[status]}" for status, n in words)
    return JobSummary(sum(n for _, n in words), text)


def job_verbs(status: JobState) -> frozenset[str]:
    """Return the verbs that make sense for a job in that state."""
    match status:
        case JobState.RUNNING:
            return frozenset({"discard"})
        case JobState.AVAILABLE:
            return frozenset({"cancel", "discard"})
        case JobState.SCHEDULED | JobState.RETRYABLE:
            return frozenset({"retry", "cancel", "discard"})
        case JobState.DISCARDED | JobState.CANCELLED | JobState.COMPLETED:
            return frozenset({"retry"})


def job_card(
    job: JobRow, now: float, zone: tzinfo | None = None, *, reveal: bool = False
) -> list[Line]:
    """Return all there is to know of a job, for its page."""
    glyph, style = JOB_MARKS[job.status]
    tries = f"{job.attempts}/{job.max_attempts}"
    # the row keeps the last one that claimed it, long after it let go
    holder = "held by" if job.status is JobState.RUNNING else "claimed by"
    result = "-" if job.result is None else clean(compact(job.result, reveal=reveal))
    rows: list[tuple[str, Line]] = [
        ("status", (Span(f"{glyph} {job.status}", style), Span(f"  try {tries}"))),
        ("type", (Span(clean(job.job_type), "state"),)),
        ("for", (Span(clean(job.machine_type or "any machine")),)),
        (holder, (Span(clean(job.machine or "-")),)),
        ("priority", (Span(str(job.priority)),)),
        (
            "added",
            (Span(_when(job.created_at, now, zone) + f"  by {job.source or '-'}"),),
        ),
        ("due", (Span(_when(job.due_at, now, zone)),)),
        ("claimed", (Span(_when(job.claimed_at, now, zone)),)),
        ("ended", (Span(_when(job.ended_at, now, zone)),)),
        ("key", (Span(clean(job.key or "-")),)),
        ("source job", (Span(clean(job.source_job_id or "-")),)),
        ("data", (Span(clean(compact(job.data, reveal=reveal))),)),
        ("result", (Span(result),)),
    ]
    lines = [(Span(f" {name:<11}", "quiet"), *rest) for name, rest in rows]
    if job.error:
        lines.append(
            (Span(" error      ", "quiet"), Span(one_line(job.error), "failed"))
        )
        extra = job.error.splitlines()[1:21]
        lines.extend((Span("            " + clean(text)),) for text in extra)
    return lines


def _line(job: JobRow, now: float) -> JobLine:
    glyph, style = JOB_MARKS[job.status]
    return JobLine(
        id=job.id,
        short_id=f"#{job.seq}",
        machine=clean(job.machine or job.machine_type or "any"),
        holder=job.machine or "",
        job_type=clean(job.job_type),
        glyph=glyph,
        style=style,
        word=_WORDS[job.status],
        age_s=now - job.created_at,
        tries=f"{job.attempts}/{job.max_attempts}",
        status=job.status,
    )


def _passes(row: JobLine, wanted: Sequence[str]) -> bool:
    text = (
        f"{row.id} {row.short_id} {row.machine} {row.job_type} {row.word} {row.status}"
    )
    folded = text.casefold()
    return all(part in folded for part in wanted)


def _when(at: float | None, now: float, zone: tzinfo | None) -> str:
    if at is None:
        return "-"
    gap = now - at
    when = f"{age(gap)} ago" if gap >= 0 else f"in {age(-gap)}"
    return f"{day_time(at, zone)}  ({when})"
