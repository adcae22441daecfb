"""One turn of an entity at a time, also among programs: locks in a file.

A byte of the file beside the entities stands for an entity. The lock is the
kernel's, of an open file description: it is gone with the process that held
it, however that ended, and no lease runs out. Where a system has no such locks
the version check decides alone.
"""

import errno
import fcntl
import os
import struct
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

from smtui.errors import StoreError

__all__ = ["EntityLocks"]

_SUFFIX = "-lock"
_TAKEN = {errno.EAGAIN, errno.EACCES}
_FLOCK = "@hhqqi0q"
"""struct flock: type, whence, start, length, pid (0 for these locks)."""
_SET = getattr(fcntl, "F_OFD_SETLK", None)
_SET_WAITING = getattr(fcntl, "F_OFD_SETLKW", None)


class EntityLocks:
    """The locks of one file of entities; may be used from any thread."""

    def __init__(self, entities: Path) -> None:
        """Name the file; it is made by the first lock."""
        self._path = entities.with_name(entities.name + _SUFFIX)

    def hold(self, machine: str, id_: str, *, waits: bool) -> Callable[[], None] | None:
        """Lock an entity, and return what unlocks it: call it once.

        None when somebody else holds it; with `waits` that never comes. Raises
        StoreError where the file cannot be made.
        """
        how = _SET_WAITING if waits else _SET
        if how is None:
            return _nothing
        place = _place(machine, id_)
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._failed(error) from error
        try:
            fcntl.fcntl(file, how, _lock(fcntl.F_WRLCK, place))
        except OSError as error:
            os.close(file)
            if error.errno in _TAKEN:
                return None
            raise self._failed(error) from error
        except BaseException:  # a signal while it waited
            os.close(file)
            raise
        return partial(_unlock, file, place)

    def _failed(self, error: OSError) -> StoreError:
        return StoreError(
            f"{self._path}: cannot be locked ({error.strerror})",
            hint="check that the folder is writable, and not on a network",
        )


def _place(machine: str, id_: str) -> int:
    """Return the byte of an entity: two share one hardly ever."""
    digest = sha256(f"{machine}\0{id_}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") >> 2


def _lock(kind: int, place: int) -> bytes:
    return struct.pack(_FLOCK, kind, os.SEEK_SET, place, 1, 0)


def _unlock(file: int, place: int) -> None:
    # closing is not enough where a fork of this process has the file too
    try:
        if _SET is not None:
            fcntl.fcntl(file, _SET, _lock(fcntl.F_UNLCK, place))
    finally:
        os.close(file)


def _nothing() -> None:
    """Unlock what could not be locked."""
