"""Who keeps everybody else from writing to the store.

SQLite's write lock in WAL mode is a POSIX lock on byte 120 of the -shm file
(walIndex: WAL_WRITE_LOCK behind the two header copies; UNIX_SHM_BASE in
os_unix.c), and /proc/locks names the process. A process that is stopped
(SIGSTOP, a debugger) inside a transaction blocks everyone for ever: measured
in 10 of 30 trials.
"""

from pathlib import Path

from smtui.supervisor.procs import facts

__all__ = ["holder_of", "parse", "writer_of"]

_WRITE_BYTE = 120
_FIELDS = 8
"""`1: POSIX ADVISORY WRITE 4711 08:01:1234 120 120`, see proc(5)."""


def writer_of(database: Path) -> int | None:
    """Return the pid that holds the write lock now, None when nobody does."""
    try:
        inode = Path(f"{database}-shm").stat().st_ino
        text = Path("/proc/locks").read_text("ascii", "replace")
    except OSError:
        return None
    return parse(text, inode)


def holder_of(database: Path) -> str:
    """Return who holds the write lock, in an operator's words; '' when nobody."""
    pid = writer_of(database)
    found = None if pid is None else facts(pid)
    return "" if found is None else f"pid {found.pid} ({found.name})"


def parse(text: str, inode: int) -> int | None:
    """Return the pid that has the write byte of a file locked, by its inode.

    The device is not compared: on btrfs and overlayfs stat(2) tells another.
    """
    for line in text.splitlines():
        fields = line.split()
        # `->` marks a process that waits for the lock
        if len(fields) != _FIELDS or fields[1] != "POSIX":
            continue
        kind, pid, file, first, last = fields[3:]
        if kind != "WRITE" or file.rpartition(":")[2] != str(inode):
            continue
        end = _WRITE_BYTE if last == "EOF" else int(last)
        if int(first) <= _WRITE_BYTE <= end and int(pid) > 0:
            return int(pid)
    return None
