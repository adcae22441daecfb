"""Paths -> every machine that can run, and everything wrong with the others.

The steps, each over the values of the one before: which files there are and
what each defines (gather), what they are called and how they are run (roster),
how they fit each other (cross), what looks suspicious (lints). A problem keeps
the machine it belongs to from running, and no other.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from smtui.check.cross import check_starts, check_targets, started
from smtui.check.functions import lack_of
from smtui.check.gate import check_gate
from smtui.check.gather import Gathered, Gatherer
from smtui.check.linked import block_linked, check_linked, leave_parts
from smtui.check.lints import lint, lint_types
from smtui.check.peers import check_peers
from smtui.check.report import (
    ChildSettings,
    FleetReport,
    Lack,
    MachineSpec,
    NotRead,
    ProcessSpec,
)
from smtui.check.roster import enlist, runnable_processes
from smtui.check.unit import Unit, states_of
from smtui.definition import AnyDefinition, Json, Problem, TreeDefinition
from smtui.dialects import Dialect, code_file, name_problem
from smtui.errors import UsageError

__all__ = ["fleet"]


def fleet(
    paths: Sequence[Path],
    *,
    name: str | None = None,
    context: Mapping[str, Json] | None = None,
    actions_dir: Path | None = None,
    cwd: Path | None = None,
) -> FleetReport:
    """Read all files under the paths and check them, alone and together.

    `name` and `context` are for one file: the machine's name and the data it
    begins with; a template with a name is started like any other machine.
    `actions_dir` holds the action files of every machine; without it each
    looks beside its own file. Relative paths are looked up from `cwd`, by
    default the process's own.

    Raises UsageError when `name` or `context` comes with anything but one
    file, `name` is none, or `actions_dir` is no folder. What is wrong with
    the files is in the report.
    """
    base = (cwd or Path.cwd()).absolute()
    _check_options(paths, base, name, context, actions_dir)
    gatherer = Gatherer(base, None if actions_dir is None else base / actions_dir)
    for path in paths:
        gatherer.take(path)
    found = gatherer.found
    leave_parts(found, base)
    enlist(found)
    if name is not None:
        for unit in found.units:
            unit.name = name
    check_starts(found.units, base)
    others = [process.name for process in runnable_processes(found)]
    check_targets(found.units, others, are_all_known=found.are_all_known)
    is_whole = found.are_all_known and any((base / path).is_dir() for path in paths)
    check_peers(found.units, started(found.units), is_whole=is_whole)
    check_linked(found.units)
    for unit in found.units:
        check_gate(unit)
        if unit.definition is not None:
            lint(unit.definition, unit.custom, unit.notes)
        elif unit.draft is not None:
            lint_types(unit.draft, unit.custom, unit.notes)
    block_linked(found.units)
    return FleetReport(
        machines=tuple(
            spec
            for unit in found.units
            if (spec := _machine(unit, context or {}, name)) is not None
        ),
        processes=tuple(
            ProcessSpec(entry.name, entry.command, entry.child.settings)
            for entry in runnable_processes(found)
        ),
        settings={k: v for p in found.projects for k, v in p.settings.items()},
        notify={k: v for p in found.projects for k, v in p.notify.items()},
        problems=_problems(found),
        not_read=tuple(_not_read(found, base)),
        lacks=tuple(_lacks(found.units)),
    )


def _lacks(units: Sequence[Unit]) -> Iterator[Lack]:
    """Yield what machines that can run name and nobody binds."""
    for unit in units:
        if isinstance(unit.definition, TreeDefinition) and unit.can_run:
            lack = lack_of(unit.definition, unit.custom, unit.name)
            if lack is not None:
                yield lack


def _not_read(found: Gathered, base: Path) -> Iterator[NotRead]:
    """Yield the files that belong to nothing: no Python of a definition."""
    ours = {
        path.resolve()
        for unit in found.units
        if isinstance(unit.definition, TreeDefinition)
        and (path := code_file(unit.definition, unit.path)) is not None
    }
    for each in found.not_read:
        if (base / each.file).resolve() not in ours:
            yield each


def _check_options(
    paths: Sequence[Path],
    base: Path,
    name: str | None,
    context: Mapping[str, Json] | None,
    actions_dir: Path | None,
) -> None:
    is_one_file = len(paths) == 1 and not (base / paths[0]).is_dir()
    if (name is not None or context is not None) and not is_one_file:
        raise UsageError(
            "--name and --context are for one file, "
            f"found {', '.join(map(str, paths)) or 'none'}",
            hint="give the one definition they are meant for",
        )
    if name is not None and name_problem(name):
        raise UsageError(f"--name is {name_problem(name)}")
    if actions_dir is not None and not (base / actions_dir).is_dir():
        raise UsageError(
            f"--actions-dir {str(actions_dir)!r} is no folder",
            hint="it holds files named *_action.py",
        )


def _machine(
    unit: Unit, context: Mapping[str, Json], name: str | None
) -> MachineSpec | None:
    definition = unit.definition
    if definition is None or not unit.can_run:
        return None
    return MachineSpec(
        name=unit.name,
        file=str(unit.path),
        folder=str(unit.path.parent),
        dialect=definition.dialect,
        hash=definition.hash,
        text=definition.text,
        files=_files(definition),
        # who gives a template's file a name wants that one machine of it
        template=(definition.template or unit.settings.template) and name is None,
        context=context,
        actions_dir=None if unit.actions_dir is None else str(unit.actions_dir),
        asks={s.id: s.ask.text for s in states_of(definition) if s.ask is not None},
        stuck_after_s=_stuck_after(definition, unit.settings),
        settings=unit.settings,
        # machines that reach each other's objects share a process
        child=unit.path.name if definition.dialect == Dialect.PYTHON else "",
    )


def _files(definition: AnyDefinition) -> tuple[str, ...]:
    """Return the other files a definition is read from, absolute."""
    files = definition.files if isinstance(definition, TreeDefinition) else ()
    return tuple(str(Path(file).absolute()) for file in files)


def _stuck_after(
    definition: AnyDefinition, settings: ChildSettings
) -> dict[str, float]:
    """Return the limits by state; what smtui.yaml says of a state is stronger."""
    said = settings.stuck_after
    if isinstance(said, float | int):
        return {"": float(said)}
    found = {"": definition.stuck_after_s} if definition.stuck_after_s else {}
    found |= {s.id: s.stuck_after_s for s in states_of(definition) if s.stuck_after_s}
    return {**found, **(said or {})}


def _problems(found: Gathered) -> tuple[Problem, ...]:
    """Return every problem once, in the order of the files and their lines."""
    everything = [
        *found.problems,
        *(problem for unit in found.units for problem in unit.notes.sorted()),
        *(problem for project in found.projects for problem in project.problems()),
    ]
    ranks: dict[str, int] = {}
    for file in found.files:
        ranks.setdefault(file, len(ranks))
    return tuple(
        sorted(
            dict.fromkeys(everything),
            key=lambda p: (
                ranks.get(p.at.file, len(ranks)),
                p.at.line,
                p.at.column,
            ),
        )
    )
