"""What the supervisor keeps in the store, and what it asks of it.

Laws of this file:

- the observed state is written behind: latest wins, tried again while the
  store is locked or full; nobody waits for it, least of all a stop
- what must be true before a process is started (epoch, end of a run) is
  awaited, and a StoreError goes to who asked
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from smtui.errors import StoreError
from smtui.store import StoreThread, Writer
from smtui.wire import ChildState
from smtui.wire.paths import SUPERVISOR

__all__ = ["ENDED_EARLY", "Records", "Seen", "StoreRecords"]

_PAUSE_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Between tries to write what was seen, as machines wait for the store."""

ENDED_EARLY = "ended before its definition did"
"""How the reason begins why a child is stopped that nobody has stopped."""


class Seen(NamedTuple):
    """What is seen of a child now."""

    state: ChildState
    reason: str = ""
    pid: int | None = None
    restarts: int = 0


class Records(Protocol):
    """The store as one child's life needs it."""

    async def raise_epoch(
        self, child: str, names: Sequence[str], *, crashed: bool
    ) -> int:
        """Make a new owner; see Writer.raise_epoch."""
        ...

    async def end_runs(self, names: Sequence[str]) -> None:
        """End the runs of machines that no process owns."""
        ...

    async def are_over(self, names: Sequence[str]) -> bool:
        """Return whether each machine has a run and each run has ended."""
        ...

    def note(self, child: str, seen: Seen) -> None:
        """Keep what is seen of a child, some time soon."""
        ...


class StoreRecords:
    """Records in the store of a data directory."""

    def __init__(self, store: StoreThread, ring: Callable[[str], object]) -> None:
        """`ring` rings the doorbell of a machine, or the supervisor's own."""
        self._store = store
        self._ring = ring
        self._seen: dict[str, Seen] = {}
        self._bell = asyncio.Event()

    async def raise_epoch(
        self, child: str, names: Sequence[str], *, crashed: bool
    ) -> int:
        """Make a new owner; see Writer.raise_epoch."""
        return await self._store.call(Writer.raise_epoch, child, names, crashed=crashed)

    async def end_runs(self, names: Sequence[str]) -> None:
        """End the runs of machines that no process owns."""
        for name in names:
            await self._store.call(Writer.end_run, name)
        self._ring(SUPERVISOR)  # what they have invoked is to be stopped

    async def are_over(self, names: Sequence[str]) -> bool:
        """Return whether each machine has a run and each run has ended."""
        return await self._store.call(_are_over, names)

    def note(self, child: str, seen: Seen) -> None:
        """Keep what is seen of a child, some time soon."""
        self._seen[child] = seen
        self._bell.set()

    async def keep_writing(self) -> None:
        """Write what was noted, for ever."""
        failures = 0
        while True:
            if failures:
                pause = _PAUSE_S[min(failures, len(_PAUSE_S)) - 1]
                await asyncio.sleep(pause)
            else:
                await self._bell.wait()
            try:
                await self.flush()
                failures = 0
            except StoreError:
                failures += 1

    async def flush(self) -> None:
        """Write what was noted; raises StoreError and keeps it then."""
        self._bell.clear()
        seen, self._seen = self._seen, {}
        try:
            bells = await self._store.call(_write, seen)
        except BaseException:  # cancelled too: written twice is no harm
            self._seen = {**seen, **self._seen}
            raise
        for machine in bells:
            self._ring(machine)


def _write(writer: Writer, seen: dict[str, Seen]) -> set[str]:
    """Write it; return machines to ring, whose invoked machine has failed."""
    bells: set[str] = set()
    for child, each in seen.items():
        bells |= writer.set_child_state(
            child,
            each.state,
            reason=each.reason,
            pid=each.pid,
            restarts=each.restarts,
            is_lost=each.reason.startswith(ENDED_EARLY),
        )
    return bells


def _are_over(writer: Writer, names: Sequence[str]) -> bool:
    return bool(names) and all(writer.is_over(name) for name in names)
