"""News of linked machines that moved outside of any event: into their inboxes.

What a thread of the author's does to a machine (the work a state invokes has
ended) is no action in hand, so no step asks for it: its news are events.
"""

import asyncio
import contextlib
from collections.abc import Mapping

from smtui.chart.foreign import MOVED
from smtui.definition import Json
from smtui.runtime.bells import Bells
from smtui.store import StoreThread, Writer

__all__ = ["Post"]


class Post:
    """Takes news from any thread; serve() brings them."""

    def __init__(self, store: StoreThread, bells: Bells) -> None:
        """Belong to the running event loop."""
        self._store = store
        self._bells = bells
        self._loop = asyncio.get_running_loop()
        self._news: asyncio.Queue[Mapping[str, Json]] = asyncio.Queue()

    def __call__(self, news: Mapping[str, Json]) -> None:
        """Take news, by machine."""
        with contextlib.suppress(RuntimeError):  # the process has ended
            self._loop.call_soon_threadsafe(self._news.put_nowait, news)

    async def serve(self) -> None:
        """Bring news until cancelled, in their order."""
        while True:
            news = await self._news.get()
            await self._store.call(_accept, news)
            self._bells.ring(news)


def _accept(writer: Writer, news: Mapping[str, Json]) -> None:
    for name, told in news.items():
        writer.accept(name, MOVED, told, source=name)
