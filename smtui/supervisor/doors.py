"""The sockets of a supervisor: control.sock, events.sock and its doorbell.

Laws of this file:

- only while the lock is held: whatever stands at these paths is then a dead
  supervisor's and may go
- they are made again when somebody removes them (tmpfiles cleaners do);
  connections that exist do not notice
- who is on the other side is asked of the kernel before anything is read
"""

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path

from smtui.errors import WireError
from smtui.wire.doorbell import Doorbell
from smtui.wire.paths import (
    SUPERVISOR,
    bell_path,
    control_path,
    events_path,
    inode_of,
    make_run_dir,
)

__all__ = ["Doors"]

_BACKLOG = 128


class Doors:
    """All ways into the supervisor."""

    def __init__(
        self,
        directory: Path,
        *,
        control: Callable[[], asyncio.Protocol],
        events: Callable[[], asyncio.Protocol],
        rung: Callable[[], None],
    ) -> None:
        """Nothing is opened yet; `rung` is called after a ring."""
        self.directory = directory
        self._factories = {
            control_path(directory): control,
            events_path(directory): events,
        }
        self._rung = rung
        self._servers: dict[Path, tuple[asyncio.Server, tuple[int, int]]] = {}
        self._bell: Doorbell | None = None

    async def open(self) -> None:
        """Make the run directory and open all doors; raises WireError."""
        await self.ensure()

    async def ensure(self) -> bool:
        """Open what is not open; return whether something had gone."""
        make_run_dir(self.directory)
        was_lost = False
        for path, factory in self._factories.items():
            known = self._servers.get(path)
            if known is not None and inode_of(path) == known[1]:
                continue
            was_lost = True
            if known is not None:
                known[0].close()
            self._servers[path] = await _serve(path, factory)
        return self._ensure_bell() or was_lost

    async def close(self) -> None:
        """Close all doors and remove what is ours of the directory."""
        for path, (server, inode) in self._servers.items():
            server.close()
            if inode_of(path) == inode:
                path.unlink()
        self._servers.clear()
        if self._bell is not None:
            asyncio.get_running_loop().remove_reader(self._bell.fileno())
            self._bell.close()
            self._bell = None

    def _ensure_bell(self) -> bool:
        loop = asyncio.get_running_loop()
        if self._bell is None:
            self._bell = Doorbell(bell_path(self.directory, SUPERVISOR))
        elif self._bell.is_bound():
            return False
        else:
            loop.remove_reader(self._bell.fileno())
            self._bell.ensure()
        loop.add_reader(self._bell.fileno(), self._hear)
        return True

    def _hear(self) -> None:
        if self._bell is not None and self._bell.drain():
            self._rung()


async def _serve(
    path: Path, factory: Callable[[], asyncio.Protocol]
) -> tuple[asyncio.Server, tuple[int, int]]:
    door = _bind(path)
    inode = inode_of(path) or (0, 0)
    loop = asyncio.get_running_loop()
    server = await loop.create_unix_server(factory, sock=door, backlog=_BACKLOG)
    return server, inode


def _bind(path: Path) -> socket.socket:
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        door.bind(os.fspath(path))
        path.chmod(0o600)
    except OSError as error:
        door.close()
        raise WireError(f"{path} cannot be bound: {error}") from error
    return door
