"""What `smtui health` says: whether all machines are well, and who is not."""

from collections.abc import Sequence
from typing import NamedTuple, Self

from smtui.cli.status import Row
from smtui.definition import Json
from smtui.view.times import age
from smtui.view.words import Standing

__all__ = ["Health"]

_ILL = frozenset({Standing.FAILED, Standing.HUNG, Standing.BACKOFF, Standing.STUCK})


class Health(NamedTuple):
    """The verdict on some rows at one instant."""

    rows: Sequence[Row]
    now: float
    """Seconds since the epoch."""
    ill: tuple[Row, ...]
    asking: tuple[Row, ...]

    @classmethod
    def of(cls, rows: Sequence[Row], now: float) -> Self:
        """Look at all rows."""
        ill = tuple(row for row in rows if _is_ill(row, now))
        return cls(rows, now, ill, tuple(row for row in rows if row.asks))

    @property
    def is_well(self) -> bool:
        """Say whether nobody is ill."""
        return not self.ill

    def document(self) -> dict[str, Json]:
        """Return the document of `health --json`."""
        return {
            "ok": self.is_well,
            "counts": dict(self._counts([row.status for row in self.rows])),
            "ill": [row.name for row in self.ill],
            "stuck": [row.name for row in self.rows if row.is_stuck(self.now)],
            "asks": [row.name for row in self.asking],
        }

    def line(self) -> str:
        """Return the verdict in one line."""
        counts = self._counts([row.standing(self.now).value for row in self.rows])
        summary = ", ".join(f"{n} {word}" for word, n in counts.items())
        worst = [self._why(row) for row in (*self.ill, *self.asking)]
        verdict = "ok" if self.is_well else "ill"
        return "; ".join([f"{verdict}: {summary or 'no machines'}", *worst])

    def _why(self, row: Row) -> str:
        if row.asks:
            return f"{row.name} asks: {row.asks}"
        if row.is_stuck(self.now) and row.since is not None:
            return f"{row.name} stuck in {row.where} for {age(self.now - row.since)}"
        return f"{row.name} {row.status}: {row.reason}"

    @staticmethod
    def _counts(words: Sequence[str]) -> dict[str, int]:
        return {word: words.count(word) for word in sorted(set(words))}


def _is_ill(row: Row, now: float) -> bool:
    """Say so also of one whose process waits until a human has decided."""
    standing = row.standing(now)
    return standing in _ILL or (standing is Standing.BLOCKED and row.pid is not None)
