"""Contexts checked against the definition's `state_variables`."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias, cast

from smtui.definition import Json, Variable
from smtui.library.errors import ConfigurationError
from smtui.library.registry import Context
from smtui.library.turns import Verdict

__all__ = ["ContextValidator", "check_context", "verdict"]

ContextValidator: TypeAlias = Callable[[str, str, str, Context], object]
"""(entity_id, state, trigger, ctx) -> (ok, errors); may be async."""

_PAIR = 2

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
}


def check_context(
    variables: Sequence[Variable], context: Mapping[str, Json]
) -> list[str]:
    """Return what a context misses; a flag counts as a number, as in PyStator."""
    found: list[str] = []
    for variable in variables:
        key = variable.key
        if key not in context:
            if variable.required:
                found.append(f"Missing required state variable: {key!r}")
            continue
        value = context[key]
        expected = _TYPES.get(variable.type)
        if value is None:
            if variable.required:
                found.append(f"Required state variable {key!r} must not be None")
        elif expected is not None and not isinstance(value, expected):
            found.append(
                f"State variable {key!r} should be {variable.type},"
                f" got {type(value).__name__}"
            )
    return found


def verdict(said: object) -> Verdict:
    """Return what a validator said. Raises ConfigurationError for anything else."""
    if isinstance(said, tuple) and len(cast("tuple[object, ...]", said)) == _PAIR:
        is_valid, errors = cast("tuple[object, object]", said)
        if isinstance(is_valid, bool) and isinstance(errors, list | tuple):
            told = tuple(map(str, cast("list[object]", errors)))
            return Verdict(() if is_valid else told or ("the validator said no",))
    raise ConfigurationError(
        f"a context validator returns (ok, errors), found {said!r}",
        hint="an async one needs the door async_process_event",
    )
