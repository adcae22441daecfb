"""What the machines of a fleet are called, how they are run, who waits for whom.

    name: smtui.yaml > metadata.machine_name > the file's stem

Two of a name are an error that names both, and neither runs: nobody could say
which one an event was meant for.
"""

from collections.abc import Sequence
from dataclasses import replace

from smtui.check.cross import find_cycle
from smtui.check.gather import Gathered
from smtui.check.project import MachineEntry, ProcessEntry, Project
from smtui.check.unit import Unit, states_of
from smtui.dialects import Notes, name_problem, shown
from smtui.errors import nearest

__all__ = ["enlist", "runnable_processes"]


def enlist(found: Gathered) -> None:
    """Name the units, hand out settings, and check both among all of them."""
    for project in found.projects:
        _apply(project, found)
    processes = _processes(found)
    for unit in found.units:
        _check_name(unit)
        _check_stuck(unit)
    _check_twins(found.units, processes)
    _check_dependencies(found, processes)


def runnable_processes(found: Gathered) -> tuple[ProcessEntry, ...]:
    """Return the plain commands of folders read whole that have no errors."""
    return tuple(
        entry
        for project in found.whole
        if not project.notes.has_errors()
        for entry in project.processes
        if not entry.notes.has_errors()
    )


def _processes(found: Gathered) -> tuple[ProcessEntry, ...]:
    return tuple(entry for project in found.whole for entry in project.processes)


def _apply(project: Project, found: Gathered) -> None:
    """Give each machine of a project what the project file says of it."""
    for unit in found.units:
        if unit.project is project:
            unit.settings = project.usual
            unit.is_blocked = project.notes.has_errors()
    for entry in project.machines:
        meant = _meant(entry, project, found)
        if meant is None:
            if project in found.whole and entry.file is None and found.are_all_known:
                names = [u.name for u in found.units if u.project is project]
                entry.notes.error(
                    entry.at,
                    "unknown-machine",
                    f"found {shown(entry.name)} in 'machines', "
                    "which no file here defines",
                    nearest(entry.name, names) or f"here are: {', '.join(names)}",
                )
            continue
        meant.entry = entry
        meant.name = entry.name
        meant.settings = entry.child.settings
        meant.is_blocked |= entry.notes.has_errors()


def _meant(entry: MachineEntry, project: Project, found: Gathered) -> Unit | None:
    """Return the unit an entry is about; a file named twice gives two."""
    own = [unit for unit in found.units if unit.project is project]
    if entry.file is None:
        named = [unit for unit in own if unit.name == entry.name]
        return named[0] if named else None
    path = entry.file.resolve()
    same = [unit for unit in found.units if unit.path.resolve() == path]
    if not same:
        return None
    free = [unit for unit in same if unit.entry is None]
    if free:
        return free[0]
    notes = Notes()
    notes.extend(same[0].loaded.problems)
    twin = replace(same[0], notes=notes, entry=None)
    found.units.insert(found.units.index(same[-1]) + 1, twin)
    return twin


def _check_name(unit: Unit) -> None:
    """Check a name that comes from a file's; others are checked where written."""
    if unit.definition is None or unit.definition.name_at is not None or unit.entry:
        return
    problem = name_problem(unit.name)
    if problem:
        unit.notes.error(
            unit.named_at,
            "bad-name",
            f"found the machine name {problem}",
            "it is the file's; `metadata: {machine_name: NAME}` gives another",
        )


def _check_stuck(unit: Unit) -> None:
    stuck, definition = unit.settings.stuck_after, unit.definition
    if not isinstance(stuck, dict) or definition is None or unit.entry is None:
        return
    states = [state.id for state in states_of(definition)]
    for state in stuck:
        if state not in states:
            unit.entry.notes.error(
                unit.entry.at,
                "unknown-state",
                f"found {shown(state)} in stuck_after of {shown(unit.name)}, "
                "which is no state of it",
                nearest(state, states) or f"its states: {', '.join(states)}",
            )
            unit.is_blocked = True


def _check_twins(units: Sequence[Unit], processes: Sequence[ProcessEntry]) -> None:
    """Note names that stand for two; the later place names the earlier one."""
    first: dict[str, Unit | ProcessEntry] = {}
    everybody: list[Unit | ProcessEntry] = [*units, *processes]
    for each in everybody:
        before = first.setdefault(each.name, each)
        if before is each:
            continue
        at = each.named_at if isinstance(each, Unit) else each.at
        other = before.named_at if isinstance(before, Unit) else before.at
        notes = each.notes
        if isinstance(each, Unit) and each.entry is not None:
            notes = each.entry.notes
        notes.error(
            at,
            "same-name",
            f"found the name {shown(each.name)} a second time: "
            f"{at.file} and {other.file} use it",
            "`machines: {NAME: {file: FILE}}` in smtui.yaml gives a file another",
        )
        for twin in (each, before):
            if isinstance(twin, Unit):
                twin.is_blocked = True


def _check_dependencies(found: Gathered, processes: Sequence[ProcessEntry]) -> None:
    known = [*(u.name for u in found.units), *(p.name for p in processes)]
    entries: list[MachineEntry | ProcessEntry] = [
        *(u.entry for u in found.units if u.entry is not None),
        *processes,
    ]
    whole = {
        id(entry)
        for project in found.whole
        for entry in (*project.machines, *project.processes)
    }
    for entry in entries:
        for field in entry.child.depends_on:
            if field.key not in known and id(entry) in whole and found.are_all_known:
                entry.notes.error(
                    field.at,
                    "unknown-machine",
                    f"found {shown(field.key)} in depends_on of {shown(entry.name)}, "
                    "which is neither a machine nor a process here",
                    nearest(field.key, known) or f"here are: {', '.join(known)}",
                )
    _check_cycle(entries)
    for unit in found.units:
        settings = unit.settings
        present = {k: v for k, v in settings.depends_on.items() if k in known}
        unit.settings = replace(settings, depends_on=present)
        if unit.entry is not None and unit.entry.notes.has_errors():
            unit.is_blocked = True


def _check_cycle(entries: Sequence[MachineEntry | ProcessEntry]) -> None:
    graph = {
        entry.name: [field.key for field in entry.child.depends_on] for entry in entries
    }
    circle = find_cycle(graph)
    for entry in entries:
        if entry.name in circle:
            entry.notes.error(
                entry.child.depends_on[0].at,
                "circle",
                f"found a circle in depends_on: {' -> '.join(circle)}",
                "each waits for the next, so none would ever start",
            )
