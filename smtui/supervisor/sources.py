"""The paths of a fleet: read by `check`, kept in the store, made children.

Laws of this file:

- a bad edit never stops a good machine: what a check does not find sound is
  left as it is, and the problems are shown
- a machine that is over is begun anew by an operator's `run`, one that runs
  is left alone, one that was stopped is started
- reading again restarts only what changed
- a change on disk is read when it is made, and only shown: an operator says
  when it is to count (restart, reload)
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from smtui.errors import SupervisorError
from smtui.store import ChildRow, Desired, StoreThread, Writer
from smtui.supervisor.args import MachineOptions, SupervisorArgs
from smtui.supervisor.checking import check, command_of
from smtui.supervisor.child import RESTING, Child
from smtui.supervisor.fleet import Fleet
from smtui.supervisor.found import (
    Found,
    Stamps,
    is_definition,
    stamps_of,
    stamps_of_files,
)
from smtui.supervisor.notices import Wanted
from smtui.supervisor.orders import Restart, Start
from smtui.supervisor.plan import Plan, Planned, read_report, row_of, wanted_of
from smtui.supervisor.undertaker import Undertaker
from smtui.supervisor.watch import Watch
from smtui.wire import ProblemView

__all__ = ["Sources", "Taken"]


LOOK_AGAIN_S = 0.3
"""After a change on disk, before it is read: time to finish writing."""


class Taken(NamedTuple):
    """What reading some paths gave."""

    names: tuple[str, ...]
    """The children that were found sound."""
    problems: tuple[ProblemView, ...]
    not_read: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Source:
    """Some paths that were given together, and what is known of them."""

    paths: tuple[Path, ...]
    options: MachineOptions
    plan: Plan = field(default_factory=Plan)
    stamps: Stamps = field(default_factory=Stamps)
    others: frozenset[Path] = frozenset()
    """Files elsewhere that the definitions were read from, or hold faults."""
    other_stamps: Stamps = field(default_factory=Stamps)

    def has_changed(self) -> bool:
        """Say whether a file was written since they were read."""
        if stamps_of(self.paths) != self.stamps:
            return True
        return stamps_of_files(self.others) != self.other_stamps


class Sources:
    """Everything the operator gave to `run`."""

    def __init__(
        self,
        args: SupervisorArgs,
        fleet: Fleet,
        store: StoreThread,
        undertaker: Undertaker,
        want: Callable[[Wanted], None],
    ) -> None:
        """`want` hears what the paths say about telling humans."""
        self._args = args
        self._want = want
        self._fleet = fleet
        self._store = store
        self._undertaker = undertaker
        self._sources: list[_Source] = []
        self._turn = asyncio.Lock()
        self._watch = Watch(self._file_changed)
        self._written = asyncio.Event()

    async def add(
        self,
        paths: Sequence[Path],
        options: MachineOptions,
        who: str,
        found: Found | None = None,
    ) -> Taken:
        """Read paths and start what is found.

        `found` is what whoever gave the paths has found in them.

        Raises SupervisorError when they cannot be read at all, UsageError for
        a name in `only` that is not in them.
        """
        async with self._turn:
            if self._fleet.is_leaving:
                raise SupervisorError(
                    "the fleet is going down, nothing is added any more",
                    hint="`smtui run PATH` when it is down",
                )
            source = self._source_of(tuple(paths), options)
            await self._read(source, found)
            wanted = wanted_of(source.plan, options.only)
            sound = self._without_strangers(source)
            rows = await self._keep(sound, wanted, f"run by {who}", who)
            children = [self._fleet.take(row) for row in rows]
            await self._retire(source.plan)
            for child in children:
                if child.name in wanted:
                    child.tell(Start("run", is_operator=True))
            return self._taken(source, children)

    async def reload(self, who: str) -> Taken:
        """Read all paths again and restart what changed."""
        async with self._turn:
            names: list[str] = []
            for source in self._sources:
                names += await self._read_again(source, who)
            return Taken(tuple(names), self._fleet.problems, self._fleet.not_read)

    async def refresh(self, children: Collection[Child], who: str) -> None:
        """Read files of these children again that changed since they were read.

        They are about to be started: what is sound now is what they shall run.
        """
        names = {child.name for child in children}
        async with self._turn:
            for source in self._sources:
                if not names & {each.spec.name for each in source.plan.children}:
                    continue
                if source.has_changed():
                    await self._read(source)
                sound = [
                    each
                    for each in self._without_strangers(source)
                    if each.spec.name in names
                ]
                for row in await self._keep(sound, names, "changed", who):
                    self._fleet.take(row)
                    self._fleet.set_problem(None, f"changed {row.name}")

    async def definition_of(self, file: Path) -> Planned:
        """Return what a file defines, for a start_fsm whose file nobody read.

        Raises SupervisorError with the problems when it defines nothing.
        """
        options = MachineOptions(actions_dir=self._args.options.actions_dir)
        plan = await self._check((file,), options)
        for planned in plan.children:
            if planned.machines:
                return planned
        found = "; ".join(
            f"{each.file}:{each.line}: {each.message}" for each in plan.problems
        )
        raise SupervisorError(f"{file} defines no machine: {found}")

    async def keep_looking(self) -> None:
        """Read what is written while the fleet runs, for ever."""
        while True:
            await self._written.wait()
            # an editor writes in steps, a checkout many files
            await asyncio.sleep(LOOK_AGAIN_S)
            self._written.clear()
            async with self._turn:
                for source in self._sources:
                    if source.has_changed():
                        with suppress(SupervisorError):
                            await self._read(source)
                            self._show_changes(source)

    def close(self) -> None:
        """Stop watching files."""
        self._watch.close()

    # ------------------------------------------------------------- changes

    def _file_changed(self, file: Path) -> None:
        if is_definition(file) and str(file) not in dict(self._fleet.not_read):
            self._written.set()

    def _show_changes(self, source: _Source) -> None:
        """Say which machines run another version than the files hold."""
        for planned in source.plan.children:
            child = self._fleet.children.get(planned.spec.name)
            code = f"changed {planned.spec.name}"
            problem = None
            if child is not None and child.is_running:
                problem = _changed(planned, child)
            self._fleet.set_problem(problem, code)

    # ------------------------------------------------------------- reading

    def _source_of(self, paths: tuple[Path, ...], options: MachineOptions) -> _Source:
        for source in self._sources:
            if source.paths == paths:
                source.options = options
                return source
        source = _Source(paths, options)
        self._sources.append(source)
        for path in paths:
            self._watch.add(path if path.is_dir() else path.parent)
        known = self._fleet.paths
        known.extend(path for path in paths if path not in known)
        return source

    async def _check(self, paths: Sequence[Path], options: MachineOptions) -> Plan:
        command = command_of(self._args.program, self._args.data_dir, paths, options)
        # relative names in definitions mean the folder `run` was called in
        cwd = self._args.cwd if self._args.cwd.is_dir() else self._args.data_dir
        return await check(command, cwd, self._undertaker)

    async def _read(self, source: _Source, found: Found | None = None) -> None:
        """Let a check read a source, and show its problems.

        Unless it is `found` already, and nothing was written since.
        """
        stamps = stamps_of(source.paths)
        if found is not None and found.stamps == stamps:
            source.plan = read_report(found.report)
        else:
            source.plan = await self._check(source.paths, source.options)
        source.stamps = stamps
        self._note_others(source)
        fleet = self._fleet
        fleet.problems = tuple(p for s in self._sources for p in s.plan.problems)
        said = [s.plan.notify for s in self._sources if s.plan.notify.on]
        self._want(said[-1] if said else Wanted())
        fleet.not_read = tuple(n for s in self._sources for n in s.plan.not_read)
        fleet.stream.changed()

    def _note_others(self, source: _Source) -> None:
        """Look at files that are elsewhere, from now on."""
        named = {Path(file) for each in source.plan.children for file in each.files}
        faulty = {self._args.cwd / each.file for each in source.plan.problems}
        source.others |= {each for each in named | faulty if is_definition(each)}
        source.other_stamps = stamps_of_files(source.others)
        for folder in {each.parent for each in source.others}:
            if folder.is_dir():
                self._watch.add(folder)

    async def _read_again(self, source: _Source, who: str) -> list[str]:
        known = set(self._fleet.children)
        await self._read(source)
        sound = self._without_strangers(source)
        new = {
            each.spec.name
            for each in sound
            if each.spec.name not in known and each.autostart
        }
        before = dict(self._fleet.versions)
        rows = await self._keep(sound, new, f"reload by {who}", who)
        for row in rows:
            child = self._fleet.take(row)
            if row.name in new:
                child.tell(Start("reload", is_operator=True))
            elif row.version != before.get(row.name) and child.is_running:
                child.tell(Restart("its definition changed"))
            self._fleet.set_problem(None, f"changed {row.name}")
        await self._retire(source.plan)
        return [row.name for row in rows]

    # ------------------------------------------------------------- keeping

    def _without_strangers(self, source: _Source) -> list[Planned]:
        """Return what may be kept: no name that another file's machine has."""
        sound: list[Planned] = []
        for planned in source.plan.children:
            other = self._other_file(planned)
            code = f"name-taken {planned.spec.name}"
            problem = None if other is None else _taken_name(planned, other)
            self._fleet.set_problem(problem, code)
            if other is None:
                sound.append(planned)
        return sound

    def _other_file(self, planned: Planned) -> str | None:
        child = self._fleet.children.get(planned.spec.name)
        if child is None or child.state in RESTING:
            return None
        mine = [machine.file for machine in planned.spec.machines]
        theirs = [machine.file for machine in child.spec.machines]
        return ", ".join(theirs) or "a process" if mine != theirs else None

    async def _keep(
        self,
        planned: Sequence[Planned],
        wanted: Collection[str],
        reason: str,
        who: str,
    ) -> list[ChildRow]:
        """Put children into the store; those not `wanted` keep what they had."""
        return await self._store.call(_keep, planned, wanted, reason, who)

    async def _retire(self, plan: Plan) -> None:
        """Drop children that their file does not make any more: replicas."""
        planned = {each.spec.name for each in plan.children}
        files = {m.file for each in plan.children for m in each.spec.machines}
        for child in [*self._fleet.children.values()]:
            spec = child.spec
            is_of_file = any(m.file in files for m in spec.machines)
            if child.name in planned or not is_of_file or spec.started_by:
                continue
            await self._fleet.drop(child, "no longer in smtui.yaml")
            await self._store.call(Writer.remove_child, child.name)

    def _taken(self, source: _Source, children: Sequence[Child]) -> Taken:
        names = tuple(child.name for child in children)
        return Taken(names, source.plan.problems, source.plan.not_read)


def _changed(planned: Planned, child: Child) -> ProblemView | None:
    now = {machine.name: machine.hash for machine in planned.spec.machines}
    for machine in child.spec.machines:
        if now.get(machine.name) != machine.hash:
            return ProblemView(
                file=machine.file,
                line=0,
                column=0,
                code="definition-changed",
                severity="warning",
                message=f"{machine.name} runs the version before the last change",
                hint=f"`smtui restart {machine.name}` takes the new one",
            )
    return None


def _taken_name(planned: Planned, other: str) -> ProblemView:
    files = ", ".join(machine.file for machine in planned.spec.machines)
    name = planned.spec.name
    return ProblemView(
        file=files,
        line=0,
        column=0,
        code="name-taken",
        severity="error",
        message=f"{name!r} of {files or 'processes'} runs already from {other}",
        hint=f"`smtui stop {name}` first, or give one of them another name",
    )


def _keep(
    writer: Writer,
    planned: Sequence[Planned],
    wanted: Collection[str],
    reason: str,
    who: str,
) -> list[ChildRow]:
    known = {row.name: row for row in writer.children()}
    for each in planned:
        for one in each.definitions:
            writer.put_definition(*one)
        for machine in each.machines:
            writer.put_machine(machine)
        row = known.get(each.spec.name)
        desired = row.desired if row else Desired.DOWN
        if each.spec.name in wanted:
            desired = Desired.UP
        fresh = row_of(each, desired, reason, who)
        if row is None or (row.spec, row.desired) != (fresh.spec, desired):
            writer.put_child(fresh)
    names = {each.spec.name for each in planned}
    return [row for row in writer.children() if row.name in names]
