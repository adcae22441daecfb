"""What an author wrote, in any dialect: frozen values with positions.

A dialect reads text and builds these; the chart room compiles them. Problems
are values too: a loader collects all of them and never stops at the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

__all__ = [
    "ANY",
    "Action",
    "Ask",
    "Definition",
    "EventSpec",
    "Json",
    "Position",
    "Problem",
    "Severity",
    "State",
    "Transition",
]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

ANY = "*"
"""As the source of a transition: any state."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; line and column count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Return file:line:column, without the parts that are unknown."""
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n)]
        return ":".join(parts)


class Severity(StrEnum):
    """Whether a problem keeps a definition from running."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file, with the next thing to do."""

    at: Position
    code: str
    """A stable kebab-case word, `unknown-key`, for scripts and docs."""
    message: str
    """What was found (repr), and what was expected."""
    hint: str = ""
    """The nearest known name, or what to write instead."""
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of an action list, as written."""

    type: str | None
    """None when the author left it out: skipped with a warning. May hold a
    placeholder, so the kind is known only when the action runs."""
    args: Mapping[str, Json]
    """All other keys; `params:` is folded in, `target` is `target_machine`."""
    at: Position
    repeat: bool = False
    """`repeatable` or `run_policy` asks for another go in the next pass."""


@dataclass(frozen=True, slots=True)
class Transition:
    """An arrow. Which one wins is the business of the chart."""

    source: str
    """A state, or ANY."""
    target: str
    event: str
    """The event's name as written; `timeout(5)` for a delay."""
    at: Position
    delay_s: float | None = None
    """Seconds in the source state after which the event comes by itself."""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question a state puts to a human, and the events that answer it."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A state with the list of actions that entering it starts."""

    id: str
    at: Position
    actions: tuple[Action, ...] = ()
    group: str = ""
    """The section of the file it stands in (`# === NAME ===`), or ''."""
    ask: Ask | None = None
    stuck_after_s: float | None = None
    declared: bool = True
    """False when the file lists its states and this one only turns up in a
    transition or an action list."""


@dataclass(frozen=True, slots=True)
class EventSpec:
    """What is declared of an event; the run accepts undeclared ones too."""

    name: str
    at: Position
    context_map: Mapping[str, str] = field(default_factory=dict[str, str])
    """Key of the machine's data -> dotted path into the event message."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One machine as its author wrote it."""

    dialect: str
    """`engine`, later `pystator`, `asl`, `python`, `scxml`."""
    name: str
    """The machine's name by the rules of the dialect, file stem at the last."""
    file: str
    text: str
    hash: str
    """First 16 hex digits of the sha256 of the text."""
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    events: tuple[EventSpec, ...] = ()
    title: str = ""
    description: str = ""
    template: bool = False
    """Started by other machines only, never by `run`."""
    stuck_after_s: float | None = None
    """Seconds in any state after which the machine is marked stuck."""
    name_at: Position | None = None
    """Where the name is written; None when it is the file's."""
