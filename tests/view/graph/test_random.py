"""Any chart can be drawn, and the drawing is right."""

from hypothesis import given, settings

from smtui.view.graph import Drawn, Graph, Options, check, draw, read_lines, to_document
from tests.support.view_graphs import examples, graphs, options
from tests.support.view_outside import faults


@settings(max_examples=examples(usual=40, thorough=5000))
@given(graphs(), options())
def test_every_drawing_is_right_by_its_signs_alone(
    graph: Graph, wanted: Options
) -> None:
    """`python -m tests.proof charts` looks at 5,000 without hypothesis."""
    assert check(draw(graph, wanted)) == ()


@settings(max_examples=examples(usual=20, thorough=1000))
@given(graphs(most=20), options())
def test_a_stranger_finds_nothing_wrong_with_the_json(
    graph: Graph, wanted: Options
) -> None:
    document = to_document(draw(graph, wanted))

    assert faults(document, names_only=wanted.names_only) == []


@settings(max_examples=examples(usual=20, thorough=1000))
@given(graphs(most=15), options())
def test_what_is_recorded_of_a_drawing_is_what_its_signs_say(
    graph: Graph, wanted: Options
) -> None:
    drawing = draw(graph, wanted)

    by_signs = {
        (one.source, one.target): tuple(one.path) for one in read_lines(drawing)
    }
    assert {(one.source, one.target): one.path for one in drawing.strokes} == by_signs
    for edge in graph.edges:
        mark = drawing.marks.get(edge.id)
        if mark is None:
            assert wanted.names_only
        elif mark.drawn is Drawn.LINE:
            assert mark.path == by_signs[edge.source, edge.target]


@settings(max_examples=examples(usual=20, thorough=500))
@given(graphs(most=20), options())
def test_the_same_chart_gives_the_same_drawing(graph: Graph, wanted: Options) -> None:
    again = Graph(graph.nodes, graph.edges, graph.initial)

    assert draw(graph, wanted).cells == draw(again, wanted).cells
