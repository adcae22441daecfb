"""The life of one child: an actor with a mailbox.

    stopped/done/failed ─call─▶ blocked ─▶ starting ─▶ ready ⇄ hung
            ▲                                 │          │
            └──── decide(policy, exit) ◀── exit, or stopping ◀─ stop
                        └──▶ backoff ─▶ blocked ...

Laws of this file:

- one task owns a child's life from its birth to the end of the fleet; orders
  are mail and are read between steps, never inside one
- a new process starts only after the old one and all it started are gone, and
  after the epoch was raised, which shuts out what could have been forgotten
- a stop never waits for the store
- deciding is policy.decide and orders.fold, doing is here
"""

import asyncio
from collections import deque
from contextlib import suppress
from itertools import chain, repeat
from typing import assert_never

from smtui.errors import StoreError, SupervisorError
from smtui.store import StoreBusyError, StoreFullError
from smtui.supervisor.orders import Order, Wish, fold
from smtui.supervisor.policy import (
    EXIT_FENCED,
    Again,
    Done,
    Exit,
    GiveUp,
    Ledger,
    Rest,
    decide,
    how_it_ended,
)
from smtui.supervisor.procs import Facts
from smtui.supervisor.records import ENDED_EARLY, Seen
from smtui.supervisor.spawn import Process, spawn
from smtui.supervisor.spec import ChildSpec, Kind
from smtui.supervisor.world import Launch, World
from smtui.wire import BLOCKED, ChildState, Frame

__all__ = ["RESTING", "Child"]

RESTING = frozenset({ChildState.STOPPED, ChildState.DONE, ChildState.FAILED})
"""Nothing runs and nothing is going to, until somebody asks."""

_ANSWERING = frozenset({ChildState.STARTING, ChildState.READY, ChildState.HUNG})
"""Its process runs, and nothing is wanted of it but its work."""

_CLEAN = frozenset({0, EXIT_FENCED})

_ANSWER_S = 1.0
"""How long the end of a run waits for the store, which may be locked."""

_STORE_PAUSE_S = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)


class Child:
    """One supervised process, in all its incarnations."""

    def __init__(self, spec: ChildSpec, world: World) -> None:
        self.name = spec.name
        self.state = ChildState.STOPPED
        self.state_since = world.clock.now()
        self.reason = ""
        self.restarts = 0
        self.ledger = Ledger()
        self.retry_at: float | None = None
        """While in backoff: seconds since boot."""
        self.process: Process | None = None
        self.started_at: float | None = None
        self.epoch = 0
        self.frames: dict[str, Frame] = {}
        self.usage: Facts | None = None
        """Processor and memory, as the last sweep saw them."""
        self.answered_at = 0.0
        """When it was last heard of, seconds since boot."""
        self._world = world
        self._wish = Wish(spec)
        self._spec = spec
        self._mail: deque[Order] = deque()
        self._bell = asyncio.Event()
        self._changed = asyncio.Event()
        self._runs = 0
        self._has_crashed = False
        self._again = ""
        """Why it followed another; the backoff of a first restart is over at once."""

    # ------------------------------------------------------- from outside

    @property
    def spec(self) -> ChildSpec:
        """Return how the present process is run, or the next one will be."""
        return self._spec if self.process else self._wish.spec

    @property
    def is_wanted(self) -> bool:
        """Return whether the sum of all orders is that it runs."""
        return self._wish.is_up

    @property
    def is_running(self) -> bool:
        """Return whether it runs, or tries to."""
        return self.is_wanted and self.state not in RESTING

    @property
    def is_over(self) -> bool:
        """Return whether it rests by itself, failed or done, and shall."""
        ended = self.state in {ChildState.FAILED, ChildState.DONE}
        return ended and not self._mail

    def tell(self, order: Order) -> None:
        """Put an order into the mailbox."""
        self._mail.append(order)
        self._bell.set()

    def poke(self) -> None:
        """Say that what it waits for may have changed."""
        self._bell.set()

    def rest_as_done(self) -> None:
        """Note that its run ended in an earlier fleet."""
        if self.process is None and not self._wish.is_up:
            self._to(ChildState.DONE)  # STOPPED -> DONE

    def said_ready(self) -> None:
        """Note that its machines run."""
        self.answered_at = self._world.clock.elapsed()
        if self.state in {ChildState.STARTING, ChildState.HUNG}:
            self._to(ChildState.READY, self._again)  # STARTING | HUNG -> READY

    def said(self, frame: Frame) -> None:
        """Note what one of its machines does now."""
        self.frames[frame.machine] = frame
        self.answered_at = self._world.clock.elapsed()
        if self.process and self.state in _ANSWERING and (why := self._undecided()):
            self._to(ChildState.BLOCKED, why)  # STARTING | READY -> BLOCKED
        elif self.state is ChildState.HUNG:
            self._to(ChildState.READY)  # HUNG -> READY
        else:
            self._world.changed(self.name)

    def _undecided(self) -> str:
        """Return what a human has to decide before its machines go on."""
        several = len(self._spec.names) > 1
        found = [(f.machine, f.last_problem) for f in self.frames.values()]
        waiting = [(name, why) for name, why in found if why.startswith(BLOCKED)]
        words = [(f"{n}: " * several) + why.removeprefix(BLOCKED) for n, why in waiting]
        return "; ".join(words)

    def seems_hung(self, why: str) -> None:
        """Note that it was rung and did not answer."""
        if self.state in {ChildState.STARTING, ChildState.READY}:
            self._to(ChildState.HUNG, why)  # READY -> HUNG

    async def until(self, states: frozenset[ChildState]) -> None:
        """Return when it has read its mail and is in one of `states`."""
        while self._mail or self.state not in states:
            self._changed.clear()
            await self._changed.wait()

    # --------------------------------------------------------------- life

    async def live(self) -> None:
        """Live until cancelled."""
        while True:
            self._read_mail()
            if not self._wish.is_up or self._is_resting():
                self._rest()
                await self._sleep(None)
            elif why := self._world.blocked(self._wish.spec):
                self._to(ChildState.BLOCKED, why)  # * -> BLOCKED
                await self._sleep(None)
            elif (left := self._backoff_s()) > 0:
                await self._sleep(left)
            else:
                await self._live_once()

    def _is_resting(self) -> bool:
        if self._world.is_leaving():
            return True
        return self.state in RESTING and not self._wish.is_called

    def _rest(self) -> None:
        """Leave what came before a start that is not to be any more."""
        self.retry_at = None
        is_dismissed = self._wish.must_end and self.state is ChildState.FAILED
        if self.state not in RESTING or is_dismissed:
            # BLOCKED | BACKOFF | FAILED -> STOPPED
            self._to(ChildState.STOPPED, self._wish.reason)
        self._wish = self._wish.ended()
        self._changed.set()

    def _backoff_s(self) -> float:
        if self._wish.is_called or self.retry_at is None:
            return 0.0
        return self.retry_at - self._world.clock.elapsed()

    async def _live_once(self) -> None:
        wish, self._spec = self._wish, self._wish.spec
        if wish.is_operator:
            self.ledger, self.restarts, self._again = Ledger(), 0, ""
        self._wish = wish.begun()
        self.retry_at = None
        self._to(ChildState.STARTING, self._again)  # * -> STARTING
        begun_at = self._world.clock.elapsed()
        try:
            if not await self._take_over(wish):
                return
            ended = await self._run()
        except SupervisorError as error:
            ended = self._failed_start(begun_at, str(error))
        except StoreError as error:
            ended = self._failed_start(begun_at, f"store: {error}")
        self._judge(ended)

    def _failed_start(self, begun_at: float, why: str) -> Exit:
        self._world.pump.note(self.name, why)
        now = self._world.clock.elapsed()
        return Exit(at=now, lived_s=now - begun_at, code=1, why=why)

    async def _take_over(self, wish: Wish) -> bool:
        """Own the machines; False when it is not to start any more.

        Raises StoreError when the store cannot do it now nor later.
        """
        if self._spec.kind is Kind.PROCESS:
            return True
        pauses = chain(_STORE_PAUSE_S, repeat(_STORE_PAUSE_S[-1]))
        while not self._wish.must_end:
            try:
                await self._own(wish)
            except (StoreBusyError, StoreFullError) as error:
                self._to(ChildState.STARTING, f"waits for the store: {error}")
            else:
                return True
            await self._sleep(next(pauses))
            self._read_mail()
        return False

    async def _own(self, wish: Wish) -> None:
        records, names = self._world.records, self._spec.names
        is_over = wish.is_operator and await records.are_over(names)
        if wish.is_fresh or is_over:
            await records.end_runs(names)
        self.epoch = await records.raise_epoch(
            self.name, names, crashed=self._has_crashed
        )
        self._has_crashed = False
        self.frames = {}

    # ------------------------------------------------------------ one run

    async def _run(self) -> Exit:
        """Start a process and see it to its end."""
        world = self._world
        started = world.clock.elapsed()
        process = await self._start(world.launch(self._spec, self.epoch))
        is_asked = await self._attend(process)
        await world.undertaker.bury(self.name, process.pid)
        words = await world.pump.finish(self.name, process.capture)
        code = 1 if process.code is None else process.code
        now = world.clock.elapsed()
        ended = Exit(now, now - started, code, is_asked)
        how = f"{how_it_ended(ended)} after {now - started:.1f} s"
        world.pump.note(self.name, f"process {self._runs} of this fleet ended: {how}")
        self.process, self.started_at, self.usage = None, None, None
        is_final = code == 0 and await self._has_ended()
        return ended._replace(is_final=is_final, words=words)

    async def _start(self, launch: Launch) -> Process:
        nursery, ended = self._world.nursery, self._bell.set
        if nursery and launch.birth:
            process = await nursery.bear(launch.birth, self._begun, ended)
            if process is not None:
                return process
        process = spawn(launch.command, cwd=launch.cwd, env=launch.env, ended=ended)
        self._begun(process)
        return process

    def _begun(self, process: Process) -> None:
        world = self._world
        self._runs += 1
        self.process, self.started_at = process, world.clock.now()
        self.answered_at = world.clock.elapsed()
        world.undertaker.begins(self.name, process.pid)
        epoch = f" epoch {self.epoch}" if self.epoch else ""
        what = f"process {self._runs} of this fleet starts: pid {process.pid}"
        world.pump.note(self.name, what + epoch)
        world.pump.follow(self.name, process.capture)
        is_up = self._spec.kind is Kind.PROCESS  # then STARTING -> READY
        self._to(ChildState.READY if is_up else ChildState.STARTING, self._again)

    async def _attend(self, process: Process) -> bool:
        """Wait for the exit; return whether it was asked for."""
        while process.code is None:
            await self._sleep(None)
            self._read_mail()
            if self._wish.must_end:
                await self._stop(process)
                return True
            # it runs: whoever asked for a start has got it
            self._wish = self._wish.begun()
        return False

    async def _stop(self, process: Process) -> None:
        clock = self._world.clock
        deadline = clock.elapsed() + self._spec.stop_timeout_s
        self._to(ChildState.STOPPING, self._wish.reason)  # READY -> STOPPING
        process.terminate(group=self._spec.kind is Kind.PROCESS)
        is_killed = False
        while process.code is None:
            left = deadline - clock.elapsed()
            if not is_killed and (left <= 0 or self._wish.is_forced):
                is_killed = True
                self._world.pump.note(self.name, "did not end in time: KILL")
                self._world.undertaker.kill_company(self.name)
                process.kill()
            await self._sleep(1.0 if is_killed else min(max(left, 0.0), 1.0))
            self._read_mail()
            if process.code is None:
                self._say_who_blocks(left, is_killed=is_killed)
        if self._spec.kind is Kind.PROCESS:
            await self._wait_for_company(deadline)

    async def _wait_for_company(self, deadline: float) -> None:
        """Give what a plain command started the rest of its time."""
        left = deadline - self._world.clock.elapsed()
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, left)):
                await self._world.undertaker.wait_for_company(self.name)

    def _say_who_blocks(self, left: float, *, is_killed: bool) -> None:
        company = self._world.undertaker.company(self.name)
        who = [f"pid {each.pid} {each.name}" for each in company[:3]]
        more = f" and {len(company) - 3} more" if len(company) > 3 else ""  # noqa: PLR2004
        then = "was sent KILL" if is_killed else f"KILL in {max(0.0, left):.0f} s"
        self._to(ChildState.STOPPING, f"waits for {', '.join(who)}{more}; {then}")

    async def _has_ended(self) -> bool:
        """Say whether its definition came to its end."""
        if self._spec.kind is Kind.PROCESS:
            return False
        try:
            async with asyncio.timeout(_ANSWER_S):
                return await self._world.records.are_over(self._spec.names)
        except (StoreError, TimeoutError):
            frames = [self.frames.get(name) for name in self._spec.names]
            return all(f and f.status in {"final", "failed"} for f in frames)

    def _judge(self, ended: Exit) -> None:
        world = self._world
        # an end that was asked for, clean, or obedience is no crash
        self._has_crashed = not ended.is_asked and ended.code not in _CLEAN
        decision = decide(self._spec.policy, self.ledger, ended, world.jitter())
        self._wish = self._wish.ended()
        match decision:
            case Again():
                self.ledger = decision.ledger
                self.restarts += 1
                self.retry_at = world.clock.elapsed() + decision.delay_s
                self._again = f"after {decision.reason}"
                self._to(ChildState.BACKOFF, decision.reason)  # also without a wait
            case GiveUp():
                self.ledger = decision.ledger
                self._to(ChildState.FAILED, decision.reason)  # -> FAILED
            case Done() if ended.is_final or self._spec.kind is Kind.PROCESS:
                self._to(ChildState.DONE, decision.reason)  # -> DONE
            case Done():
                why = f"{ENDED_EARLY}: {decision.reason}"
                self._to(ChildState.STOPPED, why)  # -> STOPPED
            case Rest():
                self._to(ChildState.STOPPED, self._wish.reason)  # -> STOPPED
            case _:
                assert_never(decision)

    # ------------------------------------------------------------ helpers

    def _read_mail(self) -> None:
        self._bell.clear()
        while self._mail:
            self._wish = fold(self._wish, self._mail.popleft())

    async def _sleep(self, seconds: float | None) -> None:
        """Wait for the bell, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._bell.wait()

    def _to(self, state: ChildState, reason: str = "") -> None:
        if (state, reason) == (self.state, self.reason) and self.process is None:
            return
        world, pid = self._world, self.process.pid if self.process else None
        if state is not self.state:
            self.state_since = world.clock.now()
        self.state, self.reason = state, reason
        world.records.note(self.name, Seen(state, reason, pid, self.restarts))
        self._changed.set()
        world.changed(self.name)
