"""Data that JSON gives back as it is: copied without writing it down."""

from collections.abc import Mapping
from types import NoneType

from smtui.definition import Json

__all__ = ["plain_copy"]

_SCALARS = frozenset({str, int, float, bool, NoneType})


def plain_copy(data: Mapping[str, Json]) -> dict[str, Json] | None:
    """Return what JSON would make of the data, and back; None where that differs.

    It differs for what is no JSON or of another type: a tuple, a key that is a
    number, an enum. Nothing that can be written is shared with the copy.
    """
    try:
        return _mapping(data)
    except (TypeError, RecursionError):
        return None


def _mapping(data: Mapping[str, Json]) -> dict[str, Json]:
    copy: dict[str, Json] = {}
    for key, value in data.items():
        if type(key) is not str:
            raise TypeError(key)
        copy[key] = value if type(value) in _SCALARS else _value(value)
    return copy


def _value(value: Json) -> Json:
    if type(value) in _SCALARS:
        return value
    if type(value) is list:
        return [_value(one) for one in value]
    if type(value) is dict:
        return _mapping(value)
    raise TypeError(value)
