"""The form of a line in a log file. Pure.

    TIME out BYTES      a line of standard output
    TIME err BYTES      a line of standard error
    TIME out~ BYTES     output without a newline at its end: the last of a
                        process, or a piece of a line over 1 MiB
    TIME --- TEXT       ours: where a run begins and ends, what was lost

TIME is RFC 3339 UTC with milliseconds, when the line was read. The bytes are
the child's own, unchanged; only the newline after `~` was added.
"""

__all__ = ["MAX_PIECE_BYTES", "cut", "note", "tagged", "torn"]

MAX_PIECE_BYTES = 1 << 20
"""Memory a child may take by never ending its line (mprocs had no bound)."""


def cut(data: bytes) -> tuple[bytes, bytes]:
    """Return (whole lines, the begun one); their sum is `data`."""
    end = data.rfind(b"\n") + 1
    return data[:end], data[end:]


def tagged(stamp: bytes, stream: bytes, whole: bytes) -> bytes:
    """Return whole lines, each with its prefix; `whole` ends with a newline.

    One replace for the lot: 30 times as fast as a loop over the lines.
    """
    prefix = b"%b %b " % (stamp, stream)
    return prefix + whole[:-1].replace(b"\n", b"\n" + prefix) + b"\n"


def torn(stamp: bytes, stream: bytes, piece: bytes) -> bytes:
    """Return a piece of a line that has no newline of its own."""
    return b"%b %b~ %b\n" % (stamp, stream, piece)


def note(stamp: bytes, text: str) -> bytes:
    """Return a line of ours."""
    plain = " ".join(text.split())
    return b"%b --- %b\n" % (stamp, plain.encode("utf-8", "replace"))
