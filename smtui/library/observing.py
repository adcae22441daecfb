"""Telling hooks of one event: when it came, what was found, how it ended."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

from smtui.clock import Clock
from smtui.definition import Json
from smtui.library.hooks import TransitionHook, hooks_for, tell
from smtui.library.results import TransitionResult

__all__ = ["Watch"]

_MS_PER_S = 1e3


class Watch:
    """One event at one door; costs next to nothing where no hook listens."""

    __slots__ = ("_began", "_clock", "_hooks", "_state", "_trigger")

    def __init__(
        self,
        clock: Clock,
        machine: str,
        *,
        state: str,
        trigger: str,
        context: Mapping[str, Json],
        hooks: tuple[TransitionHook, ...] = (),
    ) -> None:
        self._hooks = (*hooks, *hooks_for(machine))
        self._state = state
        self._trigger = trigger
        self._clock = clock
        self._began = 0.0
        if self._hooks:
            self._began = self._clock.elapsed()
            tell(self._hooks, lambda h: h.on_before_process(state, trigger, context))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Tell of what was raised; it goes on to the caller."""
        if error is not None:
            self.failed(error)

    @property
    def is_heard(self) -> bool:
        """Return whether anybody listens."""
        return bool(self._hooks)

    def found(self, result: TransitionResult) -> None:
        """Tell that a transition was found; no action of it has been done."""
        if result.success:
            tell(self._hooks, lambda h: h.on_transition_start(result))

    def failed(self, error: BaseException) -> None:
        """Tell of something that raised."""
        state, trigger = self._state, self._trigger
        tell(self._hooks, lambda h: h.on_transition_error(state, trigger, error))

    def done(self, result: TransitionResult) -> TransitionResult:
        """Tell how it ended; returns the result."""
        if self._hooks:
            took = (self._clock.elapsed() - self._began) * _MS_PER_S
            tell(self._hooks, lambda h: h.on_transition_complete(result, took))
        return result
