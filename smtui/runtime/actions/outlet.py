"""Where a machine process speaks: its own stdout and stderr.

The supervisor captures both losslessly, so bytes of an action go through
unchanged, and a full pipe holds the writer back instead of losing lines.
When nobody reads any more the words are dropped: the reader was the
supervisor, and this process ends with it.
"""

import os
import select
import sys

__all__ = ["Outlet"]


class Outlet:
    """Writes bytes to two descriptors, whole and in order."""

    def __init__(self, out_fd: int = 1, err_fd: int = 2) -> None:
        self._out_fd = out_fd
        self._err_fd = err_fd

    def out(self, data: bytes) -> None:
        """Write to stdout, byte for byte."""
        _flush(sys.stdout)
        _write(self._out_fd, data)

    def err(self, data: bytes) -> None:
        """Write to stderr, byte for byte."""
        _flush(sys.stderr)
        _write(self._err_fd, data)

    def log(self, level: str, message: str) -> None:
        """Write a log line; warnings and errors go to stderr and say so."""
        if level in {"warning", "error", "critical"}:
            self.err(f"{level}: {message}\n".encode("utf-8", "replace"))
        else:
            self.out(f"{message}\n".encode("utf-8", "replace"))


def _flush(stream: object) -> None:
    """Let what an author's print() has buffered go first."""
    flush = getattr(stream, "flush", None)
    if callable(flush):
        try:
            flush()
        except (OSError, ValueError):
            return  # closed, or nobody reads


def _write(fd: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(fd, rest) :]
        except BlockingIOError:
            select.select([], [fd], [])
        except OSError:
            return
