"""The processes an action has started, and their end.

A shell command runs in a process group of its own, so killing the group is
nearly always enough. Two kinds leave it: a child that called setsid (found by
walking down from the shell, before the shell dies) and one that was also
orphaned (found by the action's key in its environment). Both are looked for
on Linux; elsewhere only the group is killed.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["descendants", "kill_family", "marked", "signal_group"]

_PROC = Path("/proc")

_ROUNDS = 3
"""A process may fork between being seen and being killed; the child carries
the same mark and falls in the next round."""


def kill_family(leader: int, mark: str) -> None:
    """Kill the leader's group, its descendants and every marked process.

    `mark` is a `NAME=VALUE` that only this family has in its environment.
    """
    strays = descendants(leader)
    signal_group(leader, signal.SIGKILL)
    _kill(strays)
    for _ in range(_ROUNDS):
        left = marked(mark)
        if not left:
            return
        _kill(left)


def signal_group(leader: int, number: signal.Signals) -> None:
    """Signal the process group; a group that is gone is no fault."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)


def descendants(root: int) -> set[int]:
    """Return the pids below `root`, itself excluded."""
    children: dict[int, list[int]] = {}
    for pid in _pids():
        parent = _parent(pid)
        if parent is not None:
            children.setdefault(parent, []).append(pid)
    found: set[int] = set()
    front = [root]
    while front:
        below = [pid for pid in children.get(front.pop(), []) if pid not in found]
        found.update(below)
        front.extend(below)
    return found


def marked(mark: str) -> set[int]:
    """Return the living processes whose environment holds `NAME=VALUE`."""
    wanted = mark.encode() + b"\0"
    return {
        pid
        for pid in _pids()
        if pid != os.getpid() and wanted in _read(pid, "environ") + b"\0"
    }


def _kill(pids: set[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)


def _pids() -> Iterator[int]:
    with suppress(OSError):
        yield from (int(name) for name in os.listdir(_PROC) if name.isdigit())  # noqa: PTH208 - names, not paths, and many


def _parent(pid: int) -> int | None:
    # "pid (comm) state ppid ...": comm may hold blanks and parentheses
    _, _, rest = _read(pid, "stat").rpartition(b")")
    fields = rest.split()
    return int(fields[1]) if len(fields) > 1 else None


def _read(pid: int, name: str) -> bytes:
    try:
        return (_PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""
