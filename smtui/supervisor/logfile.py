"""One log file that rotates, and that a full disk does not stop.

Laws of this file:

- rotation renames and opens anew, never copies and truncates, so no byte is
  between two chairs; a file that somebody renamed or removed is opened anew
  too (Supervisor #290)
- when the disk takes nothing the bytes are dropped and counted, and the first
  line that goes through again says how many; the child is not held up
"""

import os
from pathlib import Path

from smtui.supervisor.lines import note

__all__ = ["FILES", "MAX_BYTES", "LogFile"]

MAX_BYTES = 10 * 1000 * 1000
"""Of one file; with FILES the most a child takes on disk is 50 MB."""

FILES = 5
"""NAME.log and four older ones, NAME.log.1 to NAME.log.4."""


_NEWLINE = ord("\n")


class LogFile:
    """Appends bytes; used by one thread."""

    def __init__(
        self, path: Path, max_bytes: int = MAX_BYTES, files: int = FILES
    ) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._files = files
        self._fd = -1
        self._identity: tuple[int, int] | None = None
        self._size = 0
        self._lost_lines = 0
        self._lost_bytes = 0
        self._is_torn = False

    def append(self, stamp: bytes, lines: bytes) -> None:
        """Append whole lines; never raises for a disk that is full or gone."""
        try:
            self._make_room(len(lines))
        except OSError:
            self._lose(lines)
            return
        if self._lost_bytes and not self._confess(stamp):
            self._lose(lines)
            return
        rest = self._write(lines)
        if rest:
            self._lose(rest)

    def close(self) -> None:
        """Close the file; the next append opens it again."""
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    def let_go_if_moved(self) -> None:
        """Close the file if its name leads elsewhere, or nowhere, by now."""
        if self._fd >= 0 and _identity(self._path) != self._identity:
            self.close()

    def _make_room(self, size: int) -> None:
        self.let_go_if_moved()
        if self._fd < 0:
            self._open()
        if self._size and self._size + size > self._max_bytes:
            self.close()
            self._rotate()
            self._open()

    def _open(self) -> None:
        # its folder alone: a data directory that was removed stays removed
        self._path.parent.mkdir(exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._fd = os.open(self._path, flags, 0o600)
        self._identity = _identity(self._path)
        self._size = os.fstat(self._fd).st_size
        self._is_torn = self._is_torn and self._size > 0

    def _rotate(self) -> None:
        for n in range(self._files - 1, 0, -1):
            older = self._path.with_name(f"{self._path.name}.{n}")
            newer = self._path
            if n > 1:
                newer = self._path.with_name(f"{self._path.name}.{n - 1}")
            if newer.exists():
                newer.replace(older)

    def _lose(self, lines: bytes) -> None:
        self._lost_lines += lines.count(b"\n")
        self._lost_bytes += len(lines)

    def _confess(self, stamp: bytes) -> bool:
        """Say what was dropped and forget it; False when that fails too."""
        text = (
            f"{self._lost_lines} lines ({self._lost_bytes} bytes) are missing"
            " here: the disk took nothing"
        )
        if self._write(note(stamp, text)):
            return False
        self._lost_lines = self._lost_bytes = 0
        return True

    def _write(self, lines: bytes) -> bytes:
        """Write and return what did not go through."""
        data = b"\n" + lines if self._is_torn else lines
        done = 0
        try:
            while done < len(data):
                n = os.write(self._fd, memoryview(data)[done:])
                done += n
                self._size += n
        except OSError:
            if done:
                self._is_torn = data[done - 1] != _NEWLINE
            return data[done:]
        self._is_torn = False
        return b""


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
