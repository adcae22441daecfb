"""Problems of definitions and of the fleet, with the lines they speak of."""

from collections.abc import Sequence

from smtui.store.rows import InboxRow
from smtui.view.masks import mask_text
from smtui.view.text import Line, Span, cells, clean
from smtui.wire.messages import ProblemView

__all__ = [
    "CONTEXT_LINES",
    "empty_lines",
    "excerpt",
    "nobody_lines",
    "problem_head",
    "problem_lines",
]

CONTEXT_LINES = 2
"""Lines of the file above the one at fault."""


def problem_head(problem: ProblemView | InboxRow) -> Line:
    """Return the problem on one line, for a list."""
    if isinstance(problem, InboxRow):
        place = f"{clean(problem.machine)} #{problem.seq}"
        text = f"event {clean(problem.event)} is parked: {clean(problem.why)}"
        return (Span(" ✖ ", "failed"), Span(f"{place}  ", "name"), Span(text))
    is_error = problem.severity == "error"
    glyph, style = ("✖", "failed") if is_error else ("▲", "backoff")
    place = clean(_place(problem))
    message = clean(problem.message)
    return (Span(f" {glyph} ", style), Span(f"{place}  ", "name"), Span(message))


def problem_lines(problem: ProblemView, source: Sequence[str] = ()) -> list[Line]:
    """Return the problem as a block: place and message, excerpt, hint."""
    is_error = problem.severity == "error"
    glyph, style = ("✖", "failed") if is_error else ("▲", "backoff")
    place = _place(problem)
    lines: list[Line] = [
        (Span(f" {glyph} ", style), Span(clean(place), "name")),
        (Span("   "), Span(clean(problem.message)), Span(f"  {problem.code}", "quiet")),
    ]
    lines += excerpt(source, problem.line, problem.column)
    if problem.hint:
        lines.append((Span("   → ", "key"), Span(clean(problem.hint))))
    return lines


def excerpt(source: Sequence[str], line: int, column: int) -> list[Line]:
    """Return the line at fault with two lines above it and a caret below."""
    if not 0 < line <= len(source):
        return []
    first = max(1, line - CONTEXT_LINES)
    lines: list[Line] = []
    for number in range(first, line + 1):
        text = clean(mask_text(source[number - 1].rstrip("\n")))
        style = "" if number == line else "quiet"
        lines.append((Span(f"   {number:>5} │ ", "quiet"), Span(text, style)))
    if column:
        before = cells(clean(source[line - 1][: column - 1]))
        lines.append((Span("         │ ", "quiet"), Span(" " * before + "^", "failed")))
    return lines


def nobody_lines(data_dir: str) -> list[Line]:
    """Return what stands there while no supervisor ever answered."""
    return [
        (Span(f" No supervisor runs for {clean(data_dir)}", "title"),),
        (),
        (Span(" smtui run PATH", "key"), Span("   starts one; this screen finds it")),
    ]


def empty_lines(
    paths: Sequence[str], not_read: Sequence[tuple[str, str]]
) -> list[Line]:
    """Return what an empty fleet shows: where it looked, and what it found."""
    place = ", ".join(clean(path) for path in paths) or "this folder"
    found = f"{len(not_read)} files, 0 machines" if not_read else "no files"
    lines: list[Line] = [
        (Span(f" No machines in {place}", "title"),),
        (),
        (Span(" smtui looks for machine definitions there: YAML files with"),),
        (
            Span(" transitions from one state to another ("),
            Span("smtui help", "key"),
            Span(")."),
        ),
        (Span(f" Found: {found}", "quiet"),),
    ]
    for file, reason in not_read[:12]:
        lines.append(
            (Span(f"   {clean(file)}  ", "name"), Span(clean(reason), "quiet"))
        )
    lines += [
        (),
        (
            Span(" smtui new worker hello", "key"),
            Span("   writes a machine to begin with"),
        ),
    ]
    return lines


def _place(problem: ProblemView) -> str:
    numbers = (str(n) for n in (problem.line, problem.column) if n)
    return ":".join([problem.file, *numbers])
