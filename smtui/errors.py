"""Every error smtui raises on purpose, split by whose fault it is.

    SmtuiError
    ├── UsageError         the operator typed something nobody knows   exit 2
    ├── NoSupervisorError  the command needs a running fleet           exit 3
    ├── DefinitionError    the author of a machine                     exit 4
    ├── StepError          a value handed to the pure core is wrong    exit 1
    ├── EvaluationError    an expression of an author gave no value    exit 1
    ├── StoreError         the database: locked, full, newer schema    exit 1
    │   └── FencedError    this process no longer owns its machine     exit 75
    ├── WireError          the other process: gone, or speaks garbage  exit 1
    ├── SupervisorError    starting or stopping the fleet              exit 1
    └── InternalError      us: please file a bug                       exit 1

A message says what was found, where, what was expected; `hint` says the next
thing to do. The exit codes are those of the command line (`smtui help cli`).
"""

from difflib import get_close_matches
from typing import ClassVar

__all__ = [
    "DefinitionError",
    "EvaluationError",
    "FencedError",
    "InternalError",
    "NoSupervisorError",
    "SmtuiError",
    "StepError",
    "StoreError",
    "SupervisorError",
    "UsageError",
    "WireError",
    "closest",
    "nearest",
]


class SmtuiError(Exception):
    """Something an operator can be told in one line."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message and, after a dash, what to do next."""
        return f"{self.message} - {self.hint}" if self.hint else self.message


class UsageError(SmtuiError):
    """The operator named something that does not exist or mixed options."""

    exit_code = 2


class NoSupervisorError(SmtuiError):
    """The command needs a supervisor and none runs for this data directory."""

    exit_code = 3


class DefinitionError(SmtuiError):
    """A definition cannot be used; the message names file, line and column."""

    exit_code = 4


class StepError(SmtuiError):
    """A value handed to the pure core does not belong to its chart."""


class EvaluationError(SmtuiError):
    """An expression gives no value: unknown name, wrong type, not of its language."""


class StoreError(SmtuiError):
    """The database could not do what was asked."""


class FencedError(StoreError):
    """A newer process owns this machine: end at once, nothing was written."""

    exit_code = 75


class WireError(SmtuiError):
    """The other process is gone, is somebody else's, or speaks garbage."""


class SupervisorError(SmtuiError):
    """The fleet could not be started, stopped or reached."""


class InternalError(SmtuiError):
    """A mistake in smtui itself."""


def closest(name: str, known: list[str], cutoff: float = 0.6) -> str:
    """Return the known name most like `name`, or '' when none is like it.

    `cutoff` is difflib's ratio, 0 to 1: 0.6 catches a swapped or lost letter
    in a short word, 0.8 only what is hardly anything but a slip.
    """
    found = get_close_matches(name, known, n=1, cutoff=cutoff)
    return found[0] if found else ""


def nearest(name: str, known: list[str]) -> str:
    """Return `did you mean X?` for the known name most like `name`, else ''."""
    found = closest(name, known)
    return f"did you mean {found!r}?" if found else ""
