"""Values made into other values: text, number, truth; compared; told apart.

Source: ECMA-262, abstract operations. One difference: what programs keep is
JSON and has no identity, so arrays and objects are equal when they hold the
same, in `==` and in `===`.
"""

from smtui.expr.ecmascript.dates import Date
from smtui.expr.ecmascript.numerals import (
    NAN,
    as_float,
    number_of_text,
    number_text,
    whole,
)
from smtui.expr.ecmascript.values import (
    UNDEFINED,
    Function,
    Module,
    Undefined,
    Value,
    weight,
)

__all__ = [
    "is_nullish",
    "loosely_equal",
    "strictly_equal",
    "to_boolean",
    "to_float",
    "to_key",
    "to_number",
    "to_text",
    "type_of",
]


def type_of(value: Value) -> str:
    """Return what `typeof` says."""
    match value:
        case Undefined():
            return "undefined"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case Function():
            return "function"
        case _:
            return "object"


def is_nullish(value: Value) -> bool:
    """Say whether the value is null or undefined."""
    return value is None or value is UNDEFINED


def to_boolean(value: Value) -> bool:
    """Return the effective boolean: false for 0, NaN, '', null, undefined."""
    match value:
        case bool() | str():
            return bool(value)
        case int() | float():
            return value == value and value != 0  # noqa: PLR0124 - NaN
        case None | Undefined():
            return False
        case _:
            return True


def to_text(value: Value) -> str:
    """Return the value as text."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number_text(value)
        case None:
            return "null"
        case Undefined():
            return "undefined"
        case _:
            return _object_text(value)


def _object_text(value: Value) -> str:
    match value:
        case list():
            weight(value)  # throws for one that is too large
            return ",".join("" if is_nullish(v) else to_text(v) for v in value)
        case dict():
            return _fields_text(value)
        case Function():
            return value.source or f"function {value.name}() {{ [native code] }}"
        case Module():
            return f"[object {value.name}]"
        case bool() | int() | float() | str() | Undefined() | None:
            return to_text(value)
        case _:
            return value.text


def _fields_text(fields: dict[str, Value]) -> str:
    if {"name", "message"} <= fields.keys():
        return f"{to_text(fields['name'])}: {to_text(fields['message'])}"
    return "[object Object]"


def to_number(value: Value) -> int | float:  # noqa: PLR0911 - one for each kind
    """Return the value as a number, NaN when it is none."""
    match value:
        case bool():
            return int(value)
        case int() | float():
            return value
        case str():
            return number_of_text(value)
        case None:
            return 0
        case Undefined() | Function():
            return NAN
        case Date():
            return value.ms
        case _:
            return number_of_text(to_text(value))


def to_float(value: Value) -> float:
    """Return the value as a double."""
    return as_float(to_number(value))


def to_key(value: Value) -> str:
    """Return the name of the property a value stands for."""
    return value if isinstance(value, str) else to_text(value)


def strictly_equal(left: Value, right: Value) -> bool:
    """Return what `===` says."""
    match left:
        case bool() | str():
            return type(left) is type(right) and left == right
        case int() | float():
            return _is_number(right) and to_float(left) == to_float(right)
        case list() | dict():
            return _hold_the_same(left, right)
        case Function():
            return left is right or _same_source(left, right)
        case _:
            return left is right or _same_text(left, right)


def _hold_the_same(left: "list[Value] | dict[str, Value]", right: Value) -> bool:
    if left is right:
        return True
    weight(left)  # throws for one that is too large
    if isinstance(left, list):
        return isinstance(right, list) and _same_items(left, right)
    return isinstance(right, dict) and _same_fields(left, right)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same_items(left: list[Value], right: list[Value]) -> bool:
    return len(left) == len(right) and all(map(strictly_equal, left, right))


def _same_fields(left: dict[str, Value], right: dict[str, Value]) -> bool:
    return all(
        strictly_equal(left.get(key, UNDEFINED), right.get(key, UNDEFINED))
        for key in left.keys() | right.keys()
    )


def _same_source(left: Function, right: Value) -> bool:
    return isinstance(right, Function) and left.source == right.source != ""


def _same_text(left: Value, right: Value) -> bool:
    """Compare what came from outside by what it is as text."""
    if is_nullish(left) or type(left) is not type(right) or isinstance(left, Module):
        return False
    return to_text(left) == to_text(right)


def loosely_equal(left: Value, right: Value) -> bool:
    """Return what `==` says."""
    if is_nullish(left) or is_nullish(right):
        return is_nullish(left) and is_nullish(right)
    if _rank(left) == _rank(right):
        return strictly_equal(left, right)
    if isinstance(left, str) and _rank(right) == _OBJECT:
        return left == to_text(right)
    if isinstance(right, str) and _rank(left) == _OBJECT:
        return right == to_text(left)
    return whole(to_float(left)) == whole(to_float(right))


_OBJECT = 3


def _rank(value: Value) -> int:
    match value:
        case bool():
            return 0
        case int() | float():
            return 1
        case str():
            return 2
        case _:
            return _OBJECT
