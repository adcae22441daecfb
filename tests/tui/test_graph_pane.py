"""The graph pane alone: its window, the mouse, what is painted."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from smtui.tui.ink import INKS
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.pane import Pane
from smtui.view.graph import (
    NOTHING_CHOSEN,
    Chosen,
    Graph,
    Moment,
    Options,
    draw,
    sketch_of,
)
from smtui.view.text import Span
from tests.support.view_graphs import REFERENCE, graph_of

SMALL = graph_of("idle resizing job\nresizing idle done", initial="idle")
LONG = "a_state_with_a_name_of_very_many_letters_that_no_drawing_would_have_room_for"


class PaneApp(App[None]):
    """Nothing but a graph pane."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(INKS)

    def __init__(self, graph: Graph, moment: Moment, *, is_ascii: bool = False) -> None:
        super().__init__()
        self.pane = GraphPane("g", "Graph", id="graph", is_ascii=is_ascii)
        self.sketch = sketch_of(draw(graph, Options()))
        self.moment = moment
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_ready(self) -> None:
        self.pane.focus()
        self.pane.show_sketch(self.sketch, self.moment)

    def on_graph_pane_picked(self) -> None:
        self.heard.append("picked")

    def on_pane_chosen(self, event: Pane.Chosen) -> None:
        self.heard.append("menu" if event.is_menu else "open")


@asynccontextmanager
async def pane_of(
    graph: Graph,
    active: str = "",
    size: tuple[int, int] = (60, 16),
    *,
    is_ascii: bool = False,
) -> AsyncIterator[tuple[Pilot[None], PaneApp, GraphPane]]:
    moment = Moment(100.0, (active,) if active else (), 59.0)
    app = PaneApp(graph, moment, is_ascii=is_ascii)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot, app, app.pane


def lines(pane: GraphPane) -> list[str]:
    return [pane.render_line(y).text for y in range(pane.size.height)]


def place_of(pane: GraphPane, state: str) -> tuple[int, int]:
    """Return the cell of the pane with the first sign of a state's name."""
    assert pane.sketch is not None
    x, y = pane.sketch.drawing.names[state][0]
    return x + 1 - pane.corner[0], y + 1 - pane.corner[1]


def place_of_label(pane: GraphPane, edge: str) -> tuple[int, int]:
    assert pane.sketch is not None
    x, y = pane.sketch.drawing.marks[edge].text[0]
    return x + 1 - pane.corner[0], y + 1 - pane.corner[1]


async def test_a_small_drawing_stands_in_the_middle() -> None:
    async with pane_of(SMALL, "idle") as (_, app, pane):
        width = app.sketch.drawing.width

        assert pane.corner == ((width - 58) // 2, 0)
        assert not pane.is_cut
        assert "●▶ idle" in lines(pane)[2]


async def test_following_brings_the_active_state_into_sight() -> None:
    async with pane_of(REFERENCE["order"], "new") as (_, app, pane):
        assert 0 == pane.top
        for state in ("delivered", "refunded", "new"):
            pane.show_sketch(app.sketch, Moment(100.0, (state,)))
            shown = "\n".join(lines(pane))
            assert "┏" in shown
            assert state in shown


async def test_a_step_that_stays_in_sight_does_not_move_the_window() -> None:
    async with pane_of(REFERENCE["order"], "picking", (60, 26)) as (_, app, pane):
        before = pane.corner
        pane.show_sketch(app.sketch, Moment(100.0, ("packed",)))

        assert before == pane.corner


async def test_moving_by_hand_ends_following_until_it_is_centred_again() -> None:
    async with pane_of(REFERENCE["order"], "new", (30, 12)) as (_, app, pane):
        pane.go(0)
        pane.pan(-99, 0)
        pane.pan(5, 4)
        assert (5, 4) == pane.corner
        assert not pane.is_following
        pane.show_sketch(app.sketch, Moment(100.0, ("refunded",)))
        assert (5, 4) == pane.corner

        pane.follow()
        assert "refunded" in "\n".join(lines(pane))
        pane.go(10**6)
        assert pane.max_scroll_y == pane.top
        pane.pan(10**6, -(10**6))
        wide = app.sketch.drawing.width
        assert (wide - 28, 0) == pane.corner
        assert f"columns {wide - 27}-{wide}" in lines(pane)[-1]


async def test_the_foot_keeps_its_rows_and_the_drawing_gets_the_rest() -> None:
    async with pane_of(REFERENCE["order"], "new") as (_, app, pane):
        foot = [(Span("why"),), (Span(" because"),)]
        pane.show_sketch(app.sketch, app.moment, foot)

        assert 12 == pane.page_rows
        assert "because" in lines(pane)[-2]
        assert "because" in pane.text_of_all()


async def test_only_rows_that_change_are_made_again() -> None:
    async with pane_of(SMALL, "idle") as (_, app, pane):
        lines(pane)
        before = dict(pane._rows)
        pane.show_sketch(app.sketch, Moment(101.0, ("resizing",), 60.0))
        lines(pane)

        same = [y for y, row in pane._rows.items() if row is before[y]]
        drawing = app.sketch.drawing
        between = range(3, drawing.boxes["resizing"].y)
        assert list(between) == same


async def test_a_click_picks_a_state_an_arrow_or_nothing() -> None:
    async with pane_of(SMALL, "idle") as (pilot, app, pane):
        await pilot.click(GraphPane, offset=place_of(pane, "resizing"))
        assert Chosen("resizing") == pane.chosen
        assert "chosen" in pane.styles_shown
        await pilot.click(GraphPane, offset=place_of_label(pane, "0"))
        assert Chosen(edges=("0",)) == pane.chosen
        await pilot.click(GraphPane, offset=(2, 14))
        assert NOTHING_CHOSEN == pane.chosen
        assert ["picked"] * 3 == app.heard


async def test_the_right_button_asks_for_verbs_and_a_second_click_opens() -> None:
    async with pane_of(SMALL, "idle") as (pilot, app, pane):
        place = place_of(pane, "idle")
        await pilot.click(GraphPane, offset=place, button=3)
        assert ["picked", "menu"] == app.heard
        await pilot.double_click(GraphPane, offset=place)
        assert "open" == app.heard[-1]


async def test_inside_a_frame_a_line_is_picked_and_else_the_innermost_state() -> None:
    async with pane_of(REFERENCE["nested"], "off", (60, 44)) as (pilot, app, pane):
        stroke = next(s for s in app.sketch.drawing.strokes if s.source == "fetch")
        x, y = stroke.path[1]
        cell = (x + 1 - pane.corner[0], y + 1 - pane.corner[1])
        await pilot.click(GraphPane, offset=cell)
        assert Chosen(edges=stroke.edges) == pane.chosen
        await pilot.click(GraphPane, offset=place_of(pane, "fetch"))
        assert Chosen("fetch") == pane.chosen
        await pilot.click(GraphPane, offset=place_of(pane, "load"))
        assert Chosen("load") == pane.chosen


async def test_the_button_held_down_moves_the_drawing_and_picks_nothing() -> None:
    async with pane_of(REFERENCE["order"], "new", (30, 12)) as (pilot, app, pane):
        pane.pan(-99, -99)
        await pilot.mouse_down(GraphPane, offset=(20, 8))
        await pilot.hover(GraphPane, offset=(17, 4))
        await pilot.mouse_up(GraphPane, offset=(17, 4))

        assert (3, 4) == pane.corner
        assert [] == app.heard
        await pilot.hover(GraphPane, offset=(10, 2))
        assert (3, 4) == pane.corner


async def test_the_wheel_scrolls_and_with_shift_sideways() -> None:
    async with pane_of(REFERENCE["order"], "new", (20, 12)) as (pilot, _, pane):
        pane.pan(-99, -99)
        for kind, is_shifted, expected in (
            (events.MouseScrollDown, False, (0, 3)),
            (events.MouseScrollDown, True, (6, 3)),
            (events.MouseScrollRight, False, (12, 3)),
            (events.MouseScrollLeft, False, (6, 3)),
            (events.MouseScrollUp, True, (0, 3)),
            (events.MouseScrollUp, False, (0, 0)),
        ):
            wheel = kind(pane, 5, 5, 0, 0, 0, is_shifted, meta=False, ctrl=False)
            pane.post_message(wheel)
            await pilot.pause()
            assert expected == pane.corner


async def test_the_pointer_says_the_whole_text_of_what_is_cut() -> None:
    graph = graph_of(f"s {LONG} go")
    async with pane_of(graph, "s", (100, 12)) as (pilot, _, pane):
        assert LONG not in "\n".join(lines(pane))
        await pilot.hover(GraphPane, offset=place_of(pane, LONG))
        assert LONG in lines(pane)[-1]
        await pilot.hover(GraphPane, offset=place_of_label(pane, "0"))
        assert f"s ─go→ {LONG}" in lines(pane)[-1]
        await pilot.hover(GraphPane, offset=(2, 10))
        assert "━" * 90 in lines(pane)[-1]


async def test_a_search_goes_through_what_it_finds() -> None:
    async with pane_of(REFERENCE["order"], "new") as (_, _, pane):
        pane.query_text = "p ck"
        assert ("picking", "packed") == pane.found()
        pane.choose_next(1)
        assert Chosen("picking") == pane.chosen
        pane.choose_next(1)
        assert Chosen("packed") == pane.chosen
        assert "packed" in "\n".join(lines(pane))
        pane.choose_next(1)
        assert Chosen("picking") == pane.chosen
        pane.query_text = "nowhere"
        pane.choose_next(1)
        assert Chosen("picking") == pane.chosen


async def test_the_first_state_picked_by_a_key_is_the_active_one() -> None:
    async with pane_of(REFERENCE["order"], "packed") as (_, _, pane):
        pane.choose_next(1)

        assert Chosen("packed") == pane.chosen


async def test_in_ascii_nothing_else_is_painted() -> None:
    graph = REFERENCE["parallel"]
    async with pane_of(graph, "boot", (80, 30), is_ascii=True) as (_, _, pane):
        assert "\n".join(lines(pane)).isascii()
        assert pane.text_of_all().isascii()


async def test_the_card_takes_the_place_of_a_drawing_and_gives_it_back() -> None:
    async with pane_of(SMALL, "idle") as (pilot, app, pane):
        pane.show_lines([(Span(f"line {n}"),) for n in range(30)])
        assert "line 0" in lines(pane)[1]
        await pilot.click(GraphPane, offset=(5, 5))
        pane.go(9)
        assert "line 9" in lines(pane)[1]
        pane.show_sketch(app.sketch, app.moment)
        assert "resizing" in "\n".join(lines(pane))
