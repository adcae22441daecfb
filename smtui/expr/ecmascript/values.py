"""What an ECMAScript program holds while it runs, and how it fails.

Laws of this file: a value is one of ours or of JSON; nothing here knows how a
program is read or run. Numbers are Python's int and float; an int is a number
that is whole and exact in a double, everything else is a float.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

__all__ = [
    "MOST_STEPS",
    "UNDEFINED",
    "Budget",
    "Function",
    "Invoke",
    "Module",
    "Opaque",
    "Thrown",
    "Undefined",
    "Value",
    "failure",
    "weight",
]

MOST_STEPS = 50_000
"""Calls and turns of loops in one evaluation; well under a second."""

CHARACTERS_A_STEP = 64
"""Building this much text, or as many items, costs what a call costs."""


class Undefined(Enum):
    """The type of UNDEFINED."""

    UNDEFINED = "undefined"


UNDEFINED: Final = Undefined.UNDEFINED


class Opaque(Protocol):
    """A value from outside that programs read through its members only."""

    def member(self, name: str) -> "Value":
        """Return the property, UNDEFINED when there is none."""
        ...

    @property
    def text(self) -> str:
        """What the value is as text, and what is kept of it."""
        ...


Invoke: TypeAlias = Callable[["Value", list["Value"]], "Value"]
"""`this` and the arguments -> what the function returns."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called, of a program or of ours."""

    name: str
    invoke: Invoke
    source: str = ""
    """The text it was written as; '' for one of ours."""
    members: Mapping[str, "Value"] = field(default_factory=dict[str, "Value"])
    """`Object.keys` and the like."""
    captured: frozenset[str] = frozenset()
    """Variables of a surrounding function it needs: it cannot be kept."""


@dataclass(frozen=True, slots=True, eq=False)
class Module:
    """A bundle of functions and constants: Math, JSON."""

    name: str
    members: Mapping[str, "Value"] = field(
        default_factory=lambda: MappingProxyType[str, "Value"]({})
    )


Plain: TypeAlias = "bool | int | float | str | Undefined | None"
Value: TypeAlias = "Plain | list[Value] | dict[str, Value] | Function | Module | Opaque"


class Thrown(Exception):  # noqa: N818 - the language's word for it
    """A program threw a value, or did what cannot be done."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value

    def __str__(self) -> str:
        """Return `TypeError: ...`, or the thrown value."""
        value = self.value
        if not isinstance(value, dict | list):
            return str(value)
        said = value.get("message") if isinstance(value, dict) else None
        name = value.get("name") if isinstance(value, dict) else None
        if not isinstance(said, str):
            return f"threw an {'array' if isinstance(value, list) else 'object'}"
        return f"{name if isinstance(name, str) else 'Error'}: {said}"


def failure(name: str, message: str) -> Thrown:
    """Return what to raise for an Error object of that name: TypeError ..."""
    return Thrown({"name": name, "message": message})


MOST_WEIGHT = 2 << 20
"""Characters and items of one value: two payloads. A few lines can share an
array with itself until it stands for more than there is memory."""


def weight(value: Value) -> int:
    """Return how many characters and items a value has, shared ones each time.

    Throws RangeError for a value too large to be looked through.
    """
    total = 0
    todo = [value]
    while todo:
        one = todo.pop()
        total += 1
        if isinstance(one, str):
            total += len(one)
        elif isinstance(one, list):
            todo += one
        elif isinstance(one, dict):
            total += sum(map(len, one))
            todo += one.values()
        if total + len(todo) > MOST_WEIGHT:
            raise failure("RangeError", "the value is too large")
    return total


class Budget:
    """What is left of the work one evaluation may do."""

    __slots__ = ("_depth", "_left")

    MOST_DEPTH = 60
    """Calls inside calls; each is some ten frames of ours."""

    def __init__(self, steps: int = MOST_STEPS) -> None:
        self._left = steps
        self._depth = 0

    def spend(self, size: int = 0) -> None:
        """Take one step, and what building `size` characters or items costs.

        Throws RangeError when nothing is left.
        """
        self._left -= 1 + size // CHARACTERS_A_STEP
        if self._left < 0:
            raise failure("RangeError", "the program runs too long")

    def charge(self, *values: Value) -> None:
        """Take what looking through values costs; simple ones cost nothing."""
        for value in values:
            if isinstance(value, list | dict):
                self.spend(weight(value))

    def enter(self) -> None:
        """Begin a call. Throws RangeError when calls are nested too deep."""
        self.spend()
        self._depth += 1
        if self._depth > self.MOST_DEPTH:
            raise failure("RangeError", "functions call each other too deep")

    def leave(self) -> None:
        """End a call."""
        self._depth -= 1
