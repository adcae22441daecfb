"""Contexts checked by a function of the author's."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias, cast

from smtui.library.errors import ConfigurationError
from smtui.library.registry import Context
from smtui.library.turns import Verdict

__all__ = ["ContextValidator", "verdict"]

_Verdict: TypeAlias = tuple[bool, Sequence[str]]

ContextValidator: TypeAlias = Callable[
    [str, str, str, Context], _Verdict | Awaitable[_Verdict]
]
"""(entity_id, state, trigger, ctx) -> (ok, errors); may be async."""

_PAIR = 2


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
