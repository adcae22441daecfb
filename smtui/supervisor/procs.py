"""What the kernel says about processes: facts from /proc, exits by pidfd.

Laws of this file:

- a process is dead when the kernel says so (pidfd, waitid), never because a
  signal could not be sent
- where there is no /proc (macOS) the answers are empty, and the promises that
  need them are weaker; `smtui doctor` says which
"""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from smtui.supervisor.guardian import children_of, kill
from smtui.supervisor.marks import CHILD_MARK

__all__ = [
    "CHILD_MARK",
    "Facts",
    "adopted",
    "facts",
    "is_ours",
    "kill_and_reap",
    "mark_of",
    "on_exit",
    "pipe_holders",
    "reap",
    "session_of",
]

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Facts(NamedTuple):
    """A process as /proc/PID/stat has it."""

    pid: int
    name: str
    state: str
    """R, S, D, T (stopped), t (traced), Z, ..."""
    cpu_s: float
    rss_bytes: int


def facts(pid: int) -> Facts | None:
    """Return what is known of a process, None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
        head, _, tail = text.rpartition(")")
        fields = tail.split()
        return Facts(
            pid=pid,
            name=head.partition("(")[2],
            state=fields[0],
            cpu_s=(int(fields[11]) + int(fields[12])) / _TICKS,
            rss_bytes=int(fields[21]) * _PAGE,
        )
    except (OSError, ValueError, IndexError):
        return None


def mark_of(pid: int) -> str:
    """Return the child whose environment a process has, '' if none."""
    try:
        raw = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return ""
    wanted = f"{CHILD_MARK}=".encode()
    for entry in raw.split(b"\0"):
        if entry.startswith(wanted):
            return entry[len(wanted) :].decode("utf-8", "surrogateescape")
    return ""


def session_of(pid: int) -> int:
    """Return the session a process belongs to, 0 when it is gone."""
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return 0


def adopted(known: set[int]) -> list[int]:
    """Return our direct children that we did not start: orphans, zombies."""
    return [pid for pid in children_of(os.getpid()) if pid not in known]


def reap(pid: int) -> bool:
    """Take an adopted child that ended; return whether it is gone."""
    try:
        flags = os.WEXITED | os.WNOHANG
        return os.waitid(os.P_PID, pid, flags) is not None
    except ChildProcessError:
        return True


def kill_and_reap(pid: int) -> bool:
    """Kill an adopted child; return whether it is gone already."""
    kill(pid)
    return reap(pid)


def is_ours(pid: int) -> bool:
    """Return whether we may send a process a signal."""
    try:
        os.kill(pid, 0)
    except PermissionError:
        return False
    except ProcessLookupError:
        return True
    return True


def on_exit(pid: int, call: Callable[[], None]) -> None:
    """Call once, from the running loop, when our child `pid` has ended.

    It stays a zombie, so that its pid is not used again before who started it
    has taken its exit code.
    """
    loop = asyncio.get_running_loop()
    if not hasattr(os, "pidfd_open"):
        args = (pid, call, loop)
        threading.Thread(target=_wait, args=args, daemon=True).start()
        return
    fd = os.pidfd_open(pid)

    def ended() -> None:
        loop.remove_reader(fd)
        os.close(fd)
        call()

    loop.add_reader(fd, ended)


def pipe_holders(inode: int) -> list[int]:
    """Return the processes of this user that have a pipe open."""
    wanted = f"pipe:[{inode}]"
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            links = [str(each.readlink()) for each in folder.iterdir()]
        except OSError:
            continue
        if wanted in links:
            found.append(int(folder.parent.name))
    return [pid for pid in found if pid != os.getpid()]


def _wait(pid: int, call: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    loop.call_soon_threadsafe(call)
