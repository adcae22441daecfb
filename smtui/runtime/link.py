"""The stream to the supervisor's events.sock: hello, ready, frames.

The laws of this file:

- the machine never waits for it: a slow or missing supervisor costs frames,
  latest wins, counters are cumulative
- at most 30 frames a second for a machine, the first at once, the last always
- whatever the supervisor writes on it is a ring: it reaches a machine whose
  doorbell's path has gone
"""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path

from smtui.wire import Frame, Hello, Message, Ready, encode

__all__ = ["Link"]

_PAUSE_S = 1 / 30
_AGAIN_S = 1.0
"""Between two attempts to reach a supervisor that is not there."""

_FLUSH_S = 1.0
"""How long the last frame may take when the process ends."""


class Link:
    """One stream for all machines of this process."""

    def __init__(self, path: Path, hello: Hello, on_ring: Callable[[], None]) -> None:
        """Connect if somebody listens; say hello."""
        self._path = path
        self._hello = hello
        self._on_ring = on_ring
        self._loop = asyncio.get_running_loop()
        self._socket: socket.socket | None = None
        self._unsent = bytearray()
        self._frames: dict[str, Callable[[], Frame]] = {}
        """What is to be shown, by machine; made when it is sent."""
        self._is_ready = False
        self._sent_at = -_PAUSE_S
        self._tried_at = -_AGAIN_S
        self._later: asyncio.TimerHandle | None = None
        self._connect()

    def ready(self) -> None:
        """Say that the machines run."""
        self._is_ready = True
        self._send(Ready(self._hello.child))

    def show(self, machine: str, make: Callable[[], Frame]) -> None:
        """Send the machine's frame now or soon."""
        self._frames[machine] = make
        if self._later is not None:
            return
        left = self._sent_at + _PAUSE_S - self._loop.time()
        if left <= 0:
            self._flush()
        else:
            self._later = self._loop.call_later(left, self._flush)

    def close(self) -> None:
        """Send what is left, waiting a second at most, and hang up."""
        if self._later is not None:
            self._later.cancel()
        if self._socket is None:
            return
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._socket.settimeout(_FLUSH_S)
        try:
            self._socket.sendall(self._unsent)
            for make in self._frames.values():
                self._socket.sendall(encode(make()))
        except OSError:
            return  # it is gone, and learns our end from our exit
        finally:
            self._socket.close()
            self._socket = None

    # ------------------------------------------------------------- sending

    def _flush(self) -> None:
        self._later = None
        self._sent_at = self._loop.time()
        if self._socket is None:
            self._connect()
        if self._socket is None or self._unsent:
            return  # kept until the next frame, or until there is room again
        frames, self._frames = self._frames, {}
        for make in frames.values():
            self._send(make())

    def _send(self, message: Message) -> None:
        if self._socket is None:
            return
        self._unsent += encode(message)
        self._write()

    def _write(self) -> None:
        if self._socket is None:
            return
        try:
            sent = self._socket.send(self._unsent)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            self._hang_up()
            return
        del self._unsent[:sent]
        if self._unsent:
            self._loop.add_writer(self._socket, self._resume)

    def _resume(self) -> None:
        if self._socket is None:
            return
        self._loop.remove_writer(self._socket)
        self._write()
        if not self._unsent and self._frames and self._later is None:
            self._flush()

    # ---------------------------------------------------------- connection

    def _connect(self) -> None:
        now = self._loop.time()
        if now - self._tried_at < _AGAIN_S:
            return
        self._tried_at = now
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.setblocking(False)
        try:
            door.connect(str(self._path))
        except OSError:
            door.close()
            return
        self._socket = door
        self._loop.add_reader(door, self._readable)
        self._send(self._hello)
        if self._is_ready:
            self._send(Ready(self._hello.child))

    def _readable(self) -> None:
        if self._socket is None:
            return
        try:
            data = self._socket.recv(4096)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if data:
            self._on_ring()
        else:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._socket is None:
            return
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._socket.close()
        self._socket = None
        self._unsent.clear()
