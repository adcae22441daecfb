"""Waking up at an instant of the boot clock, without polling.

The event loop's own clock stands still while the computer sleeps; a delay of
ours does not. On Linux the kernel wakes us by the boot clock (timerfd), so a
laptop that was closed over a due time fires it when the lid opens. Elsewhere
the loop's timer is the best there is.
"""

import asyncio
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from smtui.chart.values import At
from smtui.clock import Clock

if TYPE_CHECKING:
    from smtui.runtime.timerfd import Timerfd

__all__ = ["Alarm", "at_now"]


def at_now(clock: Clock) -> At:
    """Return the present instant on both clocks."""
    return At(clock.now(), clock.elapsed(), clock.boot_id())


class Alarm:
    """Calls back at one instant, the last one asked for; each user has its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._timerfd: Timerfd | None = None
        self._has_tried = False
        self._is_armed = False
        self._handle: asyncio.TimerHandle | None = None
        self._call: Callable[[], None] | None = None

    def set(self, due: At, call: Callable[[], None]) -> None:
        """Make one call when `due` has come, and forget the instant before."""
        self.unset()
        self._call = call
        left = due.seconds_left(at_now(self._clock))
        timerfd = self._opened() if left > 0 else None
        if timerfd is not None:
            timerfd.arm(left)
            self._is_armed = True
        else:
            self._handle = self._loop.call_later(left, self._rung)

    def unset(self) -> None:
        """Forget the instant."""
        self._call = None
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        if self._timerfd is not None and self._is_armed:
            self._timerfd.disarm()
            self._is_armed = False

    async def wait_until(self, due: At) -> None:
        """Return when `due` has come."""
        while not due.is_due(at_now(self._clock)):
            came = asyncio.Event()
            self.set(due, came.set)
            try:
                await came.wait()
            finally:
                self.unset()

    def close(self) -> None:
        """Give the descriptor back."""
        self.unset()
        if self._timerfd is not None:
            self._loop.remove_reader(self._timerfd.fd)
            os.close(self._timerfd.fd)
            self._timerfd = None

    def _opened(self) -> "Timerfd | None":
        if not self._has_tried:
            # only now, because many machines never wait for a time
            from smtui.runtime.timerfd import Timerfd

            self._has_tried = True
            self._timerfd = Timerfd.open()
            if self._timerfd is not None:
                self._loop.add_reader(self._timerfd.fd, self._rung)
        return self._timerfd

    def _rung(self) -> None:
        if self._timerfd is not None:
            self._timerfd.take()
        call, self._call = self._call, None
        if call is not None:
            call()
