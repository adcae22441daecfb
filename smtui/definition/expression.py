"""An expression as written: a language, its text, its place.

The room `expr` compiles expressions; a definition only carries them, so that
what an author wrote can be shown, hashed and compiled again.
"""

from dataclasses import dataclass
from enum import StrEnum

from smtui.definition.place import Json, Position

__all__ = ["Expression", "Language", "Param"]


class Language(StrEnum):
    """What an expression is written in."""

    NULL = "null"
    """SCXML's null data model: only In('id')."""
    ECMASCRIPT = "ecmascript"
    PYEXPR = "pyexpr"
    """PyStator's inline expressions: an allow-listed Python subset."""
    LITERAL = "literal"
    """No expression at all: `literal` is the value."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A value, a condition, a location to assign to, or a script."""

    language: Language
    text: str
    """As written; of a literal the way to show it."""
    at: Position
    literal: Json = None
    """The value of a LITERAL, None in every other language."""


@dataclass(frozen=True, slots=True)
class Param:
    """A named value handed to an event, an invoked child or done data."""

    name: str
    value: Expression
    """`expr`, `location`, or a name of a namelist: all are read the same way."""
    at: Position
