"""The lines of a machine's log files, oldest first, also while they grow.

A log is NAME.log and up to four older ones, NAME.log.4 the oldest. Its lines
are `TIME out|err|--- BYTES` (a `~` marks a piece without its newline).
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from smtui.wire.paths import encode_name

__all__ = ["Follower", "LogLine", "last_lines", "log_names", "log_sizes", "parse"]

OLDEST = 4


class LogLine(NamedTuple):
    """One line of a log."""

    at: float
    """Seconds since the epoch; 0 for a line that is none of ours."""
    machine: str
    stream: str
    """out, err, or --- for what smtui says itself."""
    text: str


def log_names(data: Path, name: str) -> dict[str, Path]:
    """Return the log files meant by a name; `reader` means every replica."""
    folder = data / "logs"
    exact = folder / f"{encode_name(name)}.log"
    found = {name: exact} if exact.is_file() else {}
    stem = f"{encode_name(name)}%23"  # NAME# percent-encoded
    for file in sorted(folder.glob("*.log")):
        if file.name.startswith(stem):
            found[f"{name}#{file.name[len(stem) : -len('.log')]}"] = file
    return found


def parse(machine: str, line: bytes) -> LogLine:
    """Return a line as a value; one that is torn stays readable."""
    text = line.decode("utf-8", "replace")
    stamp, _, rest = text.partition(" ")
    stream, _, content = rest.partition(" ")
    try:
        at = datetime.fromisoformat(stamp).timestamp()
    except ValueError:
        return LogLine(0.0, machine, "out", text)
    return LogLine(at, machine, stream.rstrip("~"), content)


def last_lines(machine: str, file: Path, since: float | None) -> Iterator[LogLine]:
    """Yield the lines of a log and its older files, from an instant on."""
    older = [file.with_name(f"{file.name}.{n}") for n in range(OLDEST, 0, -1)]
    for one in (*older, file):
        if since is not None and _ended_before(one, since):
            continue
        try:
            with one.open("rb") as source:
                for raw in source:
                    line = parse(machine, raw.rstrip(b"\n"))
                    if since is None or line.at >= since:
                        yield line
        except FileNotFoundError:
            continue


def log_sizes(data: Path) -> dict[str, int]:
    """Return the size of each log file, by the file's name."""
    return {file.name: file.stat().st_size for file in (data / "logs").glob("*.log")}


def _ended_before(file: Path, since: float) -> bool:
    try:
        return file.stat().st_mtime < since
    except OSError:
        return True


class Follower:
    """Gives the lines that were added since it last looked."""

    def __init__(self, machine: str, file: Path, offset: int | None = None) -> None:
        """Begin at a byte of the file, or at its present end.

        The file need not exist.
        """
        self._machine = machine
        self._file = file
        self._rest = b""
        self._fd = -1
        self._open(offset)

    def new_lines(self) -> list[LogLine]:
        """Return the whole lines that came in; rotation loses none."""
        data = self._read()
        if self._was_rotated():
            self._close()
            self._open(0)
            data += self._read()
        *whole, self._rest = (self._rest + data).split(b"\n")
        return [parse(self._machine, line) for line in whole]

    def _open(self, offset: int | None) -> None:
        try:
            self._fd = os.open(self._file, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        if offset is None:
            os.lseek(self._fd, 0, os.SEEK_END)
        else:
            os.lseek(self._fd, offset, os.SEEK_SET)

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    def _read(self) -> bytes:
        pieces: list[bytes] = []
        while self._fd >= 0:
            piece = os.read(self._fd, 1 << 16)
            if not piece:
                break
            pieces.append(piece)
        return b"".join(pieces)

    def _was_rotated(self) -> bool:
        try:
            now = self._file.stat()
        except OSError:
            return False
        if self._fd < 0:
            return True
        held = os.fstat(self._fd)
        return (held.st_dev, held.st_ino) != (now.st_dev, now.st_ino)
