"""Channels: whatever the pins, no two lines share a cell but to cross."""

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from smtui.view.graph.route import Piece, Track, route


@st.composite
def channels(draw: st.DrawFn) -> list[Piece]:
    count = draw(st.integers(0, 8))
    columns = st.integers(0, 12)
    tops = draw(st.lists(columns, min_size=count, max_size=count, unique=True))
    ends = draw(st.lists(columns, min_size=count, max_size=count, unique=True))
    pieces = [Piece(a, b) for a, b in zip(tops, ends, strict=True)]
    turns = draw(st.integers(0, 2))
    free = [column for column in range(16) if column not in tops]
    return pieces + [
        Piece(free[2 * n], free[2 * n + 1], is_turn=True) for n in range(turns)
    ]


def cells_of(
    piece: Piece, tracks: tuple[Track, ...], rows: int
) -> list[tuple[int, int, str]]:
    """Return row, column and direction of every cell of a routed piece."""
    found: list[tuple[int, int, str]] = []
    here, column = -1, piece.start
    for track in tracks:
        found += [(row, column, "|") for row in range(here + 1, track.row)]
        low, high = sorted((track.start, track.end))
        found += [(track.row, at, "-") for at in range(low + 1, high)]
        found += [(track.row, at, "+") for at in (low, high)]
        here, column = track.row, track.end
    last = -1 if piece.is_turn else rows
    step = 1 if last > here else -1
    found += [(row, column, "|") for row in range(here + step, last, step)]
    return found


@given(channels())
def test_lines_share_a_cell_only_to_cross(pieces: list[Piece]) -> None:
    rows, tracks = route(pieces)

    taken: dict[tuple[int, int], list[str]] = defaultdict(list)
    for piece, own in zip(pieces, tracks, strict=True):
        for row, column, way in cells_of(piece, own, rows):
            assert 0 <= row < rows
            taken[row, column].append(way)
    shared = [sorted(ways) for ways in taken.values() if len(ways) > 1]
    assert all(ways == ["-", "|"] for ways in shared)


def test_straight_lines_need_no_rows() -> None:
    assert route([Piece(1, 1), Piece(4, 4)]) == (0, [(), ()])


def test_two_lines_that_change_places_take_a_detour() -> None:
    rows, tracks = route([Piece(1, 5), Piece(5, 1)])

    assert rows == 3
    assert sorted(len(own) for own in tracks) == [1, 2]


def test_lines_side_by_side_share_a_row() -> None:
    rows, _ = route([Piece(0, 3), Piece(8, 5)])

    assert rows == 1


def test_parallel_bends_do_not_cross() -> None:
    _, tracks = route([Piece(0, 10), Piece(2, 12)])

    assert tracks[0][0].row > tracks[1][0].row
