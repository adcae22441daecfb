"""The order to end: TERM or INT, and a second one for haste."""

import asyncio
from collections.abc import Callable

__all__ = ["Stop"]


class Stop:
    """Told once by a signal, asked by everything that could go on."""

    def __init__(self, grace_s: float) -> None:
        """Give actions in hand `grace_s` seconds from the order on."""
        self._loop = asyncio.get_running_loop()
        self._grace_s = grace_s
        self._told = asyncio.Event()
        self._hurry = asyncio.Event()
        self._deadline = 0.0
        self._listeners: list[Callable[[], None]] = []

    @property
    def is_told(self) -> bool:
        """Say whether no new work may begin."""
        return self._told.is_set()

    def listen(self, call: Callable[[], None]) -> None:
        """Make a call when the order comes."""
        self._listeners.append(call)

    def tell(self) -> None:
        """Order the end; a second time, that it must not take any time."""
        if self._told.is_set():
            self._hurry.set()
            return
        self._deadline = self._loop.time() + self._grace_s
        self._told.set()
        for call in self._listeners:
            call()

    async def wait(self) -> None:
        """Return once the order has come."""
        await self._told.wait()

    async def grace_over(self) -> None:
        """Return when actions in hand have had their time."""
        await self._told.wait()
        try:
            async with asyncio.timeout_at(self._deadline):
                await self._hurry.wait()
        except TimeoutError:
            return
