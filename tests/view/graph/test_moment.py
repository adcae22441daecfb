"""What a journal says of a step, found again among the arrows of a graph."""

from smtui.view.graph import ANY, Edge, Graph, Node, arrows_of, edges_taken
from tests.support.view_graphs import graph_of
from tests.support.view_rows import entry

GRAPH = Graph(
    nodes=(Node("idle"), Node("busy"), Node("done")),
    edges=(
        Edge("0", "idle", "busy", "job"),
        Edge("1", ANY, "done", "stop"),
        Edge("2", "busy", "idle", "timeout(5)", delay_s=5.0),
        Edge("3", ANY, "idle", "timeout(5)", delay_s=5.0),
        Edge("4", "idle", "busy", "job"),
    ),
)


def test_a_step_is_the_first_arrow_of_its_source_event_and_target() -> None:
    step = entry(1, "m", "idle", "job", "busy").row

    assert ("0",) == edges_taken(arrows_of(GRAPH), step)


def test_a_step_along_an_arrow_from_any_state_is_found() -> None:
    step = entry(1, "m", "busy", "stop", "done").row

    assert ("1",) == edges_taken(arrows_of(GRAPH), step)


def test_an_ignored_event_took_no_arrow() -> None:
    step = entry(1, "m", "idle", "job", "idle", outcome="ignored").row

    assert () == edges_taken(arrows_of(GRAPH), step)


def test_an_arrow_that_names_a_family_of_events_or_none_is_found() -> None:
    graph = graph_of("a b error.*\na c io\nb c")
    arrows = arrows_of(graph)

    assert "0" == arrows.find("a", "error.execution", "b")
    assert "1" == arrows.find("a", "io.disk.full", "c")
    assert "2" == arrows.find("b", "after", "c")
    assert arrows.find("a", "iota", "c") is None


def test_a_step_of_another_version_took_no_arrow_of_this_one() -> None:
    step = entry(1, "m", "idle", "gone", "busy").row

    assert () == edges_taken(arrows_of(GRAPH), step)


def test_a_timer_is_the_delay_of_an_active_state_or_of_any() -> None:
    arrows = arrows_of(GRAPH)

    assert {"2": 9.0, "3": 9.0} == arrows.delays({"timeout(5)": 9.0}, ("busy",))
    assert {"3": 9.0} == arrows.delays({"timeout(5)": 9.0}, ("idle",))
    assert {} == arrows.delays({"timeout(7)": 9.0}, ("busy",))
