"""A doorbell: a datagram socket whose content means nothing.

The database is the mailbox; a ring only says that looking again is worth it.
So a ring is never waited for, may be lost, and many rings are as good as one:
a full queue (the kernel keeps about ten datagrams) is an answered door.
"""

import os
import socket
from pathlib import Path

from smtui.errors import WireError
from smtui.wire.paths import inode_of

__all__ = ["Doorbell", "ring"]


class Doorbell:
    """The owner's side: bind, wait for fileno() to be readable, drain."""

    def __init__(self, path: Path) -> None:
        """Bind `path`, replacing what a dead owner left there.

        Raises WireError when the directory is gone or closed to us.
        """
        self.path = path
        self._socket = _bind(path)
        self._inode = inode_of(path)

    def fileno(self) -> int:
        """Return the descriptor; it may change after ensure() said True."""
        return self._socket.fileno()

    def drain(self) -> bool:
        """Take all waiting rings; return whether there was one."""
        was_rung = False
        while True:
            try:
                self._socket.recv(16)
            except (BlockingIOError, InterruptedError):
                return was_rung
            was_rung = True

    def is_bound(self) -> bool:
        """Return whether our path still leads to this socket."""
        return self._inode is not None and inode_of(self.path) == self._inode

    def ensure(self) -> bool:
        """Bind again if the path went away; return whether it had.

        fileno() is another one afterwards. Raises WireError like binding.
        """
        if self.is_bound():
            return False
        fresh = _bind(self.path)
        self._socket.close()
        self._socket = fresh
        self._inode = inode_of(self.path)
        return True

    def close(self) -> None:
        """Stop listening; remove the path if it is still ours."""
        if self.is_bound():
            self.path.unlink(missing_ok=True)
        self._socket.close()


def ring(path: Path) -> bool:
    """Ring without waiting; return whether somebody is there to hear it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell:
        bell.setblocking(False)
        try:
            bell.sendto(b"!", os.fspath(path))
        except BlockingIOError:
            return True  # rung ten times already and not answered yet
        except OSError:
            return False
    return True


def _bind(path: Path) -> socket.socket:
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        bell.setblocking(False)
        path.unlink(missing_ok=True)
        bell.bind(os.fspath(path))
        path.chmod(0o600)
    except OSError as error:
        bell.close()
        raise WireError(f"the doorbell {path} cannot be bound: {error}") from error
    return bell
