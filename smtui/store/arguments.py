"""The arguments of a Store action, checked as they are asked for. Pure.

An author's YAML and its interpolated values may hold anything; what does not
fit is a `BadArgumentError`, which becomes the action's `error` event.
"""

from collections.abc import Mapping
from math import nan

from smtui.definition import Json
from smtui.store.reading import plain

__all__ = ["Arguments", "BadArgumentError"]


MAX_NUMBER = 2.0**53
"""Whole numbers above this are no longer exact in JSON."""


class BadArgumentError(Exception):
    """An action cannot be performed; the text says what was found."""


class Arguments:
    """The arguments of one action."""

    def __init__(self, action: str, args: Mapping[str, Json]) -> None:
        self._action = action
        self._args = args

    def raw(self, key: str) -> Json:
        """Return the value as it is, None where it is missing."""
        return self._args.get(key)

    def text(self, *keys: str) -> str:
        """Return the first of these that is given, as text."""
        found = self.optional(*keys)
        if found is None:
            raise BadArgumentError(
                f"{self._action} needs {keys[0]!r}, found {self._args.get(keys[0])!r}"
            )
        return found

    def optional(self, *keys: str) -> str | None:
        """Return the first of these that is given, as text, or None."""
        for key in keys:
            value = self._args.get(key)
            if value not in (None, ""):
                return plain(str(value))
        return None

    def whole(self, key: str, default: int) -> int:
        """Return a whole number."""
        return int(self.number(key, default))

    def number(self, key: str, default: float) -> float:
        """Return a number; text that says one is one."""
        value = self._args.get(key)
        if value is None or value == "":
            return default
        try:
            found = float(str(value))
        except ValueError:
            found = nan
        if not abs(found) < MAX_NUMBER:
            raise BadArgumentError(
                f"{self._action}: {key} is {value!r}, expected a number"
            )
        return found

    def mapping(self, key: str) -> dict[str, Json]:
        """Return a mapping, {} where it is missing."""
        value = self._args.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise BadArgumentError(
                f"{self._action}: {key} is {value!r}, expected a mapping"
            )
        return value

    def names(self, key: str) -> list[str] | None:
        """Return one name or a list of names, or None where it is missing."""
        value = self._args.get(key)
        if value is None:
            return None
        items = value if isinstance(value, list) else [value]
        return [plain(str(item)) for item in items]
