"""What checking gives: every machine that can run, and every problem.

The supervisor never reads a definition. It gets this report as JSON from a
child process (`python -m smtui _check`), so each value here goes to plain
dicts and back. Keys end in `_s` where a number is seconds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import NamedTuple, cast

from smtui.definition import Json, Position, Problem, Severity
from smtui.errors import InternalError
from smtui.wire import Backoff, Intensity

__all__ = [
    "ChildSettings",
    "FleetReport",
    "Lack",
    "MachineSpec",
    "NotRead",
    "ProcessSpec",
    "problem_from_json",
    "problem_to_json",
]

_Dict = dict[str, Json]


@dataclass(frozen=True, slots=True)
class ChildSettings:
    """How a child is run: the keys smtui.yaml may say of it, all filled in."""

    restart: str = "on-failure"
    """always, on-failure or never."""
    backoff: Backoff = field(default_factory=Backoff)
    intensity: Intensity = field(default_factory=Intensity)
    success_exit_codes: tuple[int, ...] = (0,)
    stop_timeout_s: float = 10.0
    hang_after_s: float = 30.0
    depends_on: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name of a machine or process -> ready or done."""
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    env_file: str | None = None
    """Absolute."""
    cwd: str | None = None
    """Absolute; None: the folder of the definition."""
    replicas: int = 1
    autostart: bool = True
    stuck_after: float | Mapping[str, float] | None = None
    """Seconds, or state -> seconds; stronger than the definition's."""
    template: bool = False
    """Machines of it are made by others only, whatever its definition says."""

    def to_json(self) -> _Dict:
        """Return this as plain values."""
        stuck = self.stuck_after
        return {
            "restart": self.restart,
            "backoff": asdict(self.backoff),
            "intensity": asdict(self.intensity),
            "success_exit_codes": list(self.success_exit_codes),
            "stop_timeout_s": self.stop_timeout_s,
            "hang_after_s": self.hang_after_s,
            "depends_on": dict(self.depends_on),
            "env": dict(self.env),
            "env_file": self.env_file,
            "cwd": self.cwd,
            "replicas": self.replicas,
            "autostart": self.autostart,
            "stuck_after": dict(stuck) if isinstance(stuck, Mapping) else stuck,
        }


def _settings(found: _Dict) -> ChildSettings:
    return ChildSettings(
        restart=cast("str", found["restart"]),
        backoff=Backoff(**cast("dict[str, float]", found["backoff"])),
        intensity=Intensity(**cast("dict[str, int]", found["intensity"])),
        success_exit_codes=tuple(cast("list[int]", found["success_exit_codes"])),
        stop_timeout_s=cast("float", found["stop_timeout_s"]),
        hang_after_s=cast("float", found["hang_after_s"]),
        depends_on=cast("dict[str, str]", found["depends_on"]),
        env=cast("dict[str, str]", found["env"]),
        env_file=cast("str | None", found["env_file"]),
        cwd=cast("str | None", found["cwd"]),
        replicas=cast("int", found["replicas"]),
        autostart=cast("bool", found["autostart"]),
        stuck_after=cast("float | dict[str, float] | None", found["stuck_after"]),
    )


@dataclass(frozen=True, slots=True)
class MachineSpec:
    """A machine that can be run."""

    name: str
    file: str
    """Absolute."""
    folder: str
    """Absolute folder of the file, where its shell actions run."""
    dialect: str
    hash: str
    text: str
    files: tuple[str, ...] = ()
    """Absolute: other files it is read from."""
    template: bool = False
    """Started by other machines only, never by `run`."""
    context: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Data it begins with."""
    actions_dir: str | None = None
    """Absolute folder of its own action files."""
    asks: Mapping[str, str] = field(default_factory=dict[str, str])
    """State -> the question it puts to a human."""
    stuck_after_s: Mapping[str, float] = field(default_factory=dict[str, float])
    """State -> seconds in it that are too many; '' stands for any other."""
    settings: ChildSettings = field(default_factory=ChildSettings)
    child: str = ""
    """The process it shares with the other machines of its file; '' has one
    of its own, by its own name."""

    def to_json(self) -> _Dict:
        """Return this as plain values, the settings among the other keys."""
        return {
            "name": self.name,
            "child": self.child,
            "file": self.file,
            "folder": self.folder,
            "dialect": self.dialect,
            "hash": self.hash,
            "text": self.text,
            "files": list(self.files),
            "template": self.template,
            "context": dict(self.context),
            "actions_dir": self.actions_dir,
            "asks": dict(self.asks),
            "stuck_after_s": dict(self.stuck_after_s),
            **self.settings.to_json(),
        }


def _machine(found: _Dict) -> MachineSpec:
    return MachineSpec(
        name=cast("str", found["name"]),
        file=cast("str", found["file"]),
        folder=cast("str", found["folder"]),
        dialect=cast("str", found["dialect"]),
        hash=cast("str", found["hash"]),
        text=cast("str", found["text"]),
        files=tuple(cast("list[str]", found["files"])),
        template=cast("bool", found["template"]),
        context=cast("_Dict", found["context"]),
        actions_dir=cast("str | None", found["actions_dir"]),
        asks=cast("dict[str, str]", found["asks"]),
        stuck_after_s=cast("dict[str, float]", found["stuck_after_s"]),
        settings=_settings(found),
        child=cast("str", found["child"]),
    )


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A plain command run beside the machines."""

    name: str
    command: tuple[str, ...]
    settings: ChildSettings = field(default_factory=ChildSettings)

    def to_json(self) -> _Dict:
        """Return this as plain values, the settings among the other keys."""
        return {
            "name": self.name,
            "command": list(self.command),
            **self.settings.to_json(),
        }


def _process(found: _Dict) -> ProcessSpec:
    return ProcessSpec(
        cast("str", found["name"]),
        tuple(cast("list[str]", found["command"])),
        _settings(found),
    )


class NotRead(NamedTuple):
    """A file of a folder that is no definition."""

    file: str
    why: str


class Lack(NamedTuple):
    """Functions a machine names and no Python binds."""

    machine: str
    code: str
    """The name of the Python file they belong into."""
    guards: tuple[str, ...]
    actions: tuple[str, ...]
    is_waited_for: bool
    """The file is there: the machine does not begin without them."""


@dataclass(frozen=True, slots=True)
class FleetReport:
    """Everything that was found under the paths of one command."""

    machines: tuple[MachineSpec, ...] = ()
    """Those without errors, templates included, in the order of the files."""
    processes: tuple[ProcessSpec, ...] = ()
    settings: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What `settings:` of smtui.yaml says, and nothing else."""
    notify: Mapping[str, Json] = field(default_factory=dict[str, Json])
    problems: tuple[Problem, ...] = ()
    """Of all files, in the order of the files and inside a file by line."""
    not_read: tuple[NotRead, ...] = ()
    lacks: tuple[Lack, ...] = ()
    """Of the machines; one without any Python may be bound by a program."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Return the problems that keep a machine from running."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)

    def to_json(self) -> _Dict:
        """Return the report as plain dicts and lists."""
        return {
            "machines": [machine.to_json() for machine in self.machines],
            "processes": [process.to_json() for process in self.processes],
            "settings": dict(self.settings),
            "notify": dict(self.notify),
            "problems": [problem_to_json(problem) for problem in self.problems],
            "not_read": [dict(each._asdict()) for each in self.not_read],
            "lacks": [_lack_to_json(each) for each in self.lacks],
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Json]) -> "FleetReport":
        """Return the report `to_json` gave; raises InternalError otherwise."""
        try:
            return cls(
                machines=tuple(_machine(each) for each in _dicts(found, "machines")),
                processes=tuple(_process(each) for each in _dicts(found, "processes")),
                settings=cast("_Dict", found["settings"]),
                notify=cast("_Dict", found["notify"]),
                problems=tuple(
                    problem_from_json(each) for each in _dicts(found, "problems")
                ),
                not_read=tuple(
                    NotRead(str(each["file"]), str(each["why"]))
                    for each in _dicts(found, "not_read")
                ),
                lacks=tuple(_lack(each) for each in _dicts(found, "lacks")),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InternalError(f"no report of a check: {error!r}") from error


def _lack_to_json(lack: Lack) -> _Dict:
    return {
        **lack._asdict(),
        "guards": [*lack.guards],
        "actions": [*lack.actions],
    }


def _lack(found: _Dict) -> Lack:
    return Lack(
        machine=cast("str", found["machine"]),
        code=cast("str", found["code"]),
        guards=tuple(cast("list[str]", found["guards"])),
        actions=tuple(cast("list[str]", found["actions"])),
        is_waited_for=cast("bool", found["is_waited_for"]),
    )


def _dicts(found: Mapping[str, Json], key: str) -> Sequence[_Dict]:
    return cast("list[_Dict]", found[key])


def problem_to_json(problem: Problem) -> _Dict:
    """Return a problem with the keys of `smtui check --json`."""
    return {
        "file": problem.at.file,
        "line": problem.at.line,
        "column": problem.at.column,
        "code": problem.code,
        "severity": problem.severity.value,
        "message": problem.message,
        "hint": problem.hint,
    }


def problem_from_json(found: Mapping[str, Json]) -> Problem:
    """Return the problem `problem_to_json` gave."""
    return Problem(
        Position(
            str(found["file"]), cast("int", found["line"]), cast("int", found["column"])
        ),
        str(found["code"]),
        str(found["message"]),
        str(found["hint"]),
        Severity(str(found["severity"])),
    )
