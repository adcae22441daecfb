"""Operators that cannot be made to burn memory or time.

Numbers have at most BITS bits, texts and lists at most ITEMS parts: a guard of
one line must not hold up the machine it belongs to.
"""

# pyright: reportUnknownMemberType=false
# (some of the functions of `operator` are declared without types)

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sized
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

from smtui.errors import EvaluationError

__all__ = ["ITEMS", "apply", "checked_spec", "checked_weight", "checked_width"]

BITS: Final = 65_536
ITEMS: Final = 100_000
WIDTH: Final = 1_000

_DIGITS = re.compile(r"\d+")

_Operator: TypeAlias = Callable[[Any, Any], object]


def _is_small(value: object) -> bool:
    """Say whether a value may be gone on with."""
    if isinstance(value, int):
        return value.bit_length() <= BITS
    return not isinstance(value, Sized) or len(value) <= ITEMS


def checked_weight(value: object) -> object:
    """Return a value that may be written out.

    Raises EvaluationError when its parts, counted as often as they occur, are
    more than ITEMS.
    """
    left, waiting = ITEMS, [value]
    while waiting:
        part = waiting.pop()
        left -= 1
        if isinstance(part, Mapping):
            table = cast("Mapping[object, object]", part)
            waiting.extend([*table.keys(), *table.values()])
        elif isinstance(part, list | tuple | set):
            waiting.extend(cast("Iterable[object]", part))
        elif isinstance(part, str):
            left -= len(part)
        if left < len(waiting):
            raise EvaluationError("the value is too big to be written out")
    return value


def checked_width(width: object) -> object:
    """Return the width of a padded text. Raises EvaluationError when too wide."""
    if isinstance(width, int) and width > WIDTH:
        raise EvaluationError(f"a width of {width} is more than {WIDTH}")
    return width


def checked_spec(spec: str) -> str:
    """Return a format specification that pads no text beyond the bound.

    Raises EvaluationError for any other, and for widths that are arguments.
    """
    if "*" in spec:
        raise EvaluationError("a width given as an argument is not allowed here")
    for digits in _DIGITS.findall(spec):
        checked_width(int(digits[:9]))
    return spec


def apply(symbol: str, left: object, right: object) -> object:
    """Return `left symbol right`.

    Raises EvaluationError when the result would be too big, and whatever
    Python raises for operands of wrong types.
    """
    guard = _GUARDS.get(symbol)
    if guard is not None:
        guard(left, right)
    found = _OPERATORS[symbol](left, right)
    if not _is_small(found):
        raise EvaluationError(f"the result of {symbol} is too big")
    return found


def _power(base: object, exponent: object) -> None:
    if (
        isinstance(base, int)
        and isinstance(exponent, int)
        and base.bit_length() * max(exponent, 0) > BITS
    ):
        raise EvaluationError(f"the power {exponent} is too high")


def _shift(value: object, by: object) -> None:
    if isinstance(value, int) and isinstance(by, int) and by > BITS:
        raise EvaluationError(f"a shift by {by} is too far")


def _product(left: object, right: object) -> None:
    for many, times in ((left, right), (right, left)):
        if (
            isinstance(many, Sized)
            and isinstance(times, int)
            and len(many) * times > ITEMS
        ):
            raise EvaluationError(f"{times} times a value of {len(many)} is too long")


def _format(left: object, right: object) -> None:
    if isinstance(left, str):
        checked_spec(left)
        checked_weight(right)


_GUARDS: Final[Mapping[str, Callable[[object, object], None]]] = MappingProxyType(
    {"**": _power, "<<": _shift, "*": _product, "%": _format}
)

_operators: dict[str, _Operator] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}

_OPERATORS: Final = MappingProxyType(_operators)
