"""`smtui run --headless`: one line for everything that happens.

Watches the supervisor for the lives of processes, the journal for steps and
the log files for output, until a signal, the goals, the time or the end of
everything. A fleet this command has started is stopped cleanly with it; one
that ran before goes on.
"""

import asyncio
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from smtui.cli.console import Console
from smtui.cli.goals import Goals
from smtui.cli.link import connect, run
from smtui.cli.records import database
from smtui.cli.reports import Begin, Reporter
from smtui.cli.stopping import stopped
from smtui.errors import NoSupervisorError, SmtuiError, WireError
from smtui.store import Reader
from smtui.view.fleet import EMPTY_FLEET, FleetView, fold
from smtui.view.times import age
from smtui.wire import ChildState, MachineView

__all__ = ["End", "Stay", "stay"]

STOP_DEADLINE_S = 120.0
LOOK_AGAIN_S = 0.5
"""Log files ring no bell; steps and lives come at once, by the supervisor."""

_OVER = frozenset({ChildState.DONE, ChildState.FAILED})


class End(StrEnum):
    """Why the command ends."""

    SIGNAL = "signal"
    MET = "met"
    TIMEOUT = "timeout"
    FAILURE = "failure"
    OVER = "over"
    """Every machine is done or failed: nothing will happen any more."""
    LEFT = "left"
    """The supervisor has gone down by an order."""


@dataclass(slots=True)
class Stay:
    """What `run` hands over."""

    console: Console
    data: Path
    goals: Goals
    timeout_s: float | None
    exit_on_failure: bool
    is_ours: bool
    """This command started the fleet and stops it."""
    begin: Begin
    told: Sequence[int] = ()
    """Signals that came while the fleet was being started."""
    stop_when_lost: bool = False
    """A lost terminal ends the command like TERM does."""


@dataclass(slots=True)
class _Watch:
    """What is known while watching."""

    stay: Stay
    reporter: Reporter
    fleet: FleetView = EMPTY_FLEET
    end: asyncio.Future[End] = field(default_factory=asyncio.Future[End])

    def finish(self, end: End) -> None:
        """End the command; the first reason counts."""
        if not self.end.done():
            self.end.set_result(end)


def stay(stay: Stay) -> int:
    """Watch until the end and return the exit code."""
    return run(_stay(stay))


async def _stay(stay: Stay) -> int:
    async with Reader(database(stay.data)) as reader:
        reporter = Reporter(stay.console, stay.data, reader, stay.goals, stay.begin)
        watch = _Watch(stay, reporter)
        try:
            hangup = (signal.SIGHUP,) if stay.stop_when_lost else ()
            with _signals(lambda: watch.finish(End.SIGNAL), *hangup):
                if stay.told:
                    watch.finish(End.SIGNAL)
                end = await _until_end(watch)
                reporter.stop(end.value)
        finally:
            if stay.is_ours:
                await _stop(stay)
        with suppress(SmtuiError):
            await reporter.steps()
        reporter.logs()
    return _verdict(watch, end)


async def _until_end(watch: _Watch) -> End:
    tasks = [
        asyncio.create_task(_follow(watch)),
        asyncio.create_task(_look_again(watch)),
    ]
    if watch.stay.timeout_s is not None:
        loop = asyncio.get_running_loop()
        loop.call_later(watch.stay.timeout_s, watch.finish, End.TIMEOUT)
    try:
        waiting: set[asyncio.Future[None] | asyncio.Future[End]] = {*tasks, watch.end}
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                task.result()  # what it failed with is ours to fail with
        return watch.end.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(watch: _Watch) -> None:
    """Follow the supervisor's stream; it decides when to look into the store."""
    try:
        client = await connect(watch.stay.data)
    except NoSupervisorError:
        watch.finish(End.LEFT)
        return
    async with client:
        with suppress(WireError):
            async for news in client.watch():
                before, watch.fleet = watch.fleet, fold(watch.fleet, news)
                watch.reporter.lives(before, watch.fleet)
                watch.reporter.logs()
                await watch.reporter.steps()
                _judge(watch)
                if _is_over(watch.fleet) and not await _expects_more(watch):
                    watch.finish(End.OVER)
    watch.finish(End.LEFT)


async def _look_again(watch: _Watch) -> None:
    while True:
        watch.reporter.logs()
        await asyncio.sleep(LOOK_AGAIN_S)


def _judge(watch: _Watch) -> None:
    """End the command when the fleet has come to what was asked for."""
    machines = _real(watch.fleet)
    goals = watch.stay.goals
    for view in machines:
        goals.see_view(view)
    if goals.are_met:
        watch.finish(End.MET)
    failed = [view for view in machines if view.state is ChildState.FAILED]
    if failed and watch.stay.exit_on_failure:
        watch.finish(End.FAILURE)


def _is_over(fleet: FleetView) -> bool:
    machines = _real(fleet)
    wanted = [view for view in machines if view.desired == "up" or view.state in _OVER]
    return bool(wanted) and all(view.state in _OVER for view in wanted)


async def _expects_more(watch: _Watch) -> bool:
    """Say whether a machine asked for another that has not begun yet."""
    rows = await watch.reporter.reader.children()
    begun = {
        view.child
        for view in watch.fleet.machines.values()
        if view.state is not ChildState.STOPPED or view.started_at or view.reason
    }
    # one of paths that nobody gave this time is none of ours
    return any(
        row.desired == "up" and row.spec.get("started_by") and row.name not in begun
        for row in rows
    )


def _real(fleet: FleetView) -> list[MachineView]:
    return [
        view
        for view in fleet.machines.values()
        if not (view.template and view.state is ChildState.STOPPED)
    ]


def _verdict(watch: _Watch, end: End) -> int:
    """Return the exit code, and say what was missing."""
    goals, console = watch.stay.goals, watch.stay.console
    machines = _real(watch.fleet)
    if goals.wanted and not goals.are_met:
        missing = ", ".join(str(goal) for goal in goals.missing)
        console.note(f"not reached ({end.value}): {missing}")
        for view in machines:
            console.note(_state_of(view, console.clock.now()))
        return 1
    match end:
        case End.FAILURE | End.OVER:
            return 1 if any(v.state is ChildState.FAILED for v in machines) else 0
        case End.LEFT:
            return 0 if not watch.stay.is_ours else 1
        case _:
            return 0


def _state_of(view: MachineView, now: float) -> str:
    """Return one machine's state, how long it is in it, and why."""
    frame = view.frame
    where = frame.where if frame else "-"
    since = frame.since if frame else view.state_since
    spent = age(now - since) if since else "-"
    why = view.reason or (frame.last_problem if frame else "")
    return f"  {view.name}: {view.state.value}, in {where} for {spent}  {why}".rstrip()


async def _stop(stay: Stay) -> None:
    """Stop the fleet; a second signal kills what still has something in hand."""
    hurry: set[asyncio.Task[None]] = set()

    def force() -> None:
        hurry.add(asyncio.create_task(_force(stay)))

    with _signals(force), suppress(NoSupervisorError):
        await stopped(stay.data, STOP_DEADLINE_S)


async def _force(stay: Stay) -> None:
    with suppress(SmtuiError):
        async with await connect(stay.data) as client:
            await client.ask("down", {"force": True})


class _signals:  # noqa: N801 - used like a function
    """Call something on INT and TERM, and on others, while inside."""

    def __init__(self, act: Callable[[], None], *others: signal.Signals) -> None:
        self._act = act
        self._numbers = (signal.SIGINT, signal.SIGTERM, *others)

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in self._numbers:
            loop.add_signal_handler(number, self._act)

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in self._numbers:
            loop.remove_signal_handler(number)
