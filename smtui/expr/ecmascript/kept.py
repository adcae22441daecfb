"""Between the values of programs and the JSON that machines keep.

JSON has no NaN, functions or documents. As the value of a variable these are
kept as `{"$js": ...}`; deeper inside they become what JSON.stringify makes of
them, and a function there cannot be kept. Undefined is a variable without value.
"""

import math

from smtui.definition import Json
from smtui.expr import language as outer
from smtui.expr.ecmascript.convert import type_of
from smtui.expr.ecmascript.dates import Date
from smtui.expr.ecmascript.values import (
    UNDEFINED,
    Function,
    Module,
    Undefined,
    Value,
    failure,
    weight,
)
from smtui.expr.literals import MOST_DEEP

__all__ = ["MARK", "document", "is_same", "json_of", "kept", "number_named"]

MARK = "$js"
"""The key that says a kept object stands for something else."""


def kept(value: Value) -> outer.Value:  # noqa: PLR0911 - one for each kind
    """Return what is kept of a variable's value.

    Throws TypeError for what cannot be kept.
    """
    match value:
        case Function():
            return _function(value)
        case list() | dict():
            weight(value)  # throws for one that is too large
            return json_of(value)
        case bool() | int() | str() | None:
            return value
        case float():
            return json_of(value) if math.isfinite(value) else {MARK: _name(value)}
        case Undefined():
            return outer.UNDEFINED
        case Module():
            raise failure("TypeError", f"{value.name} cannot be kept in a variable")
        case Date():
            return {MARK: "date", "text": value.text}
        case _:
            return document(value.text)


def document(text: str) -> dict[str, Json]:
    """Return an XML text as data keeps it: programs see its elements."""
    return {MARK: "xml", "text": text}


def _name(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def number_named(name: object) -> float:
    """Return the number JSON cannot say; what `_name` writes, read again."""
    return {"NaN": math.nan, "Infinity": math.inf}.get(str(name), -math.inf)


def _function(function: Function) -> Json:
    if not function.source:
        raise failure("TypeError", f"{function.name} is built in and cannot be kept")
    if function.captured:
        names = ", ".join(sorted(function.captured))
        raise failure(
            "TypeError",
            f"the function needs {names} of the one around it and cannot be kept",
        )
    return {MARK: "function", "text": function.source}


def json_of(value: Value, depth: int = 0) -> Json:
    """Return a value as JSON, as JSON.stringify has it.

    Undefined and NaN become null, and are left out of objects if undefined.
    Throws TypeError for functions and for what is nested too deep or in itself.
    """
    if depth > MOST_DEEP:
        raise failure(
            "TypeError", f"the value is nested deeper than {MOST_DEEP}, or in itself"
        )
    match value:
        case bool() | int() | str() | None:
            return value
        case float():
            return (value or 0) if math.isfinite(value) else None
        case list():
            return [json_of(item, depth + 1) for item in value]
        case dict():
            return {
                key: json_of(item, depth + 1)
                for key, item in value.items()
                if item is not UNDEFINED
            }
        case Undefined():
            return None
        case Function() | Module():
            raise failure(
                "TypeError", f"a {type_of(value)} inside a value cannot be kept"
            )
        case _:
            return value.text


def is_same(left: Json, right: Json) -> bool:
    """Say whether two values are the same JSON: true is not 1, 1 is not 1.0."""
    if type(left) is not type(right):
        return False
    match left:
        case list() if isinstance(right, list):
            return len(left) == len(right) and all(map(is_same, left, right))
        case dict() if isinstance(right, dict):
            return left.keys() == right.keys() and all(
                is_same(item, right[key]) for key, item in left.items()
            )
        case _:
            return left == right
