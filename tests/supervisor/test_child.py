"""One child's life, with real small processes and a store that is a fake."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from smtui.clock import SystemClock
from smtui.errors import StoreError, SupervisorError
from smtui.store import StoreBusyError
from smtui.supervisor.child import RESTING, Child
from smtui.supervisor.logs import LogPump
from smtui.supervisor.orders import Change, Restart, Start, Stop
from smtui.supervisor.policy import Policy
from smtui.supervisor.policy import Restart as Policies
from smtui.supervisor.records import Seen
from smtui.supervisor.spec import ChildSpec, MachineSpec
from smtui.supervisor.undertaker import Undertaker
from smtui.supervisor.views import rows_of
from smtui.supervisor.world import Launch, World
from smtui.wire import ChildState, Frame

READY, STARTING, BACKOFF = ChildState.READY, ChildState.STARTING, ChildState.BACKOFF
STOPPED, FAILED, DONE = ChildState.STOPPED, ChildState.FAILED, ChildState.DONE

SLEEP = (sys.executable, "-S", "-c", "import signal; signal.pause()")


class FakeRecords:
    """A store in memory that can be told to fail."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.seen: list[Seen] = []
        self.errors: list[StoreError] = []
        self.is_over = False
        self.epoch = 0

    async def raise_epoch(
        self, child: str, names: Sequence[str], *, crashed: bool
    ) -> int:
        if self.errors:
            raise self.errors.pop(0)
        self.calls.append(f"epoch {child} {'+'.join(names)} crashed={crashed}")
        self.epoch += 1
        return self.epoch

    async def end_runs(self, names: Sequence[str]) -> None:
        self.calls.append(f"end {'+'.join(names)}")

    async def are_over(self, names: Sequence[str]) -> bool:
        del names
        return self.is_over

    def note(self, child: str, seen: Seen) -> None:
        del child
        self.seen.append(seen)


class Stage:
    """A child that runs `commands`, one after the other."""

    def __init__(self, folder: Path, spec: ChildSpec, pump: LogPump) -> None:
        self.records = FakeRecords()
        self.commands: list[Sequence[str]] = [SLEEP]
        self.why_blocked = ""
        self.undertaker = Undertaker(is_alone=False)
        self.folder = folder
        self.news = asyncio.Event()
        world = World(
            clock=SystemClock(),
            records=self.records,
            pump=pump,
            undertaker=self.undertaker,
            launch=self._launch,
            jitter=lambda: 0.0,
            blocked=lambda _: self.why_blocked,
            is_leaving=lambda: False,
            changed=lambda _: self.news.set(),
        )
        self.child = Child(spec, world)

    def _launch(self, spec: ChildSpec, epoch: int) -> Launch:
        del spec, epoch
        many = len(self.commands) > 1
        command = self.commands.pop(0) if many else self.commands[0]
        if not command:
            raise SupervisorError("env_file x: no such file")
        return Launch(tuple(command), self.folder, {**os.environ})

    async def until(self, *states: ChildState) -> None:
        async with asyncio.timeout(20):
            await self.child.until(frozenset(states))

    async def run(self) -> None:
        """Start it and say that it is ready."""
        self.child.tell(Start(is_operator=True))
        await self.until_spawned()
        self.child.said_ready()

    async def until_spawned(self) -> None:
        """Wait for a process."""
        await self.until(STARTING)
        await self.until_true(lambda: self.child.process)

    async def until_true(self, what: Callable[[], object]) -> None:
        """Wait until something is true after a change."""
        async with asyncio.timeout(20):
            while not what():
                self.news.clear()
                await self.news.wait()


@asynccontextmanager
async def a_stage(
    folder: Path, policy: Policy | None = None, stop_timeout_s: float = 10.0
) -> AsyncIterator[Stage]:
    """Let a child live."""
    pump = LogPump(folder, SystemClock(), print)
    pump.start()
    spec = ChildSpec(
        "a",
        machines=(MachineSpec("m"),),
        policy=policy or Policy(restart=Policies.NEVER),
        stop_timeout_s=stop_timeout_s,
    )
    stage = Stage(folder, spec, pump)
    life = asyncio.create_task(stage.child.live())
    try:
        yield stage
    finally:
        stage.child.tell(Stop(is_forced=True))
        await stage.until(*RESTING)
        life.cancel()
        with suppress(asyncio.CancelledError):
            await life
        await asyncio.to_thread(pump.stop)


async def test_the_epoch_is_raised_before_each_process(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.run()
        stage.child.tell(Restart())
        await stage.until_spawned()

        assert stage.records.calls == [
            "epoch a m crashed=False",
            "epoch a m crashed=False",
        ]
        assert stage.child.epoch == 2


async def test_a_crash_is_told_to_the_store(tmp_path: Path) -> None:
    async with a_stage(tmp_path, Policy()) as stage:
        stage.commands = [("false",), SLEEP]
        stage.child.tell(Start())
        await stage.until_true(lambda: stage.records.epoch == 2)

        assert stage.records.calls[1] == "epoch a m crashed=True"


async def test_an_operators_start_of_what_is_over_begins_a_new_run(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path) as stage:
        stage.commands = [("true",), SLEEP]
        stage.records.is_over = True
        stage.child.tell(Start())
        await stage.until(DONE)
        stage.child.tell(Start(is_operator=True))
        await stage.until(STARTING)

        assert stage.records.calls == [
            "epoch a m crashed=False",
            "end m",
            "epoch a m crashed=False",
        ]


async def test_a_fresh_restart_ends_the_run_when_the_process_is_gone(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.run()
        stage.child.tell(Restart(is_fresh=True))
        await stage.until_spawned()

        assert stage.records.calls[1:] == ["end m", "epoch a m crashed=False"]


async def test_an_exit_without_an_end_is_not_done(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.commands = [("true",)]
        stage.child.tell(Start())
        await stage.until(STOPPED)

        assert stage.child.reason == "ended before its definition did: exit 0"


async def test_a_child_waits_for_a_locked_store_and_can_be_stopped(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path) as stage:
        stage.records.errors = [StoreBusyError("locked")] * 99
        stage.child.tell(Start())
        await stage.until_true(lambda: "store: locked" in stage.child.reason)
        stage.child.tell(Stop("enough"))
        await stage.until(STOPPED)

        assert stage.child.reason == "enough"
        assert stage.records.calls == []


async def test_a_store_that_will_never_do_is_a_failure(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.records.errors = [StoreError("no machine 'm'")]
        stage.child.tell(Start())
        await stage.until(FAILED)

        assert "store: no machine 'm'" in stage.child.reason


async def test_a_command_that_cannot_be_made_is_a_failure(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.commands = [()]
        stage.child.tell(Start())
        await stage.until(FAILED)

        assert stage.child.reason == "env_file x: no such file; restart is never"


async def test_a_process_that_followed_another_says_why(tmp_path: Path) -> None:
    async with a_stage(tmp_path, Policy()) as stage:
        stage.commands = [("sh", "-c", "echo no money >&2; exit 3"), SLEEP]
        stage.child.tell(Start())
        await stage.until_true(lambda: stage.child.restarts and stage.child.process)
        assert stage.child.reason == "after exit 3: no money"
        stage.child.said_ready()

        assert (READY, "after exit 3: no money") == (
            stage.child.state,
            stage.child.reason,
        )


async def test_what_blocks_is_looked_at_when_poked(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        stage.why_blocked = "waits for b"
        stage.child.tell(Start())
        await stage.until(ChildState.BLOCKED)
        stage.why_blocked = ""
        stage.child.poke()
        await stage.until(STARTING)

        assert stage.records.calls == ["epoch a m crashed=False"]


async def test_hung_ends_with_the_next_frame(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.run()
        assert stage.child.state is READY
        stage.child.seems_hung("silent")
        assert stage.child.state is ChildState.HUNG
        stage.child.said(Frame("m", "main", ("idle",), "running", 0.0, 1, 1))

        assert stage.child.state is READY
        assert stage.child.frames["m"].configuration == ("idle",)


async def test_a_run_that_waits_for_a_decision_is_blocked_until_its_next_process(
    tmp_path: Path,
) -> None:
    async with a_stage(tmp_path) as stage:
        stage.child.tell(Start(is_operator=True))
        await stage.until_spawned()
        frame = Frame("m", "main", ("b",), "running", 0.0, 1, 1)
        stage.child.said(replace(frame, last_problem="blocked: no state 'b' any more"))

        assert stage.child.state is ChildState.BLOCKED
        assert stage.child.reason == "no state 'b' any more"
        stage.child.tell(Restart())
        await stage.until_spawned()
        stage.child.said_ready()
        stage.child.said(frame)
        assert stage.child.state is READY


async def test_a_row_shows_the_question_and_the_limit_of_its_state(
    tmp_path: Path,
) -> None:
    machine = MachineSpec("m", asks={"b": "really?"}, stuck_after_s={"": 9, "b": 5})
    async with a_stage(tmp_path) as stage:
        stage.child.tell(Change(ChildSpec("a", machines=(machine,))))
        await stage.run()
        seen: list[tuple[str, float | None]] = []
        for state in ("a", "b"):
            stage.child.said(Frame("m", "main", (state,), "running", 0.0, 1, 1))
            (row,) = rows_of(stage.child, SystemClock())
            seen.append((row.asks, row.stuck_after_s))

        assert seen == [("", 9.0), ("really?", 5.0)]


async def test_a_row_says_how_many_of_many_instances_ask(tmp_path: Path) -> None:
    machine = MachineSpec("m", asks={"b": "really?"})
    async with a_stage(tmp_path) as stage:
        stage.child.tell(Change(ChildSpec("a", machines=(machine,))))
        await stage.run()
        many = Frame("m", "", (), "running", 0.0, 0, 1, instances=5)
        seen: list[str] = []
        for asking in (0, 1, 1200):
            stage.child.said(replace(many, asking=asking, asking_in="b"))
            (row,) = rows_of(stage.child, SystemClock())
            seen.append(row.asks)

        assert seen == ["", "1 instance: really?", "1,200 instances: really?"]


async def test_of_machines_that_share_a_process_the_one_that_blocks_is_named(
    tmp_path: Path,
) -> None:
    machines = (MachineSpec("order"), MachineSpec("payment"))
    async with a_stage(tmp_path) as stage:
        stage.child.tell(Change(ChildSpec("a", machines=machines)))
        await stage.run()
        frame = Frame("order", "main", ("b",), "running", 0.0, 1, 1)
        stage.child.said(replace(frame, last_problem="blocked: no state 'b' any more"))

        assert stage.child.state is ChildState.BLOCKED
        assert stage.child.reason == "order: no state 'b' any more"


async def test_stop_and_start_in_one_breath_is_a_restart(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.run()
        first = stage.child.process
        assert first is not None
        stage.child.tell(Stop())
        stage.child.tell(Start())
        await stage.until_spawned()

        assert stage.child.process is not first
        assert first.code == -15


async def test_a_new_spec_is_for_the_next_process(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.run()
        fresh = ChildSpec("a", machines=(MachineSpec("m", hash="new"),))
        stage.child.tell(Change(fresh))
        stage.child.poke()
        assert stage.child.spec.machines[0].hash == ""
        stage.child.tell(Restart())
        await stage.until(STARTING)

        assert stage.child.spec is fresh


async def test_what_is_seen_is_noted_with_its_pid(tmp_path: Path) -> None:
    async with a_stage(tmp_path) as stage:
        await stage.run()
        assert stage.child.process is not None
        pid = stage.child.process.pid
        stage.child.tell(Stop("by ann"))
        await stage.until(STOPPED)

        states = [(each.state, each.pid) for each in stage.records.seen]
        assert states == [
            (STARTING, None),
            (STARTING, pid),
            (READY, pid),
            (ChildState.STOPPING, pid),
            (STOPPED, None),
        ]
        assert stage.records.seen[-1].reason == "by ann"
