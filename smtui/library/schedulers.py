"""When delays fire: a protocol, the event loop, and the store.

    AsyncioScheduler    in this process; gone when it ends
    StoreScheduler      in the store: whoever runs one fires what is due,
                        after a restart too, and one for all replicas is enough

A scheduler decides nothing: whether a delay still counts is known when it
fires, because it is kept with the entity.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Protocol

__all__ = ["AsyncioScheduler", "Scheduler", "StoreScheduler", "Timer"]


_LOG = logging.getLogger("smtui.library")

SWEEP_S = 5.0
"""How late a delay of another process may be seen; one's own are seen at once."""


@dataclass(frozen=True, slots=True)
class Timer:
    """A delay under way."""

    machine: str
    entity_id: str
    id: str
    """Of this entity; never used twice."""
    event: str
    delay_s: float
    """From now on, 0 for one that is overdue."""
    fire: Callable[[], Awaitable[object]]
    """What to await when it is due; a delay that no longer counts does nothing."""


class Scheduler(Protocol):
    """Told of every delay that begins or ends; write your own to use others."""

    def schedule(self, timer: Timer) -> None:
        """See that `timer.fire` is awaited when its delay is over."""
        ...

    def cancel(self, machine: str, entity_id: str, timer_id: str) -> None:
        """Forget a timer; an unknown one is no error."""
        ...

    async def close(self) -> None:
        """Forget all timers, and wait for what is firing."""
        ...


class AsyncioScheduler:
    """Timers of the running event loop: O(log n) each, kept in memory only.

    What is scheduled where no loop runs begins to count down at the next call
    from inside of one. One that cannot be taken up, because the store fails say,
    is logged and tried again `again_s` later.
    """

    def __init__(self, *, again_s: float = SWEEP_S) -> None:
        self._again_s = again_s
        self._is_closed = False
        self._handles: dict[tuple[str, str, str], asyncio.TimerHandle] = {}
        self._without_loop: dict[tuple[str, str, str], Timer] = {}
        self._firing: set[asyncio.Task[None]] = set()

    @property
    def pending(self) -> tuple[tuple[str, str, str], ...]:
        """Return (machine, entity, timer id) of all that count down."""
        return (*self._handles, *self._without_loop)

    def schedule(self, timer: Timer) -> None:
        """Fire it when its delay is over."""
        key = (timer.machine, timer.entity_id, timer.id)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self._without_loop[key] = timer
            return
        waiting, self._without_loop = self._without_loop, {}
        for each in (*waiting.values(), timer):
            own = (each.machine, each.entity_id, each.id)
            self._handles[own] = loop.call_later(
                each.delay_s, self._fire, loop, own, each
            )

    def cancel(self, machine: str, entity_id: str, timer_id: str) -> None:
        """Forget a timer; an unknown one is no error."""
        key = (machine, entity_id, timer_id)
        self._without_loop.pop(key, None)
        handle = self._handles.pop(key, None)
        if handle is not None:
            handle.cancel()

    async def close(self) -> None:
        """Forget all timers, and wait for what is firing."""
        self._is_closed = True
        for handle in self._handles.values():
            handle.cancel()
        self._handles.clear()
        self._without_loop.clear()
        own = asyncio.current_task()
        firing = [task for task in self._firing if task is not own]
        await asyncio.gather(*firing, return_exceptions=True)

    def _fire(
        self, loop: asyncio.AbstractEventLoop, key: tuple[str, str, str], timer: Timer
    ) -> None:
        self._handles.pop(key, None)
        task = loop.create_task(self._fired(loop, key, timer))
        self._firing.add(task)
        task.add_done_callback(self._firing.discard)

    async def _fired(
        self, loop: asyncio.AbstractEventLoop, key: tuple[str, str, str], timer: Timer
    ) -> None:
        try:
            await timer.fire()
        except Exception as error:  # noqa: BLE001 - any store's; it is logged
            _LOG.error(
                "the delay %r of entity %r of %s: %s",
                timer.event,
                timer.entity_id,
                timer.machine,
                error,
            )
            if not self._is_closed:
                self._handles[key] = loop.call_later(
                    self._again_s, self._fire, loop, key, timer
                )


class DueEntities(Protocol):
    """What a StoreScheduler looks after: a Runner is one."""

    def next_due(self) -> float | None:
        """Return seconds until the next delay of any entity, None for never."""
        ...

    def fire_due(self) -> Coroutine[object, object, int]:
        """Take up every delay that is due; return how many entities had one."""
        ...


class StoreScheduler:
    """Fires what the store says is due, while `run` is awaited somewhere.

    It sleeps until the earliest due time, or until this process schedules an
    earlier one; delays that other processes began are seen within `sweep_s`.
    """

    def __init__(self, *, sweep_s: float = SWEEP_S) -> None:
        self._sweep_s = sweep_s
        self._changed = asyncio.Event()
        self._is_closed = False

    def schedule(self, timer: Timer) -> None:
        """Look again: the timer itself is in the store."""
        del timer
        self._changed.set()

    def cancel(self, machine: str, entity_id: str, timer_id: str) -> None:
        """Do nothing: a timer that is gone from the store does not fire."""

    async def close(self) -> None:
        """End `run`."""
        self._is_closed = True
        self._changed.set()

    async def run(self, entities: DueEntities) -> None:
        """Fire what is due, until closed; overdue delays of before fire first."""
        while not self._is_closed:
            self._changed.clear()
            count = await entities.fire_due()
            due_s = entities.next_due()
            wait_s = self._sweep_s
            # what is still due after none could be taken up waits for the sweep
            if due_s is not None and (due_s or count):
                wait_s = min(due_s, wait_s)
            try:
                async with asyncio.timeout(wait_s):
                    await self._changed.wait()
            except TimeoutError:
                pass
