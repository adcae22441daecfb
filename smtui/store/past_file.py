"""An exported journal as a file: written whole or not at all, read with care.

The laws of this file: what is written appears under its name when it is
complete; what is read holds one line in memory; a file that was cut, changed
or is none of ours is one StoreError that names it.
"""

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from smtui.errors import SmtuiError, StoreError
from smtui.store.past_lines import End, Head, Line, StepLine, end_line, parse_line

__all__ = ["ExportFile", "read_lines", "verify"]

LONGEST_LINE = 1 << 28
"""A longer one is no line of ours: data that big are refused long before."""

_GZIP = b"\x1f\x8b"
_AGAIN = "`smtui history NAME --export FILE` writes it anew"


class ExportFile:
    """A file being written; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Name the file; nothing is made yet."""
        self._path = path
        self._part = path.with_name(f".{path.name}.{os.getpid()}.part")
        self._raw: IO[bytes] | None = None
        self._file: IO[bytes] | gzip.GzipFile | None = None
        self._crc32 = 0
        self.steps = 0
        """How many were written."""

    def __enter__(self) -> Self:
        """Begin; raises SmtuiError when the file is there or cannot be made."""
        if self._path.exists():
            raise SmtuiError(f"{self._path} is there already", hint="name a new file")
        try:
            self._raw = self._part.open("xb")
        except OSError as error:
            raise self._failed(error) from error
        self._file = self._raw
        if self._path.suffix == ".gz":
            self._file = gzip.GzipFile(
                self._path.stem, "wb", compresslevel=6, fileobj=self._raw
            )
        return self

    def write(self, line: str, *, is_step: bool = False) -> None:
        """Add a line; raises SmtuiError when the disk is full."""
        if self._file is None:
            raise StoreError(f"{self._path} is not open for writing")
        data = line.encode("utf-8") + b"\n"
        self._crc32 = zlib.crc32(data, self._crc32)
        self.steps += is_step
        try:
            self._file.write(data)
        except OSError as error:
            raise self._failed(error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the file and give it its name; after an error nothing is left."""
        try:
            if kind is None:
                self.write(end_line(End(self.steps, self._crc32)))
            self._close()
            if kind is None:
                self._part.rename(self._path)
        except OSError as problem:
            raise self._failed(problem) from problem
        finally:
            self._part.unlink(missing_ok=True)

    def _close(self) -> None:
        file, raw, self._file, self._raw = self._file, self._raw, None, None
        try:
            if file is not None:
                file.close()
        finally:
            if raw is not None:
                raw.close()

    def _failed(self, error: OSError) -> SmtuiError:
        why = error.strerror or str(error)
        return SmtuiError(f"{self._path} cannot be written: {why}")


def read_lines(path: Path) -> Iterator[Line]:
    """Yield what an exported journal holds, its end left out.

    Raises StoreError at the first thing that is wrong, be it at the end.
    """
    crc32, steps = 0, 0
    for number, raw in enumerate(_raw_lines(path), 1):
        try:
            line = parse_line(raw, number)
        except StoreError as error:
            raise StoreError(f"{path}: {error.message}", hint=error.hint) from error
        if isinstance(line, End):
            _check_end(path, line, End(steps, crc32))
            return
        steps += isinstance(line, StepLine)
        crc32 = zlib.crc32(raw, crc32)
        yield line
    raise _cut(path, steps)


def verify(path: Path) -> Head:
    """Read a file to its end, without understanding its steps; return its head.

    Raises StoreError when it is damaged, cut, newer than this program or none
    of ours, so that nothing of it is shown before that is known.
    """
    head: Head | None = None
    crc32, steps, last = 0, 0, b""
    for raw in _raw_lines(path):
        if head is None:
            head = _head(path, raw)
        steps += raw.startswith(b'{"step":')
        last, before, crc32 = raw, crc32, zlib.crc32(raw, crc32)
        if raw.startswith(b'{"end":'):
            _check_end(path, _end(path, last), End(steps, before))
            return head or _head(path, raw)
    if head is None:
        raise StoreError(f"{path} is empty", hint=_AGAIN)
    raise _cut(path, steps)


# ------------------------------------------------------------------- inside


def _raw_lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as raw:
            is_zipped = raw.read(len(_GZIP)) == _GZIP
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) if is_zipped else raw as file:
                while line := file.readline(LONGEST_LINE):
                    yield line
    except FileNotFoundError:
        raise SmtuiError(f"{path} is not there") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise StoreError(f"{path} is damaged: {error}", hint=_AGAIN) from error
    except OSError as error:
        raise SmtuiError(f"{path} cannot be read: {error.strerror}") from error


def _head(path: Path, raw: bytes) -> Head:
    try:
        head = parse_line(raw, 1)
    except StoreError as error:
        raise StoreError(f"{path}: {error.message}", hint=error.hint) from error
    if not isinstance(head, Head):  # a first line is a head or an error
        raise StoreError(f"{path}: this is no exported journal")
    return head


def _end(path: Path, raw: bytes) -> End:
    try:
        line = parse_line(raw, 2)
    except StoreError:
        line = None
    if not isinstance(line, End):
        raise StoreError(f"{path}: its last line is damaged", hint=_AGAIN)
    return line


def _check_end(path: Path, told: End, found: End) -> None:
    if told != found:
        raise StoreError(
            f"{path} is damaged: it was written with {told.steps} steps and the sum"
            f" {told.crc32:08x}, it has {found.steps} and {found.crc32:08x}",
            hint=_AGAIN,
        )


def _cut(path: Path, steps: int) -> StoreError:
    return StoreError(
        f"{path} was cut: it ends after {steps} steps, without its last line",
        hint=_AGAIN,
    )
