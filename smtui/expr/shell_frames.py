"""The places a shell command has: quotes, substitutions, here-documents."""

from dataclasses import dataclass, field
from enum import Enum

__all__ = ["QUOTED", "Frame", "Heredoc", "Kind"]

QUOTED = "\0"
"""Stands in a word or line for what is quoted or comes from a value."""


class Kind(Enum):
    """What kind of place a frame is."""

    COMMAND = "a command"
    SINGLE = "single quotes"
    ANSI = "$'...'"
    DOUBLE = "double quotes"
    ARITHMETIC = "arithmetic"
    PARAMETER = "${...}"
    COMMENT = "a comment"
    BODY = "a here-document"


@dataclass(slots=True)
class Heredoc:
    """A here-document whose body is to come."""

    delimiter: str
    is_quoted: bool
    strips_tabs: bool


@dataclass(slots=True)
class Frame:
    """A place that has been opened and not closed."""

    kind: Kind
    opener: str = ""
    depth: int = 0
    """Arithmetic: brackets open."""
    text: str = ""
    """`${`: what was read since; a body: the line so far; a command: the word."""
    at_command: bool = True
    """A command: the next word is its name, or a reserved word."""
    cases: list[str] = field(default_factory=list[str])
    """Open `case`s: at their subject, in, pattern or body."""
    heredocs: list[Heredoc] = field(default_factory=list[Heredoc])
    """Those that begin at the next newline; of a body, those it holds."""
    joined: bool = False
    """A body: a backslash joined this line to the one before."""
