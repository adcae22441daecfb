"""What is kept of a command's output: its last line, its last characters.

Pure, and bounded: a command may print for days, the log has all of it.
"""

import codecs

__all__ = ["LAST_LINE_BYTES", "LastLine", "Tail"]

LAST_LINE_BYTES = 1024 * 1024
"""A payload may have 1 MiB, and `store_as` reads this line."""


class LastLine:
    """The last line that is not blank, without its newline."""

    def __init__(self, limit_bytes: int = LAST_LINE_BYTES) -> None:
        self._limit = limit_bytes
        self._whole = b""
        self._open = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes; a line over the limit keeps its beginning."""
        *ended, rest = data.split(b"\n")
        for piece in ended:
            self._grow(piece)
            self._close()
        self._grow(rest)

    def text(self) -> str | None:
        """Return the line, or None when nothing was printed."""
        last = bytes(self._open) if self._open.strip() else self._whole
        return last.decode("utf-8", "replace").rstrip("\r") or None

    def _grow(self, piece: bytes) -> None:
        self._open += piece[: self._limit - len(self._open)]

    def _close(self) -> None:
        if self._open.strip():
            self._whole = bytes(self._open)
        self._open.clear()


class Tail:
    """The last characters."""

    def __init__(self, limit_chars: int) -> None:
        self._limit = limit_chars
        self._text = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._text = (self._text + self._decoder.decode(data))[-self._limit :]

    def text(self) -> str:
        """Return what is kept."""
        return self._text + self._decoder.decode(b"", final=True)
