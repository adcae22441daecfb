"""One process with 100 entities, and one with 100,000: what an event costs.

Real processes and a real store; every entity has a delay under way. Events go
to entities at random, in turns to the small machine and to the large one, so
that what else the computer does meets both. An event's time is the store's
own: from its acceptance to the commit of its step.
"""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import quantiles
from time import perf_counter

from smtui.definition import Json
from smtui.store import InboxKind
from tests.bench.figure import Figure
from tests.support.runtime_harness import Harness, harness
from tests.support.runtime_process import MachineProcess

__all__ = ["figures"]

SMALL = 100
LARGE = 100_000
ROUNDS = 5
EVENTS = 600
"""A round, to each of the two."""

PORTION = 5_000
"""Births that wait at a time."""

LOOK_AGAIN_S = 0.0005
LIMIT_S = 900.0
CARDS = 20
"""A column of the Kanban shows so many at first."""

DESK = """
meta: {machine_name: m, version: "1"}
states:
  - {name: OPEN, type: initial}
  - {name: BUSY}
  - {name: OLD, type: terminal}
transitions:
  - {trigger: touch, source: OPEN, dest: BUSY, guards: [{expr: "weight >= 0"}]}
  - {trigger: touch, source: BUSY, dest: OPEN, actions: [{increment: touched}]}
  - {after: 24h, source: [OPEN, BUSY], dest: OLD, trigger: forgotten}
"""

CONTEXT: dict[str, Json] = {
    "weight": 1,
    "touched": 0,
    "customer": "c" * 40,
    "lines": [1, 2, 3],
}


class Machine:
    """A machine with so many entities, in a process of its own."""

    def __init__(self, harness: Harness, count: int) -> None:
        self.harness = harness
        self.count = count
        self.process: MachineProcess | None = None

    async def start(self) -> float:
        """Start the process; return the seconds until it is ready."""
        began = perf_counter()
        self.harness.supervisor.frame = None
        self.process = MachineProcess(self.harness)
        await self.harness.until(lambda _: True)
        return perf_counter() - began

    async def fill(self) -> float:
        """Begin all entities; return how many a second."""
        began = perf_counter()
        with self.harness.writer() as writer:
            for first in range(0, self.count, PORTION):
                last = min(first + PORTION, self.count)
                for number in range(first, last):
                    writer.accept(
                        "m",
                        "create",
                        CONTEXT,
                        source="bench",
                        instance=f"e-{number:06}",
                        kind=InboxKind.CREATE,
                    )
                self.harness.ring()
                deadline = perf_counter() + LIMIT_S
                # another process writes: there is nothing to wait on
                while sum(s.n for s in writer.instance_sizes("m")) < last:
                    assert perf_counter() < deadline, "it begins no entities"
                    await asyncio.sleep(0.02)
        return self.count / (perf_counter() - began)

    async def event(self, id_: str) -> float:
        """Send one event and wait for it; return its milliseconds."""
        with self.harness.writer() as writer:
            accepted = writer.accept("m", "touch", {}, source="b", instance=id_)
            self.harness.ring()
            async with self.harness.reader() as reader:
                while True:
                    row = await reader.event(accepted.id)
                    if row is not None and row.handled_at is not None:
                        return (row.handled_at - row.at) * 1000
                    await asyncio.sleep(LOOK_AGAIN_S)

    async def kanban(self) -> float:
        """Return the milliseconds of the counts and the first cards."""
        began = perf_counter()
        async with self.harness.reader() as reader:
            for size in await reader.instance_sizes("m"):
                await reader.instances_in("m", [size.configuration], limit=CARDS)
        return (perf_counter() - began) * 1000

    def memory_mb(self) -> float:
        """Return the most memory the process ever had."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(one for one in status.splitlines() if one.startswith("VmHWM"))
        return int(line.split()[1]) / 1024

    def kill(self) -> None:
        """Kill -9 the process."""
        if self.process is not None:
            self.process.kill()


async def figures() -> AsyncIterator[Figure]:
    """Measure both."""
    async with AsyncExitStack() as stack:
        machines: list[Machine] = []
        for count in (SMALL, LARGE):
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix="smb"))
            found = await stack.enter_async_context(harness(Path(name), DESK))
            machine = Machine(found, count)
            stack.callback(machine.kill)
            machines.append(machine)
            await machine.start()
            rate = await machine.fill()
            yield Figure(f"{count:,} entities begun", "a second", [rate])
        small, large = machines
        async for figure in _events(small, large):
            yield figure
        for machine in machines:
            name = f"{machine.count:,} entities"
            pages = [await machine.kanban() for _ in range(ROUNDS)]
            yield Figure(f"{name}: counts and first cards", "ms", pages)
            memory = await asyncio.to_thread(machine.memory_mb)
            yield Figure(f"{name}: most memory of the process", "MB", [memory])
        restarts: list[float] = []
        for _ in range(ROUNDS):
            large.kill()
            restarts.append(await large.start() * 1000)
        yield Figure(f"{LARGE:,} entities: ready after kill -9", "ms", restarts)
        small.kill()
        await small.start()
        async for figure in _events(small, large, when=" after a restart"):
            yield figure


async def _events(
    small: Machine, large: Machine, *, when: str = ""
) -> AsyncIterator[Figure]:
    """Measure events to entities at random; nothing is in memory after a restart."""
    dice = random.Random(4)  # noqa: S311 - whom to send to
    middles: dict[int, list[float]] = {SMALL: [], LARGE: []}
    tails: dict[int, list[float]] = {SMALL: [], LARGE: []}
    for _ in range(ROUNDS):
        times: dict[int, list[float]] = {SMALL: [], LARGE: []}
        for number in range(EVENTS):
            # each is as often the first of the two
            for machine in (small, large) if number % 2 else (large, small):
                id_ = f"e-{dice.randrange(machine.count):06}"
                times[machine.count].append(await machine.event(id_))
        for count, found in times.items():
            cuts = quantiles(found, n=100)
            middles[count].append(cuts[49])
            tails[count].append(cuts[98])
    for count in (SMALL, LARGE):
        name = f"{count:,} entities: an event{when}"
        yield Figure(f"{name}, p50", "ms", middles[count])
        yield Figure(f"{name}, p99", "ms", tails[count])
    ratios = [b / a for a, b in zip(middles[SMALL], middles[LARGE], strict=True)]
    yield Figure(f"{LARGE:,} over {SMALL} entities{when}, p50", "times", ratios)
