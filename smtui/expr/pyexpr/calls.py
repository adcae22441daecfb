"""What an expression may call: a few functions, and methods that change nothing."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias, cast

from smtui.errors import EvaluationError
from smtui.expr.pyexpr.bounds import ITEMS, checked_weight, checked_width

__all__ = ["FUNCTIONS", "METHODS", "attribute", "call"]


_Table: TypeAlias = Mapping[object, object]


def _text(value: object = "") -> str:
    return str(checked_weight(value))


def _join(text: str, parts: Sequence[str]) -> str:
    if sum(len(part) + len(text) for part in parts) > ITEMS:
        raise EvaluationError("the joined text is too long")
    return text.join(parts)


def _replace(text: str, old: str, new: str, count: int = -1) -> str:
    if text.count(old) * len(new) + len(text) > ITEMS:
        raise EvaluationError("the text with the replacements is too long")
    return text.replace(old, new, count)


def _padded(method: Callable[..., object]) -> Callable[..., object]:
    def pad(text: str, width: int, *fill: str) -> object:
        checked_width(width)
        return method(text, width, *fill)

    return pad


def _count(many: Sequence[object], part: object) -> int:
    return many.count(part)


def _index(many: Sequence[object], part: object) -> int:
    return many.index(part)


def _get(table: _Table, key: object, default: object = None) -> object:
    return table.get(key, default)


def _items(table: _Table) -> list[tuple[object, object]]:
    return list(table.items())


def _keys(table: _Table) -> list[object]:
    return list(table)


def _values(table: _Table) -> list[object]:
    return list(table.values())


_functions: dict[str, Callable[..., object]] = {
    "abs": abs,
    "all": all,
    "any": any,
    "bool": bool,
    "float": float,
    "int": int,
    "len": len,
    "max": max,
    "min": min,
    "round": round,
    "str": _text,
    "sum": sum,
}

FUNCTIONS: Final = MappingProxyType(_functions)

_TEXT = (
    "capitalize",
    "casefold",
    "count",
    "endswith",
    "find",
    "index",
    "isalnum",
    "isalpha",
    "isdecimal",
    "isdigit",
    "islower",
    "isnumeric",
    "isspace",
    "istitle",
    "isupper",
    "lower",
    "lstrip",
    "partition",
    "removeprefix",
    "removesuffix",
    "rfind",
    "rindex",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "upper",
)

_SEQUENCE: Final[Mapping[str, Callable[..., object]]] = MappingProxyType(
    {"count": _count, "index": _index}
)

METHODS: Final[Mapping[type, Mapping[str, Callable[..., object]]]] = MappingProxyType(
    {
        str: MappingProxyType(
            {
                **{name: getattr(str, name) for name in _TEXT},
                "center": _padded(str.center),
                "join": _join,
                "ljust": _padded(str.ljust),
                "replace": _replace,
                "rjust": _padded(str.rjust),
                "zfill": _padded(str.zfill),
            }
        ),
        list: _SEQUENCE,
        tuple: _SEQUENCE,
        dict: MappingProxyType(
            {"get": _get, "items": _items, "keys": _keys, "values": _values}
        ),
    }
)


def attribute(owner: object, name: str) -> object:
    """Return `owner.name` where it is no call: a key of a table.

    Raises EvaluationError when there is none.
    """
    if isinstance(owner, dict):
        table = cast("dict[str, object]", owner)
        if name in table:
            return table[name]
        raise EvaluationError(f"no key {name!r} in it")
    raise EvaluationError(f"{type(owner).__name__} has no field {name!r}")


def call(owner: object, name: str, args: Sequence[object]) -> object:
    """Return what a method gives. Raises EvaluationError for one unknown."""
    method = METHODS.get(type(owner), {}).get(name)
    if method is None:
        raise EvaluationError(f"{type(owner).__name__} has no method {name!r} here")
    return method(owner, *args)
