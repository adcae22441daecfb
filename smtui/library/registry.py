"""Guards and actions of the author's, by name.

    @guard("is_full_fill")
    def is_full_fill(ctx): ...

`guard` and `action` only mark a function: nothing is registered in a global
table, so that two machines may use one name for two things. A Machine binds
what is marked in a module, or takes registries.
"""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from smtui.library.errors import ConfigurationError

if TYPE_CHECKING:
    from smtui.library.peers import Peers

__all__ = [
    "Action",
    "ActionRegistry",
    "Context",
    "Guard",
    "GuardRegistry",
    "action",
    "guard",
    "marked",
]

Context: TypeAlias = dict[str, Any]
"""What guards and actions get: JSON, read freely (`ctx["qty"] > 3`)."""

Guard: TypeAlias = Callable[[Context], object]
"""Says yes by anything true; may be async."""

Action: TypeAlias = Callable[[Context], object | Awaitable[object]]
"""Does something; what it changes in its context is kept. May be async."""

_F = TypeVar("_F", bound=Callable[..., object])

GUARD_MARK = "__smtui_guard__"
ACTION_MARK = "__smtui_action__"


def guard(name: str = "") -> Callable[[_F], _F]:
    """Mark a function as a guard; its own name is the default."""
    return _marker(GUARD_MARK, name)


def action(name: str = "") -> Callable[[_F], _F]:
    """Mark a function as an action; its own name is the default."""
    return _marker(ACTION_MARK, name)


def _marker(mark: str, name: str) -> Callable[[_F], _F]:
    def decorate(function: _F) -> _F:
        setattr(function, mark, name or function.__name__)
        return function

    return decorate


def marked(module: ModuleType, mark: str) -> Iterator[tuple[str, Guard]]:
    """Yield what is marked in a module, by the name it is marked with."""
    for value in vars(module).values():
        name = getattr(value, mark, None)
        if callable(value) and isinstance(name, str):
            yield name, value


class _Registry(Mapping[str, Callable[[Context], Any]]):
    """Functions by name."""

    _word = "function"

    def __init__(self) -> None:
        self._functions: dict[str, Callable[[Context], Any]] = {}
        self._asyncs: dict[str, bool] = {}
        """Which must be awaited, once it was asked for."""

    def register(self, name: str, function: Callable[[Context], Any]) -> None:
        """Give a name to a function. Raises ConfigurationError for a used name."""
        known = self._functions.get(name)
        if known is not None and known is not function:
            raise ConfigurationError(
                f"{self._word} {name!r} is registered already",
                hint="give one of the two another name",
            )
        self.replace(name, function)

    def replace(self, name: str, function: Callable[[Context], Any]) -> None:
        """Give a name to a function, whether it is used already or not."""
        self._functions[name] = function
        self._asyncs.pop(name, None)

    def decorator(self, name: str = "") -> Callable[[_F], _F]:
        """Register the function below it; its own name is the default."""

        def decorate(function: _F) -> _F:
            self.register(name or function.__name__, function)
            return function

        return decorate

    def has(self, name: str) -> bool:
        """Say whether a name is registered."""
        return name in self._functions

    def is_async(self, name: str) -> bool:
        """Say whether the function of a name must be awaited."""
        found = self._asyncs.get(name)
        if found is None:
            function = self._functions.get(name)
            call = getattr(function, "__call__", None)  # noqa: B004 - an object's own
            both = (function, call)
            found = any(inspect.iscoroutinefunction(one) for one in both)
            self._asyncs[name] = found
        return found

    def __getitem__(self, name: str) -> Callable[[Context], Any]:
        """Return the function. Raises KeyError."""
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)


class GuardRegistry(_Registry):
    """Guards by name, and the other machines that guards look at."""

    _word = "guard"

    def __init__(self) -> None:
        super().__init__()
        self.peers: Peers | None = None
        """None: none are known."""


class ActionRegistry(_Registry):
    """Actions by name."""

    _word = "action"
