"""The checker lets no damaged drawing through."""

import pytest

from smtui.view.graph import (
    Cell,
    Direction,
    Options,
    check,
    draw,
    read_lines,
)
from tests.support.view_graphs import REFERENCE, graph_of
from tests.support.view_mutants import changed, missed, mutated_drawings

SMALL = graph_of("a b go\nb c on\nc a back\n* c stop", initial="a")


@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize("way", Direction)
def test_the_reference_drawings_are_right(name: str, way: Direction) -> None:
    assert check(draw(REFERENCE[name], Options(direction=way))) == ()


def test_of_a_hundred_damaged_drawings_ninety_nine_are_caught() -> None:
    """`python -m tests.proof mutants` looks at 5,000."""
    count = 200

    escaped = missed(mutated_drawings(randoms=4), count, seed=5)

    assert len(escaped) <= count // 100, escaped


@pytest.mark.parametrize("sign", "│─┼╯▲ x")
def test_no_sign_of_a_line_can_be_anything_else(sign: str) -> None:
    drawing = draw(SMALL)
    for stroke in drawing.strokes:
        for cell in stroke.path:
            if drawing.cells[cell.y][cell.x] != sign:
                assert check(changed(drawing, cell, sign)), cell


def test_a_line_is_followed_by_its_signs_to_what_it_leads_to() -> None:
    drawing = draw(REFERENCE["crossing"])

    found = {
        (trace.source, trace.target): tuple(trace.path) for trace in read_lines(drawing)
    }

    strokes = {(one.source, one.target): one.path for one in drawing.strokes}
    assert found == strokes


def test_a_missing_label_is_told_with_its_line() -> None:
    drawing = draw(SMALL)
    cell = drawing.marks["0"].text[0]

    found = check(changed(drawing, cell, "q"))

    assert ("label", "no ['go'] at the line 'a' to 'b'") in found


def test_a_missing_arrow_is_told_with_its_states() -> None:
    drawing = draw(SMALL)
    cell = drawing.strokes[0].path[-1]

    found = check(changed(drawing, cell, "─"))

    assert ("line", "0 lines 'a' to 'b'") in found


def test_a_sign_that_belongs_to_nothing_is_told() -> None:
    drawing = draw(SMALL)
    blank = next(
        Cell(x, y)
        for y, row in enumerate(drawing.cells)
        for x, sign in enumerate(row)
        if sign == " " and drawing.state_at(x, y) is None
    )

    found = check(changed(drawing, blank, "o"))

    assert ("stray", f"'o' at {blank.x},{blank.y} belongs to nothing") in found
