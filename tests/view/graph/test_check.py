"""The checker lets no damaged drawing through."""

import random

import pytest

from smtui.view.graph import (
    Cell,
    Direction,
    Drawing,
    Options,
    check,
    draw,
    read_lines,
)
from tests.support.view_graphs import REFERENCE, examples, graph_of, random_graph
from tests.support.view_mutants import changed, mutants

SMALL = graph_of("a b go\nb c on\nc a back\n* c stop", initial="a")


def drawings() -> list[Drawing]:
    """Return all small reference charts and some random ones, in both directions."""
    chance = random.Random(11)  # noqa: S311 - no secret
    graphs = [graph for graph in REFERENCE.values() if len(graph.nodes) < 30]
    graphs += [random_graph(chance, 12) for _ in range(20)]
    return [
        draw(graph, Options(direction=way, names_only=names_only))
        for graph in graphs
        for way in Direction
        for names_only in (False, True)
    ]


@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize("way", Direction)
def test_the_reference_drawings_are_right(name: str, way: Direction) -> None:
    assert check(draw(REFERENCE[name], Options(direction=way))) == ()


def test_of_a_hundred_damaged_drawings_ninety_nine_are_caught() -> None:
    count = examples(usual=600, thorough=5000)

    missed = [
        (mutant.before, mutant.after, *mutant.at)
        for mutant in mutants(drawings(), count, seed=5)
        if not check(mutant.drawing)
    ]

    assert len(missed) <= count // 100, missed


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
