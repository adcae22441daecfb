"""Graphs that cannot be drawn cannot be built."""

import pytest

from smtui.errors import InternalError
from smtui.view.graph import Edge, Graph, Node


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (lambda: Graph((Node("a"), Node("a"))), "two nodes have the id 'a'"),
        (lambda: Graph((Node("a", parent="b"),)), "parent of 'a' is 'b'"),
        (lambda: Graph((Node("a"),), initial="b"), "initial node is 'b'"),
        (lambda: Graph((Node("a"),), (Edge("1", "a", "b"),)), "target of '1' is 'b'"),
        (lambda: Graph((Node("a"),), (Edge("1", "b", "a"),)), "source of '1' is 'b'"),
        (
            lambda: Graph((Node("a", parent="b"), Node("b", parent="a"))),
            "is its own ancestor",
        ),
    ],
)
def test_a_graph_that_cannot_be_drawn_is_refused(graph: object, message: str) -> None:
    assert callable(graph)

    with pytest.raises(InternalError, match=message):
        graph()


def test_a_label_tells_event_or_delay_and_guard() -> None:
    assert Edge("1", "a", "b", "pay").label == "pay"
    assert Edge("1", "a", "b", "pay", guard="qty>0").label == "pay [qty>0]"
    assert Edge("1", "a", "b", "timeout(5)", delay_s=5).label == "after 5s"
    assert Edge("1", "a", "b", "", guard="ok", delay_s=0.25).label == "after 0.25s [ok]"
    assert Edge("1", "a", "b").label == ""
