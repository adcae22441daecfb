"""Guards as a closed union: what may decide whether a transition is taken."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, assert_never

from smtui.definition.expression import Expression
from smtui.definition.place import Json, Position

__all__ = [
    "AllOf",
    "AnyOf",
    "CheckOp",
    "ExprGuard",
    "FieldGuard",
    "Guard",
    "NamedGuard",
    "NotGuard",
    "PeerGuard",
    "SimpleGuard",
    "simple_guards",
]


class CheckOp(StrEnum):
    """Comparisons of a FieldGuard; a missing field counts as null."""

    EQ = "eq"
    NEQ = "neq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    IN = "in"
    NOT_IN = "not_in"
    IS_SET = "is_set"
    IS_NULL = "is_null"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"
    """A regular expression that matches somewhere in the text."""


@dataclass(frozen=True, slots=True)
class ExprGuard:
    """A condition in one of our expression languages."""

    expression: Expression
    peers: tuple["PeerGuard", ...] = ()
    """Other machines it asks for (`InPeer` of an SCXML document)."""


@dataclass(frozen=True, slots=True)
class NamedGuard:
    """Author's code, bound by name; the core asks for it and never calls it."""

    name: str
    at: Position
    params: Mapping[str, Json] = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class FieldGuard:
    """One field of the data compared with a value (PyStator's `check`)."""

    field: str
    op: CheckOp
    value: Json
    at: Position


@dataclass(frozen=True, slots=True)
class PeerGuard:
    """Another machine of the fleet is in a state: asked for, like author's code."""

    machine: str
    states: tuple[str, ...]
    """In any of these; a compound state holds while one inside of it is active."""
    at: Position
    instance: str = ""
    """Which instance of it, `{key}` filled from the data; '' is the one with
    the id of the instance that asks, else its only one."""
    name: str = ""
    """What the definition calls the machine; '' is the machine's own name."""

    @property
    def called(self) -> str:
        """Return the name the author knows it by."""
        return self.name or self.machine


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of the guards, in order, stopping at the first that fails."""

    guards: tuple["Guard", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the guards, in order, stopping at the first that passes."""

    guards: tuple["Guard", ...]


@dataclass(frozen=True, slots=True)
class NotGuard:
    """The opposite of a guard."""

    guard: "Guard"


SimpleGuard: TypeAlias = ExprGuard | NamedGuard | FieldGuard | PeerGuard

Guard: TypeAlias = SimpleGuard | AllOf | AnyOf | NotGuard


def simple_guards(guard: Guard | None) -> Iterator[SimpleGuard]:
    """Yield the guards that a guard is made of, in order."""
    match guard:
        case AllOf(guards) | AnyOf(guards):
            for one in guards:
                yield from simple_guards(one)
        case NotGuard(inner):
            yield from simple_guards(inner)
        case ExprGuard() | NamedGuard() | FieldGuard() | PeerGuard():
            yield guard
        case None:
            pass
        case _:
            assert_never(guard)
