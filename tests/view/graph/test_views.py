"""Which picture a pane shows."""

from smtui.view.graph import (
    BY_SIZE,
    NOW,
    Graph,
    Options,
    Pane,
    Picture,
    Sketch,
    View,
    Wanted,
    closer,
    draw,
    keeps_centre,
    neighbourhood,
    next_view,
    pick,
    sketch_of,
)
from tests.support.view_graphs import REFERENCE, graph_of

SMALL = graph_of("idle busy job\nbusy idle done", initial="idle")


class Drawer:
    """Draws at once, and knows what was asked for."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.asked: list[tuple[str, int, Options]] = []
        self.kept: dict[tuple[str, int, Options], Sketch] = {}

    def __call__(self, around: str, hops: int, options: Options) -> Sketch | None:
        key = (around if hops else "", hops, options)
        self.asked.append(key)
        if key not in self.kept:
            graph = neighbourhood(self.graph, around, hops) if hops else self.graph
            self.kept[key] = sketch_of(draw(graph, options))
        return self.kept[key]


def picture(
    graph: Graph, pane: tuple[int, int], wanted: Wanted = BY_SIZE, centre: str = ""
) -> Picture:
    found = pick(graph, centre or graph.initial, Pane(*pane), wanted, Drawer(graph))
    assert found is not None
    return found


def test_what_fits_is_shown_whole() -> None:
    assert View.WHOLE is picture(SMALL, (60, 20)).view
    assert View.WHOLE is picture(SMALL, (20, 9)).view


def test_a_chart_of_usual_size_is_scrolled_rather_than_cut() -> None:
    assert View.WHOLE is picture(REFERENCE["order"], (60, 20)).view


def test_in_a_small_pane_the_card_says_more_than_a_corner_of_a_drawing() -> None:
    assert NOW == picture(REFERENCE["order"], (31, 9))


def test_of_a_large_chart_what_is_near_is_shown() -> None:
    graph = REFERENCE["states-60"]
    drawer = Drawer(graph)

    found = pick(graph, graph.nodes[9].id, Pane(110, 30), BY_SIZE, drawer)

    assert found is not None
    assert View.NEAR is found.view
    assert all(hops for _, hops, _ in drawer.asked)


def test_a_pinned_view_is_shown_in_any_pane() -> None:
    graph = REFERENCE["order"]

    for view in View:
        assert view is picture(graph, (20, 5), Wanted(view), "paid").view


def test_while_a_drawing_is_made_there_is_none() -> None:
    def nothing(around: str, hops: int, options: Options) -> None:
        del around, hops, options

    for wanted in (BY_SIZE, Wanted(View.WHOLE), Wanted(View.NAMES), Wanted(View.NEAR)):
        assert pick(SMALL, None, Pane(60, 20), wanted, nothing) is None


def test_a_narrow_pane_gets_broken_labels_where_that_helps() -> None:
    graph = REFERENCE["controller"]

    wide, narrow = picture(graph, (200, 60)), picture(graph, (50, 60))

    assert wide.sketch is not None
    assert narrow.sketch is not None
    assert narrow.sketch.drawing.width < wide.sketch.drawing.width


def test_closer_and_closer_ends_at_the_card_and_back_at_the_names() -> None:
    shown = Picture(View.WHOLE)
    seen: list[str] = []
    for _ in range(6):
        wanted = closer(shown, 1)
        shown = Picture(wanted.view or View.NOW, wanted.hops)
        seen.append(shown.words)

    assert ["near 3 hops", "near 2 hops", "near 1 hop", "now", "now", "now"] == seen
    assert View.NAMES is closer(Picture(View.WHOLE), -5).view


def test_the_views_go_round_and_end_with_the_size_deciding() -> None:
    wanted = BY_SIZE
    seen: list[str] = []
    for _ in range(5):
        wanted = next_view(wanted)
        seen.append(wanted.words)

    assert ["whole", "names", "near 1 hop", "now", "by size"] == seen


def test_a_neighbourhood_stays_until_the_machine_walks_out_of_it() -> None:
    graph = REFERENCE["order"]
    near = neighbourhood(graph, "delivered", 1)
    shown = Picture(View.NEAR, 1, sketch_of(draw(near)))

    assert keeps_centre(shown, ["delivered"])
    assert not keeps_centre(shown, ["shipped"])
    assert not keeps_centre(shown, ["new"])
    assert not keeps_centre(Picture(View.WHOLE, 0, shown.sketch), ["delivered"])
