"""What only shows when all machines of a fleet are looked at together."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from smtui.check.folder import read
from smtui.check.sends import invoked_by, spoken_to
from smtui.check.unit import Unit, placed_actions
from smtui.definition import Action, Position, Problem, TreeDefinition
from smtui.dialects import load_text, name_problem, shown
from smtui.errors import nearest

__all__ = [
    "check_starts",
    "check_targets",
    "find_cycle",
    "resolve_yaml_path",
    "started",
]

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_TARGETED = frozenset({"send_event", "check_machine_state", "clear_events"})


def resolve_yaml_path(
    given: str, cwd: Path, folder: Path, fleet: Iterable[Path]
) -> Path | str:
    """Return the file a start_fsm means, or what was looked for in vain.

    As given from the cwd, then from the definition's folder, then the only
    file of that name in the fleet.
    """
    for base in (cwd, folder):
        if (base / given).is_file():
            return (base / given).absolute()
    same = sorted({path for path in fleet if path.name == Path(given).name})
    if len(same) == 1:
        return same[0]
    if same:
        files = ", ".join(map(str, same))
        return f"not found as given, and several of that name: {files}"
    return f"neither in {cwd} nor in {folder}, and no file of that name in the fleet"


def check_starts(units: Sequence[Unit], cwd: Path) -> None:
    """Check what every start_fsm starts; a computed path is left alone."""
    files = {unit.path: unit for unit in units}
    for unit in units:
        for action in _actions(unit, {"start_fsm"}):
            _machine_name(action, unit)
            given = action.args.get("yaml_path")
            if not isinstance(given, str) or _PLACEHOLDER.search(given):
                continue
            found = resolve_yaml_path(given, cwd, unit.path.parent, files)
            if isinstance(found, str):
                beside = unit.path.parent / Path(given).name
                unit.notes.error(
                    action.at,
                    "no-such-file",
                    f"found yaml_path {shown(given)}, {found}",
                    f"yaml_path: {beside.name}" if beside.is_file() else "",
                )
            elif found not in files:
                _startable(found, action, unit)


def _machine_name(action: Action, unit: Unit) -> None:
    name = action.args.get("machine_name")
    if isinstance(name, str) and not _PLACEHOLDER.search(name):
        problem = name_problem(name)
        if problem:
            unit.notes.error(action.at, "bad-name", f"found the machine name {problem}")


def _startable(path: Path, action: Action, unit: Unit) -> None:
    """Check a file outside the fleet; one inside tells of its problems itself."""
    text = read(path, str(path))
    errors = [text] if isinstance(text, Problem) else _errors(text, path)
    if errors:
        unit.notes.error(
            action.at,
            "cannot-start",
            f"found yaml_path {shown(path.name)}, which has {len(errors)} "
            f"error{'s' if len(errors) > 1 else ''}",
            f"{errors[0].at}: {errors[0].message}",
        )


def _errors(text: str, path: Path) -> list[Problem]:
    return [*load_text(text, str(path)).errors]


def check_targets(
    units: Sequence[Unit], others: Collection[str], *, are_all_known: bool
) -> None:
    """Check that machines spoken to by name are there.

    `others` are names that are no unit's. When a file could not be read its
    machine's name is not known, and nothing is said.
    """
    if not are_all_known:
        return
    known = [*dict.fromkeys([*(unit.name for unit in units), *others])]
    patterns = started(units)
    for unit in units:
        for target, where, at in _targets(unit):
            name = target.partition("#")[0]
            if name in known or any(each.fullmatch(name) for each in patterns):
                continue
            unit.notes.warning(
                at,
                "unknown-machine",
                f"found the machine {shown(target)} in {where}, "
                "which is not among these files",
                nearest(name, known) or f"here are: {', '.join(known)}",
            )


def _targets(unit: Unit) -> Iterator[tuple[str, str, Position]]:
    """Yield the machines a unit speaks to by name, in what, and where."""
    for action in _actions(unit, _TARGETED):
        target = action.args.get("target_machine")
        if target == "#_parent":  # whoever has invoked it
            continue
        if isinstance(target, str) and not _PLACEHOLDER.search(target):
            machine, _, _ = target.partition("/")  # an instance of it
            yield machine, str(action.type), action.at
    if isinstance(unit.definition, TreeDefinition):
        for spoken in spoken_to(unit.definition):
            yield spoken.name, "send", spoken.at
        for invoked in invoked_by(unit.definition, unit.path.parent):
            yield invoked.name, "an invoke", invoked.at


def started(units: Sequence[Unit]) -> list[re.Pattern[str]]:
    """Return what the names of machines that others start or invoke look like."""
    found: list[re.Pattern[str]] = []
    for unit in units:
        definition = unit.definition
        if isinstance(definition, TreeDefinition) and _invokes_machines(definition):
            found.append(re.compile(rf"{re.escape(unit.name)}\..+"))
        for action in _actions(unit, {"start_fsm"}):
            name = str(action.args.get("machine_name") or "")
            parts = [re.escape(part) for part in _PLACEHOLDER.split(name)]
            found.append(re.compile(".*".join(parts)))
    return found


def _invokes_machines(definition: TreeDefinition) -> bool:
    types = (i.type for node in definition.nodes for i in node.invokes)
    return any(type_ is not None and type_.literal == "machine" for type_ in types)


def _actions(unit: Unit, types: Collection[str]) -> list[Action]:
    """Return a unit's built-in actions of these types."""
    return [
        action
        for action, _ in placed_actions(unit.draft)
        if action.type in types and action.type not in unit.custom
    ]


def find_cycle(graph: Mapping[str, Collection[str]]) -> list[str]:
    """Return a circle of names, the first one again at its end, or []."""
    done: set[str] = set()
    for start in graph:
        path: list[str] = []
        todo = [(start, iter(graph.get(start, ())))]
        if start in done:
            continue
        path.append(start)
        while todo:
            name, rest = todo[-1]
            after = next(rest, None)
            if after is None:
                done.add(name)
                path.pop()
                todo.pop()
            elif after in path:
                return [*path[path.index(after) :], after]
            elif after not in done:
                path.append(after)
                todo.append((after, iter(graph.get(after, ()))))
    return []
