"""The fleet to all who watch it: once whole, then what changed.

At most 30 messages a second: rows that change more often are sent as they are
when the tick comes. A viewer that does not read keeps one merged message
waiting and nothing more, however long it sleeps.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from smtui.wire import Fleet, MachineView, Message, Notice, Update, merge

__all__ = ["TICK_S", "Stream", "Viewer"]

TICK_S = 1 / 30


class Viewer(Protocol):
    """Somebody who watches."""

    def is_busy(self) -> bool:
        """Return whether it has not yet read what it was sent."""
        ...

    def send(self, message: Message) -> None:
        """Send it a message."""
        ...


class Stream:
    """Who watches, and what they have not been told yet."""

    def __init__(
        self,
        fleet: Callable[[], Fleet],
        update: Callable[[Iterable[str], Iterable[str]], Update],
    ) -> None:
        """`update` makes the message for (changed children, gone rows)."""
        self._fleet = fleet
        self._update = update
        self._viewers: dict[Viewer, Update | None] = {}
        self._dirty: dict[str, None] = {}
        self._gone: dict[str, None] = {}
        self._notices: list[Notice] = []
        self._timer: asyncio.TimerHandle | None = None
        self._ticked_at = 0.0

    @property
    def has_viewers(self) -> bool:
        """Return whether anybody watches."""
        return bool(self._viewers)

    def join(self, viewer: Viewer) -> None:
        """Send a viewer the fleet, and changes from now on."""
        self._viewers[viewer] = None
        viewer.send(self._fleet())

    def leave(self, viewer: Viewer) -> None:
        """Forget a viewer."""
        self._viewers.pop(viewer, None)

    def relieve(self, viewer: Viewer) -> None:
        """Send what waited for a viewer that reads again."""
        waiting = self._viewers.get(viewer)
        if waiting is not None:
            self._viewers[viewer] = None
            viewer.send(waiting)

    def changed(self, child: str = "") -> None:
        """Note that a child, or with '' something of the fleet, changed."""
        if child:
            self._dirty[child] = None
        self._tick_soon()

    def gone(self, rows: Iterable[MachineView]) -> None:
        """Note that rows are no more."""
        self._gone.update(dict.fromkeys(row.name for row in rows))
        self._tick_soon()

    def told(self, notice: Notice) -> None:
        """Let who watches now be told of something."""
        if self._viewers:
            self._notices.append(notice)
            self._tick_soon()

    def flush(self) -> None:
        """Send what changed now."""
        if self._timer is not None:
            self._timer.cancel()
        self._tick()

    def _tick_soon(self) -> None:
        if self._viewers and self._timer is None:
            # the first change after a quiet time goes out at once
            loop = asyncio.get_running_loop()
            next_at = max(loop.time(), self._ticked_at + TICK_S)
            self._timer = loop.call_at(next_at, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self._ticked_at = asyncio.get_running_loop().time()
        dirty, self._dirty = self._dirty, {}
        gone, self._gone = self._gone, {}
        if not self._viewers:
            return
        news = replace(self._update(dirty, gone), notices=tuple(self._notices))
        self._notices.clear()
        for viewer, waiting in [*self._viewers.items()]:
            if viewer.is_busy():
                self._viewers[viewer] = merge(waiting, news) if waiting else news
            else:
                viewer.send(news)
