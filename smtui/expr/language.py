"""The seam between the statechart core and the expression languages.

    compile_expression(language, text) -> Compiled

The laws of this file: an expression is compiled once and is then a pure
function of its Scope; it changes nothing, it returns what would be changed.
Data is JSON. The one value beyond JSON is UNDEFINED, which a declared variable
has before it is given one: it lives between an evaluator and the core and is
never stored, because the core knows which names are declared.
"""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

from smtui.definition import Json

__all__ = [
    "SYSTEM_NAMES",
    "UNDEFINED",
    "Changes",
    "Compiled",
    "Fault",
    "Scope",
    "Value",
]


class _Undefined(Enum):
    UNDEFINED = "undefined"


UNDEFINED: Final = _Undefined.UNDEFINED

Value: TypeAlias = Json | Literal[_Undefined.UNDEFINED]
"""What an expression gives."""

Changes: TypeAlias = Mapping[str, Value]
"""Top-level variables with their new values; a changed part of `a.b` is a
whole new `a`. UNDEFINED makes a variable undefined again."""

SYSTEM_NAMES = frozenset({"_event", "_ioprocessors", "_name", "_sessionid", "_x"})
"""Variables of the processor (SCXML 5.10): read, never assigned."""


class Fault(NamedTuple):
    """Why a text is not of its language."""

    line: int
    """From 1, in the text."""
    column: int
    message: str
    hint: str


class Scope:
    """What an expression can see. Made once a step, read only."""

    __slots__ = ("data", "declared", "is_in", "is_peer_in", "now", "system")

    def __init__(
        self,
        data: Mapping[str, Json],
        declared: AbstractSet[str] = frozenset(),
        system: Mapping[str, Json] = MappingProxyType({}),
        is_in: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.data = data
        """Variables that have a value."""
        self.declared = declared
        """Names that exist: one without a value in `data` is undefined, any
        other name is an error to read and to assign to."""
        self.system = system
        """`_event` (absent before the first event), `_name`, `_sessionid`,
        `_ioprocessors`."""
        self.is_in = is_in
        """SCXML's In('id'): is this state active?"""
        self.is_peer_in: Callable[[str, str, str], bool] | None = None
        """InPeer('machine', 'state', 'instance'), ours: is another machine in
        it? None where nobody can be asked."""
        self.now: float | None = None
        """The instant of the step, in seconds since 1970; None outside of one."""


@runtime_checkable
class Compiled(Protocol):
    """An expression, ready. Every method raises EvaluationError and no other."""

    @property
    def names(self) -> frozenset[str]:
        """Return the variables it reads, as far as the text shows them."""
        ...

    def value(self, scope: Scope) -> Value:
        """Return what it gives."""
        ...

    def truth(self, scope: Scope) -> bool:
        """Return what it gives as a condition, by the language's own rule."""
        ...

    def assign(self, scope: Scope, value: Value) -> Changes:
        """Return what changes when the location it names is given a value."""
        ...

    def run(self, scope: Scope) -> Changes:
        """Return what changes when it is run as a script."""
        ...
