"""The board: columns of states, cards of instances."""

from smtui.store.rows import InstanceRow, InstanceSize
from smtui.view.kanban import (
    HEAD_ROWS,
    Board,
    Spot,
    board_lines,
    board_of,
    moved,
    spot_at,
)
from smtui.view.text import cells, plain

NOW = 1_000.0
STATES = ("new", "paid", "sent", "a", "b", "c", "d")


def row(id_: str, state: str, ago: float = 60.0) -> InstanceRow:
    return InstanceRow("m", id_, 1, "running", (state,), 1, NOW - ago, {})


def board(new: int = 3, more: int = 0) -> Board:
    sizes = [
        InstanceSize("running", ("sent",), 1),
        InstanceSize("running", ("new",), new + more),
    ]
    cards: dict[tuple[str, ...], list[InstanceRow]] = {
        ("new",): [row(f"n-{n:02}", "new") for n in range(new)],
        ("sent",): [row("s-1", "sent", 7200)],
    }
    return board_of(sizes, cards, STATES, lambda where: where)


def shown(found: Board, spot: Spot, width: int = 60, height: int = 8) -> list[str]:
    return [plain(line) for line in board_lines(found, spot, NOW, width, height)]


def test_columns_stand_in_the_order_of_the_definition_with_their_counts() -> None:
    lines = shown(board(), Spot())

    assert lines[0].split() == ["new", "3", "│", "sent", "1"]
    assert lines[2].split() == ["▶n-00", "1m", "│", "s-1", "2h"]


def test_few_states_are_all_shown_also_when_nobody_is_in_them() -> None:
    found = board_of([], {}, ("new", "paid"), lambda where: where)

    assert [(column.title, column.n) for column in found.columns] == [
        ("new", 0),
        ("paid", 0),
    ]


def test_what_has_no_room_is_counted() -> None:
    lines = shown(board(new=40, more=99_960), Spot(), height=8)

    assert "99,995 more" in lines[-1]
    assert lines[0].split()[1] == "100,000"


def test_every_line_is_as_wide_as_the_others() -> None:
    for width in (18, 40, 79, 118):
        widths = {cells(line) for line in shown(board(), Spot(), width)[1:]}
        assert len(widths) == 1
        assert widths.pop() <= width


def test_the_cursor_stays_in_view_and_inside() -> None:
    found = board(new=40)
    spot = moved(found, Spot(), 0, 39)

    assert spot == Spot(0, 39)
    assert any("▶n-39" in line for line in shown(found, spot))
    assert moved(found, spot, 1, 0) == Spot(1, 0)
    assert moved(found, Spot(1, 0), 5, 5) == Spot(1, 0)


def test_a_card_is_found_at_its_cell() -> None:
    found = board()

    assert spot_at(found, Spot(), (5, HEAD_ROWS + 1), (60, 8)) == Spot(0, 1)
    assert spot_at(found, Spot(), (34, HEAD_ROWS), (60, 8)) == Spot(1, 0)
    assert spot_at(found, Spot(), (34, HEAD_ROWS + 1), (60, 8)) is None
    assert found.find("s-1") == Spot(1, 0)


def test_empty_columns_behind_the_last_cards_are_seen_with_them() -> None:
    states = tuple("abcdef")
    sizes = [InstanceSize("running", ("c",), 1)]
    found = board_of(sizes, {("c",): [row("c-1", "c")]}, states, lambda where: where)

    heads = shown(found, Spot(2), width=60)[0].replace("<", " ").split()
    assert heads[::3] == ["c", "d", "e"]


def test_a_column_whose_instances_ask_says_so() -> None:
    sizes = [InstanceSize("running", ("new",), 2), InstanceSize("running", ("b",), 1)]
    found = board_of(sizes, {}, ("new", "b"), lambda where: where, {"b"})

    assert [column.title for column in found.columns] == ["new", "◆ b"]
