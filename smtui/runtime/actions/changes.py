"""What an author's action did to the data it was handed.

Pure. An action gets a deep copy and changes it as it likes; afterwards the
top-level keys that are new, different or gone become a Patch. A value that is
no JSON cannot be kept: it is *transient*, lives in process memory only and is
gone after a restart.
"""

import math
from collections.abc import Mapping
from typing import NamedTuple, cast

from smtui.chart.values import Data, Patch
from smtui.definition import Json

__all__ = ["Changes", "NotJsonError", "compare", "copy_json", "same_json"]

_MAX_DEPTH = 64
"""As deep as a payload may be."""


class NotJsonError(ValueError):
    """A value that the store cannot keep."""


class Changes(NamedTuple):
    """The difference an action made."""

    patch: Patch | None
    transient: dict[str, object]
    """All transient values now, old ones included."""
    unkept: tuple[str, ...] = ()
    """Keys that became transient just now."""
    protected: tuple[str, ...] = ()
    """Reserved keys the action tried to change: they stay as they are."""


def compare(
    data: Data,
    transient: Mapping[str, object],
    reserved: Mapping[str, object],
    after: Mapping[str, object],
) -> Changes:
    """Return what changed from (data, transient, reserved) to `after`.

    Raises NotJsonError when a key is no text.
    """
    sets: dict[str, Json] = {}
    left: dict[str, object] = {}
    unkept: list[str] = []
    for key, value in after.items():
        if not isinstance(cast("object", key), str):
            raise NotJsonError(f"key {key!r} of the context is no text")
        if key in reserved:
            continue
        if key in transient and transient[key] is value:
            left[key] = value
            continue
        try:
            kept = copy_json(value)
        except NotJsonError:
            left[key] = value
            unkept.append(key)
            continue
        if key not in data or not same_json(data[key], kept):
            sets[key] = kept
    unset = tuple(
        key for key in data if key not in reserved and (key not in after or key in left)
    )
    protected = tuple(
        key for key, value in reserved.items() if key in after and after[key] != value
    )
    patch = Patch(sets, unset) if sets or unset else None
    return Changes(patch, left, tuple(unkept), protected)


def copy_json(value: object, depth: int = 0) -> Json:
    """Return a deep copy as plain JSON values; tuples become lists.

    Raises NotJsonError for everything a JSON text cannot say, numbers that
    are not finite and text that is not Unicode among them.
    """
    if depth > _MAX_DEPTH:
        raise NotJsonError(f"nested more than {_MAX_DEPTH} deep")
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return _finite(value)
    if isinstance(value, str):
        return _unicode(value)
    if isinstance(value, list | tuple):
        items = cast("list[object] | tuple[object, ...]", value)
        return [copy_json(item, depth + 1) for item in items]
    if isinstance(value, dict):
        pairs = cast("dict[object, object]", value).items()
        return {_key(key): copy_json(item, depth + 1) for key, item in pairs}
    raise NotJsonError(f"{type(value).__name__} is no JSON value")


def same_json(one: Json, other: Json) -> bool:
    """Say whether two values are the same JSON: 1, 1.0 and true are not."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            same_json(value, other[key]) for key, value in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            same_json(a, b) for a, b in zip(one, other, strict=True)
        )
    return one == other


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise NotJsonError(f"{value} is no JSON number")
    return value


def _unicode(value: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotJsonError("text that is not Unicode") from error
    return str(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise NotJsonError(f"key {key!r} is no text")
    return _unicode(key)
