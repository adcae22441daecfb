"""The errors of the library, each with a code a program can decide by.

    FSMError                    catch everything
    ├── ConfigurationError      the definition, or what is bound to it  config
    ├── InvalidTransitionError  nothing takes the trigger here          invalid_trigger
    │   ├── UndefinedTriggerError   nothing takes it anywhere           invalid_trigger
    │   └── GuardRejectedError      guards said no                      guard_rejected
    ├── TerminalStateError      the entity has ended                    terminal_state
    ├── UndefinedStateError     no such state                           undefined_state
    ├── InvalidStateError       states that cannot be active together   invalid_state
    ├── ValidationError         the context is not as declared      validation_failed
    ├── GuardNotFoundError      nobody bound the guard                  guard_not_found
    ├── ActionNotFoundError     nobody bound the action                 action_not_found
    ├── ActionFailedError       an action raised                        action_failed
    ├── ActionTimeoutError      an action took too long                 timeout
    └── StaleVersionError       somebody else wrote the entity          stale_version

What an event leads to is never raised: `TransitionResult.error` holds it.
Raised is what no event can mend: a definition, a binding, a state, a store.
The names and codes are PyStator's.
"""

from enum import StrEnum
from typing import ClassVar

from smtui.definition import Problem
from smtui.errors import DefinitionError, SmtuiError

__all__ = [
    "ActionFailedError",
    "ActionNotFoundError",
    "ActionTimeoutError",
    "ConfigurationError",
    "ErrorCode",
    "FSMError",
    "GuardNotFoundError",
    "GuardRejectedError",
    "InvalidStateError",
    "InvalidTransitionError",
    "StaleVersionError",
    "TerminalStateError",
    "UndefinedStateError",
    "UndefinedTriggerError",
    "ValidationError",
]


class ErrorCode(StrEnum):
    """What went wrong, for programs."""

    GUARD_REJECTED = "guard_rejected"
    VALIDATION_FAILED = "validation_failed"
    INVALID_TRIGGER = "invalid_trigger"
    INVALID_STATE = "invalid_state"
    TERMINAL_STATE = "terminal_state"
    TIMEOUT = "timeout"
    CONFIG = "config"
    ACTION_FAILED = "action_failed"
    STALE_VERSION = "stale_version"
    GUARD_NOT_FOUND = "guard_not_found"
    ACTION_NOT_FOUND = "action_not_found"
    UNDEFINED_STATE = "undefined_state"


class FSMError(SmtuiError):
    """Anything the library says no to."""

    code: ClassVar[ErrorCode] = ErrorCode.CONFIG

    def __init__(self, message: str, *, hint: str = "", **context: object) -> None:
        super().__init__(message, hint=hint)
        self.context: dict[str, object] = context
        """What it is about, by name: `current_state`, `trigger`, ..."""


class ConfigurationError(FSMError, DefinitionError):
    """The definition has errors, or what is bound to it does not fit."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        problems: tuple[Problem, ...] = (),
        **context: object,
    ) -> None:
        super().__init__(message, hint=hint, **context)
        self.problems = problems
        """Everything wrong with the text, each with its place."""


class InvalidTransitionError(FSMError):
    """No transition takes the trigger in this state."""

    code = ErrorCode.INVALID_TRIGGER


class UndefinedTriggerError(InvalidTransitionError):
    """No transition of the whole machine takes the trigger."""


class GuardRejectedError(InvalidTransitionError):
    """Transitions are there, and their guards said no."""

    code = ErrorCode.GUARD_REJECTED

    def __init__(
        self, message: str, *, guard_name: str, current_state: str, **context: object
    ) -> None:
        super().__init__(message)
        named = {"guard_name": guard_name, "current_state": current_state}
        self.context = {**named, **context}
        self.guard_name = guard_name
        """The first guard that said no."""
        self.current_state = current_state


class TerminalStateError(FSMError):
    """A final state takes nothing any more."""

    code = ErrorCode.TERMINAL_STATE


class UndefinedStateError(FSMError, ValueError):
    """The machine has no state of that name."""

    code = ErrorCode.UNDEFINED_STATE


class InvalidStateError(FSMError, ValueError):
    """The states are known, and cannot be what a machine is in."""

    code = ErrorCode.INVALID_STATE


class ValidationError(FSMError):
    """The context misses what the definition or the validator asks for."""

    code = ErrorCode.VALIDATION_FAILED


class GuardNotFoundError(FSMError):
    """A guard the definition names is bound to no function."""

    code = ErrorCode.GUARD_NOT_FOUND


class ActionNotFoundError(FSMError):
    """An action the definition names is bound to no function."""

    code = ErrorCode.ACTION_NOT_FOUND


class ActionFailedError(FSMError):
    """An action raised; `__cause__` is what."""

    code = ErrorCode.ACTION_FAILED


class ActionTimeoutError(FSMError):
    """An action took longer than it may."""

    code = ErrorCode.TIMEOUT


class StaleVersionError(FSMError):
    """The entity was written by somebody else after it was read."""

    code = ErrorCode.STALE_VERSION
