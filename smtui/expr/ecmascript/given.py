"""Arguments, as functions of ours take them: missing ones are undefined."""

import math
from collections.abc import Callable
from typing import TypeAlias

from smtui.expr.ecmascript.convert import to_float, to_text, type_of
from smtui.expr.ecmascript.values import UNDEFINED, Budget, Function, Value, failure

__all__ = [
    "Method",
    "argument",
    "function_at",
    "position",
    "span",
    "text_at",
    "whole_at",
]

Method: TypeAlias = Callable[[Value, list[Value], Budget], Value]
"""`this`, the arguments and what may be spent -> what the method returns."""


def argument(given: list[Value], index: int) -> Value:
    """Return the argument, UNDEFINED when it was not given."""
    return given[index] if index < len(given) else UNDEFINED


def text_at(given: list[Value], index: int, default: str = "undefined") -> str:
    """Return the argument as text."""
    value = argument(given, index)
    return default if value is UNDEFINED else to_text(value)


def whole_at(given: list[Value], index: int, default: int = 0) -> int:
    """Return the argument as a whole number; NaN is 0, infinity very large."""
    value = argument(given, index)
    return default if value is UNDEFINED else _whole(to_float(value))


def _whole(number: float) -> int:
    if math.isnan(number):
        return 0
    farthest = 2.0**53
    return int(max(-farthest, min(farthest, number)))


def position(place: int, length: int) -> int:
    """Return a place counted from the end when below 0, kept inside."""
    return max(0, place + length) if place < 0 else min(place, length)


def span(given: list[Value], length: int) -> tuple[int, int]:
    """Return begin and end as `slice` takes them."""
    begin = position(whole_at(given, 0), length)
    return begin, max(begin, position(whole_at(given, 1, length), length))


def function_at(given: list[Value], index: int, method: str) -> Function:
    """Return the argument, which must be a function."""
    value = argument(given, index)
    if not isinstance(value, Function):
        raise failure(
            "TypeError", f"{method} expects a function, found {type_of(value)}"
        )
    return value
