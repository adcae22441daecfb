"""How one child is run: the JSON of a `children` row as a value, and back.

    {"kind": "machine" | "process", "command": [...] | null,
     "machines": [{"name", "file", "folder", "dialect", "hash", "context",
                   "actions_dir", "asks": {}, "stuck_after_s": {}}],
     "restart", "backoff": {"min_s", "max_s", "factor", "jitter"},
     "intensity": {"count", "period_s"}, "success_exit_codes": [0],
     "stop_timeout_s", "hang_after_s", "depends_on": {NAME: "ready" | "done"},
     "env": {}, "env_file", "cwd", "settings": {}, "template", "replica_of",
     "started_by", "invocation", "invoke_id"}

Pure. A key that is missing or null takes its default, one that nobody knows
is kept, because a machine process may read more from its row than we do.
Rows are written by the supervisor (from smtui.yaml and the definitions) and
by start_fsm and invoke; a value of the wrong type is a SupervisorError naming
the child.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from smtui.definition import Json
from smtui.errors import SupervisorError
from smtui.supervisor.policy import Policy, Restart
from smtui.wire import Backoff, Intensity

__all__ = ["ChildSpec", "Kind", "MachineSpec", "Until", "read_spec"]

_T = TypeVar("_T", bool, str, list[Json], dict[str, Json])


class Kind(StrEnum):
    """What runs in a child."""

    MACHINE = "machine"
    PROCESS = "process"
    """A plain command of smtui.yaml: no machine, no frames."""


class Until(StrEnum):
    """What a dependency must have reached."""

    READY = "ready"
    DONE = "done"


class MachineSpec(NamedTuple):
    """One machine of a child."""

    name: str
    file: str = ""
    folder: str = ""
    dialect: str = ""
    hash: str = ""
    """Of the definition's text; '' until somebody read the file."""
    asks: Mapping[str, str] = MappingProxyType({})
    """State -> the question it puts to a human."""
    stuck_after_s: Mapping[str, float] = MappingProxyType({})
    """State -> seconds in it that are too many; '' stands for any other."""


@dataclass(frozen=True, slots=True)
class ChildSpec:
    """One supervised process and how to run it."""

    name: str
    kind: Kind = Kind.MACHINE
    machines: tuple[MachineSpec, ...] = ()
    command: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    stop_timeout_s: float = 10.0
    """From TERM to KILL (supervisord's and process-compose's default)."""
    hang_after_s: float = 30.0
    depends_on: Mapping[str, Until] = field(default_factory=dict[str, Until])
    env: Mapping[str, str] = field(default_factory=dict[str, str])
    env_file: str | None = None
    cwd: str | None = None
    template: bool = False
    replica_of: str = ""
    started_by: str = ""
    """The machine whose start_fsm or invoke asked for it."""
    invocation: str = ""
    """Which invocation it was asked for by, and the id the invoker has for it."""
    invoke_id: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the machines by name; a plain command counts as one."""
        return tuple(m.name for m in self.machines) or (self.name,)


def read_spec(name: str, document: Mapping[str, Json]) -> ChildSpec:
    """Return the spec in the JSON of a `children` row.

    Raises SupervisorError, naming the child and the key, for a bad value.
    """
    read = _Reader(name, document)
    command = tuple(read.texts("command"))
    kind = Kind.PROCESS if command else Kind.MACHINE
    return ChildSpec(
        name=name,
        kind=Kind(read.word("kind", [each.value for each in Kind], kind)),
        machines=tuple(_machine(name, each) for each in read.items("machines")),
        command=command,
        policy=_policy(read),
        stop_timeout_s=read.seconds("stop_timeout_s", 10.0),
        hang_after_s=read.seconds("hang_after_s", 30.0),
        depends_on={
            other: Until(read.word_of(until, [each.value for each in Until]))
            for other, until in read.mapping("depends_on").items()
        },
        env={key: str(value) for key, value in read.mapping("env").items()},
        env_file=read.text("env_file") or None,
        cwd=read.text("cwd") or None,
        template=read.flag("template"),
        replica_of=read.text("replica_of"),
        started_by=read.text("started_by"),
        invocation=read.text("invocation"),
        invoke_id=read.text("invoke_id"),
    )


def _machine(child: str, document: Json) -> MachineSpec:
    if not isinstance(document, dict):
        raise _bad(child, "machines", document, "a list of mappings")
    read = _Reader(child, document)
    limits = read.mapping("stuck_after_s")
    return MachineSpec(
        name=read.text("name") or child,
        file=read.text("file"),
        folder=read.text("folder"),
        dialect=read.text("dialect"),
        hash=read.text("hash"),
        asks={state: str(text) for state, text in read.mapping("asks").items()},
        stuck_after_s={
            state: _Reader(child, limits).seconds(state, 0.0) for state in limits
        },
    )


def _policy(read: "_Reader") -> Policy:
    backoff = _Reader(read.child, read.mapping("backoff"))
    intensity = _Reader(read.child, read.mapping("intensity"))
    usual_backoff, usual = Backoff(), Intensity()
    restart = read.word("restart", [each.value for each in Restart], Restart.ON_FAILURE)
    codes = read.items("success_exit_codes") or [0]
    return Policy(
        restart=Restart(restart),
        backoff=Backoff(
            min_s=backoff.seconds("min_s", usual_backoff.min_s),
            max_s=backoff.seconds("max_s", usual_backoff.max_s),
            factor=max(1.0, backoff.seconds("factor", usual_backoff.factor)),
            jitter=min(1.0, backoff.seconds("jitter", usual_backoff.jitter)),
        ),
        intensity=Intensity(
            count=max(1, int(intensity.seconds("count", usual.count))),
            period_s=intensity.seconds("period_s", usual.period_s),
        ),
        success_exit_codes=frozenset(code for code in codes if isinstance(code, int)),
    )


class _Reader:
    """Keys of one mapping, each of the type it must have."""

    def __init__(self, child: str, document: Mapping[str, Json]) -> None:
        self.child = child
        self._document = document

    def _of(self, key: str, wanted: type[_T], usual: _T, words: str) -> _T:
        value = self._document.get(key)
        if value is None:
            return usual
        if isinstance(value, wanted):
            return value
        raise _bad(self.child, key, value, words)

    def text(self, key: str) -> str:
        return self._of(key, str, "", "a text")

    def flag(self, key: str) -> bool:
        return self._of(key, bool, False, "true or false")

    def items(self, key: str) -> list[Json]:
        return self._of(key, list, [], "a list")

    def mapping(self, key: str) -> dict[str, Json]:
        return self._of(key, dict, {}, "a mapping")

    def texts(self, key: str) -> list[str]:
        return [str(each) for each in self.items(key)]

    def seconds(self, key: str, usual: float) -> float:
        value = self._document.get(key)
        if value is None:
            return usual
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _bad(self.child, key, value, "a number")
        if value < 0:
            raise _bad(self.child, key, value, "a number, not negative")
        return float(value)

    def word(self, key: str, known: list[str], usual: str) -> str:
        return self.word_of(self.text(key) or usual, known)

    def word_of(self, value: Json, known: list[str]) -> str:
        if isinstance(value, str) and value in known:
            return value
        expected = f"one of {', '.join(known)}"
        raise _bad(self.child, "its spec", value, expected)


def _bad(child: str, key: str, value: Json, words: str) -> SupervisorError:
    return SupervisorError(
        f"child {child!r}: {key} is {value!r}, expected {words}",
        hint="`smtui check` finds this in smtui.yaml before anything runs",
    )
