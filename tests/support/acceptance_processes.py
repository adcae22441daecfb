"""Processes of a test, seen from outside: /proc and pidfds.

Nothing here polls: the end of a process is waited for on its pidfd.
"""

import os
import select
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from smtui.supervisor.guardian import parent_of, subtree
from smtui.supervisor.procs import facts

__all__ = [
    "Usage",
    "family",
    "is_alive",
    "kill",
    "kill_if_there",
    "left_after",
    "marked",
    "pause",
    "switches",
    "wakeups",
]


class Usage(NamedTuple):
    """How often the threads of a process have gone to sleep by themselves."""

    by_thread: dict[str, int]
    """thread id and name -> voluntary_ctxt_switches"""

    @property
    def total(self) -> int:
        """Return the sum over all threads."""
        return sum(self.by_thread.values())


def is_alive(pid: int) -> bool:
    """Return whether a process runs; a zombie does not."""
    found = facts(pid)
    return found is not None and found.state not in "ZX"


def kill(pid: int) -> None:
    """Kill -9 a process that must be there, and wait until it is dead."""
    fd = os.pidfd_open(pid)
    try:
        os.kill(pid, signal.SIGKILL)
        assert select.select([fd], [], [], 10.0)[0], f"pid {pid} survives KILL"
    finally:
        os.close(fd)


def kill_if_there(pid: int) -> None:
    """Kill -9 a process that may have ended by itself by now."""
    with suppress(ProcessLookupError):
        kill(pid)


def left_after(pids: Iterable[int], seconds: float) -> list[int]:
    """Wait for the end of processes; return those that live then."""
    deadline = time.perf_counter() + seconds
    left: list[int] = []
    for pid in pids:
        with suppress(ProcessLookupError):
            fd = os.pidfd_open(pid)
            patience = max(0.0, deadline - time.perf_counter())
            if not select.select([fd], [], [], patience)[0] and is_alive(pid):
                left.append(pid)
            os.close(fd)
    return left


def marked(mark: str) -> list[int]:
    """Return the living processes with `NAME=VALUE` in their environment."""
    wanted = mark.encode()
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            entries = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        pid = int(folder.name)
        if wanted in entries and pid != os.getpid() and is_alive(pid):
            found.append(pid)
    return found


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    return [pid, *subtree(pid)]


def pause(seconds: float) -> None:
    """Let time pass: a random instant, or the length of a measurement."""
    time.sleep(seconds)


def switches(pid: int) -> int:
    """Return how often the threads of a process have waited, all together."""
    return wakeups(pid).total


def wakeups(pid: int) -> Usage:
    """Return how often each thread of a process has waited."""
    found: dict[str, int] = {}
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        fields = dict(
            line.split(":", 1) for line in status.read_text().splitlines() if line
        )
        name = f"{status.parent.name} {fields['Name'].strip()}"
        found[name] = int(fields["voluntary_ctxt_switches"])
    return Usage(found)


def parent(pid: int) -> int:
    """Return the parent of a process."""
    return parent_of(pid)
