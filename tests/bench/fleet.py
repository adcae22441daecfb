"""What a fleet costs: start, restart, memory, stop, idleness.

Real processes of the real program. Times are wall times: on a busy computer
compare medians of one run only.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from smtui.check import fleet as check
from smtui.clock import SystemClock
from smtui.store import Reader, Writer
from smtui.supervisor import Found, Launch, LockInfo, SupervisorArgs, stamps_of
from smtui.supervisor.guardian import parent_of, subtree
from smtui.supervisor.procs import facts
from smtui.wire import ChildState, MachineView
from smtui.wire.client import ControlClient
from smtui.wire.doorbell import ring
from smtui.wire.paths import bell_path
from tests.bench.figure import Figure

__all__ = ["figures"]

ROUNDS = 5
MACHINES = 50
VICTIMS = 30
EVENTS = 20
"""Of real work for each machine, before its memory is looked at."""

IDLE_S = 10.0
LOOK_AGAIN_S = 0.002
LIMIT_S = 60.0

DOOR = """\
initial_state: closed
events: {push: {context_map: {who: payload.who}}}
transitions:
  - {from: closed, to: open, event: push}
  - {from: open, to: closed, event: push}
  - {from: "*", to: stopped, event: stop}
actions:
  open: [{type: log, message: "hello {who}"}]
"""


@dataclass(slots=True)
class Running:
    """A fleet, and how long its machines took to be ready."""

    lock: LockInfo
    data: Path
    client: ControlClient
    views: dict[str, MachineView]
    ready_s: float

    @property
    def pids(self) -> dict[str, int]:
        """Return the process of each machine."""
        return {name: view.pid or 0 for name, view in self.views.items()}

    async def until_ready(self, count: int, old: Mapping[str, int]) -> None:
        """Wait for `count` machines with processes that are none of `old`."""
        async with asyncio.timeout(LIMIT_S):
            async for news in self.client.watch():
                self.views.update((view.name, view) for view in news.machines)
                ready = [
                    view
                    for view in self.views.values()
                    if view.state is ChildState.READY and view.pid != old.get(view.name)
                ]
                if len(ready) >= count:
                    return


@asynccontextmanager
async def running(count: int) -> AsyncIterator[Running]:
    """Start a fleet; it is killed at the end if it still runs."""
    with tempfile.TemporaryDirectory(prefix="smb", ignore_cleanup_errors=True) as name:
        folder, machines = Path(name), Path(name) / "machines"
        machines.mkdir()
        for n in range(count):
            (machines / f"m{n:02}.yaml").write_text(DOOR)
        os.environ["XDG_RUNTIME_DIR"] = name
        args = SupervisorArgs(folder / "data", (machines,))
        found = Found(check([machines]).to_json(), stamps_of([machines]))
        with Launch(args) as launch:
            launch.say(found)
            lock = launch.wait()
        began = perf_counter()
        client = await ControlClient.connect(args.data_dir)
        fleet = Running(lock, args.data_dir, client, {}, 0.0)
        try:
            await fleet.until_ready(count, {})
            fleet.ready_s = perf_counter() - began
            yield fleet
        finally:
            await client.close()
            if facts(lock.pid) is not None:
                _end(lock.pid)


def _end(supervisor: int) -> None:
    guardian = parent_of(supervisor)
    try:
        os.kill(supervisor, signal.SIGKILL)
    except ProcessLookupError:
        return  # it was ending, and has ended
    os.waitpid(guardian, 0)  # ends when all are gone


async def figures() -> AsyncIterator[Figure]:
    """Measure everything."""
    ready: list[float] = []
    stops: list[float] = []
    for _ in range(ROUNDS):
        async with running(MACHINES) as fleet:
            ready.append(fleet.ready_s)
            stops.append(await _stop(fleet))
    yield Figure(f"{MACHINES} machines ready", "s", ready)
    yield Figure(f"clean stop of {MACHINES}", "s", stops)
    async with running(VICTIMS) as fleet:
        yield Figure("kill -9 to next event handled", "ms", await _restarts(fleet))
    async with running(MACHINES) as fleet:
        await _work(fleet)
        sizes = [_pss_mib(pid) for pid in fleet.pids.values()]
        yield Figure("PSS of a machine after work", "MiB", sizes)
        yield Figure("PSS of the supervisor", "MiB", [_pss_mib(fleet.lock.pid)])
        share = await _idle(fleet)
        yield Figure(f"idle CPU of {MACHINES} machines and all", "% of a core", [share])


async def _stop(fleet: Running) -> float:
    fd = os.pidfd_open(fleet.lock.pid)
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(fd, gone.set)
    began = perf_counter()
    async with await ControlClient.connect(fleet.data) as client:
        await client.ask("down", {})
        await gone.wait()
    spent = perf_counter() - began
    loop.remove_reader(fd)
    os.close(fd)
    return spent


async def _restarts(fleet: Running) -> list[float]:
    """Kill each machine once, and see when it handles what comes next."""
    clock, spent = SystemClock(), list[float]()
    database = fleet.data / "smtui.db"
    with Writer(database, "normal", clock) as writer:
        async with Reader(database) as reader:
            for name, pid in fleet.pids.items():
                killed_at = clock.now()
                os.kill(pid, signal.SIGKILL)
                row = writer.accept(name, "push", {"who": "bench"}, source="bench")
                ring(bell_path(fleet.lock.run_dir, name))
                handled_at = await _handled_at(reader, row.id)
                spent.append((handled_at - killed_at) * 1000)
    return spent


async def _handled_at(reader: Reader, id_: str) -> float:
    async with asyncio.timeout(LIMIT_S):
        while True:
            row = await reader.event(id_)
            if row is not None and row.handled_at is not None:
                return row.handled_at
            await asyncio.sleep(LOOK_AGAIN_S)


async def _work(fleet: Running) -> None:
    """Let every machine handle events."""
    database, last = fleet.data / "smtui.db", list[str]()
    with Writer(database, "normal", SystemClock()) as writer:
        for name in fleet.pids:
            for n in range(EVENTS):
                row = writer.accept(name, "push", {"who": f"n{n}"}, source="bench")
            last.append(row.id)
            ring(bell_path(fleet.lock.run_dir, name))
    async with Reader(database) as reader:
        for id_ in last:
            await _handled_at(reader, id_)


def _pss_mib(pid: int) -> float:
    """Return a process's share of memory, shared pages divided by sharers."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _idle(fleet: Running) -> float:
    """Return the processor time of all processes while nothing happens."""
    guardian = parent_of(fleet.lock.pid)
    pids = [guardian, *subtree(guardian)]
    before = _cpu_s(pids)
    await asyncio.sleep(IDLE_S)
    return (_cpu_s(pids) - before) / IDLE_S * 100


def _cpu_s(pids: Sequence[int]) -> float:
    return sum(found.cpu_s for pid in pids if (found := facts(pid)) is not None)
