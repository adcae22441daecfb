"""Hooks: be told of every event, at every door of the library.

    observer = TransitionObserver()
    observer.add_hook(LoggingHook())

An observer hears all machines of this program for as long as somebody holds
it; one made with machines hears those only. Hooks look on: what one raises is
logged, and changes nothing.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Protocol
from weakref import WeakSet

from smtui.definition import Json
from smtui.library.results import TransitionResult

__all__ = ["LoggingHook", "TransitionHook", "TransitionObserver", "hooks_for"]

_LOG = logging.getLogger("smtui.library")


class TransitionHook(Protocol):
    """Four methods, called in this order for every event."""

    def on_before_process(
        self, state: str, trigger: str, context: Mapping[str, Json]
    ) -> None:
        """Hear that an event came, before guards are asked."""
        ...

    def on_transition_start(self, result: TransitionResult) -> None:
        """Hear that a transition was found; no action of it is done yet."""
        ...

    def on_transition_complete(
        self, result: TransitionResult, duration_ms: float
    ) -> None:
        """Hear that an event was taken or refused: `result.success` tells."""
        ...

    def on_transition_error(
        self, state: str, trigger: str, error: BaseException
    ) -> None:
        """Hear what raised: an action, the store, a binding."""
        ...


_EVERYWHERE: WeakSet["TransitionObserver"] = WeakSet()


class TransitionObserver:
    """Hooks, and the machines they hear."""

    def __init__(self, *machines: str) -> None:
        """Hear the machines of these names; none means all of this program."""
        self.machines = frozenset(machines)
        self.hooks: list[TransitionHook] = []
        _EVERYWHERE.add(self)

    def add_hook(self, hook: TransitionHook) -> None:
        """Tell one more hook."""
        self.hooks.append(hook)

    def remove_hook(self, hook: TransitionHook) -> None:
        """Tell a hook no more; a stranger is no error."""
        if hook in self.hooks:
            self.hooks.remove(hook)

    def close(self) -> None:
        """Hear nothing more."""
        _EVERYWHERE.discard(self)


def hooks_for(machine: str) -> tuple[TransitionHook, ...]:
    """Return the hooks of all observers that hear a machine."""
    if not _EVERYWHERE:
        return ()
    return tuple(
        hook
        for observer in [*_EVERYWHERE]
        if not observer.machines or machine in observer.machines
        for hook in observer.hooks
    )


def tell(
    hooks: tuple[TransitionHook, ...], act: Callable[[TransitionHook], None]
) -> None:
    """Tell every hook; one that raises is logged and the next is told."""
    for hook in hooks:
        try:
            act(hook)
        except Exception:  # noqa: BLE001 - somebody else's code; it is logged
            _LOG.exception("the hook %r failed", hook)


class LoggingHook:
    """Writes a line for every event, to a logger of your own or `smtui.library`."""

    def __init__(
        self, logger: logging.Logger | None = None, level: int = logging.INFO
    ) -> None:
        self._logger = logger or _LOG
        self._level = level

    def on_before_process(
        self, state: str, trigger: str, context: Mapping[str, Json]
    ) -> None:
        """Write what came, at level DEBUG."""
        del context
        self._logger.debug("%s in %s", trigger, state)

    def on_transition_start(self, result: TransitionResult) -> None:
        """Write nothing: the end tells all."""

    def on_transition_complete(
        self, result: TransitionResult, duration_ms: float
    ) -> None:
        """Write where it led, or why it did not."""
        if result.success:
            self._logger.log(
                self._level,
                "%s: %s -> %s (%.2f ms)",
                result.trigger,
                result.source_state,
                result.target_state,
                duration_ms,
            )
        else:
            self._logger.warning("%s: %s", result.trigger, result.error)

    def on_transition_error(
        self, state: str, trigger: str, error: BaseException
    ) -> None:
        """Write what raised."""
        self._logger.error("%s in %s: %s", trigger, state, error)
