"""What an entity needs of the runner that deals with it."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from smtui.library.bound import BoundMachine
from smtui.library.hooks import TransitionHook
from smtui.library.registry import Context
from smtui.library.schedulers import Scheduler
from smtui.library.shelf import Shelf
from smtui.library.stores import StateStore
from smtui.library.validation import ContextValidator

__all__ = ["Host", "InvokeAdapter"]

_T = TypeVar("_T")


class InvokeAdapter(Protocol):
    """Begins and ends what states invoke: a job elsewhere, a task, a process."""

    def start(self, entity_id: str, invoke_id: str, src: str, context: Context) -> None:
        """Begin it; its end is told by `invoke_done` or `invoke_failed`."""
        ...

    def stop(self, entity_id: str, invoke_id: str) -> None:
        """End it: its state was left."""
        ...


class Host(Protocol):
    """A Runner, as its entities see it."""

    machine: BoundMachine
    store: StateStore
    shelf: Shelf
    scheduler: Scheduler | None
    invoke_adapter: InvokeAdapter | None
    hooks: tuple[TransitionHook, ...]
    context_validator: ContextValidator | None
    use_initial_state_when_missing: bool
    action_timeout_s: float | None

    async def away(self, work: Callable[[], _T]) -> _T:
        """Do something with the store without blocking the event loop."""
        ...

    async def fire(self, entity_id: str, timer_id: str) -> object:
        """Take up one delay now."""
        ...
