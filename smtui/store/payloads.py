"""How big a payload may be, and how it is refused. Pure.

The limits name their cost: a payload is copied into the snapshot, the journal
and every screen that shows it, and each level of depth is a stack frame of
the JSON parser of somebody's shell script.
"""

import json

from smtui.definition import Json
from smtui.errors import StoreError

__all__ = ["MAX_BYTES", "MAX_DEPTH", "depth", "encode"]

MAX_BYTES = 1 << 20
MAX_DEPTH = 64


def encode(value: Json, what: str) -> str:
    """Return the JSON text; raise StoreError if it is too big or no JSON.

    `what` names it in the message: `payload of 'go'`.
    """
    levels = depth(value)
    if levels > MAX_DEPTH:
        raise StoreError(
            f"{what} is {levels} levels deep, the limit is {MAX_DEPTH}",
            hint="flatten it, or put it in a file and send the path",
        )
    try:
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as error:
        raise StoreError(
            f"{what} is not JSON: {error}",
            hint="use text, numbers, true, false, null, lists and mappings",
        ) from error
    # escapes are never shorter than what they stand for
    size = len(text) if len(text) <= MAX_BYTES else _size(value)
    if size > MAX_BYTES:
        raise StoreError(
            f"{what} is {size:,} bytes, the limit is {MAX_BYTES:,}",
            hint="put it in a file and send the path",
        )
    return text


def depth(value: Json) -> int:
    """Return how many lists and mappings lie in each other.

    It stops counting at one more than MAX_DEPTH.
    """
    levels, row = 0, [value]
    while row and levels <= MAX_DEPTH:
        inside: list[Json] = []
        found = 0
        for item in row:
            if isinstance(item, dict):
                inside.extend(item.values())
                found = 1
            elif isinstance(item, list):
                inside.extend(item)
                found = 1
        levels += found
        row = inside
    return levels


def _size(value: Json) -> int:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return len(text.encode("utf-8", "surrogatepass"))
