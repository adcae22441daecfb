"""Problems as text for people: one line, then the place with a caret."""

import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from smtui.definition import Problem

__all__ = ["describe", "describe_all", "one_line"]

WIDEST = 160
"""Cells of a shown line of the file; a longer one is cut around the caret."""


def one_line(problem: Problem) -> str:
    """Return `file:line:col: severity code: message (hint)`."""
    hint = f" ({problem.hint})" if problem.hint else ""
    return _clean(
        f"{problem.at}: {problem.severity.value} {problem.code}: "
        f"{problem.message}{hint}"
    )


def describe(problem: Problem, text: str = "") -> str:
    """Return the problem, and under it the line of `text` with a caret."""
    lines = text.splitlines()
    if not 1 <= problem.at.line <= len(lines):
        return one_line(problem)
    line = lines[problem.at.line - 1]
    column = min(max(problem.at.column, 1), len(line) + 1)
    start = max(0, column - WIDEST // 2)
    shown = _clean(line[start : start + WIDEST])
    before = _clean(line[start : column - 1])
    number = str(problem.at.line)
    gutter = " " * len(number)
    return (
        f"{one_line(problem)}\n"
        f"  {number} | {shown}\n"
        f"  {gutter} | {' ' * _cells(before)}^"
    )


def describe_all(
    problems: Iterable[Problem], texts: Mapping[str, str] | None = None
) -> str:
    """Return all problems; a file not in `texts` is read, if it still can be."""
    known = dict(texts or {})
    found: list[str] = []
    for problem in problems:
        file = problem.at.file
        if file not in known:
            known[file] = _read(file)
        found.append(describe(problem, known[file]))
    return "\n".join(found)


def _read(file: str) -> str:
    try:
        path = Path(file)
        return path.read_text("utf-8", "replace") if path.is_file() else ""
    except (OSError, ValueError):
        return ""


def _clean(text: str) -> str:
    """Return the text with nothing in it that could move a cursor."""
    shown = text.replace("\t", "    ")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in shown)


def _cells(text: str) -> int:
    """Return how many cells a printable text takes on a terminal."""
    return sum(0 if unicodedata.combining(c) else 2 if _is_wide(c) else 1 for c in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in {"W", "F"}
