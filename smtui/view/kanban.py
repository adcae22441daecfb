"""The instances of a machine as a board: a column a state, a card an instance.

Pure. A column's head says how many instances are in its state; of the cards
only the first are known, and the last line says how many there are beside.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from smtui.store.rows import InstanceRow, InstanceSize
from smtui.view.moves import Leaves
from smtui.view.text import Line, Span, clean, fit
from smtui.view.times import age
from smtui.view.words import MARKS, Standing

__all__ = [
    "Board",
    "Card",
    "Column",
    "Spot",
    "board_lines",
    "board_of",
    "moved",
    "spot_at",
]

LEAST_WIDTH, MOST_WIDTH = 18, 34
"""Of a column, in cells: an id and an age can be read; the eye finds the rest."""

HEAD_ROWS = 2

ALL_STATES = 6
"""A machine with no more states than this shows those nobody is in as well."""


class Card(NamedTuple):
    """One instance."""

    id: str
    status: str
    updated_at: float


class Column(NamedTuple):
    """A state, or the states of a configuration's regions."""

    states: tuple[str, ...]
    n: int
    cards: tuple[Card, ...]
    """The first of them, by id."""
    is_asking: bool = False
    """A human must answer for those in it."""

    @property
    def title(self) -> str:
        """Return what stands above it."""
        mark = f"{MARKS[Standing.ASKS].glyph} " if self.is_asking else ""
        return mark + "+".join(self.states)


class Board(NamedTuple):
    """All columns, in the order of the definition."""

    columns: tuple[Column, ...]

    @property
    def total(self) -> int:
        """Return how many instances there are."""
        return sum(column.n for column in self.columns)

    def card_at(self, spot: "Spot") -> Card | None:
        """Return the card under the cursor."""
        if not 0 <= spot.column < len(self.columns):
            return None
        cards = self.columns[spot.column].cards
        return cards[spot.row] if 0 <= spot.row < len(cards) else None

    def find(self, id_: str) -> "Spot | None":
        """Return where an instance is, if its card is shown."""
        for number, column in enumerate(self.columns):
            for row, card in enumerate(column.cards):
                if card.id == id_:
                    return Spot(number, row)
        return None


class Spot(NamedTuple):
    """Where the cursor is."""

    column: int = 0
    row: int = 0


def board_of(
    sizes: Iterable[InstanceSize],
    cards: Mapping[tuple[str, ...], Sequence[InstanceRow]],
    states: Sequence[str],
    leaves: Leaves,
    asking: Container[str] = (),
) -> Board:
    """Return the board; `cards` has the first instances by configuration.

    `states` are the innermost ones of the definition, in its order; `asking`
    are those that put a question to a human.
    """
    counts: dict[tuple[str, ...], int] = {}
    rows: dict[tuple[str, ...], list[Card]] = {}
    if len(states) <= ALL_STATES:
        counts = dict.fromkeys(((state,) for state in states), 0)
    for size in sizes:
        where = tuple(leaves(size.configuration))
        counts[where] = counts.get(where, 0) + size.n
        for row in cards.get(size.configuration, ()):
            if row.status == size.status:
                card = Card(row.id, row.status, row.updated_at)
                rows.setdefault(where, []).append(card)
    order = {state: number for number, state in enumerate(states)}

    def place(where: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        return (order.get(where[0], len(order)) if where else -1, where)

    return Board(
        tuple(
            Column(
                where,
                counts[where],
                tuple(sorted(rows.get(where, ()))),
                is_asking=any(state in asking for state in where),
            )
            for where in sorted(counts, key=place)
        )
    )


def moved(board: Board, spot: Spot, columns: int, rows: int) -> Spot:
    """Return the spot so many columns and rows on, inside the board.

    Sideways empty columns are passed over.
    """
    last = len(board.columns) - 1
    column = min(max(0, spot.column), max(0, last))
    for _ in range(abs(columns)):
        step = 1 if columns > 0 else -1
        there = column + step
        while 0 <= there <= last and not board.columns[there].cards:
            there += step
        column = there if 0 <= there <= last else column
    most = len(board.columns[column].cards) - 1 if board.columns else 0
    return Spot(column, min(max(0, spot.row + rows), max(0, most)))


def board_lines(
    board: Board, spot: Spot, now: float, width: int, height: int
) -> list[Line]:
    """Return the board for a pane of that size, the cursor's column in view."""
    if not board.columns or width < LEAST_WIDTH or height <= HEAD_ROWS:
        return []
    first, count, wide = _view(board, spot, width)
    shown = board.columns[first : first + count]
    room = height - HEAD_ROWS
    blocks = [
        _column(column, now, wide, room, spot.row if first + n == spot.column else None)
        for n, column in enumerate(shown)
    ]
    ends = [" " if first == 0 else "<", " "]
    if first + count < len(board.columns):
        ends[1] = ">"
    lines: list[Line] = []
    for row in range(height):
        spans: list[Span] = []
        for n, block in enumerate(blocks):
            mark = " " if n == 0 else "│"
            if row == 0 and n == 0:
                mark = ends[0]
            spans += [Span(mark, "rule"), *block[row]]
        if row == 0 and ends[1] != " ":
            spans.append(Span(ends[1], "rule"))
        lines.append(tuple(spans))
    return lines


def spot_at(
    board: Board, spot: Spot, cell: tuple[int, int], size: tuple[int, int]
) -> Spot | None:
    """Return the card at a cell of what `board_lines` draws, or None."""
    (x, y), (width, height) = cell, size
    if not board.columns or width < LEAST_WIDTH or y < HEAD_ROWS:
        return None
    first, count, wide = _view(board, spot, width)
    number = x // (wide + 1)
    if not 0 <= number < count:
        return None
    column = first + number
    at = spot.row if column == spot.column else None
    top, places = _window(board.columns[column], height - HEAD_ROWS, at)
    row = top + y - HEAD_ROWS
    return Spot(column, row) if row < top + places else None


def _view(board: Board, spot: Spot, width: int) -> tuple[int, int, int]:
    """Return the first column in view, how many there are, and their width."""
    most = max(1, width // (LEAST_WIDTH + 1))
    count = min(len(board.columns), most)
    wide = min(MOST_WIDTH, width // count - 1)
    reach = spot.column
    while reach - spot.column < count - 1 and _is_empty(board, reach + 1):
        reach += 1  # the cursor passes over empty columns: they are seen with it
    first = min(max(0, reach - count + 1), len(board.columns) - count)
    return first, count, wide


def _is_empty(board: Board, column: int) -> bool:
    return column < len(board.columns) and not board.columns[column].cards


def _column(
    column: Column, now: float, width: int, room: int, at: int | None
) -> list[tuple[Span, ...]]:
    """Return the lines of a column: head, rule, cards, what is left out."""
    number = f"{column.n:,}"
    title = fit(clean(column.title), max(1, width - len(number) - 3))
    lines: list[tuple[Span, ...]] = [
        (
            Span(f" {title} ", "title" if column.n else "quiet"),
            Span(number, "number"),
            Span(" "),
        ),
        (Span("─" * width, "rule"),),
    ]
    top, places = _window(column, room, at)
    lines += [
        _card(column.cards[row], now, width, is_chosen=row == at)
        for row in range(top, top + places)
    ]
    beside = column.n - places
    if beside > 0:
        text = f" {beside:,} more" if places else ""
        lines.append((Span(fit(text, width), "quiet"),))
    blank = (Span(" " * width),)
    return [*lines, *[blank] * (room + HEAD_ROWS - len(lines))][: room + HEAD_ROWS]


def _window(column: Column, room: int, at: int | None) -> tuple[int, int]:
    """Return the first card that is shown, and how many are."""
    have = len(column.cards)
    places = have if column.n <= room and have == column.n else min(have, room - 1)
    top = 0 if at is None else max(0, min(at - places + 1, have - places))
    return top, max(0, places)


def _card(card: Card, now: float, width: int, *, is_chosen: bool) -> tuple[Span, ...]:
    ago = age(max(0.0, now - card.updated_at))
    name = fit(clean(card.id), max(1, width - len(ago) - 3))
    if is_chosen:
        return (Span(f"▶{name} {ago} ", "cursor"),)
    return (Span(f" {name} "), Span(f"{ago} ", "quiet"))
