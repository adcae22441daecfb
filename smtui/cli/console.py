"""Where a command writes: text for people, JSON for scripts.

The laws of this file:

- whatever a machine wrote is cleaned here before it reaches a terminal, and
  masked unless the operator asked to reveal it
- `--json` prints JSON and nothing else on stdout; notes go to stderr
- times are local with their zone for people (or UTC), RFC 3339 UTC in JSON
"""

import codecs
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from smtui.clock import Clock, SystemClock
from smtui.definition import Json

__all__ = ["Console", "counted"]


@dataclass(slots=True)
class Console:
    """The streams, the common options and the clock of one invocation."""

    out: TextIO
    err: TextIO
    clock: Clock
    data: Path | None = None
    """`--data`, else None: see `datadir`."""
    json: bool = False
    utc: bool = False
    reveal: bool = False
    opened: Path | None = None
    """The data directory this command works on, once it is known."""

    @classmethod
    def of_process(cls) -> "Console":
        """Return the console of this process, before any option is known.

        Whatever its streams cannot show has an ASCII twin from now on, also
        where argparse writes.
        """
        codecs.register_error(_TWINS, _twin)
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors=_TWINS)
        return cls(sys.stdout, sys.stderr, SystemClock())

    @property
    def zone(self) -> tzinfo | None:
        """The zone of times for people; None is local time."""
        return UTC if self.utc else None

    @property
    def is_terminal(self) -> bool:
        """Whether somebody looks: both ways are a terminal."""
        return sys.stdin.isatty() and self.out.isatty()

    def line(self, text: str = "") -> None:
        """Print one line, whatever the text holds."""
        from smtui.view.text import clean  # late: `smtui --help` needs no view

        self._write(self.out, clean(text))

    def text(self, text: str) -> None:
        """Print text of our own, line ends included."""
        self.out.write(text if text.endswith("\n") else text + "\n")

    def note(self, text: str) -> None:
        """Say something beside the result, on stderr."""
        from smtui.view.text import clean  # late: as in line()

        self._write(self.err, clean(text))

    def document(self, value: Json) -> None:
        """Print one JSON document on one line, secrets masked."""
        from smtui.view.masks import masked  # late: as in line()

        shown = masked(value, reveal=self.reveal)
        is_plain = (self.out.encoding or "").lower() not in _UTF8
        self.out.write(json.dumps(shown, ensure_ascii=is_plain) + "\n")
        self.out.flush()

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print rows in columns; the last column is as wide as it wants."""
        from rich.cells import cell_len  # late: only tables measure cells

        from smtui.view.text import clean  # late: as in line()

        cleaned = [[clean(cell) for cell in row] for row in rows]
        every = [list(heads), *cleaned]
        widths = [max(cell_len(row[n]) for row in every) for n in range(len(heads))]
        for row in every:
            cells = [
                cell + " " * (width - cell_len(cell))
                for cell, width in zip(row, widths, strict=True)
            ]
            self._write(self.out, "  ".join(cells).rstrip())

    def when(self, at: float | None) -> str:
        """Return an instant for people: date, time and zone."""
        from smtui.view.times import day_time, zone_name  # late: as in line()

        if at is None:
            return "-"
        return f"{day_time(at, self.zone)} {zone_name(at, self.zone)}".rstrip()

    def moment(self, at: float) -> str:
        """Return the time of day of an instant, with milliseconds."""
        from smtui.view.times import clock_time  # late: as in line()

        return clock_time(at, self.zone, ms=True)

    def _write(self, stream: TextIO, text: str) -> None:
        stream.write(text + "\n")
        stream.flush()


_TWINS = "smtui.twins"
"""The name of our way to write what a stream cannot encode."""

_UTF8 = frozenset({"utf-8", "utf8"})


def _twin(error: UnicodeError) -> tuple[str, int]:
    from smtui.view.text import to_ascii  # late: as in line()

    if not isinstance(error, UnicodeEncodeError):
        raise error
    return to_ascii(error.object[error.start : error.end]), error.end


def counted(n: int, what: str) -> str:
    """Return `1 error`, `2 errors`."""
    return f"{n} {what}{'' if n == 1 else 's'}"
