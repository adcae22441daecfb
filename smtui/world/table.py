"""Which functions stand behind the actions that no author binds."""

from collections.abc import Callable
from typing import Any

from smtui.definition import CODE, HTTP, Failure
from smtui.world.inline import run_inline
from smtui.world.request import RequestError, request

__all__ = ["failure_of", "performed_here"]


def performed_here(name: str) -> Callable[[dict[str, Any]], object] | None:
    """Return what performs an action of ours, None for any other name."""
    match name:
        case _ if name == HTTP:
            return request
        case _ if name == CODE:
            return run_inline
        case _:
            return None


def failure_of(error: BaseException) -> Failure:
    """Return what is known after an action has raised."""
    if isinstance(error, RequestError):
        return error.failure
    return Failure.PASSING if isinstance(error, OSError) else Failure.FINAL
