"""Word that the store may have something new, for commands that follow it.

A running supervisor tells of whatever its machines do, so nobody need ask the
store; what others write beside it is found a little later. Where none runs
the store is asked, a few times in a second, whether it has changed.
"""

import asyncio
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from smtui.cli.link import connect
from smtui.errors import SmtuiError

__all__ = ["News"]

LOOK_BESIDE_S = 2.0
"""Between two looks while a supervisor tells."""
LOOK_ALONE_S = 0.3
"""Between two looks while nobody does."""


class News:
    """Waits until a look into the store is worth its while."""

    def __init__(self, data: Path) -> None:
        """Listen to the supervisor of a data directory, once entered."""
        self._data = data
        self._came = asyncio.Event()
        self._is_told = False
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def wait(self) -> None:
        """Return when there may be something new."""
        limit = LOOK_BESIDE_S if self._is_told else LOOK_ALONE_S
        with suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await self._came.wait()
        self._came.clear()

    async def _listen(self) -> None:
        while True:
            with suppress(SmtuiError):
                async with await connect(self._data) as client:
                    async for _ in client.watch():
                        self._is_told = True
                        self._came.set()
            self._is_told = False
            self._came.set()
            await asyncio.sleep(LOOK_BESIDE_S)
