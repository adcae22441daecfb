"""Reading a child's log as it grows: NAME.log and the rotated NAME.log.1 ...

The newest 20,000 lines are kept in memory, whatever the files hold. A file is
followed by its inode: when it was rotated away the rest of the old one is read
first, so nothing is skipped.
"""

import os
from collections import deque
from pathlib import Path

from smtui.view.loglines import LogLine, parse_log

__all__ = ["KEPT_LINES", "LogFile"]

KEPT_LINES = 20_000
FIRST_BYTES = 4 << 20
"""How much of the past is read on opening; the rest is in the files."""

ROTATED = 5
MOST_BYTES = 8 << 20
"""Of one look: a child that writes faster than this is read in bites."""


class LogFile:
    """One log, followed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inode = 0
        self._place = 0
        self._rest = b""
        self._number = 0
        self.lines: deque[LogLine] = deque(maxlen=KEPT_LINES)
        self.is_there = False

    def open(self) -> None:
        """Read the newest part of the past; a missing file is an empty one."""
        left = FIRST_BYTES
        chunks: list[bytes] = []
        for path in self._newest_first():
            try:
                size = path.stat().st_size
                with path.open("rb") as file:
                    start = max(0, size - left)
                    file.seek(start)
                    data = file.read()
                    if path == self._path:
                        self._inode = os.fstat(file.fileno()).st_ino
                        self._place = start + len(data)
                        self.is_there = True
            except OSError:
                continue
            if start:
                data = data.partition(b"\n")[2]
            chunks.append(data)
            left -= len(data)
            if left <= 0:
                break
        for data in reversed(chunks):
            self._take(data)

    def look(self) -> int:
        """Read what is new; return how many lines came."""
        before = self._number
        try:
            now = self._path.stat()
        except OSError:
            return 0
        if now.st_ino != self._inode:
            if self._inode:
                self._read_old()
            self._inode, self._place = now.st_ino, 0
        if now.st_size < self._place:  # cut in place
            self._place = 0
        if now.st_size > self._place:
            self._read_from(self._path)
        self.is_there = True
        return self._number - before

    def _read_old(self) -> None:
        for path in self._newest_first()[1:]:
            try:
                if path.stat().st_ino == self._inode:
                    self._read_from(path)
                    return
            except OSError:
                continue

    def _read_from(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                file.seek(self._place)
                data = file.read(MOST_BYTES)
        except OSError:
            return
        self._place += len(data)
        self._take(data)

    def _take(self, data: bytes) -> None:
        *whole, self._rest = (self._rest + data).split(b"\n")
        for raw in whole:
            self._number += 1
            self.lines.append(parse_log(self._number, raw))

    def _newest_first(self) -> list[Path]:
        older = [
            self._path.with_name(f"{self._path.name}.{n}") for n in range(1, ROTATED)
        ]
        return [self._path, *older]
