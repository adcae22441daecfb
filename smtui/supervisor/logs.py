"""The thread that moves what children print into their log files.

A thread of its own, so that neither a flood of output nor a slow disk keeps
the supervisor from reaping and restarting. Laws of this file:

- nothing is lost: a pipe is read to its end, also after the child's; who
  prints faster than the disk takes is held back by its pipe
- the end is bounded: FINISH_S after the child's exit a pipe that somebody
  else still holds is given up, and the log names who it is
- a file is open while somebody prints into it, and is let go of when it was
  removed: a held descriptor would keep its space on the disk
- the loop's side only puts commands into a deque and rings; the selector,
  the files and the carries belong to the thread
"""

import asyncio
import os
import selectors
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from smtui.clock import Clock, rfc3339
from smtui.supervisor.lines import MAX_PIECE_BYTES, cut, note, tagged, torn
from smtui.supervisor.logfile import LogFile
from smtui.supervisor.procs import facts, pipe_holders
from smtui.wire.paths import log_path

__all__ = ["FINISH_S", "OWN_LOG", "Capture", "LogPump"]

FINISH_S = 2.0
"""How long a pipe may stay open after the exit (process-compose #237: without
a wait the last lines are lost, without a bound a daemon holds us for ever)."""

OWN_LOG = "supervisor"

_READ_BYTES = 1 << 18
_TAIL_BYTES = 4096
_LAST_S = 5.0
"""What was said longer before the end has nothing to do with it."""

_WORDS = 200
"""Characters of a last line: what fits into a reason on the screen."""


class Capture:
    """The output of one run: two pipes that go into one log."""

    def __init__(self, out: int, err: int) -> None:
        """Take over the reading ends."""
        self.name = ""
        self.streams = [_Stream(out, b"out"), _Stream(err, b"err")]
        self.deadline: float | None = None
        self.finished: asyncio.Future[str] | None = None
        self.last_words = ""


class _Stream:
    def __init__(self, fd: int, tag: bytes) -> None:
        self.fd = fd
        self.tag = tag
        self.carry = b""
        self.tail = b""
        self.read_at = 0.0
        """When something came last, seconds since boot."""


class LogPump:
    """All log files of a data directory."""

    def __init__(
        self,
        data_dir: Path,
        clock: Clock,
        on_death: Callable[[Exception], object],
    ) -> None:
        """`on_death` is called, in the thread, if it ends by a mistake."""
        self._data_dir = data_dir
        self._clock = clock
        self._on_death = on_death
        self._commands: deque[Callable[[], None]] = deque()
        self._selector = selectors.DefaultSelector()
        self._waker, self._bell = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(self._waker, False)
        self._files: dict[str, LogFile] = {}
        self._running: set[str] = set()
        """Whose output is being moved."""
        self._finishing: list[tuple[str, Capture]] = []
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="logs")

    # ------------------------------------------------- the loop's side

    def start(self) -> None:
        """Begin to move output."""
        self._thread.start()

    def stop(self) -> None:
        """Write what was handed in so far, close all files, end the thread."""
        self._tell(self._end)
        self._thread.join()
        os.close(self._bell)
        os.close(self._waker)

    def note(self, name: str, text: str) -> None:
        """Put a line of ours into a child's log."""
        self._tell(partial(self._note, name, text))

    def follow(self, name: str, capture: Capture) -> None:
        """Move what comes out of a new run."""
        self._tell(partial(self._follow, name, capture))

    def look_at_files(self) -> None:
        """Let go of files that somebody removed or renamed."""
        self._tell(self._let_go)

    async def finish(self, name: str, capture: Capture) -> str:
        """Wait until all of an ended run is written; return the last words.

        That is the last line on standard error, if it came near the end, or ''.
        """
        capture.finished = asyncio.get_running_loop().create_future()
        self._tell(partial(self._finish, name, capture))
        return await capture.finished

    def _tell(self, command: Callable[[], None]) -> None:
        self._commands.append(command)
        # blocked when 64 KiB of rings wait: it will look anyway
        with suppress(BlockingIOError):
            os.write(self._bell, b"!")

    # ------------------------------------------------ the thread's side

    def _run(self) -> None:
        self._selector.register(self._waker, selectors.EVENT_READ, self._obey)
        try:
            while not self._is_over:
                for key, _ in self._selector.select(self._patience()):
                    key.data()
                self._give_up()
        except Exception as error:  # noqa: BLE001 - the edge of a thread
            self._on_death(error)
        finally:
            for fd in [*self._selector.get_map()]:
                if isinstance(fd, int) and fd != self._waker:
                    os.close(fd)
            self._selector.close()
            for file in self._files.values():
                file.close()

    def _obey(self) -> None:
        os.read(self._waker, 1 << 16)
        while self._commands:
            self._commands.popleft()()

    def _patience(self) -> float | None:
        deadlines = [
            capture.deadline
            for _, capture in self._finishing
            if capture.deadline is not None
        ]
        if not deadlines:
            return None
        return max(0.0, min(deadlines) - self._clock.elapsed())

    def _end(self) -> None:
        self._is_over = True

    def _note(self, name: str, text: str) -> None:
        stamp = self._stamp()
        self._file(name).append(stamp, note(stamp, text))
        if name not in self._running:
            self._file(name).close()

    def _let_go(self) -> None:
        for file in self._files.values():
            file.let_go_if_moved()

    def _follow(self, name: str, capture: Capture) -> None:
        self._running.add(name)
        capture.name = name
        for stream in capture.streams:
            self._selector.register(
                stream.fd,
                selectors.EVENT_READ,
                partial(self._read, name, capture, stream),
            )

    def _read(self, name: str, capture: Capture, stream: _Stream) -> None:
        data = os.read(stream.fd, _READ_BYTES)
        if not data:
            self._close(name, capture, stream)
            return
        stream.read_at = self._clock.elapsed()
        whole, rest = cut(stream.carry + data)
        stamp = self._stamp()
        if whole:
            self._file(name).append(stamp, tagged(stamp, stream.tag, whole))
            stream.tail = whole[-_TAIL_BYTES:]
        if len(rest) >= MAX_PIECE_BYTES:
            self._file(name).append(stamp, torn(stamp, stream.tag, rest))
            rest = b""
        stream.carry = rest

    def _close(self, name: str, capture: Capture, stream: _Stream) -> None:
        self._selector.unregister(stream.fd)
        os.close(stream.fd)
        capture.streams.remove(stream)
        if stream.carry:
            stamp = self._stamp()
            last = torn(stamp, stream.tag, stream.carry)
            self._file(name).append(stamp, last)
            stream.tail += stream.carry
        is_late = self._clock.elapsed() - stream.read_at < _LAST_S
        if stream.tag == b"err" and is_late:
            capture.last_words = _last_line(stream.tail)
        self._resolve(capture)

    def _finish(self, name: str, capture: Capture) -> None:
        capture.deadline = self._clock.elapsed() + FINISH_S
        self._finishing.append((name, capture))
        self._resolve(capture)

    def _give_up(self) -> None:
        """Close the pipes of runs whose time to finish is over."""
        now = self._clock.elapsed()
        for name, capture in [*self._finishing]:
            if capture.deadline is None or capture.deadline > now:
                continue
            for stream in [*capture.streams]:
                holders = pipe_holders(os.fstat(stream.fd).st_ino)
                self._close(name, capture, stream)
                self._note(name, _held_by(holders))

    def _resolve(self, capture: Capture) -> None:
        finished = capture.finished
        if capture.streams or finished is None:
            return
        self._finishing = [each for each in self._finishing if each[1] is not capture]
        self._running.discard(capture.name)
        loop = finished.get_loop()
        loop.call_soon_threadsafe(_set, finished, capture.last_words)

    def _file(self, name: str) -> LogFile:
        if name not in self._files:
            self._files[name] = LogFile(log_path(self._data_dir, name))
        return self._files[name]

    def _stamp(self) -> bytes:
        return rfc3339(self._clock.now()).encode("ascii")


def _set(finished: asyncio.Future[str], words: str) -> None:
    if not finished.done():
        finished.set_result(words)


def _last_line(tail: bytes) -> str:
    for line in reversed(tail.splitlines()):
        text = line.decode("utf-8", "replace").strip()
        if text:
            plain = "".join(c if c.isprintable() else " " for c in text)
            return plain[:_WORDS]
    return ""


def _held_by(pids: list[int]) -> str:
    who = [f"pid {pid} ({_name(pid)})" for pid in pids] or ["somebody"]
    return (
        f"{FINISH_S:g} s after the exit {', '.join(who)} still holds the"
        " output open; what it prints from here on is not kept"
    )


def _name(pid: int) -> str:
    found = facts(pid)
    return found.name if found else "gone"
