"""Where in a file something stands, and what is wrong with it.

Every value of a definition carries its position, so that whoever finds a
problem can say file:line:column. Problems are values too: a loader collects
all of them and never stops at the first.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

__all__ = ["Json", "Position", "Problem", "Severity"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; line and column count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return file:line:column, without the parts that are unknown."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Severity(StrEnum):
    """Whether a problem keeps a definition from running."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file, with the next thing to do."""

    at: Position
    code: str
    """A stable kebab-case word, `unknown-key`, for scripts and docs."""
    message: str
    """What was found (repr), and what was expected."""
    hint: str = ""
    """The nearest known name, or what to write instead."""
    severity: Severity = Severity.ERROR
