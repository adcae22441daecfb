"""Locks by name, made when somebody wants one and forgotten when nobody does."""

from collections.abc import Callable, Hashable
from functools import partial
from threading import Lock
from typing import TypeAlias

__all__ = ["Locks", "Release"]

Release: TypeAlias = Callable[[], None]


class Locks:
    """A lock for every key; to be let go from any thread."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._by_key: dict[Hashable, _Lock] = {}

    @property
    def size(self) -> int:
        """Return how many somebody has, or waits for."""
        return len(self._by_key)

    def hold(self, key: Hashable, *, waits: bool) -> Release | None:
        """Have a key alone until what is returned is called.

        None when somebody else has it; with `waits` that never comes.
        """
        with self._guard:
            lock = self._by_key.get(key)
            if lock is None:
                lock = self._by_key[key] = _Lock()
                lock.taken.acquire()  # nobody else knows of it
                return partial(self._release, key, lock)
            lock.users += 1
        has_it = False
        try:
            has_it = lock.taken.acquire(blocking=waits)
        finally:
            if not has_it:
                self._forget(key, lock)
        return partial(self._release, key, lock) if has_it else None

    def _release(self, key: Hashable, lock: "_Lock") -> None:
        self._forget(key, lock)
        lock.taken.release()

    def _forget(self, key: Hashable, lock: "_Lock") -> None:
        """Take a user away; a lock that has none any more is gone."""
        with self._guard:
            lock.users -= 1
            if not lock.users:
                del self._by_key[key]


class _Lock:
    __slots__ = ("taken", "users")

    def __init__(self) -> None:
        self.taken = Lock()
        self.users = 1
        """Who has it, and who waits for it."""
