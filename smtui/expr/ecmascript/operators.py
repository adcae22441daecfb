"""What the signs between values do.

Source: ECMA-262, the operators of section 13.
"""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from smtui.expr.ecmascript.convert import (
    loosely_equal,
    strictly_equal,
    to_boolean,
    to_float,
    to_key,
    to_number,
    to_text,
    type_of,
)
from smtui.expr.ecmascript.dates import Date
from smtui.expr.ecmascript.numerals import NAN, to_int32, to_uint32, whole
from smtui.expr.ecmascript.values import (
    UNDEFINED,
    Budget,
    Function,
    Module,
    Undefined,
    Value,
    failure,
)

__all__ = ["BINARY", "UNARY", "Binary", "Unary"]

Binary = Callable[[Value, Value, Budget], Value]
Unary = Callable[[Value], Value]


def _add(left: Value, right: Value, budget: Budget) -> Value:
    a, b = _primitive(left), _primitive(right)
    if isinstance(a, str) or isinstance(b, str):
        text = to_text(a) + to_text(b)
        budget.spend(len(text))
        return text
    return whole(to_float(a) + to_float(b))


def _primitive(value: Value) -> Value:
    match value:
        case bool() | int() | float() | str() | None | Undefined():
            return value
        case _:
            return to_text(value)


def _comparable(value: Value) -> Value:
    return value.ms if isinstance(value, Date) else _primitive(value)


def _arithmetic(operate: Callable[[float, float], float]) -> Binary:
    def run(left: Value, right: Value, budget: Budget) -> Value:
        del budget
        return whole(operate(to_float(left), to_float(right)))

    return run


def _divide(a: float, b: float) -> float:
    if b:
        return a / b
    if a == 0 or math.isnan(a) or math.isnan(b):
        return NAN
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def _remainder(a: float, b: float) -> float:
    if b == 0 or math.isinf(a) or math.isnan(a) or math.isnan(b):
        return NAN
    return math.fmod(a, b)


def _power(a: float, b: float) -> float:
    if math.isnan(b) or (abs(a) == 1 and math.isinf(b)):
        return NAN
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        return _power_of_zero(a, b) if a == 0 else NAN


def _power_of_zero(zero: float, below: float) -> float:
    is_odd = math.isfinite(below) and math.fmod(abs(below), 2) == 1
    return math.copysign(math.inf, zero) if is_odd else math.inf


def _bits(operate: Callable[[int, int], int]) -> Binary:
    def run(left: Value, right: Value, budget: Budget) -> Value:
        del budget
        a, b = to_int32(to_number(left)), to_int32(to_number(right))
        return to_int32(operate(a, b))

    return run


def _shift(operate: Callable[[int, int], int]) -> Binary:
    return _bits(lambda a, b: operate(a, b & 31))


def _shift_unsigned(left: Value, right: Value, budget: Budget) -> Value:
    del budget
    return to_uint32(to_number(left)) >> (to_uint32(to_number(right)) & 31)


def _comparison(
    texts: Callable[[str, str], bool], numbers: Callable[[float, float], bool]
) -> Binary:
    def run(left: Value, right: Value, budget: Budget) -> Value:
        del budget
        a, b = _comparable(left), _comparable(right)
        if isinstance(a, str) and isinstance(b, str):
            return texts(a, b)
        return numbers(to_float(a), to_float(b))

    return run


def _in(left: Value, right: Value, budget: Budget) -> Value:
    del budget
    key = to_key(left)
    match right:
        case dict():
            return key in right
        case list():
            return key == "length" or (key.isdecimal() and int(key) < len(right))
        case Function() | Module():
            return key in right.members
        case bool() | int() | float() | str() | None | Undefined():
            raise failure(
                "TypeError", f"`in` looks into an object, found {type_of(right)}"
            )
        case _:
            return right.member(key) is not UNDEFINED


def _instance_of(left: Value, right: Value, budget: Budget) -> Value:
    del budget
    if not isinstance(right, Function):
        raise failure("TypeError", "expected a class behind instanceof")
    match right.name:
        case "Array":
            return isinstance(left, list)
        case "Object":
            return type_of(left) in {"object", "function"} and left is not None
        case "Function":
            return isinstance(left, Function)
        case "Error":
            return isinstance(left, dict) and {"name", "message"} <= left.keys()
        case name if name.endswith("Error"):
            return isinstance(left, dict) and left.get("name") == name
        case "String" | "Number" | "Boolean":
            return False
        case name:
            raise failure(
                "TypeError", f"values do not remember that new {name}() made them"
            )


def _same(equal: Callable[[Value, Value], bool], wanted: bool) -> Binary:
    def run(left: Value, right: Value, budget: Budget) -> Value:
        del budget
        return equal(left, right) is wanted

    return run


BINARY: Mapping[str, Binary] = MappingProxyType({
    "+": _add,
    "-": _arithmetic(lambda a, b: a - b),
    "*": _arithmetic(lambda a, b: a * b),
    "/": _arithmetic(_divide),
    "%": _arithmetic(_remainder),
    "**": _arithmetic(_power),
    "&": _bits(lambda a, b: a & b),
    "|": _bits(lambda a, b: a | b),
    "^": _bits(lambda a, b: a ^ b),
    "<<": _shift(lambda a, b: a << b),
    ">>": _shift(lambda a, b: a >> b),
    ">>>": _shift_unsigned,
    "==": _same(loosely_equal, wanted=True),
    "!=": _same(loosely_equal, wanted=False),
    "===": _same(strictly_equal, wanted=True),
    "!==": _same(strictly_equal, wanted=False),
    "<": _comparison(lambda a, b: a < b, lambda a, b: a < b),
    ">": _comparison(lambda a, b: a > b, lambda a, b: a > b),
    "<=": _comparison(lambda a, b: a <= b, lambda a, b: a <= b),
    ">=": _comparison(lambda a, b: a >= b, lambda a, b: a >= b),
    "in": _in,
    "instanceof": _instance_of,
})  # fmt: skip

UNARY: Mapping[str, Unary] = MappingProxyType({
    "!": lambda value: not to_boolean(value),
    "-": lambda value: whole(-to_float(value)),
    "+": to_number,
    "~": lambda value: to_int32(~to_int32(to_number(value))),
    "void": lambda _: UNDEFINED,
    "typeof": type_of,
})  # fmt: skip
