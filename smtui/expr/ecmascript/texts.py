"""The methods of numbers, truths, objects and functions."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite
from types import MappingProxyType

from smtui.expr.ecmascript.convert import to_float, to_key, to_number, to_text
from smtui.expr.ecmascript.given import Method, argument, whole_at
from smtui.expr.ecmascript.numerals import number_text, number_text_in
from smtui.expr.ecmascript.values import UNDEFINED, Budget, Function, Value, failure

__all__ = ["BOOLEAN", "FUNCTION", "NUMBER", "OBJECT"]

_MOST_DIGITS = 100
_MOST_PLAIN = 1e21
_LEAST_RADIX, _MOST_RADIX = 2, 36


def _to_fixed(this: Value, given: list[Value], _: Budget) -> Value:
    number, digits = to_float(this), whole_at(given, 0)
    if not 0 <= digits <= _MOST_DIGITS:
        raise failure(
            "RangeError", f"toFixed takes 0 to {_MOST_DIGITS} digits, found {digits}"
        )
    if not isfinite(number) or abs(number) >= _MOST_PLAIN:
        return number_text(number)
    exact = Decimal(number)
    places = Decimal(1).scaleb(-digits)
    rounded = exact.quantize(places, ROUND_HALF_UP, Context(prec=200))
    return f"{rounded:f}" if rounded or number < 0 else f"{abs(rounded):f}"


def _to_precision(this: Value, given: list[Value], _: Budget) -> Value:
    number, digits = to_float(this), whole_at(given, 0)
    if argument(given, 0) is UNDEFINED or not isfinite(number):
        return number_text(number)
    if not 1 <= digits <= _MOST_DIGITS:
        raise failure(
            "RangeError", f"toPrecision takes 1 to {_MOST_DIGITS}, found {digits}"
        )
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).plus(Decimal(number))
    exponent = rounded.adjusted() if rounded else 0
    smallest_plain = -6
    if exponent < smallest_plain or exponent >= digits:
        figures = f"{rounded:.{digits - 1}e}".split("e")[0]
        return f"{figures}e{exponent:+d}"
    return f"{rounded:.{digits - 1 - exponent}f}"


def _number_to_string(this: Value, given: list[Value], _: Budget) -> Value:
    radix = whole_at(given, 0, 10)
    if not _LEAST_RADIX <= radix <= _MOST_RADIX:
        raise failure(
            "RangeError", f"toString takes a base from 2 to 36, found {radix}"
        )
    number = to_number(this)
    ten = 10
    return number_text(number) if radix == ten else number_text_in(number, radix)


def _to_string(this: Value, given: list[Value], budget: Budget) -> Value:
    del given, budget
    return to_text(this)


def _itself(this: Value, given: list[Value], budget: Budget) -> Value:
    del given, budget
    return this


def _has_own(this: Value, given: list[Value], _: Budget) -> Value:
    return isinstance(this, dict) and to_key(argument(given, 0)) in this


def _function(this: Value) -> Function:
    if not isinstance(this, Function):
        raise failure("TypeError", "expected a function before call, apply or bind")
    return this


def _call(this: Value, given: list[Value], _: Budget) -> Value:
    return _function(this).invoke(argument(given, 0), given[1:])


def _apply(this: Value, given: list[Value], _: Budget) -> Value:
    items = argument(given, 1)
    return _function(this).invoke(
        argument(given, 0), [*items] if isinstance(items, list) else []
    )


def _bind(this: Value, given: list[Value], _: Budget) -> Value:
    function, bound, first = _function(this), argument(given, 0), given[1:]
    return Function(
        f"bound {function.name}",
        lambda _, more: function.invoke(bound, [*first, *more]),
        captured=frozenset({"this"}),
    )


NUMBER: Mapping[str, Method] = MappingProxyType({
    "toFixed": _to_fixed,
    "toPrecision": _to_precision,
    "toString": _number_to_string,
    "valueOf": _itself,
})  # fmt: skip

BOOLEAN: Mapping[str, Method] = MappingProxyType({
    "toString": _to_string,
    "valueOf": _itself,
})  # fmt: skip

OBJECT: Mapping[str, Method] = MappingProxyType({
    "hasOwnProperty": _has_own,
    "toString": _to_string,
    "valueOf": _itself,
})  # fmt: skip

FUNCTION: Mapping[str, Method] = MappingProxyType({
    "apply": _apply,
    "bind": _bind,
    "call": _call,
    "toString": _to_string,
})  # fmt: skip
