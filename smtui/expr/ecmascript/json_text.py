"""JSON.parse and JSON.stringify."""

import json
from typing import cast

from smtui.expr.ecmascript.convert import to_text
from smtui.expr.ecmascript.given import argument, text_at, whole_at
from smtui.expr.ecmascript.kept import json_of
from smtui.expr.ecmascript.numerals import as_float, number_text, whole
from smtui.expr.ecmascript.values import UNDEFINED, Function, Value, failure
from smtui.expr.literals import parse_json

__all__ = ["parse", "stringify"]

MOST_BLANKS = 10
"""Of the indent, as ECMA-262 has it."""


def parse(given: list[Value]) -> Value:
    """Return the value a JSON text stands for. Throws SyntaxError."""
    try:
        return _doubles(cast(Value, parse_json(text_at(given, 0))))
    except ValueError as error:
        raise failure("SyntaxError", f"found no JSON: {error}") from None


def _doubles(value: Value) -> Value:
    """Return the value with its numbers as doubles."""
    match value:
        case bool():
            return value
        case int():
            return whole(as_float(value))
        case list():
            return [_doubles(item) for item in value]
        case dict():
            return {key: _doubles(item) for key, item in value.items()}
        case _:
            return value


def stringify(given: list[Value]) -> Value:
    """Return a value as a JSON text; undefined for undefined and functions."""
    value = argument(given, 0)
    if value is UNDEFINED or isinstance(value, Function):
        return UNDEFINED
    blanks = argument(given, 2)
    if isinstance(blanks, str):
        indent: str = blanks[:MOST_BLANKS]
    else:
        indent = " " * max(0, min(MOST_BLANKS, whole_at(given, 2)))
    return _written(cast(Value, json_of(value)), indent, "\n")


def _written(value: Value, indent: str, line: str) -> str:
    match value:
        case bool() | None:
            return to_text(value)
        case int() | float():
            return number_text(value)
        case list():
            items = [_written(item, indent, line + indent) for item in value]
            return _wrapped("[]", items, indent, line)
        case dict():
            colon = ": " if indent else ":"
            fields = [
                json.dumps(key, ensure_ascii=False)
                + colon
                + _written(item, indent, line + indent)
                for key, item in value.items()
            ]
            return _wrapped("{}", fields, indent, line)
        case _:
            return json.dumps(to_text(value), ensure_ascii=False)


def _wrapped(brackets: str, parts: list[str], indent: str, line: str) -> str:
    if not parts:
        return brackets
    if not indent:
        return f"{brackets[0]}{','.join(parts)}{brackets[1]}"
    inner = f",{line}{indent}".join(parts)
    return f"{brackets[0]}{line}{indent}{inner}{line}{brackets[1]}"
