"""The parser's complaint, in an author's words.

libyaml says what its grammar lacked; most of the time one of four slips in a
definition is behind it, and the hint names the cure.
"""

import re

import yaml

from smtui.definition import Position, Problem

__all__ = ["syntax_problem"]


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """Return a syntax error with its place and a likely cure."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        reason = str(error).splitlines()[0] if str(error) else "unreadable text"
        return Problem(Position(file, 1, 1), "syntax", reason)
    mark = error.problem_mark
    lines = text.splitlines() or [""]
    number = min(mark.line, len(lines) - 1)
    context = f" {error.context}" if error.context else ""
    return Problem(
        Position(file, number + 1, mark.column + 1 if number == mark.line else 1),
        "syntax",
        f"{error.problem or 'unreadable text'}{context}",
        _cure(lines[number], str(error.problem), str(error.context)),
    )


def _cure(line: str, problem: str, context: str) -> str:
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with blanks, not with tabs"
    if "alias" in context or re.search(r":\s+\*", line):
        return 'for the text write "*" in quotes'
    if "mapping values are not allowed" in problem:
        return 'a value that holds ": " needs quotes'
    if "block mapping" in context or "block collection" in context:
        return "look at the indentation of this line and the one above"
    if "quoted scalar" in context:
        return "a quote is not closed"
    return ""
