"""All children of a supervisor, and what they have to do with each other.

Laws of this file: a child acts for itself (its actor); the fleet only knows
who there is, who waits for whom, and what viewers are told.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from smtui.clock import Clock
from smtui.errors import UsageError, nearest
from smtui.store import ChildRow
from smtui.supervisor.child import RESTING, Child
from smtui.supervisor.logs import OWN_LOG
from smtui.supervisor.order import (
    blocked_by,
    children_named,
    dependants,
    stop_order,
)
from smtui.supervisor.orders import Change, Stop
from smtui.supervisor.spec import ChildSpec, read_spec
from smtui.supervisor.stream import Stream
from smtui.supervisor.views import rows_of
from smtui.supervisor.world import World
from smtui.wire import ChildState, MachineView, ProblemView, Update
from smtui.wire import Fleet as FleetMessage

__all__ = ["Fleet"]


class Fleet:
    """The children by name."""

    def __init__(
        self,
        data_dir: Path,
        pid: int,
        clock: Clock,
        world: Callable[["Fleet"], World],
        tasks: asyncio.TaskGroup,
    ) -> None:
        """`world` is what each child gets; it may refer to this fleet."""
        self.data_dir = data_dir
        self.children: dict[str, Child] = {}
        self.versions: dict[str, int] = {}
        """Version of each row of the store that has been looked at."""
        self.paths: list[Path] = []
        self.problems: tuple[ProblemView, ...] = ()
        """Of the files."""
        self.own_problems: dict[str, ProblemView] = {}
        """Of the fleet, by code."""
        self.not_read: tuple[tuple[str, str], ...] = ()
        self.is_leaving = False
        self.changes = 0
        self.stream = Stream(self._message, self._update)
        self.on_change: Callable[[str], None] = lambda _: None
        """Told the name of each child that has changed."""
        self._pid = pid
        self._clock = clock
        self._world = world(self)
        self._tasks = tasks
        self._lives: dict[str, asyncio.Task[None]] = {}
        self._states: dict[str, ChildState] = {}
        self._told_problems: tuple[ProblemView, ...] = ()

    # ---------------------------------------------------------- who there is

    @property
    def specs(self) -> dict[str, ChildSpec]:
        """Return how each child is run."""
        return {name: child.spec for name, child in self.children.items()}

    def take(self, row: ChildRow) -> Child:
        """Return the child of a row, new or changed; it is not started.

        Raises SupervisorError when the row's spec makes no sense.
        """
        spec = read_spec(row.name, row.spec)
        self.versions[row.name] = row.version
        child = self.children.get(row.name)
        if child is None:
            child = Child(spec, self._world)
            self.children[row.name] = child
            self._lives[row.name] = self._tasks.create_task(
                child.live(), name=f"child {row.name}"
            )
            self.child_changed(row.name)
        elif child.spec != spec:
            child.tell(Change(spec))
        return child

    async def drop(self, child: Child, reason: str) -> None:
        """Stop a child and forget it."""
        child.tell(Stop(reason))
        await child.until(RESTING)
        self._lives.pop(child.name).cancel()
        rows = [*rows_of(child, self._clock)]
        del self.children[child.name]
        self._states.pop(child.name, None)
        self.stream.gone(rows)

    def find(self, names: Sequence[str]) -> list[Child]:
        """Return the children that names mean.

        Raises UsageError for a name nobody has.
        """
        specs = self.specs
        found: dict[str, Child] = {}
        for name in names:
            children = children_named(name, specs)
            if not children:
                known = [each for spec in specs.values() for each in spec.names]
                raise UsageError(
                    f"no machine or process {name!r}",
                    hint=nearest(name, known) or "`smtui ps` lists them",
                )
            found.update((each, self.children[each]) for each in children)
        return [*found.values()]

    # ---------------------------------------------------- who waits for whom

    def blocked(self, spec: ChildSpec) -> str:
        """Return what a child still waits for, '' when nothing."""
        if not spec.depends_on:
            return ""
        states = {name: child.state for name, child in self.children.items()}
        return blocked_by(spec, self.specs, states)

    def child_changed(self, name: str) -> None:
        """Tell viewers, the log, and who waits for this child."""
        self.changes += 1
        self.stream.changed(name)
        self.on_change(name)
        child = self.children[name]
        before = self._states.get(name, ChildState.STOPPED)
        if before is child.state:
            return
        self._states[name] = child.state
        why = f" ({child.reason})" if child.reason else ""
        note = f"{name}: {before} -> {child.state}{why}"
        self._world.pump.note(OWN_LOG, note)
        for other in dependants(name, self.specs):
            self.children[other].poke()

    async def down(self, reason: str) -> None:
        """Stop all children, those others depend on last."""
        self.is_leaving = True
        for level in stop_order(self.specs):
            busy = [
                child
                for name in level
                if (child := self.children.get(name)) and not child.is_over
            ]
            for child in busy:
                child.tell(Stop(reason))
            for child in busy:
                await child.until(RESTING)

    def kill(self, reason: str) -> None:
        """Stop waiting for anything in hand."""
        self.is_leaving = True
        for child in self.children.values():
            if not child.is_over:
                child.tell(Stop(reason, is_forced=True))

    def end(self) -> None:
        """End all actors; their processes are gone."""
        for life in self._lives.values():
            life.cancel()

    # ------------------------------------------------------- what is told

    def set_problem(self, problem: ProblemView | None, code: str) -> None:
        """Show or take away a problem of the fleet itself."""
        if self.own_problems.get(code) == problem:
            return
        self.own_problems.pop(code, None)
        if problem is not None:
            self.own_problems[code] = problem
            self._world.pump.note(OWN_LOG, problem.message)
        self.stream.changed()

    @property
    def all_problems(self) -> tuple[ProblemView, ...]:
        """Return the problems of the fleet, then those of the files."""
        return (*self.own_problems.values(), *self.problems)

    def _rows(self, names: Iterable[str]) -> tuple[MachineView, ...]:
        children = [self.children[n] for n in names if n in self.children]
        return tuple(row for child in children for row in rows_of(child, self._clock))

    def _message(self) -> FleetMessage:
        return FleetMessage(
            at=self._clock.now(),
            data_dir=str(self.data_dir),
            paths=tuple(str(path) for path in self.paths),
            pid=self._pid,
            machines=self._rows(self.children),
            problems=self.all_problems,
            not_read=self.not_read,
            changes=self.changes,
            free_disk_bytes=self._free_bytes(),
        )

    def _update(self, dirty: Iterable[str], gone: Iterable[str]) -> Update:
        problems = self.all_problems
        is_news = problems != self._told_problems
        self._told_problems = problems
        return Update(
            at=self._clock.now(),
            machines=self._rows(dirty),
            gone=tuple(gone),
            problems=problems if is_news else None,
            changes=self.changes,
            free_disk_bytes=self._free_bytes(),
        )

    def _free_bytes(self) -> int:
        try:
            return shutil.disk_usage(self.data_dir).free
        except OSError:
            return 0
