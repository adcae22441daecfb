"""Text from outside as a JSON value, or not at all.

Python reads more than JSON is (NaN, 1e999 as infinity), which no store can
keep, and fails in its own way on a thousand brackets. Here all of that is
text that is no JSON: a ValueError.
"""

import json
import math

from smtui.definition import Json

__all__ = ["MOST_DEEP", "parse_json"]

MOST_DEEP = 64
"""Nesting a value may have, as for a payload at the door."""


def parse_json(text: str) -> Json:
    """Return the value a JSON text stands for.

    Raises ValueError when it is none, holds a number JSON cannot say, or is
    nested deeper than MOST_DEEP.
    """
    try:
        value: Json = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise ValueError("nested too deep") from None
    _check_depth(value)
    return value


def _refuse(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large")
    return number


def _check_depth(value: Json) -> None:
    level: list[Json] = [value]
    for _ in range(MOST_DEEP + 1):
        level = [child for item in level for child in _children(item)]
        if not level:
            return
    raise ValueError("nested too deep")


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
