"""One supervisor per data directory: DATA/supervisor.lock.

The flock is the truth, the JSON line in the file (pid, boot_id, run_dir,
started_at) tells who holds it. The file is never removed, so that two
processes can never hold locks on two files of this name. A pid in it proves
nothing by itself: it may be an old one, of another boot, or used again.
"""

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self, cast

from smtui.clock import Clock
from smtui.errors import SupervisorError
from smtui.wire.paths import LOCK_NAME

__all__ = ["Lock", "LockInfo", "read_lock"]

_TRIES = 20
_PAUSE_S = 0.01
"""read_lock holds the lock for some microseconds to see whether it is free;
so one refusal is no proof that a supervisor runs."""


@dataclass(frozen=True, slots=True)
class LockInfo:
    """Who holds the lock of a data directory."""

    pid: int
    boot_id: str
    run_dir: Path
    started_at: float
    """Seconds since the epoch."""


class Lock:
    """The lock of one data directory, held for the life of its supervisor."""

    def __init__(self, data_dir: Path) -> None:
        """Take the lock.

        Raises SupervisorError naming the pid when another supervisor has it,
        or why the directory cannot be used.
        """
        self._path = data_dir / LOCK_NAME
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
            self._fd = os.open(self._path, flags, 0o600)
        except OSError as error:
            raise SupervisorError(
                f"{self._path} cannot be opened: {error.strerror}",
                hint="name another data directory with --data DIR",
            ) from error
        self._take(data_dir)

    def _take(self, data_dir: Path) -> None:
        for _ in range(_TRIES):
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_PAUSE_S)
            else:
                return
        holder = _parse(self._path)
        who = f"pid {holder.pid}" if holder else "another process"
        os.close(self._fd)
        raise SupervisorError(
            f"a supervisor runs for {data_dir} already: {who}",
            hint="`smtui attach` shows its fleet, `smtui down` ends it",
        )

    def announce(self, clock: Clock, run_dir: Path) -> LockInfo:
        """Write who we are and where our sockets are."""
        info = LockInfo(os.getpid(), clock.boot_id(), run_dir, clock.now())
        document = {**asdict(info), "run_dir": str(run_dir)}
        line = json.dumps(document).encode("ascii") + b"\n"
        # written before it is cut: a reader never sees an empty file
        os.pwrite(self._fd, line, 0)
        os.ftruncate(self._fd, len(line))
        return info

    def is_ours(self) -> bool:
        """Return whether the file of this name is still the locked one."""
        try:
            there, here = self._path.stat(), os.fstat(self._fd)
        except OSError:
            return False
        return (there.st_dev, there.st_ino) == (here.st_dev, here.st_ino)

    def release(self) -> None:
        """Give the lock back; the file stays."""
        os.close(self._fd)

    def __enter__(self) -> Self:
        """Return the lock itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Give the lock back."""
        self.release()


def read_lock(data_dir: Path) -> LockInfo | None:
    """Return who supervises `data_dir`, None when nobody does."""
    path = data_dir / LOCK_NAME
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _parse(path)
    finally:
        os.close(fd)
    return None


def _parse(path: Path) -> LockInfo | None:
    try:
        # a longer line may follow the first for an instant
        line = path.read_text("utf-8").partition("\n")[0]
        found = cast("dict[str, object]", json.loads(line))
        return LockInfo(
            pid=int(str(found["pid"])),
            boot_id=str(found["boot_id"]),
            run_dir=Path(str(found["run_dir"])),
            started_at=float(str(found["started_at"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
