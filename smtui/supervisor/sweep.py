"""The one thing that looks by itself: every 5 s, for what a lost ring left.

No latency depends on it. Each sweep:

- makes the run directory again if somebody removed it
- lets go of log files that were removed
- buries orphans and reaps what fell to us
- if the store has changed: rings owners of events older than 2 s that they
  have not read, of job topics that moved on, and who waits for a machine that
  has moved; one whose doorbell was
  removed is told through its stream, and binds it again
- tells who stays too long in a state, and of jobs that were discarded
- marks as hung who was rung and sent no frame for hang_after
- finds who has locked the store for more than 2 s: one of ours that is
  stopped is killed, and its policy starts it again; anybody else is named
- trims history once an hour
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from smtui.clock import Clock
from smtui.errors import StoreError
from smtui.store import InboxRow, JobState, Reader, StoreThread, Writer
from smtui.supervisor.child import Child
from smtui.supervisor.fleet import Fleet
from smtui.supervisor.guardian import kill
from smtui.supervisor.logs import OWN_LOG, LogPump
from smtui.supervisor.notifier import Notifier
from smtui.supervisor.procs import facts
from smtui.supervisor.reports import Reports
from smtui.supervisor.storelock import writer_of
from smtui.supervisor.undertaker import Undertaker
from smtui.wire import ChildState, Frame, ProblemView
from smtui.wire.doorbell import ring
from smtui.wire.paths import bell_path

__all__ = ["LOCKED_S", "SWEEP_S", "Sweep"]

SWEEP_S = 5.0
OLD_S = 2.0
"""An event this old that its owner has not read: the ring was lost."""

LOCKED_S = 2.0
"""A write lock held this long is no transaction of ours (they take 3 ms)."""

_TRIM_S = 3600.0
_STOPPED = frozenset("Tt")


class _Rung(NamedTuple):
    """A machine that was rung and is awaited."""

    at: float
    """Seconds since boot."""
    event: str


class Sweep:
    """Looks after everything."""

    def __init__(
        self,
        *,
        fleet: Fleet,
        database: Path,
        store: StoreThread,
        undertaker: Undertaker,
        pump: LogPump,
        clock: Clock,
        run_dir: Path,
        reports: Reports,
        notifier: Notifier,
        wake: Callable[[], None],
    ) -> None:
        """`wake` makes the follower look at the store."""
        self._fleet = fleet
        self._database = database
        self._store = store
        self._reader = Reader(database)
        self._undertaker = undertaker
        self._pump = pump
        self._clock = clock
        self._run_dir = run_dir
        self._reports = reports
        self._notifier = notifier
        self._wake = wake
        self._version = -1
        self._counters: dict[str, int] = {}
        self._rung: dict[str, _Rung] = {}
        self._must_look = True
        self._locked: tuple[int, float] | None = None
        self._trimmed_at = clock.elapsed()
        self._discarded_at = clock.now()

    async def sweep(self) -> None:
        """Look once."""
        self._undertaker.kill_orphans()
        self._pump.look_at_files()
        try:
            await self._look_at_lock()
            await self._look_at_store()
            await self._trim()
        except StoreError as error:
            self._pump.note(OWN_LOG, f"the store cannot be read: {error}")
        self._look_for_hung()
        self._notifier.look([*self._fleet.children])
        self._show_usage()

    async def close(self) -> None:
        """Let go of the store."""
        await self._reader.aclose()

    # ---------------------------------------------------------- lost rings

    async def _look_at_store(self) -> None:
        await self._reader.open()
        version = await self._reader.data_version()
        if version != self._version:
            self._version = version
            self._must_look = True
            self._fleet.changes += 1
            self._fleet.stream.changed()
            self._wake()
            await self._look_at_topics()
            await self._look_at_moves()
            await self._look_at_discarded()
        if self._must_look or self._rung:
            self._must_look = await self._look_at_inboxes()

    async def _look_at_inboxes(self) -> bool:
        """Ring who has not read; return whether to look again next time."""
        waiting = await self._reader.inbox_counts()
        is_young = False
        running = self._machines()
        for machine in [*self._rung]:
            if machine not in waiting or machine not in running:
                del self._rung[machine]
        for machine, child in running.items():
            if machine not in waiting:
                continue
            row = await self._unread(machine, child)
            if row is None:
                self._rung.pop(machine, None)
            elif self._clock.now() - row.at < OLD_S:
                is_young = True
            else:
                self._ring(machine, child, row)
        return is_young

    async def _unread(self, machine: str, child: Child) -> InboxRow | None:
        frame = child.frames.get(machine)
        read = frame.read if frame else 0
        rows = await self._store.call(Writer.read_inbox, machine, read, 1)
        return rows[0] if rows else None

    def _ring(self, machine: str, child: Child, row: InboxRow) -> None:
        rung = self._rung.get(machine)
        if rung is None or child.answered_at > rung.at:
            now = self._clock.elapsed()
            self._rung[machine] = _Rung(now, row.event)
        self._ring_bell(machine, child)

    def _ring_bell(self, machine: str, child: Child) -> None:
        if not ring(bell_path(self._run_dir, machine)):
            self._reports.wake(child.name)  # somebody removed its doorbell

    async def _look_at_topics(self) -> None:
        """Ring who watches job topics that have moved since the last sweep."""
        watched: dict[str, list[str]] = {}
        running = self._machines()
        for machine, child in running.items():
            frame = child.frames.get(machine)
            for topic in frame.watching if frame else ():
                if topic.startswith("jobs"):
                    watched.setdefault(topic, []).append(machine)
        counters = await self._store.call(Writer.counters, [*watched])
        for topic, machines in watched.items():
            if counters[topic] != self._counters.get(topic, 0):
                for machine in machines:
                    self._ring_bell(machine, running[machine])
        self._counters |= counters

    async def _look_at_moves(self) -> None:
        """Ring who waits for a machine that moved, and has not looked yet."""
        running = self._machines()
        for machine in await self._store.call(Writer.rung_machines):
            if machine in running:
                self._ring_bell(machine, running[machine])

    async def _look_at_discarded(self) -> None:
        """Tell of jobs that were discarded since the last look."""
        jobs = await self._reader.jobs_page(status=JobState.DISCARDED)
        last = self._discarded_at
        fresh = [job for job in jobs if job.ended_at and job.ended_at > last]
        self._discarded_at = max([last, *(job.ended_at or 0.0 for job in fresh)])
        self._notifier.discarded(fresh)

    def _machines(self) -> dict[str, Child]:
        """Return the machines that run, with their children.

        One that ended while others of its process go on reads nothing more.
        """
        return {
            machine.name: child
            for child in self._fleet.children.values()
            if child.state in {ChildState.READY, ChildState.HUNG}
            for machine in child.spec.machines
            if not _is_over(child.frames.get(machine.name))
        }

    # ---------------------------------------------------------------- hung

    def _look_for_hung(self) -> None:
        now = self._clock.elapsed()
        for machine, child in self._machines().items():
            rung = self._rung.get(machine)
            if rung is None or child.answered_at > rung.at:
                continue
            silent = now - rung.at
            if silent >= child.spec.hang_after_s:
                child.seems_hung(
                    f"{machine} has not answered for {silent:.0f} s;"
                    f" {rung.event!r} waits"
                )
        for child in self._fleet.children.values():
            silent = now - child.answered_at
            is_starting = child.state is ChildState.STARTING and child.process
            if is_starting and silent >= child.spec.hang_after_s:
                child.seems_hung(f"not ready {silent:.0f} s after its start")

    # ------------------------------------------------------- a locked store

    async def _look_at_lock(self) -> None:
        pid = writer_of(self._database)
        if pid is None or pid == os.getpid():
            self._locked = None
            self._fleet.set_problem(None, "store-locked")
            return
        now = self._clock.elapsed()
        if self._locked is None or self._locked[0] != pid:
            self._locked = (pid, now)
            # not a wait for something: the lock tells its end to nobody
            await asyncio.sleep(LOCKED_S)
            if writer_of(self._database) != pid:
                self._locked = None
                return
        self._accuse(pid, self._clock.elapsed() - self._locked[1])

    def _accuse(self, pid: int, seconds: float) -> None:
        found = facts(pid)
        if found is None:
            return
        name = self._undertaker.owner_of(pid)
        if found.state in _STOPPED and name:
            self._pump.note(
                name,
                f"pid {pid} was stopped while it had locked the store: KILL",
            )
            kill(pid)
            return
        whose = f"of {name}" if name else "none of this fleet"
        problem = ProblemView(
            file=str(self._database),
            line=0,
            column=0,
            code="store-locked",
            severity="error",
            message=(
                f"the store has been locked for {seconds:.0f} s by pid {pid}"
                f" ({found.name}, {whose}, state {found.state})"
            ),
            hint=f"end that process: kill {pid}",
        )
        self._fleet.set_problem(problem, "store-locked")

    # ------------------------------------------------------------ the rest

    async def _trim(self) -> None:
        now = self._clock.elapsed()
        if now - self._trimmed_at < _TRIM_S:
            return
        self._trimmed_at = now
        while not (await self._store.call(Writer.trim)).is_done:
            pass

    def _show_usage(self) -> None:
        """Let viewers see how much processor and memory is used by now."""
        if not self._fleet.stream.has_viewers:
            return
        for child in self._fleet.children.values():
            if child.process is not None:
                child.usage = facts(child.process.pid)
                self._fleet.stream.changed(child.name)


def _is_over(frame: Frame | None) -> bool:
    return frame is not None and frame.status in {"final", "failed"}
