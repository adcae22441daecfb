"""The project file `smtui.yaml`: how the machines of its folder are run.

    machines:   {NAME: {file, restart, replicas, depends_on, ...}}
    processes:  {NAME: {command, ...same keys}}
    notify:     {on, bell, command, at_most_every}
    settings:   {durability, stop_timeout, ...}

An error of one machine or process keeps that one from starting; any other
error keeps the whole folder from starting, because what it says (durability,
a time-out, everybody's environment) would be silently left out.
"""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from smtui.check.child_keys import Child, choice, read_child
from smtui.check.project_keys import (
    MACHINE_KEYS,
    NOTIFY_EVENTS,
    NOTIFY_KEYS,
    PROCESS_KEYS,
    PROJECT_KEYS,
    SETTINGS,
    Setting,
)
from smtui.check.report import ChildSettings
from smtui.definition import Json, Position, Problem
from smtui.dialects import (
    Field,
    Items,
    Node,
    Notes,
    Reader,
    Scalar,
    name_problem,
    parse_yaml,
    shown,
)

__all__ = ["MachineEntry", "ProcessEntry", "Project", "read_project"]


class MachineEntry(NamedTuple):
    """What is said of one machine."""

    name: str
    at: Position
    file: Path | None
    """Absolute; None: the machine of that name in the folder."""
    child: Child
    notes: Notes


class ProcessEntry(NamedTuple):
    """One plain command."""

    name: str
    at: Position
    command: tuple[str, ...]
    child: Child
    notes: Notes


@dataclass(frozen=True, slots=True)
class Project:
    """A project file; `notes` has the problems that concern all machines."""

    file: str
    machines: tuple[MachineEntry, ...] = ()
    processes: tuple[ProcessEntry, ...] = ()
    notify: Mapping[str, Json] = field(default_factory=dict[str, Json])
    settings: Mapping[str, Json] = field(default_factory=dict[str, Json])
    usual: ChildSettings = field(default_factory=ChildSettings)
    """Settings of a machine the file does not name."""
    notes: Notes = field(default_factory=Notes)

    def problems(self) -> tuple[Problem, ...]:
        """Return everything wrong with the file, in its order."""
        all_ = Notes()
        all_.extend(self.notes.sorted())
        for machine in self.machines:
            all_.extend(machine.notes.sorted())
        for process in self.processes:
            all_.extend(process.notes.sorted())
        return all_.sorted()


def read_project(text: str, file: str, folder: Path) -> Project:
    """Read a project file; paths in it are relative to `folder`."""
    notes = Notes()
    parsed = parse_yaml(text.removeprefix("\ufeff"), file)
    notes.extend(parsed.problems)
    if parsed.node is None:
        return Project(file, notes=notes)
    reader = Reader(notes)
    table = reader.table(parsed.node, "in the project file")
    if table is None:
        return Project(file, notes=notes)
    fields = reader.fields(table, PROJECT_KEYS, "in the project file")
    settings = _settings(fields.get("settings"), notes)
    usual = _usual(settings)
    machines = fields.get("machines")
    processes = fields.get("processes")
    return Project(
        file=file,
        machines=tuple(
            _machine(each, usual, folder) for each in _entries(machines, notes)
        ),
        processes=tuple(
            _process(each, usual, folder) for each in _entries(processes, notes)
        ),
        notify=_notify(fields.get("notify"), folder, notes),
        settings=settings,
        usual=usual,
        notes=notes,
    )


def _entries(field: Field | None, notes: Notes) -> tuple[Field, ...]:
    if field is None:
        return ()
    hint = f"{field.key}: {{NAME: {{restart: always}}}}"
    table = Reader(notes).table(field.value, f"at {field.key!r}", hint)
    return table.fields if table is not None else ()


def _machine(entry: Field, usual: ChildSettings, folder: Path) -> MachineEntry:
    notes = Notes()
    fields = _fields(entry, "machine", MACHINE_KEYS, notes)
    where = f"of the machine {shown(entry.key)}"
    given = fields.pop("file", None)
    file = None
    if given is not None:
        name = Reader(notes).name(given.value, f"at 'file' {where}", "a definition")
        file = None if name is None else (folder / name).absolute()
        if file is not None and not file.is_file():
            notes.error(
                given.value.at,
                "no-such-file",
                f"found {shown(name)} at 'file' {where}, expected a file that exists",
                "it is relative to the folder of smtui.yaml",
            )
    child = read_child(fields, usual, folder, where, notes)
    return MachineEntry(entry.key, entry.at, file, child, notes)


def _process(entry: Field, usual: ChildSettings, folder: Path) -> ProcessEntry:
    notes = Notes()
    fields = _fields(entry, "process", PROCESS_KEYS, notes)
    where = f"of the process {shown(entry.key)}"
    given = fields.pop("command", None)
    command: tuple[str, ...] = ()
    if given is None:
        Reader(notes).missing(entry.at, "command", f"in {where[3:]}", _COMMAND)
    else:
        command = _command(given.value, where, notes)
    # A machine works in its definition's folder, a command in this file's.
    beside = replace(usual, cwd=str(folder.absolute()))
    child = read_child(fields, beside, folder, where, notes)
    return ProcessEntry(entry.key, entry.at, command, child, notes)


def _fields(
    entry: Field, what: str, known: tuple[str, ...], notes: Notes
) -> dict[str, Field]:
    problem = name_problem(entry.key)
    if problem:
        notes.error(entry.at, "bad-name", f"found the {what} {problem}")
    where = f"of the {what} {shown(entry.key)}"
    table = Reader(notes).table(entry.value, where)
    if table is None:
        return {}
    return Reader(notes).fields(table, known, where)


_COMMAND = 'command: [python3, -m, http.server] or command: "python3 -m http.server"'


def _command(node: Node, where: str, notes: Notes) -> tuple[str, ...]:
    """Return a program and its arguments; one text is split like a shell does."""
    match node:
        case Items(items=items) if items and all(_is_text(item) for item in items):
            return tuple(item.text for item in items if isinstance(item, Scalar))
        case Scalar(text=text) if text.strip() and _is_text(node):
            try:
                return tuple(shlex.split(text))
            except ValueError as error:
                Reader(notes).wrong(
                    node, f"at 'command' {where}", "closed quotes", str(error)
                )
                return ()
        case _:
            Reader(notes).wrong(
                node, f"at 'command' {where}", "a program and its arguments", _COMMAND
            )
            return ()


def _is_text(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is not None


def _settings(field: Field | None, notes: Notes) -> dict[str, Json]:
    if field is None:
        return {}
    reader = Reader(notes)
    table = reader.table(field.value, "at 'settings'")
    if table is None:
        return {}
    found: dict[str, Json] = {}
    for key, each in reader.fields(table, tuple(SETTINGS), "at 'settings'").items():
        value = _setting(SETTINGS[key], each.value, f"at {key!r} of settings", notes)
        if value is not None:
            found[key] = value
    return found


def _setting(setting: Setting, node: Node, where: str, notes: Notes) -> Json:
    if setting.choices:
        return choice(node, where, setting.choices, notes)
    if not setting.is_whole:
        return Reader(notes).seconds(node, where)
    match node:
        case Scalar(value=bool()):
            pass
        case Scalar(value=int() as count) if count > 0:
            return count
        case _:
            pass
    Reader(notes).wrong(node, where, "a whole number above 0")
    return None


def _usual(settings: Mapping[str, Json]) -> ChildSettings:
    usual = ChildSettings()
    stop, hang = settings.get("stop_timeout"), settings.get("hang_after")
    return ChildSettings(
        stop_timeout_s=stop if isinstance(stop, float) else usual.stop_timeout_s,
        hang_after_s=hang if isinstance(hang, float) else usual.hang_after_s,
    )


def _notify(field: Field | None, folder: Path, notes: Notes) -> dict[str, Json]:
    if field is None:
        return {}
    reader = Reader(notes)
    table = reader.table(field.value, "at 'notify'")
    if table is None:
        return {}
    fields = reader.fields(table, NOTIFY_KEYS, "at 'notify'")
    found: dict[str, Json] = {"cwd": str(folder.absolute())}
    for key, each in fields.items():
        where = f"at {key!r} of notify"
        match key:
            case "on":
                items = reader.items(each.value, where)
                words = [choice(item, where, NOTIFY_EVENTS, notes) for item in items]
                found[key] = [word for word in words if word is not None]
            case "bell":
                found[key] = reader.flag(each.value, where)
            case "command":
                found[key] = list(_command(each.value, "of notify", notes))
            case _:
                found[key] = reader.seconds(each.value, where)
    return found
