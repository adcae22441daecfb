"""What SQLite can fail with, as errors that say what to do next."""

import shutil
import sqlite3
from pathlib import Path

from smtui.errors import StoreError
from smtui.store.faults import StoreBusyError, StoreFullError

__all__ = ["translate"]

_NO_ROOM_BYTES = 1 << 20
"""Less free than this and an I/O error of SQLite is held to be a full disk."""

_READ_ONLY = (
    "the store is read-only for this user",
    "check who owns the data directory, or name another with --data DIR",
)
_RUINED = (
    "this is not a healthy SQLite database",
    "move it away to begin anew, or restore a copy",
)
_WORDS = {
    sqlite3.SQLITE_CANTOPEN: (
        "the store cannot be opened",
        "check that the folder exists and is writable",
    ),
    sqlite3.SQLITE_CORRUPT: _RUINED,
    sqlite3.SQLITE_NOTADB: _RUINED,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
}
_OTHER = ("the store failed", "check the disk; `smtui ps` shows what runs")


def translate(error: sqlite3.Error, path: Path) -> StoreError:
    """Return the error an operator can act on."""
    # the low byte is the kind, the others say more of the same
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreBusyError(
            f"{path}: locked, another process has been writing for over 5 s",
            hint="nothing was written; machines wait and go on by themselves",
        )
    is_io = code == sqlite3.SQLITE_IOERR
    if code == sqlite3.SQLITE_FULL or (is_io and _free_bytes(path) < _NO_ROOM_BYTES):
        return StoreFullError(
            f"{path}: the disk is full, nothing was written",
            hint="free some space; machines wait and go on by themselves",
        )
    found, hint = _WORDS.get(code, _OTHER)
    return StoreError(f"{path}: {found} ({error})", hint=hint)


def _free_bytes(path: Path) -> int:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return _NO_ROOM_BYTES
