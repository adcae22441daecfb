"""A shell command in a process group of its own.

The laws of this file:

- spawned from the main thread, for a parent-death signal belongs to a thread
- its exit is seen through a pidfd, never by asyncio's child watchers
- its output is forwarded byte for byte as it comes; after the exit the pipes
  are read to their end, at most DRAIN_S when somebody else holds them open
- a command that is over its time is killed with all it has started, and that
  is reported at once, whoever still holds its pipes
"""

import asyncio
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, NamedTuple

from smtui.runtime.actions.family import kill_family, signal_group

__all__ = ["DRAIN_S", "Exit", "Shell"]

DRAIN_S = 2.0
"""How long output may still come from a grandchild after the shell's exit."""

_REPORT_S = 0.05
"""How long a kill may take to show; it is reported within 100 ms."""

_TERM_S = 0.5
"""Between TERM and KILL when we shut down; one second is all that is left."""

_CHUNK_BYTES = 65536


class Exit(NamedTuple):
    """How a command ended; code is negative for a signal."""

    code: int
    timed_out: bool
    held_open: bool
    """Somebody still held its output DRAIN_S after its exit."""


class Shell:
    """One command; made in the main thread inside a running event loop."""

    def __init__(
        self,
        command: str,
        *,
        folder: Path,
        env: Mapping[str, str],
        mark: str,
        out: Callable[[bytes], None],
        err: Callable[[bytes], None],
    ) -> None:
        """Spawn; raises OSError when the system refuses.

        `mark` is the `NAME=VALUE` of `env` that no other action has.
        """
        self._loop = asyncio.get_running_loop()
        self._mark = mark
        self._process = subprocess.Popen(  # noqa: S603 - the author's command
            ["/bin/sh", "-c", command],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self.pid = self._process.pid
        self._exited: asyncio.Future[None] = self._loop.create_future()
        streams = (self._process.stdout, out), (self._process.stderr, err)
        self._pipes = [
            _Pipe(self._loop, stream, sink) for stream, sink in streams if stream
        ]
        self._watch()

    async def run(self, timeout_s: float) -> Exit:
        """Wait for the end, at most `timeout_s` seconds.

        Cancelling it ends the whole group, TERM first; once the command has
        ended by itself it is too late for that, and the Exit is returned.
        """
        try:
            timed_out = await self._wait(timeout_s)
            if timed_out:
                self.kill()
                await self._wait(_REPORT_S)
        except asyncio.CancelledError:
            await self._stop()
            self._close()
            raise
        held_open = False
        if not timed_out:
            held_open = not await self._drained()
        self._close()
        code = self._process.returncode
        return Exit(-signal.SIGKILL if code is None else code, timed_out, held_open)

    def kill(self) -> None:
        """Kill it and all it has started; run() sees the end."""
        kill_family(self.pid, self._mark)

    # ------------------------------------------------------------- exit

    def _watch(self) -> None:
        if hasattr(os, "pidfd_open"):
            fd = os.pidfd_open(self.pid)
            self._loop.add_reader(fd, self._seen, fd)
        else:  # macOS: a thread that waits
            threading.Thread(target=self._wait_in_thread, daemon=True).start()

    def _seen(self, fd: int) -> None:
        self._loop.remove_reader(fd)
        os.close(fd)
        self._reaped()

    def _wait_in_thread(self) -> None:
        self._process.wait()
        self._loop.call_soon_threadsafe(self._reaped)

    def _reaped(self) -> None:
        self._process.poll()
        if not self._exited.done():
            self._exited.set_result(None)

    async def _wait(self, limit_s: float) -> bool:
        """Wait for the exit; return True when the limit came first."""
        try:
            async with asyncio.timeout(limit_s):
                await asyncio.shield(self._exited)
        except TimeoutError:
            return not self._exited.done()
        return False

    async def _stop(self) -> None:
        signal_group(self.pid, signal.SIGTERM)
        try:
            await self._wait(_TERM_S)
        finally:  # a second cancel is an operator in a hurry
            self.kill()
        await self._wait(_REPORT_S)

    # ----------------------------------------------------------- output

    async def _drained(self) -> bool:
        """Read to the end of both pipes; return False when the bound came."""
        ends = [pipe.ended for pipe in self._pipes]
        try:
            _, open_ = await asyncio.wait(ends, timeout=DRAIN_S)
        except asyncio.CancelledError:
            return True  # the command has ended: its result counts
        return not open_

    def _close(self) -> None:
        for pipe in self._pipes:
            pipe.close()


class _Pipe:
    """The reading end of one output."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        stream: IO[bytes],
        sink: Callable[[bytes], None],
    ) -> None:
        self._loop = loop
        self._stream = stream
        self._sink = sink
        self._fd = stream.fileno()
        self.ended: asyncio.Future[None] = loop.create_future()
        os.set_blocking(self._fd, False)
        loop.add_reader(self._fd, self._ready)

    def close(self) -> None:
        """Take what is there already, then let go."""
        while self._ready():
            pass
        self._end()

    def _ready(self) -> bool:
        """Forward one chunk; return whether there may be more now."""
        if self.ended.done():
            return False
        try:
            data = os.read(self._fd, _CHUNK_BYTES)
        except (BlockingIOError, InterruptedError):
            return False
        if not data:
            self._end()
            return False
        self._sink(data)
        return True

    def _end(self) -> None:
        if not self.ended.done():
            self._loop.remove_reader(self._fd)
            self._stream.close()
            self.ended.set_result(None)
