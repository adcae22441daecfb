"""The World actions in hand of one instance.

The laws of this file: an action is taken up only after the commit that asked
for it; what it gives is kept until the machine has stepped it; an action that
our own shutdown cuts off gives nothing.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import NamedTuple

from smtui.chart.values import Done, Raised, Result, RunEntry, Snapshot
from smtui.clock import Clock
from smtui.definition import Failure
from smtui.runtime.actions import Author, Outlet, Performance, Place
from smtui.runtime.actions.bash import Bash
from smtui.runtime.actions.functions import Functions
from smtui.runtime.actions.performance import Ended
from smtui.runtime.actions.sleep import Sleep
from smtui.runtime.alarm import at_now
from smtui.runtime.foreign import Member
from smtui.runtime.stop import Stop

__all__ = ["MAX_CRASHES", "Hands", "crashed"]

MAX_CRASHES = 3
"""An action that was in hand at this many crashes is not tried again."""


class _Held(NamedTuple):
    performance: Performance
    task: "asyncio.Task[None]"


class Hands:
    """What runs outside now, and what has come of it."""

    def __init__(
        self,
        tasks: asyncio.TaskGroup,
        place: Place,
        author: Author,
        *,
        outlet: Outlet,
        clock: Clock,
        on_end: Callable[[], None],
        functions: Functions | None = None,
        foreign: Member | None = None,
    ) -> None:
        """Own actions in `tasks`; call `on_end` when one has ended."""
        self._tasks = tasks
        self._place = place
        self._author = author
        self._outlet = outlet
        self._clock = clock
        self._on_end = on_end
        self._functions = functions
        self._foreign = foreign
        self._held: dict[str, _Held] = {}
        self._ended: list[Done] = []
        self.seconds: dict[str, float] = {}
        """Pending id -> how long the action took."""
        self.cut_off: list[str] = []
        """Pending ids of actions that were ended half-way, without a result."""

    def take_up(self, id_: str, entry: RunEntry, snapshot: Snapshot) -> None:
        """Begin to perform an action."""
        if self._foreign is None:
            performance = self._make(entry, snapshot)
        else:
            performance = self._foreign.take_up(entry)
        limit_s = entry.terms.timeout_s
        task = self._tasks.create_task(self._perform(id_, performance, limit_s))
        self._held[id_] = _Held(performance, task)

    def pids(self) -> dict[str, int | None]:
        """Return the pending ids in hand, each with its process."""
        return {id_: held.performance.pid for id_, held in self._held.items()}

    def gather(self) -> list[Done]:
        """Return what has come in since the last time."""
        ended, self._ended = self._ended, []
        return ended

    def forget(self, ids: Iterable[str]) -> None:
        """Keep no more of actions whose results were stepped."""
        for id_ in ids:
            self.seconds.pop(id_, None)

    async def end(self, stop: Stop) -> None:
        """Give what is in hand the time it has left, then cut it off."""
        for held in self._held.values():
            if held.performance.can_resume:
                held.task.cancel()
        tasks = [held.task for held in self._held.values()]
        if not tasks:
            return
        over = self._tasks.create_task(stop.grace_over())
        working = self._tasks.create_task(_all(tasks))
        await asyncio.wait([over, working], return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        left = [i for i, held in self._held.items() if not held.performance.can_resume]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        working.cancel()
        ended = {done.id for done in self._ended}
        self.cut_off = [id_ for id_ in left if id_ not in ended]

    def kill(self) -> None:
        """End everything at once: this process may do nothing any more."""
        for held in self._held.values():
            held.performance.kill()
            held.task.cancel()

    async def _perform(
        self, id_: str, performance: Performance, limit_s: float | None
    ) -> None:
        started = self._clock.elapsed()
        try:
            async with asyncio.timeout(limit_s):
                ended = await performance.perform()
        except TimeoutError:
            performance.kill()
            ended = Ended(_too_long(limit_s))
        finally:
            del self._held[id_]
        self.seconds[id_] = self._clock.elapsed() - started
        now = at_now(self._clock)
        self._ended.append(Done(id_, ended.answer, now, ended.patch))
        self._on_end()

    @property
    def is_idle(self) -> bool:
        """Say whether nothing runs and nothing waits to be gathered."""
        return not self._held and not self._ended

    def drop(self, id_: str) -> bool:
        """End an action whose result nobody wants; return whether it ran."""
        held = self._held.get(id_)
        if held is not None:
            held.performance.kill()
            held.task.cancel()
        return held is not None

    def _make(self, entry: RunEntry, snapshot: Snapshot) -> Performance:
        functions = self._functions
        if functions is not None:
            bound = functions.take_up(entry, snapshot)
            if bound is not None:
                return bound
        if entry.action in self._author.catalogue.types:
            state = snapshot.configuration[0]
            return self._author.take_up(entry, snapshot.data, state)
        match entry.action:
            case "bash":
                return Bash(entry, self._place, self._outlet, self._clock)
            case "sleep":
                return Sleep(entry, self._clock)
            case _ if functions is not None and not entry.invoke_id:
                functions.tell_unbound(entry.action)
                return _Unbound()
            case _:
                return _Missing(entry.action)


class _Unbound:
    """An action of a statechart that no function is bound to: done at once."""

    pid = None
    can_resume = False

    async def perform(self) -> Ended:
        """Do nothing."""
        return Ended(Result({}))

    def kill(self) -> None:
        """Do nothing: nothing runs."""


class _Missing:
    """An action whose file has gone since it was asked for."""

    pid = None
    can_resume = False

    def __init__(self, action: str) -> None:
        self._action = action

    async def perform(self) -> Ended:
        """Fail as it would have if the file had never been there."""
        why = f"Could not load action {self._action!r}"
        return Ended(Raised(f"{why} - not found in actions directory", "NotFound"))

    def kill(self) -> None:
        """Do nothing: nothing runs."""


def _too_long(limit_s: float | None) -> Raised:
    """Return what an action gives that has not ended: it may yet do its work."""
    why = f"took longer than {limit_s:g} s"
    return Raised(why, "TimeoutError", Failure.OPEN)


def crashed(entry: RunEntry) -> Raised | None:
    """Return what an action of a process that has ended gives, None to go on.

    The attempt of each action in hand was raised when the process was found
    dead; one that was cut off and must not run twice says `on_crash: error`.
    """
    if entry.attempt > 1 and entry.on_crash == "error":
        why = "was cut off when its process ended, and says on_crash: error"
        return Raised(why, "crashed")
    if entry.attempt > MAX_CRASHES:
        return Raised(f"crashed the process {MAX_CRASHES} times", "crashed")
    return None


async def _all(tasks: "list[asyncio.Task[None]]") -> None:
    await asyncio.wait(tasks)
