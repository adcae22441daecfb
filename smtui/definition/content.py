"""Executable content as a closed union: what an entry, exit or arrow does.

A block is a tuple of contents. An error in one of them ends its block only
(SCXML 3.12.2); other blocks of the same state or arrow still run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from smtui.definition.expression import Expression, Param
from smtui.definition.guards import Guard
from smtui.definition.place import Json, Position
from smtui.definition.terms import Terms

__all__ = [
    "Assign",
    "Block",
    "Branch",
    "Call",
    "Cancel",
    "Change",
    "ChangeOp",
    "Content",
    "ForEach",
    "If",
    "Log",
    "Raise",
    "Script",
    "Send",
]


@dataclass(frozen=True, slots=True)
class Assign:
    """Give a location of the data a new value."""

    location: Expression
    """`Var1`, `a.b`, `a['b']`: compiled with `assign`, not read."""
    value: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Raise:
    """Put an event on the internal queue."""

    event: str
    at: Position


@dataclass(frozen=True, slots=True)
class Send:
    """Send an event to a session, a machine or an I/O processor (SCXML 6.2).

    What an author writes as plain text is an Expression of Language.LITERAL.
    """

    event: Expression | None
    at: Position
    target: Expression | None = None
    """None or '' is this session; `#_internal`, `#_parent`, `#_INVOKEID`,
    `#_scxml_SESSIONID`; any other text names a machine of the fleet."""
    type: Expression | None = None
    """None is the SCXML event I/O processor."""
    delay: Expression | None = None
    """Gives a number of seconds, or text with a unit: `1s`, `500ms`, `.5s`."""
    id: str = ""
    id_location: Expression | None = None
    """Where a made-up id is stored; excludes `id`."""
    params: tuple[Param, ...] = ()
    """Those of the namelist first, then the params."""
    content: Expression | None = None
    """The whole data of the event; excludes params."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Forget a delayed send of this session."""

    send_id: Expression
    at: Position


@dataclass(frozen=True, slots=True)
class Log:
    """Write a line to the machine's log."""

    label: str
    value: Expression | None
    at: Position
    level: str = "info"


@dataclass(frozen=True, slots=True)
class Branch:
    """One arm of an If; without a guard it is the else."""

    guard: Guard | None
    block: "Block"


@dataclass(frozen=True, slots=True)
class If:
    """Run the first branch whose guard holds."""

    branches: tuple[Branch, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class ForEach:
    """Run a block for every item of an array, over a copy of it."""

    array: Expression
    item: str
    """The variable to give each item to: declared here if it is not yet."""
    block: "Block"
    at: Position
    index: str = ""


@dataclass(frozen=True, slots=True)
class Script:
    """Statements of the data model's language."""

    code: Expression
    at: Position


class ChangeOp(StrEnum):
    """PyStator's pure effects."""

    SET = "set"
    TIMESTAMP = "timestamp"
    """The instant of the step, RFC 3339 UTC."""
    INCREMENT = "increment"
    DECREMENT = "decrement"
    APPEND = "append"
    CLEAR = "clear"
    """The field is gone."""


@dataclass(frozen=True, slots=True)
class Change:
    """One pure change of one top-level field."""

    op: ChangeOp
    field: str
    at: Position
    value: Json = None
    """What to set or append; the amount of an increment, None for 1."""


@dataclass(frozen=True, slots=True)
class Call:
    """An action of the author's, by name: a World action, done after the commit.

    HTTP and CODE are names too: what their params say is performed by us.

    Where the semantics say `awaits_calls`, what follows it in the step (the
    rest of its block, later blocks, eventless transitions) waits for it.
    """

    name: str
    at: Position
    params: Mapping[str, Json] = field(default_factory=dict[str, Json])
    terms: Terms = field(default_factory=Terms)


Content: TypeAlias = (
    Assign | Raise | Send | Cancel | Log | If | ForEach | Script | Change | Call
)
Block: TypeAlias = tuple[Content, ...]
