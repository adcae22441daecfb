"""A fleet in a temporary directory, for tests with real processes.

Everything it waits for has a deadline and a wake-up (the watch stream, a
pidfd); at its end it kills its guardian's whole tree, so no test leaves a
process behind.
"""

import asyncio
import json
import os
import select
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.errors import SmtuiError
from smtui.store import Writer
from smtui.supervisor import LockInfo, SupervisorArgs, start_fleet
from smtui.supervisor.guardian import kill, parent_of
from smtui.supervisor.leftovers import leftovers
from smtui.supervisor.procs import facts, reap
from smtui.wire import ChildState, Fleet, MachineView, ProblemView
from smtui.wire.client import ControlClient
from smtui.wire.paths import bell_path, log_path

DEADLINE_S = 30.0
PROGRAM = Path(__file__).with_name("supervisor_program.py")
ROOT = PROGRAM.parents[2]


def is_alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    found = facts(pid)
    return found is not None and found.state not in "ZX"


def wait_gone(pids: Iterable[int], within_s: float) -> list[int]:
    """Wait until processes are gone; return those that are not in time."""
    left = []
    loop_end = asyncio.get_running_loop().time() + within_s
    for pid in pids:
        try:
            fd = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        patience = max(0.0, loop_end - asyncio.get_running_loop().time())
        if not select.select([fd], [], [], patience)[0] and is_alive(pid):
            left.append(pid)
        os.close(fd)
    return left


class FleetUnderTest:
    """A running fleet with its watch stream."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.machines = folder / "machines"
        self.machines.mkdir()
        self.rows: dict[str, MachineView] = {}
        self.problems: tuple[ProblemView, ...] = ()
        self.seen: dict[str, list[ChildState]] = {}
        """The states each machine was seen in, in order."""
        self.lock: LockInfo | None = None
        self.guardian = 0
        self.client: ControlClient | None = None
        self._news = asyncio.Condition()
        self._watching: asyncio.Task[None] | None = None

    def define(self, name: str, *do: list[Any], **keys: Any) -> Path:  # noqa: ANN401
        """Write a machine that does `do` and then waits for TERM."""
        file = self.machines / f"{name}.json"
        file.write_text(json.dumps({"do": list(do), **keys}))
        return file

    def command(self, name: str, *command: str, **keys: Any) -> Path:  # noqa: ANN401
        """Write a plain command."""
        file = self.machines / f"{name}.json"
        file.write_text(json.dumps({"command": list(command), **keys}))
        return file

    def args(self, *paths: Path) -> SupervisorArgs:
        """Return how it is started."""
        return SupervisorArgs(
            data_dir=self.data,
            paths=paths or (self.machines,),
            who="ann@test",
            program=(sys.executable, str(PROGRAM)),
        )

    async def start(self, *paths: Path) -> None:
        """Start it and watch it."""
        self.rows, self.seen = {}, {}
        self.lock = start_fleet(self.args(*paths))
        self.guardian = parent_of(self.lock.pid)
        self.client = await ControlClient.connect(self.data, who="ann@test")
        self._watching = asyncio.create_task(self._watch(self.client))

    async def ask(self, op: str, **args: Json) -> Json:
        """Ask the supervisor."""
        assert self.client is not None
        return await self.client.ask(op, args, deadline_s=DEADLINE_S)

    async def until(
        self, what: Callable[["FleetUnderTest"], object], within_s: float = DEADLINE_S
    ) -> None:
        """Wait until something is true of the rows."""
        try:
            async with asyncio.timeout(within_s), self._news:
                await self._news.wait_for(lambda: what(self))
        except TimeoutError:
            states = {n: (r.state, r.reason) for n, r in self.rows.items()}
            raise AssertionError(f"not in time: {states}\n{self.log()}") from None

    async def until_state(self, state: ChildState, *names: str) -> None:
        """Wait until machines are in a state."""
        await self.until(
            lambda me: all(
                name in me.rows and me.rows[name].state is state for name in names
            )
        )

    def pid(self, name: str) -> int:
        """Return the process of a machine."""
        pid = self.rows[name].pid
        assert pid is not None
        return pid

    def log(self, name: str = "supervisor") -> str:
        """Return a child's log."""
        path = log_path(self.data, name)
        return path.read_text() if path.exists() else ""

    def writer(self) -> Writer:
        """Open its store as another process would."""
        return Writer(self.data / "smtui.db", "normal", SystemClock())

    def bell(self, name: str) -> Path:
        """Return a doorbell's path."""
        assert self.lock is not None
        return bell_path(self.lock.run_dir, name)

    async def down(self, within_s: float = DEADLINE_S) -> None:
        """Stop everything and see that it has ended."""
        assert self.lock is not None
        await self.ask("down")
        assert wait_gone([self.lock.pid, self.guardian], within_s) == []

    async def hang_up(self) -> None:
        """Stop watching a fleet that is gone, so that a next may start."""
        if self._watching is not None:
            self._watching.cancel()
            with suppress(asyncio.CancelledError, SmtuiError):
                await self._watching
        if self.client is not None:
            await self.client.close()

    async def end(self) -> None:
        """Kill what is left."""
        await self.hang_up()
        if self.lock is None:
            return
        if is_alive(self.lock.pid):
            os.kill(self.lock.pid, signal.SIGKILL)
        # not killed itself: it ends when nothing of the fleet is left
        assert wait_gone([self.lock.pid, self.guardian], DEADLINE_S) == []
        reap(self.guardian)
        for pid in leftovers(self.data):  # of a test that killed the guardian
            kill(pid)

    async def _watch(self, client: ControlClient) -> None:
        async for news in client.watch():
            async with self._news:
                if isinstance(news, Fleet):
                    self.rows = {}
                    self.problems = news.problems
                elif news.problems is not None:
                    self.problems = news.problems
                if not isinstance(news, Fleet):
                    for name in news.gone:
                        self.rows.pop(name, None)
                for row in news.machines:
                    self.rows[row.name] = row
                    states = self.seen.setdefault(row.name, [])
                    if not states or states[-1] is not row.state:
                        states.append(row.state)
                self._news.notify_all()


@asynccontextmanager
async def a_fleet() -> AsyncIterator[FleetUnderTest]:
    """Make a fleet that is not started yet, and end it."""
    with tempfile.TemporaryDirectory(
        prefix="smt", ignore_cleanup_errors=True
    ) as folder:
        known = os.environ.get("XDG_RUNTIME_DIR"), os.environ.get("PYTHONPATH")
        os.environ["XDG_RUNTIME_DIR"] = folder
        os.environ["PYTHONPATH"] = str(ROOT)
        fleet = FleetUnderTest(Path(folder))
        try:
            yield fleet
        finally:
            await fleet.end()
            for name, value in zip(
                ("XDG_RUNTIME_DIR", "PYTHONPATH"), known, strict=True
            ):
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
