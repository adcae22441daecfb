"""The async door to a Writer: one thread, one function at a time.

The laws of this file: one hop a transaction, never one a statement; the event
loop never waits for the disk; calls are served in order. A call that is
cancelled while it runs may still commit, so whoever cancels closes and loads
again before it goes on. An idle thread sleeps without waking up.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Concatenate, ParamSpec, Self, TypeVar

from smtui.clock import Clock
from smtui.store.values import Durability
from smtui.store.writer import Writer

__all__ = ["StoreThread"]

P = ParamSpec("P")
T = TypeVar("T")


class StoreThread:
    """A Writer in a thread of its own, opened by the first call.

    `await store.call(Writer.accept, "m", "go", None, source="cli")`, or with
    any function whose first argument is the Writer.
    """

    def __init__(self, path: Path, durability: Durability, clock: Clock) -> None:
        """Name the store; nothing is opened yet."""
        self._path = path
        self.durability: Durability = durability
        self.clock: Clock = clock
        self._writer: Writer | None = None
        self._is_closed = False
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="store")

    async def call(
        self,
        function: Callable[Concatenate[Writer, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run the function in the thread; raise what it raises."""

        def work() -> T:
            return function(self._opened(), *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def aclose(self) -> None:
        """Finish what was asked for and close; a second close does nothing."""
        if self._is_closed:
            return
        self._is_closed = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._pool, self._close)
        self._pool.shutdown(wait=True)

    async def __aenter__(self) -> Self:
        """Return this door, to be closed at the end."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.aclose()

    def _opened(self) -> Writer:
        if self._writer is None:
            self._writer = Writer(self._path, self.durability, self.clock)
        return self._writer

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
