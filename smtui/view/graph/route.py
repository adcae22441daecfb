"""Routing between two layers: every piece of line gets cells of its own.

A channel lies between the pins of an upper and a lower layer. A piece joins
two pins: straight down when they share a column, else by one horizontal track.
Two pieces whose tracks overlap never share a row; where the upper pin of one
and the lower pin of another share a column, the first one's track lies above.
So two pieces meet only where one runs straight across the other. A circle of
such demands is broken by a detour through a free column.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

__all__ = ["Piece", "Track", "route"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Two pins to be joined: columns, and whether the second is above too."""

    start: int
    """A column of the upper side."""
    end: int
    is_turn: bool = False
    """Both pins are on the upper side."""


@dataclass(frozen=True, slots=True)
class Track:
    """A horizontal run: from the start's side to the end's side."""

    row: int
    start: int
    end: int


@dataclass(slots=True)
class _Run:
    """A track without a row yet, and the pins its ends lead to."""

    piece: int
    start: int
    end: int
    tops: tuple[int, ...]
    bottoms: tuple[int, ...]
    low: int = 0
    high: int = 0
    above: set[int] = field(default_factory=set[int])
    """Runs that must lie above this one."""

    def __post_init__(self) -> None:
        self.low, self.high = min(self.start, self.end), max(self.start, self.end)


def route(pieces: Sequence[Piece]) -> tuple[int, list[tuple[Track, ...]]]:
    """Return how many rows the channel needs, and the tracks of each piece.

    A straight piece has no track, one with a detour two.
    """
    runs = _runs(pieces)
    if not runs:
        return 0, [()] * len(pieces)
    _demand(runs)
    rows = _rows(runs, _sorted(runs))
    tracks: list[list[Track]] = [[] for _ in pieces]
    for run, row in zip(runs, rows, strict=True):
        tracks[run.piece].append(Track(row, run.start, run.end))
    return max(rows) + 1, [tuple(found) for found in tracks]


def _runs(pieces: Sequence[Piece]) -> list[_Run]:
    runs: list[_Run] = []
    detours = _detours(pieces)
    for number, piece in enumerate(pieces):
        start, end = piece.start, piece.end
        if piece.is_turn:
            runs.append(_Run(number, start, end, (start, end), ()))
        elif number in detours:
            middle = detours[number]
            runs.append(_Run(number, start, middle, (start,), ()))
            above = {len(runs) - 1}
            runs.append(_Run(number, middle, end, (), (end,), above=above))
        elif start != end:
            runs.append(_Run(number, start, end, (start,), (end,)))
    return runs


def _detours(pieces: Sequence[Piece]) -> dict[int, int]:
    """Return the free column through which to lead one piece of each circle."""
    by_end = {piece.end: n for n, piece in enumerate(pieces) if not piece.is_turn}
    used = {column for piece in pieces for column in (piece.start, piece.end)}
    found: dict[int, int] = {}
    done: set[int] = set()
    for number in range(len(pieces)):
        way: list[int] = []
        here: int | None = number
        while here is not None and here not in done and not pieces[here].is_turn:
            done.add(here)
            way.append(here)
            here = by_end.get(pieces[here].start)
            if here == way[-1]:  # a straight piece
                break
            if here in way:
                piece = min(
                    way[way.index(here) :],
                    key=lambda n: abs(pieces[n].start - pieces[n].end),
                )
                found[piece] = _free_column(pieces[piece], used)
                break
    return found


def _free_column(piece: Piece, used: set[int]) -> int:
    """Return the unused column nearest to a piece, and mark it used."""
    low, high = sorted((piece.start, piece.end))
    distance = 0
    inside = [column for column in range(low, high + 1) if column not in used]
    while not inside:
        distance += 1
        inside = [c for c in (low - distance, high + distance) if c not in used]
    used.add(inside[0])
    return inside[0]


def _demand(runs: list[_Run]) -> None:
    """Note for every run which ones must lie above it."""
    by_top = {column: n for n, run in enumerate(runs) for column in run.tops}
    for number, run in enumerate(runs):
        for column in run.bottoms:
            upper = by_top.get(column)
            if upper is not None and upper != number:
                run.above.add(upper)


def _crossings(upper: _Run, lower: _Run) -> int:
    """Return how often two runs cross when the first lies above the second."""
    return sum(upper.low < column < upper.high for column in lower.tops) + sum(
        lower.low < column < lower.high for column in upper.bottoms
    )


def _sorted(runs: list[_Run]) -> list[int]:
    """Return the runs from top to bottom: demands met, few crossings."""
    count = len(runs)
    cost = [[0] * count for _ in runs]
    for a in range(count):
        for b in range(a + 1, count):
            if runs[a].low <= runs[b].high and runs[b].low <= runs[a].high:
                above = _crossings(runs[a], runs[b])
                below = _crossings(runs[b], runs[a])
                cost[a][b], cost[b][a] = above - below, below - above
    waiting = set(range(count))
    order: list[int] = []
    total = [sum(row) for row in cost]
    while waiting:
        ready = [n for n in waiting if not runs[n].above & waiting]
        chosen = min(ready, key=lambda n: (total[n], runs[n].low, n))
        waiting.discard(chosen)
        order.append(chosen)
        for n in waiting:
            total[n] -= cost[n][chosen]
    return order


def _rows(runs: list[_Run], order: list[int]) -> list[int]:
    """Return a row for every run: no overlap, order kept where it matters."""
    rows = [0] * len(runs)
    placed: list[int] = []
    for number in order:
        run = runs[number]
        least = 0
        taken: set[int] = set()
        for other in placed:
            upper = runs[other]
            overlaps = upper.low <= run.high and run.low <= upper.high
            if overlaps:
                taken.add(rows[other])
            if other in run.above or (
                overlaps and _crossings(upper, run) < _crossings(run, upper)
            ):
                least = max(least, rows[other] + 1)
        while least in taken:
            least += 1
        rows[number] = least
        placed.append(number)
    return rows
