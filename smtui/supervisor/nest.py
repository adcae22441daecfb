"""Start the nursery's process (see smtui.runtime.nursery).

Apart from the rest, and importing little, so that a supervisor can do it
first of all and import the rest of itself meanwhile.
"""

import os
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from smtui.supervisor.marks import CHILD_MARK, DATA_MARK, NURSERY

__all__ = ["Nest", "build_nest"]

_DOOR_BYTES = 1 << 20
"""Room for the births of a whole fleet, as far as the kernel allows it."""


class Nest(NamedTuple):
    """A nursery's process, and our ends of what leads to it."""

    pid: int
    door: socket.socket
    out: int
    err: int

    def close(self) -> None:
        """Let go of it; it ends by itself."""
        self.door.close()
        os.close(self.out)
        os.close(self.err)


def build_nest(program: Sequence[str], data_dir: Path) -> Nest | None:
    """Start it; None when that cannot be, or this system has no use for it."""
    if sys.platform != "linux":
        return None
    ours = {CHILD_MARK: NURSERY, DATA_MARK: str(data_dir)}
    env = {**ours, **os.environ, **ours}
    command = [*program, "_nursery", "--data", str(data_dir)]
    door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _DOOR_BYTES)
    door.setblocking(False)
    out, out_end = os.pipe()
    err, err_end = os.pipe()
    nest = Nest(0, door, out, err)
    with theirs, suppress(OSError):
        ends = enumerate((theirs.fileno(), out_end, err_end))
        actions = [(os.POSIX_SPAWN_DUP2, fd, number) for number, fd in ends]
        pid = os.posix_spawn(
            command[0], command, env, file_actions=actions, setsid=True
        )
        nest = nest._replace(pid=pid)
    os.close(out_end)
    os.close(err_end)
    if nest.pid:
        return nest
    nest.close()
    return None
