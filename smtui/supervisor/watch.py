"""inotify(7): wake when a file in a folder is written, moved or removed.

Through ctypes, because the standard library has no door to it and two calls
are all we need. Where there is no inotify nothing is watched, and a change is
seen at the next reload or restart.
"""

import asyncio
import ctypes
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

__all__ = ["Watch"]

_IN_CLOSE_WRITE = 0x008
_IN_MOVED = 0x0C0
_IN_DELETE = 0x200
_IN_ISDIR = 0x4000_0000
_MASK = _IN_CLOSE_WRITE | _IN_MOVED | _IN_DELETE
_HEAD = struct.Struct("iIII")
"""struct inotify_event: wd, mask, cookie, length of the name."""


class Watch:
    """Watches folders; call it from the loop."""

    def __init__(self, changed: Callable[[Path], None]) -> None:
        """Call `changed` with each file that changed."""
        self._changed = changed
        self._folders: dict[int, Path] = {}
        self._fd = -1
        if sys.platform != "linux":
            return
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self._fd >= 0:
            asyncio.get_running_loop().add_reader(self._fd, self._read)

    def add(self, folder: Path) -> None:
        """Watch a folder, not what is below it; one that is gone is ignored."""
        if self._fd < 0 or folder in self._folders.values():
            return
        name = os.fsencode(folder)
        number = self._libc.inotify_add_watch(self._fd, name, _MASK)
        if number >= 0:
            self._folders[number] = folder

    def close(self) -> None:
        """Stop watching."""
        if self._fd >= 0:
            asyncio.get_running_loop().remove_reader(self._fd)
            os.close(self._fd)
            self._fd = -1

    def _read(self) -> None:
        try:
            data = os.read(self._fd, 1 << 16)
        except BlockingIOError:
            return
        at = 0
        while at < len(data):
            number, mask, _, length = _HEAD.unpack_from(data, at)
            at += _HEAD.size
            name = data[at : at + length].rstrip(b"\0")
            at += length
            folder = self._folders.get(number)
            if folder is not None and name and not mask & _IN_ISDIR:
                self._changed(folder / os.fsdecode(name))
