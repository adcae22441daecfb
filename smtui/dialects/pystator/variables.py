"""`${NAME}` in the text of a definition, replaced before it is read.

    ${NAME}            its value, or nothing
    ${NAME:-default}   the default where it has none
    ${NAME:?message}   an error where it has none

As PyStator does it, in the raw text: a value may be any piece of YAML. Unlike
it, lines that are comments are left alone, and every place is that of the text
the author wrote.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from smtui.definition import Position, Problem
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table

__all__ = ["Expanded", "expand", "moved"]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([-?])([^}\n]*))?\}")
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""As YAML counts lines."""


class _Cut(NamedTuple):
    """A piece that was replaced: where it was, and where its value stands."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


class Expanded(NamedTuple):
    """A text with its variables replaced."""

    text: str
    problems: tuple[Problem, ...]
    place: Callable[[Position], Position]
    """From a place in it to the one in the text as written."""


def expand(text: str, file: str, value_of: Callable[[str], str]) -> Expanded:
    """Replace every variable; `value_of` gives '' for one without a value."""
    parts: list[str] = []
    cuts: list[_Cut] = []
    problems: list[Problem] = []
    old = _Lines(text)
    done = size = 0
    for found in _VARIABLE.finditer(text):
        if _is_comment(text, found.start()):
            continue
        name, how, extra = found.groups()
        value = value_of(name)
        if not value and how == "-":
            value = extra
        elif not value and how == "?":
            problems.append(
                Problem(
                    old.place(found.start(), file),
                    "no-variable",
                    f"found no value for the variable {name!r}: {extra or 'needed'}",
                    f"set it in the environment: {name}=...",
                )
            )
        before = text[done : found.start()]
        start = size + len(before)
        parts += (before, value)
        size = start + len(value)
        cuts.append(_Cut(found.start(), found.end(), start, size))
        done = found.end()
    parts.append(text[done:])
    whole = "".join(parts)
    return Expanded(whole, tuple(problems), _Mapping(whole, old, cuts).place)


def _is_comment(text: str, offset: int) -> bool:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line.lstrip().startswith("#")


class _Lines:
    """Offsets in a text, as lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def place(self, offset: int, file: str) -> Position:
        line = bisect_right(self._starts, offset)
        return Position(file, line, offset - self._starts[line - 1] + 1)

    def offset(self, at: Position) -> int:
        line = min(max(at.line, 1), len(self._starts))
        return self._starts[line - 1] + max(at.column, 1) - 1


class _Mapping:
    """From places in the expanded text to those of the written one."""

    def __init__(self, text: str, old: _Lines, cuts: list[_Cut]) -> None:
        self._new = _Lines(text)
        self._old = old
        self._cuts = cuts
        self._starts = [cut.new_start for cut in cuts]

    def place(self, at: Position) -> Position:
        if not at.line:
            return at
        offset = self._new.offset(at)
        index = bisect_right(self._starts, offset) - 1
        if index >= 0:
            cut = self._cuts[index]
            if offset < cut.new_end:
                offset = cut.old_start
            else:
                offset += cut.old_end - cut.new_end
        return self._old.place(offset, at.file)


def moved(node: Node, place: Callable[[Position], Position]) -> Node:
    """Return the node with every place in it replaced."""
    match node:
        case Scalar():
            return replace(node, at=place(node.at))
        case Items(items=items):
            inner = tuple(moved(item, place) for item in items)
            return replace(node, at=place(node.at), items=inner)
        case Table(fields=fields):
            own = tuple(
                Field(field.key, place(field.at), moved(field.value, place))
                for field in fields
            )
            return replace(node, at=place(node.at), fields=own)
