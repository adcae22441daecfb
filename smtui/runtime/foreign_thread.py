"""The one thread all of an author's file runs in: its import and every callback.

What is bound to a thread or to its event loop (a connection of sqlite3, a lock or a
session of asyncio) is made once and used by all events.
"""

import asyncio
import contextlib
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["AuthorThread"]

_T = TypeVar("_T")

LAST_S = 0.5
"""What runs at the end has this long; the process does not wait for more."""


class AuthorThread:
    """Does one thing after the other, in order of asking."""

    def __init__(self, name: str) -> None:
        """Begin with the first thing to do."""
        self._name = name
        self._todo: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    @property
    def is_here(self) -> bool:
        """Say whether the caller runs in it."""
        return self._thread is threading.current_thread()

    def later(self, function: Callable[[], None]) -> None:
        """Do something after what is asked for already; from any thread."""
        self._begin()
        self._todo.put(function)

    async def run(self, function: Callable[[], _T]) -> _T:
        """Return what the function gives, or raise what it raises.

        Cancelling abandons it: it is done to its end, and nobody is told.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()

        def work() -> None:
            tell: Callable[[], None]
            try:
                result = function()
            except BaseException as error:  # noqa: BLE001 - told to who asked
                tell = _telling(done, done.set_exception, error)
            else:
                tell = _telling(done, done.set_result, result)
            with contextlib.suppress(RuntimeError):  # nobody waits any longer
                loop.call_soon_threadsafe(tell)

        self.later(work)
        return await done

    def close(self) -> None:
        """End the thread, or leave it where it hangs."""
        if self._thread is not None:
            self._todo.put(None)
            self._thread.join(LAST_S)

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._serve, name=self._name, daemon=True
            )
            self._thread.start()

    def _serve(self) -> None:
        while (work := self._todo.get()) is not None:
            work()
        _close_loop()


def _telling(
    done: "asyncio.Future[Any]", how: Callable[[Any], None], what: object
) -> Callable[[], None]:
    def tell() -> None:
        if not done.done():
            how(what)

    return tell


def _close_loop() -> None:
    """Close the event loop the library keeps for a thread with async callbacks."""
    utils = sys.modules.get("statemachine.utils")
    loop = getattr(getattr(utils, "_cached_loop", None), "loop", None)
    if isinstance(loop, asyncio.AbstractEventLoop):
        loop.close()
