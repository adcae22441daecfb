"""Instances nobody has used for a while, pressed to a tenth of their size.

The laws of this file: what is on the shelf is what would be in memory, never
newer and never older, so whoever takes it goes on as if it had stayed there;
an instance is on the shelf or in use, never both; the shelf is bounded in
bytes, and full it drops those that lie there longest: the store has them.

Snapshots of one machine are much alike, so the first one is the dictionary
that the others are pressed with. Taking one costs a few microseconds; asking
the store for it costs more the more instances there are.
"""

import marshal
import zlib

from smtui.chart import decode, encode
from smtui.chart.values import Snapshot

__all__ = ["MOST_BYTES", "Shelf"]

MOST_BYTES = 32 << 20
"""Of 100,000 instances with a few hundred bytes of data each it needs most."""

_OVERHEAD = 200
"""Bytes of an entry beside the pressed ones: its key, and its place."""

_WINDOW = -11
"""zlib's smallest that reaches over a snapshot of 2 KiB: a small one is made
in a fifth of the time."""


class Shelf:
    """Pressed snapshots, by instance."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._pressed: dict[str, bytes] = {}
        """The longest unused first."""
        self._bytes = 0
        self._like = b""
        """What the others are pressed with: one of them, unpressed."""

    def __contains__(self, id_: object) -> bool:
        """Say whether an instance lies here."""
        return id_ in self._pressed

    def put(self, id_: str, snapshot: Snapshot) -> None:
        """Press a snapshot; one with values that are not JSON is dropped."""
        try:
            plain = marshal.dumps(encode(snapshot))
        except ValueError:
            return
        if not self._like:
            self._like = plain
        press = zlib.compressobj(1, zlib.DEFLATED, _WINDOW, 1, zdict=self._like)
        pressed = press.compress(plain) + press.flush()
        self._pressed[id_] = pressed
        self._bytes += len(pressed) + _OVERHEAD
        while self._bytes > self._most:
            oldest = next(iter(self._pressed))
            self._bytes -= len(self._pressed.pop(oldest)) + _OVERHEAD

    def take(self, id_: str) -> Snapshot | None:
        """Return the snapshot of an instance and forget it here."""
        pressed = self._pressed.pop(id_, None)
        if pressed is None:
            return None
        self._bytes -= len(pressed) + _OVERHEAD
        plain = zlib.decompressobj(_WINDOW, self._like).decompress(pressed)
        return decode(marshal.loads(plain))  # noqa: S302 - written by put alone
