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
    opened = error.context_mark
    if opened is not None and opened.line < min(mark.line, len(lines)):
        what = _OPENED.get(str(error.context))
        if what is not None:
            return Problem(
                Position(file, opened.line + 1, opened.column + 1),
                "syntax",
                f"found {what} that is not closed: {error.problem}"
                f" on line {min(mark.line + 1, len(lines))}",
                "close it where it should end",
            )
    number = min(mark.line, len(lines) - 1)
    context = f" {error.context}" if error.context else ""
    return Problem(
        Position(file, number + 1, mark.column + 1 if number == mark.line else 1),
        "syntax",
        f"{error.problem or 'unreadable text'}{context}",
        _cure(lines[number], str(error.problem), str(error.context)),
    )


_OPENED = {
    "while parsing a flow mapping": "a '{'",
    "while parsing a flow sequence": "a '['",
    "while scanning a quoted scalar": "a quote",
}
"""What was begun on an earlier line than the one where reading stopped."""


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
