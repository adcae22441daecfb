"""The data of a machine: is it the same, what has changed, change it.

A patch is {set, unset} on top-level keys, because a JSON merge patch cannot
say null. Same means the same JSON text: 1, 1.0 and true differ, so a journal
of patches rebuilds exactly what the snapshot holds.
"""

from collections.abc import Mapping

from smtui.chart.values import Data, Patch
from smtui.definition import Json

__all__ = ["is_same", "patch_between", "patched"]

_RESERVED = ("machine_name",)
"""Keys no author's patch changes."""


def is_same(one: Json, other: Json) -> bool:
    """Say whether two values are written alike; order of keys aside."""
    if one is other or type(one) is not type(other):
        return one is other
    # plain loops: every step of every machine compares its data
    if isinstance(one, dict) and isinstance(other, dict):
        if len(one) != len(other):
            return False
        for key, value in one.items():
            if key not in other or not is_same(value, other[key]):
                return False
        return True
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    return one == other


def patch_between(before: Data, after: Data) -> dict[str, Json] | None:
    """Return {set, unset} of the top-level keys that differ; None when equal."""
    if before is after:
        return None
    changed: dict[str, Json] = {
        key: value
        for key, value in after.items()
        if key not in before or not is_same(before[key], value)
    }
    removed: list[Json] = [key for key in before if key not in after]
    if not changed and not removed:
        return None
    return {"set": changed, "unset": removed}


def patched(data: Data, patch: Patch) -> Mapping[str, Json]:
    """Apply a custom action's patch; the machine's own keys stay."""
    kept = {k: v for k, v in data.items() if k not in patch.unset}
    reserved = {k: data[k] for k in _RESERVED if k in data}
    return {**kept, **patch.set, **reserved}
