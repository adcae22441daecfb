"""What history states stand for, and whether anyone looked.

A selection or plan that looks at no history says the same whatever they
remember: the kernel keeps its answer without asking again.
"""

from typing import Protocol

__all__ = ["Histories", "Later", "Reading"]


class Histories(Protocol):
    """History id -> the states it stands for; the part of a mapping we need."""

    def get(self, key: str, /) -> tuple[str, ...] | None:
        """Return what a history stands for, None when its parent was never left."""
        ...


class Reading:
    """Histories that know whether anyone looked."""

    __slots__ = ("_histories", "was_read")

    def __init__(self, histories: Histories) -> None:
        self._histories = histories
        self.was_read = False

    def get(self, key: str, /) -> tuple[str, ...] | None:
        """Return what a history stands for."""
        self.was_read = True
        return self._histories.get(key)


class Later:
    """Histories after some states were left."""

    __slots__ = ("_before", "_new")

    def __init__(self, before: Histories, new: dict[str, tuple[str, ...]]) -> None:
        self._before = before
        self._new = new

    def get(self, key: str, /) -> tuple[str, ...] | None:
        """Return what a history stands for."""
        found = self._new.get(key)
        return self._before.get(key) if found is None else found
