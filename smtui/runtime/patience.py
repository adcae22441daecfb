"""Waiting for a store that is locked or full, instead of failing.

While it waits the machine performs nothing: what was not committed has not
happened. A lock is tried again with jitter (several machines wait for the same
one, and the store itself has waited 5 s); a full disk after 1, 2, .. 30 s.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from smtui.errors import StoreError
from smtui.runtime.stop import Stop
from smtui.store import StoreBusyError, StoreFullError, StoreThread, Writer

__all__ = ["Patience"]

_P = ParamSpec("_P")
_T = TypeVar("_T")

_MOST_S = 30.0


class Patience:
    """The store as a machine uses it."""

    jitter_s = (0.05, 0.5)
    """Between two attempts at a locked store, which itself has waited 5 s."""

    def __init__(
        self, thread: StoreThread, stop: Stop, on_wait: Callable[[bool], None]
    ) -> None:
        """Tell `on_wait` when waiting begins and when it has ended."""
        self._thread = thread
        self._stop = stop
        self._on_wait = on_wait

    async def call(
        self,
        function: Callable[Concatenate[Writer, _P], _T],
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _T:
        """Run one function on the store's thread, until it succeeds.

        Raises StoreBusyError or StoreFullError only when the machine is told
        to stop meanwhile, and every other StoreError at once.
        """
        full_s = 1.0
        waited = False
        while True:
            why: StoreError
            try:
                found = await self._thread.call(function, *args, **kwargs)
            except StoreBusyError as error:
                pause, why = random.uniform(*self.jitter_s), error  # noqa: S311
            except StoreFullError as error:
                pause, why = full_s, error
                full_s = min(_MOST_S, full_s * 2)
            else:
                if waited:
                    self._on_wait(False)
                return found
            if not waited:
                waited = True
                self._on_wait(True)
            await self._rest(pause, why)

    async def _rest(self, seconds: float, why: StoreError) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return
        raise why
