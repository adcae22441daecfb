"""What /proc shows of this process: its name, command line, environment.

The kernel reads the last two from where exec has put them, so a forked
process shows those of its parent, and by its environment it is told whose it
is (SMTUI_CHILD). Both are written anew in place, as setproctitle does. The
room is what the parent was started with: entries that do not fit are left
out, ours come first.

Nothing is shown anew where there is no /proc. Call it only once os.environ
has been replaced: the C library must not read its variables here any more.
"""

import ctypes
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

__all__ = ["show"]

_PR_SET_NAME = 15
"""<linux/prctl.h>; at most 15 bytes."""

_OURS = "SMTUI_"


class _Areas(NamedTuple):
    """Addresses as /proc/PID/stat has them, fields 48 to 51 of proc(5)."""

    arg_start: int
    arg_end: int
    env_start: int
    env_end: int


def show(name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
    """Show this name in `ps`, this command line and this environment."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_NAME, os.fsencode(name)[:15], 0, 0, 0)
    areas = _areas()
    words = [os.fsencode(word) for word in command]
    _write(areas.arg_start, areas.arg_end, words)
    known = sorted(env.items(), key=lambda entry: not entry[0].startswith(_OURS))
    entries = [os.fsencode(f"{key}={value}") for key, value in known]
    _write(areas.env_start, areas.env_end, entries)


def _areas() -> _Areas:
    # the name in brackets may itself hold brackets and blanks
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    return _Areas(*(int(field) for field in fields[45:49]))


def _write(start: int, end: int, entries: Iterable[bytes]) -> None:
    """Fill an area with what fits of the entries, and with zeros."""
    room = end - start
    text = b""
    for entry in entries:
        if len(text) + len(entry) < room:
            text += entry + b"\0"
    ctypes.memmove(start, text.ljust(room, b"\0"), room)
