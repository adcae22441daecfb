"""A supervisor from its first to its last moment: this file only wires.

    lock ─▶ store ─▶ doors ─▶ "ready" to who started us ─▶ paths ─▶ work ─▶ down

It ends with 0 when it was told to (down, TERM, INT), with 1 when its guardian
died or something of its own broke. Its standard input is a pipe of which the
guardian holds the other end: end of file means that nobody would clean up
after a kill -9 of us, so the fleet is stopped while that can be done cleanly.
"""

import asyncio
import json
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial

from smtui.clock import SystemClock
from smtui.errors import SmtuiError, StoreError
from smtui.store import StoreThread, Writer
from smtui.supervisor.args import SupervisorArgs
from smtui.supervisor.doors import Doors
from smtui.supervisor.fleet import Fleet
from smtui.supervisor.follow import Follower
from smtui.supervisor.found import Found
from smtui.supervisor.guardian import GIVEN, become_subreaper
from smtui.supervisor.launch import launch
from smtui.supervisor.lock import Lock, LockInfo
from smtui.supervisor.logs import OWN_LOG, LogPump
from smtui.supervisor.nest import Nest, build_nest
from smtui.supervisor.notifier import Notifier
from smtui.supervisor.nursery import Nursery
from smtui.supervisor.operator import Operator
from smtui.supervisor.records import StoreRecords
from smtui.supervisor.reports import Reports
from smtui.supervisor.sources import Sources
from smtui.supervisor.sweep import SWEEP_S, Sweep
from smtui.supervisor.talks import ControlTalk, EventsTalk
from smtui.supervisor.undertaker import Undertaker
from smtui.supervisor.world import World
from smtui.wire import ProblemView
from smtui.wire.doorbell import ring
from smtui.wire.paths import (
    DATABASE,
    LOCK_NAME,
    bell_path,
    default_run_dir,
    inode_of,
    log_path,
)

__all__ = ["DATABASE", "run_supervisor"]


_FLUSH_S = 5.0
"""How long the last states may take to reach the store."""


def run_supervisor(args: SupervisorArgs, nest: Nest | None = None) -> int:
    """Supervise until told to end; return the exit code.

    Called in the main thread of a process of its own, by `smtui _supervise`.
    Machines are born in the `nest`; without one each is started by itself.
    Raises SmtuiError when it cannot begin and nobody waits for its report.
    """
    if not become_subreaper() and nest is not None:
        nest.close()  # what is born there would fall to somebody else
        nest = None
    guard, found = None, None
    if args.is_guarded:
        guard = _take_guard()
        word = _take_word()
        if not word:
            return 0
        found = _found(word)
    try:
        with Lock(args.data_dir) as lock:
            life = _Supervisor(args, lock, guard, nest, found)
            return asyncio.run(life.run())
    except SmtuiError as error:
        if not args.is_guarded:
            raise
        _report(ok=False, error=error)
        return error.exit_code


def _take_guard() -> int:
    """Move the guardian's pipe away from standard input."""
    guard = os.dup(0)
    os.set_inheritable(guard, False)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    return guard


def _take_word() -> bytes:
    """Wait until who started us says to begin; b'' says not to."""
    with open(GIVEN, "rb") as given:  # noqa: PTH123 - a descriptor
        return given.read()


def _found(word: bytes) -> Found | None:
    """Return what who started us has found in the paths, if anything."""
    with suppress(ValueError):
        return Found.from_json(word.decode())
    return None


def _report(*, ok: bool, error: SmtuiError | None = None) -> None:
    """Tell who started us, on one line of standard output."""
    document: dict[str, object] = {"ok": ok, "pid": os.getpid()}
    if error is not None:
        document["error"], document["hint"] = error.message, error.hint
        document["exit_code"] = error.exit_code
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


class _Supervisor:
    """The parts, and how they are joined."""

    def __init__(
        self,
        args: SupervisorArgs,
        lock: Lock,
        guard: int | None,
        nest: Nest | None,
        found: Found | None,
    ) -> None:
        self._args = args
        self._lock = lock
        self._guard = guard
        self._nest = nest
        self._found = found
        self._clock = SystemClock()
        self._database = args.data_dir / DATABASE
        self._store = StoreThread(self._database, "normal", self._clock)
        self._undertaker = Undertaker()
        self._run_dir = default_run_dir(args.data_dir)
        self._code = 0
        self._is_announced = False
        self._answers: set[asyncio.Task[None]] = set()

    async def run(self) -> int:
        """Live from the lock to the last child."""
        loop = asyncio.get_running_loop()
        self._ending: asyncio.Future[str] = loop.create_future()
        self._records = StoreRecords(self._store, self._ring)
        self._pump = LogPump(self._args.data_dir, self._clock, self._pump_died)
        build = partial(build_nest, self._args.program, self._args.data_dir)
        self._nursery = Nursery(self._nest, build, self._undertaker, self._pump)
        async with self._store:
            left = await self._undertaker.bury_leftovers(self._args.data_dir)
            await self._store.call(Writer.forget_observed)
            self._kept = inode_of(self._database)
            self._pump.start()
            if left:
                note = f"killed {left} processes of the fleet before"
                self._pump.note(OWN_LOG, note)
            try:
                async with asyncio.TaskGroup() as tasks:
                    await self._serve(tasks)
            except ExceptionGroup as group:
                self._broke(group)
            finally:
                await self._nursery.close()
                await asyncio.to_thread(self._pump.stop)
        return self._code

    async def _serve(self, tasks: asyncio.TaskGroup) -> None:
        fleet = Fleet(self._args.data_dir, os.getpid(), self._clock, self._world, tasks)
        self._fleet = fleet
        notifier = Notifier(fleet, self._undertaker, self._pump, self._clock)
        fleet.on_change = lambda name: notifier.look([name])
        sources = Sources(
            self._args, fleet, self._store, self._undertaker, notifier.want
        )
        follower = Follower(
            fleet=fleet,
            sources=sources,
            store=self._store,
            records=self._records,
            pump=self._pump,
            clock=self._clock,
            run_dir=self._run_dir,
        )
        reports = Reports(fleet, self._clock)
        sweep = Sweep(
            fleet=fleet,
            database=self._database,
            store=self._store,
            undertaker=self._undertaker,
            pump=self._pump,
            clock=self._clock,
            run_dir=self._run_dir,
            reports=reports,
            notifier=notifier,
            wake=follower.wake,
        )
        info = self._lock.announce(self._clock, self._run_dir)
        operator = Operator(
            fleet,
            sources,
            self._store,
            info,
            wake=follower.wake,
            ring=self._ring,
            leave=self._leave,
        )
        doors = Doors(
            self._run_dir,
            control=partial(
                ControlTalk, fleet.stream, operator.answer, self._begin(tasks)
            ),
            events=partial(EventsTalk, reports),
            rung=follower.wake,
        )
        await doors.open()
        self._announce(info)
        duties = [
            tasks.create_task(self._records.keep_writing(), name="records"),
            tasks.create_task(self._sweep(sweep, doors, reports), name="sweep"),
            tasks.create_task(self._read_paths(sources), name="paths"),
            tasks.create_task(follower.follow(), name="follower"),
            tasks.create_task(sources.keep_looking(), name="files"),
            tasks.create_task(notifier.keep_telling(), name="notifier"),
        ]
        self._listen()
        reason = await self._ending
        self._pump.note(OWN_LOG, f"ends: {reason}")
        await fleet.down(reason)
        helpers = [*duties, *self._answers]
        for helper in helpers:
            helper.cancel()
        await asyncio.wait(helpers)
        sources.close()
        fleet.end()
        await self._say_goodbye(doors, sweep)

    def _world(self, fleet: Fleet) -> World:
        return World(
            clock=self._clock,
            records=self._records,
            pump=self._pump,
            undertaker=self._undertaker,
            launch=partial(launch, self._args),
            jitter=lambda: random.uniform(-1.0, 1.0),  # noqa: S311 - no secret
            blocked=fleet.blocked,
            is_leaving=lambda: fleet.is_leaving,
            changed=fleet.child_changed,
            nursery=self._nursery,
        )

    def _begin(
        self, tasks: asyncio.TaskGroup
    ) -> Callable[[Coroutine[None, None, None]], object]:
        """Return how a conversation makes a task of an answer."""

        def begin(work: Coroutine[None, None, None]) -> None:
            task = tasks.create_task(work, name="answer")
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)

        return begin

    def _ring(self, name: str) -> None:
        ring(bell_path(self._run_dir, name))

    # ------------------------------------------------------- begin and end

    def _announce(self, info: LockInfo) -> None:
        self._pump.note(OWN_LOG, f"begins: pid {info.pid}, {info.run_dir}")
        self._is_announced = True
        if not self._args.is_guarded:
            return
        _report(ok=True)
        # what Python itself may have to say from here on
        path = log_path(self._args.data_dir, OWN_LOG)
        path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        fd = os.open(path, flags, 0o600)
        os.dup2(fd, 1)
        os.dup2(fd, 2)
        os.close(fd)

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            name = signal.Signals(number).name
            loop.add_signal_handler(number, self._leave_again, name)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        if self._guard is not None:
            loop.add_reader(self._guard, self._guardian_died)

    def _guardian_died(self) -> None:
        if self._guard is not None:
            asyncio.get_running_loop().remove_reader(self._guard)
        self._code = 1
        self._leave("the guardian died", False)

    def _leave(self, reason: str, is_forced: bool) -> None:
        if is_forced:
            self._fleet.kill(reason)
        if not self._ending.done():
            self._ending.set_result(reason)

    def _leave_again(self, name: str) -> None:
        """End on a signal; by force on the second."""
        self._leave(f"got {name}", self._ending.done())

    def _pump_died(self, error: Exception) -> None:
        """End the fleet; called in the thread of the logs."""
        text = "".join(traceback.format_exception(error))
        sys.stderr.write(text)
        loop = self._ending.get_loop()
        loop.call_soon_threadsafe(self._leave, f"logs: {error!r}", True)
        self._code = 1

    async def _say_goodbye(self, doors: Doors, sweep: Sweep) -> None:
        try:
            async with asyncio.timeout(_FLUSH_S):
                await self._records.flush()
        except (StoreError, TimeoutError) as error:
            self._pump.note(OWN_LOG, f"the last states were not kept: {error}")
        self._fleet.stream.flush()
        await doors.close()
        await sweep.close()

    def _broke(self, group: ExceptionGroup[Exception]) -> None:
        """Keep what should not have happened; raise what kept us from starting."""
        self._code = 1
        for error in group.exceptions:
            for line in traceback.format_exception(error):
                self._pump.note(OWN_LOG, line)
        for error in group.exceptions:
            if isinstance(error, SmtuiError) and not self._is_announced:
                raise error from None

    # ------------------------------------------------------------- duties

    async def _read_paths(self, sources: Sources) -> None:
        if not self._args.paths:
            return
        args = self._args
        try:
            await sources.add(args.paths, args.options, args.who, self._found)
        except SmtuiError as error:
            paths = ", ".join(str(path) for path in args.paths)
            problem = _problem(paths, "cannot-read", error.message, error.hint)
            self._fleet.set_problem(problem, "cannot-read")

    async def _sweep(self, sweep: Sweep, doors: Doors, reports: Reports) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                if await doors.ensure():
                    self._pump.note(OWN_LOG, "made the run directory again")
                    reports.wake_all()
                self._fleet.set_problem(None, "run-dir")
            except SmtuiError as error:
                self._fleet.set_problem(self._no_doors(error), "run-dir")
            if not self._has_data():
                return
            self._look_at_lock()
            await sweep.sweep()

    def _has_data(self) -> bool:
        """Stop the fleet when what it keeps everything in has gone."""
        if inode_of(self._database) == self._kept:
            return True
        message = "it was removed or replaced under the running fleet, which stops"
        hint = "`smtui run PATH` begins anew"
        problem = _problem(self._database, "data-gone", message, hint)
        self._fleet.set_problem(problem, "data-gone")
        self._code = 1
        self._leave(f"{self._database} was removed or replaced", False)
        return False

    def _look_at_lock(self) -> None:
        problem = None
        if not self._lock.is_ours():
            message = f"{LOCK_NAME} was removed: a second supervisor could start"
            hint = "`smtui down`, then `smtui run PATH`"
            problem = _problem(self._args.data_dir, "lock-gone", message, hint)
        self._fleet.set_problem(problem, "lock-gone")

    def _no_doors(self, error: SmtuiError) -> ProblemView:
        return _problem(self._run_dir, "run-dir", error.message, error.hint)


def _problem(file: object, code: str, message: str, hint: str) -> ProblemView:
    return ProblemView(str(file), 0, 0, code, "error", message, hint)
