"""What the database can fail with, as errors that say what to do next.

Two are worth waiting for: `StoreBusyError` and `StoreFullError`. A machine
that meets them pauses, performs nothing and tries again; a command fails.
"""

import shutil
import sqlite3
from pathlib import Path

from smtui.errors import StoreError

__all__ = ["GoneError", "StoreBusyError", "StoreFullError", "translate"]

_NO_ROOM_BYTES = 1 << 20
"""Less free than this and an I/O error of SQLite is held to be a full disk."""


class StoreBusyError(StoreError):
    """Another process holds the write lock: wait and try again."""


class StoreFullError(StoreError):
    """The disk is full: nothing was written, wait and try again."""


class GoneError(StoreError):
    """An inbox row was handled, dropped or moved by somebody else."""

    def __init__(self, seq: int) -> None:
        super().__init__(
            f"inbox row {seq} is no longer pending",
            hint="read the inbox again and decide again",
        )
        self.seq = seq


def translate(error: sqlite3.Error, path: Path) -> StoreError:
    """Return the error an operator can act on."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    match code:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusyError(
                f"{path}: another process has been writing for over 5 s",
                hint="it is tried again; `smtui ps` shows who runs",
            )
        case sqlite3.SQLITE_FULL:
            return _full(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return StoreError(
                f"{path}: the store is read-only for this user ({error})",
                hint="check who owns the data directory, or use --data DIR",
            )
        case sqlite3.SQLITE_CANTOPEN:
            return StoreError(
                f"{path}: the store cannot be opened ({error})",
                hint="check that the folder exists and is writable",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StoreError(
                f"{path}: this is not a healthy SQLite database ({error})",
                hint="move it away to begin anew, or restore a copy",
            )
        case sqlite3.SQLITE_IOERR if _free_bytes(path) < _NO_ROOM_BYTES:
            return _full(path)
        case _:
            return StoreError(
                f"{path}: {error}",
                hint="check the disk; `smtui ps` shows whether the fleet runs",
            )


def _full(path: Path) -> StoreFullError:
    return StoreFullError(
        f"{path}: the disk is full, nothing was written",
        hint="free some space; machines wait and go on by themselves",
    )


def _free_bytes(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return _NO_ROOM_BYTES
