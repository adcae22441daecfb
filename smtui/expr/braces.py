"""Text with `{{ expression }}` in it, as PyStator writes requests.

Each is an inline expression; what it gives is written as Python shows it, so
`{{ n }}` is text even where it is all there is. One that cannot be evaluated
stays as it stands, and whoever fills the text is told why. Texts are read
once; what one `{{ }}` gives is not looked into again.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from smtui.definition import Json
from smtui.errors import EvaluationError
from smtui.expr.language import Fault, Scope
from smtui.expr.pyexpr import Program, compile_pyexpr, fault_in_pyexpr

__all__ = ["Filled", "fault_in_braces", "fill_braces"]

_BRACES = re.compile(r"\{\{\s*(.+?)\s*\}\}")


class Filled(NamedTuple):
    """A value with its texts filled."""

    value: Json
    problems: tuple[str, ...]
    """Why some `{{ }}` stand there still."""


class _Piece(NamedTuple):
    """A part of a text: words, or an expression."""

    text: str
    program: Program | None


def fault_in_braces(text: str) -> Fault | None:
    """Return what is wrong with the first bad expression in a text, if any is."""
    for found in _BRACES.finditer(text):
        fault = fault_in_pyexpr(found[1])
        if fault is not None:
            line = text.count("\n", 0, found.start(1)) + fault.line
            column = fault.column
            if fault.line == 1:
                column += found.start(1) - text.rfind("\n", 0, found.start(1)) - 1
            return Fault(line, column, f"{found[0]}: {fault.message}", fault.hint)
    return None


@lru_cache(maxsize=4096)
def _pieces(text: str) -> tuple[_Piece, ...]:
    """Return the parts of a text. Raises EvaluationError for no expression."""
    pieces: list[_Piece] = []
    end = 0
    for found in _BRACES.finditer(text):
        pieces.append(_Piece(text[end : found.start()], None))
        pieces.append(_Piece(found[0], compile_pyexpr(found[1])))
        end = found.end()
    pieces.append(_Piece(text[end:], None))
    return tuple(pieces)


def fill_braces(value: Json, scope: Scope) -> Filled:
    """Return the value with every text in it filled, at any depth.

    Keys of mappings are not touched. Raises EvaluationError for a text that no
    loader lets through.
    """
    problems: list[str] = []
    return Filled(_filled(value, scope, problems), tuple(dict.fromkeys(problems)))


def _filled(value: Json, scope: Scope, problems: list[str]) -> Json:
    if isinstance(value, str):
        if "{{" not in value:
            return value
        return "".join(_said(piece, scope, problems) for piece in _pieces(value))
    if isinstance(value, list):
        return [_filled(item, scope, problems) for item in value]
    if isinstance(value, dict):
        return dict(_fields(value, scope, problems))
    return value


def _fields(
    table: dict[str, Json], scope: Scope, problems: list[str]
) -> Iterator[tuple[str, Json]]:
    for key, item in table.items():
        yield key, _filled(item, scope, problems)


def _said(piece: _Piece, scope: Scope, problems: list[str]) -> str:
    if piece.program is None:
        return piece.text
    try:
        return str(piece.program.value(scope))
    except EvaluationError as problem:
        problems.append(str(problem))
        return piece.text
