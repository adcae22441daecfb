"""What a parser learns of the names in a text while it reads it."""

from collections.abc import Iterable

from smtui.expr.ecmascript.arrays import ARRAY
from smtui.expr.ecmascript.functions import FunctionText
from smtui.expr.ecmascript.members import CHANGING
from smtui.expr.ecmascript.strings import STRING
from smtui.expr.ecmascript.texts import BOOLEAN, NUMBER

__all__ = ["HARMLESS", "Frame"]

_CALLING_BACK = frozenset({
    "every", "filter", "find", "findIndex", "flatMap", "forEach", "map", "reduce",
    "reduceRight", "replace", "replaceAll", "some", "sort",
})  # fmt: skip

HARMLESS = (
    frozenset([*STRING, *ARRAY, *NUMBER, *BOOLEAN, "hasOwnProperty"])
    - CHANGING
    - _CALLING_BACK
)
"""Methods that change no value, whatever they are called on."""


class Frame:
    """The names of one function, or of the text outside of all functions."""

    def __init__(self, own: Iterable[str] = ()) -> None:
        self.own: set[str] = set(own)
        """Parameters, and what `let` and `const` declare."""
        self.variables: set[str] = set()
        """What `var` declares."""
        self.used: set[str] = set()
        self.functions: list[list[FunctionText]] = [[]]
        """Of the blocks being read, the innermost last."""

    @property
    def free(self) -> frozenset[str]:
        """Return the names that are used and declared further out."""
        return frozenset(self.used - self.own - self.variables)
