"""What was expected of a step against what it gave."""

import re
from collections.abc import Iterator
from typing import Any, cast

__all__ = ["differences", "is_within"]

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_LISTS = ("exit_actions", "transition_actions", "enter_actions", "all_actions")
_NOT_OURS = frozenset({"stored_meta", "version", "round_trip"})
_ANY_METADATA = frozenset({"parallel_state", "region"})


def differences(expected: Any, got: Any) -> list[str]:  # noqa: ANN401 - JSON
    """Return what differs, a line each; keys nobody expects are not looked at."""
    if not isinstance(expected, dict):
        return [] if expected == got else [f"expected {expected!r}, got {got!r}"]
    wanted = cast("dict[str, Any]", expected)
    if not isinstance(got, dict):
        return [f"expected {wanted!r}, got {got!r}"]
    found = cast("dict[str, Any]", got)
    if ("raises" in wanted) != ("raises" in found):
        return [f"expected {_short(wanted)}, got {_short(found)}"]
    is_parallel = any(
        ":" in str(found.get(key)) and ":" not in str(wanted.get(key))
        for key in ("source", "target")
    )
    return [
        f"{key}: expected {wanted[key]!r}, got {found.get(key)!r}"
        for key in wanted
        if key not in _NOT_OURS
        and not _same(key, wanted[key], found.get(key), is_parallel=is_parallel)
    ]


def _stamped(context: Any) -> Any:  # noqa: ANN401 - JSON
    """Return a context with times written as the cases write them."""
    if not isinstance(context, dict):
        return context
    found = cast("dict[str, Any]", context)
    return {
        key: "<timestamp>" if isinstance(v, str) and _STAMP.match(v) else v
        for key, v in found.items()
    }


def _sorted(config: str) -> list[str]:
    name, _, regions = config.partition(":")
    return [name, *sorted(regions.split(","))]


def _short(value: dict[str, Any]) -> str:
    return repr(value)[:200]


def _same(  # noqa: C901, PLR0911 - a table of keys, each with its comparison
    key: str,
    wanted: Any,  # noqa: ANN401 - JSON
    got: Any,  # noqa: ANN401 - JSON
    *,
    is_parallel: bool,
) -> bool:
    match key:
        case "raises" | "error":
            return _same_error(wanted, got)
        case "metadata":
            return _same_metadata(wanted, got or {})
        case "source" | "target" | "state_after" | "stored_state" | "state":
            return got == wanted or str(got).startswith(f"{wanted}:")
        case _ if key in _LISTS and is_parallel:
            return is_within(wanted, got or [])
        case _ if key in _LISTS:
            return bool(wanted == (got or []))
        case "pending":
            return [each[:2] for each in wanted] == (got or [])
        case "calls":
            return _same_calls(wanted, got or [], is_parallel=is_parallel)
        case "context_after" | "stored_context":
            return bool(wanted == _stamped(got))
        case "config":
            return _sorted(wanted) == _sorted(got)
        case "regions" | "results":
            return True  # `config` tells
        case "applied":
            return len(wanted) == len(got) and not any(map(differences, wanted, got))
        case _:
            return bool(wanted == got)


def is_within(wanted: list[Any], got: list[Any]) -> bool:
    """Say whether all of a list is in another, in its order.

    Entering a parallel state enters its regions, leaving it leaves them: their
    actions come in between, which the original forgets.
    """
    rest: Iterator[Any] = iter(got)
    return all(any(each == other for other in rest) for each in wanted)


def _same_error(wanted: Any, got: Any) -> bool:  # noqa: ANN401 - JSON
    if not isinstance(got, dict):
        return False
    found = cast("dict[str, Any]", got)
    if wanted.get("code", found.get("code")) != found.get("code"):
        return False
    return "type" not in wanted or wanted["type"] in found["type"]


def _same_metadata(wanted: dict[str, Any], got: dict[str, Any]) -> bool:
    for key, value in wanted.items():
        if key.startswith("_") or key in _ANY_METADATA:
            continue
        if key == "guards":
            if not _same_guards(value, got.get(key, [])):
                return False
        elif got.get(key) != value:
            return False
    return True


def _same_guards(wanted: list[Any], got: list[Any]) -> bool:
    """Compare names and answers; a check's name tells its value too."""
    return len(wanted) == len(got) and all(
        bool(one["passed"]) == bool(other["passed"])
        and (one["name"] is None or _is_name(one["name"], other["name"]))
        for one, other in zip(wanted, got, strict=True)
    )


def _is_name(wanted: str, got: str) -> bool:
    if wanted.startswith("check:"):
        return f"{got} ".startswith(wanted.removeprefix("check:") + " ")
    return wanted == got


def _same_calls(wanted: list[Any], got: list[Any], *, is_parallel: bool) -> bool:
    """Compare calls; the state an action is done for tells its regions too."""
    mine = [[*call[:2], *(_outermost(state) for state in call[2:])] for call in got]
    theirs = [[*call[:2], *map(_outermost, call[2:])] for call in wanted]
    return is_within(theirs, mine) if is_parallel else theirs == mine


def _outermost(state: Any) -> Any:  # noqa: ANN401 - a name or nothing
    return state.partition(":")[0] if isinstance(state, str) else state
