"""The neighbourhood of a state, with what is cut counted."""

from smtui.view.graph import Graph, check, draw, neighbourhood
from tests.support.view_graphs import REFERENCE


def shown(graph: Graph) -> dict[str, str]:
    return {node.id: node.badge for node in graph.nodes}


def test_one_hop_shows_what_leads_in_and_out() -> None:
    found = neighbourhood(REFERENCE["order"], "packed", 1)

    assert shown(found) == {"packed": "", "picking": "+1", "shipped": "+2"}


def test_no_hop_shows_the_state_alone() -> None:
    found = neighbourhood(REFERENCE["order"], "shipped", 0)

    assert shown(found) == {"shipped": "+3"}
    assert [edge.event for edge in found.edges] == ["track"]


def test_frames_around_a_kept_state_stay() -> None:
    found = neighbourhood(REFERENCE["nested"], "fetch", 1)

    assert set(shown(found)) == {"on", "busy", "load", "fetch", "parse"}
    assert check(draw(found)) == ()


def test_a_frame_whose_contents_are_cut_is_a_box() -> None:
    found = neighbourhood(REFERENCE["nested"], "idle", 1)

    assert "busy" in shown(found)
    assert "busy" not in found.children
    assert found.by_id["busy"].initial is None


def test_enough_hops_show_everything() -> None:
    graph = REFERENCE["order"]

    assert set(shown(neighbourhood(graph, "new", 9))) == set(shown(graph))


def test_an_unknown_state_gives_the_whole_graph() -> None:
    graph = REFERENCE["order"]

    assert neighbourhood(graph, "?", 1) is graph
