"""Highlighting changes cells, never places."""

from hypothesis import given, settings
from hypothesis import strategies as st

from smtui.view.graph import (
    Cell,
    Glow,
    Graph,
    Options,
    caption,
    draw,
    highlight,
    lamp_of,
    merged,
    row_runs,
    to_text,
)
from smtui.view.graph.width import cells
from tests.support.view_graphs import REFERENCE, graphs, options

ORDER = draw(REFERENCE["order"])


def text_of(drawing_row: tuple[tuple[str, str], ...]) -> str:
    return "".join(text for text, _ in drawing_row)


def test_an_active_state_is_heavy_and_its_light_lines_leave_it_light() -> None:
    overlay = highlight(lamp_of(ORDER), {"shipped": Glow("active")}, {})

    box = ORDER.boxes["shipped"]
    bottom = text_of(row_runs(ORDER, box.y + box.height - 1, overlay))
    assert bottom[box.x : box.x + box.width] == "┗┯━━━━━━━━━━━┯┛"


def test_a_lit_line_is_heavy_up_to_its_arrowhead() -> None:
    overlay = highlight(lamp_of(ORDER), {}, {"8": Glow("lit")})

    path = ORDER.marks["8"].path
    shown = [overlay[cell.y][cell.x].sign for cell in path]
    assert shown == ["┰", "┃", "▼"]


def test_a_lit_line_crosses_others_visibly() -> None:
    drawing = draw(REFERENCE["crossing"])
    lamp = lamp_of(drawing)
    signs = {
        patch.sign
        for edge in drawing.marks
        for row in highlight(lamp, {}, {edge: Glow("lit")}).values()
        for patch in row.values()
    }

    assert {"╂", "┿"} <= signs


def test_a_glow_that_is_not_heavy_changes_styles_only() -> None:
    overlay = highlight(
        lamp_of(ORDER),
        {"paid": Glow("past", is_heavy=False)},
        {"1": Glow("past", False)},
    )

    assert overlay
    for y, row in overlay.items():
        for x, patch in row.items():
            assert patch == (ORDER.cells[y][x], "past")


def test_unknown_states_and_edges_light_nothing() -> None:
    assert highlight(lamp_of(ORDER), {"?": Glow("x")}, {"?": Glow("x")}) == {}


@settings(max_examples=40)
@given(graphs(most=15), options(), st.data())
def test_highlighting_touches_no_cell_of_anything_else(
    graph: Graph, wanted: Options, data: st.DataObject
) -> None:
    drawing = draw(graph, wanted)
    node = data.draw(st.sampled_from(graph.nodes)).id
    overlay = highlight(lamp_of(drawing), {node: Glow("active")}, {})

    box = drawing.boxes[node]
    for y, row in overlay.items():
        for x, patch in row.items():
            assert box.has(Cell(x, y)) or box.is_row
            assert cells(patch.sign) == cells(drawing.cells[y][x])
    assert to_text(drawing, {}) == to_text(drawing)


@settings(max_examples=40)
@given(graphs(most=12), options(), st.integers(0, 40), st.integers(1, 40))
def test_a_window_shows_the_same_cells_as_the_whole(
    graph: Graph, wanted: Options, left: int, width: int
) -> None:
    drawing = draw(graph, wanted)
    for y in range(drawing.height):
        whole = [*drawing.cells[y], *[" "] * (left + width)]
        shown = whole[left : left + width]
        if shown and not shown[0]:
            shown[0] = " "
        if left + width < len(whole) and not whole[left + width]:
            shown[-1] = " "
        cut = row_runs(drawing, y, {}, (left, left + width))
        assert text_of(cut).rstrip() == "".join(shown).rstrip()


def test_a_row_outside_is_empty() -> None:
    assert row_runs(ORDER, -1, {}) == ()
    assert row_runs(ORDER, ORDER.height, {}) == ()


def test_ascii_is_ascii_and_as_wide() -> None:
    drawing = draw(REFERENCE["crossing"])
    text = to_text(drawing, is_ascii=True)

    assert text.isascii()
    assert [len(line) for line in text.splitlines()] == [
        len(line) for line in drawing.lines
    ]


def test_a_caption_stands_on_the_frame_beside_the_lines() -> None:
    overlay = caption(ORDER, "shipped", "12", "count")

    box = ORDER.boxes["shipped"]
    bottom = text_of(row_runs(ORDER, box.y + box.height - 1, overlay))
    assert bottom[box.x : box.x + box.width] == "╰┬────────12─┬╯"


def test_a_caption_without_room_is_left_out() -> None:
    assert caption(ORDER, "nothing", "12", "count") == {}
    assert merged({}, {1: {}}) == {1: {}}


def test_a_long_caption_is_shortened() -> None:
    overlay = caption(ORDER, "new", "x" * 40, "count")

    (row,) = overlay.values()
    assert "".join(patch.sign for patch in row.values()) == "xxxxxx…"


def test_a_click_finds_the_innermost_state_and_the_line() -> None:
    drawing = draw(REFERENCE["nested"])
    box = drawing.boxes["fetch"]

    assert drawing.state_at(box.x + 1, box.y + 1) == "fetch"
    assert drawing.state_at(0, 0) is None
    stroke = next(one for one in ORDER.strokes if len(one.edges) == 2)
    middle = stroke.path[1]
    assert ORDER.edges_at(middle.x, middle.y) == stroke.edges
    label = ORDER.marks[stroke.edges[1]].text[0]
    assert ORDER.edges_at(label.x, label.y) == (stroke.edges[1],)
