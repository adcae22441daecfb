"""A small edit changes a drawing little."""

from dataclasses import replace

import pytest

from smtui.view.graph import Drawing, Edge, Graph, Node, check, draw
from tests.support.view_graphs import REFERENCE

NAMES = ("order", "controller", "timeouts", "nested")


def sides(drawing: Drawing) -> set[tuple[str, str]]:
    """Return which states stand left of which, side by side in the same rows."""
    boxes = drawing.boxes
    return {
        (a, b)
        for a, left in boxes.items()
        for b, right in boxes.items()
        if left.x + left.width <= right.x
        and left.y < right.y + right.height
        and right.y < left.y + left.height
    }


def with_state(graph: Graph, beside: str) -> Graph:
    """Return the graph with one more state after another."""
    node = Node("fresh", parent=graph.by_id[beside].parent)
    edge = Edge("fresh", beside, "fresh", "more")
    return replace(graph, nodes=(*graph.nodes, node), edges=(*graph.edges, edge))


@pytest.mark.parametrize("name", NAMES)
def test_no_state_changes_sides_when_one_is_added(name: str) -> None:
    graph = REFERENCE[name]
    before = draw(graph)
    for node in graph.nodes:
        after = draw(with_state(graph, node.id), like=before)

        assert check(after) == ()
        turned = sides(before) & {(b, a) for a, b in sides(after)}
        assert turned == set(), f"a state after {node.id}"


@pytest.mark.parametrize("name", NAMES)
def test_the_same_chart_like_itself_is_the_same_drawing(name: str) -> None:
    before = draw(REFERENCE[name])

    after = draw(REFERENCE[name], like=before)

    assert sides(after) == sides(before)


def test_names_of_states_do_not_decide_where_they_stand() -> None:
    graph = REFERENCE["order"]
    other = {node.id: f"{n}{node.id[1:]}" for n, node in enumerate(graph.nodes)}
    renamed = Graph(
        tuple(replace(node, id=other[node.id]) for node in graph.nodes),
        tuple(
            replace(edge, source=other[edge.source], target=other[edge.target])
            for edge in graph.edges
        ),
        other["new"],
    )

    boxes = draw(graph).boxes
    assert {other[id_]: box for id_, box in boxes.items()} == draw(renamed).boxes
