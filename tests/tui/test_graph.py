"""The graph on the main screen and on its page, over a fleet in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from smtui.store.rows import DefinitionRow
from smtui.tui.app import SmtuiApp
from smtui.tui.screens.graph import GraphScreen
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.palette import Palette
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.lists import Machines
from smtui.view.graph import NOTHING_CHOSEN, Chosen
from smtui.wire.messages import ChildState
from tests.support.store import HandClock
from tests.support.view_app import app_over, learn, running, screen_text, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, frame, machine, update
from tests.support.view_rows import entry

pytestmark = pytest.mark.acceptance


@asynccontextmanager
async def page_of(
    name: str, fake: FakeFleet, app: SmtuiApp | None = None
) -> AsyncIterator[tuple[Pilot[str], SmtuiApp, GraphPane]]:
    """Open the graph page of a machine."""
    app = app or app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key(name)
        await pilot.press("g")
        await settle(pilot)
        yield pilot, app, app.screen.query_one(GraphPane)


def view_of(app: SmtuiApp) -> str:
    screen = app.screen
    assert isinstance(screen, GraphScreen | MainScreen)
    return screen.graphing.words


async def test_a_page_shows_the_graph_and_its_views_are_gone_through() -> None:
    async with page_of("thumbs", FakeFleet()) as (pilot, app, pane):
        text = screen_text(app)
        assert "┃ resizing ┃" in text
        assert "✖ 9m" in text
        assert "gave up: 5 exits" in text
        assert "thumbs · resizing 9m" == pane.pane_title
        for key, expected in (
            ("g", "whole pinned"),
            ("g", "names pinned"),
            ("plus", "whole pinned"),
            ("equals_sign", "near 3 hops pinned"),
            ("minus", "whole pinned"),
            ("g", "names pinned"),
            ("g", "near 1 hop pinned"),
            ("g", "now pinned"),
            ("g", "whole"),
        ):
            await pilot.press(key)
            await settle(pilot)
            assert expected == view_of(app)
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_what_is_picked_is_told_of_and_its_events_are_listed() -> None:
    async with page_of("approvals", FakeFleet()) as (pilot, app, pane):
        await pilot.press("n")
        await settle(pilot)
        assert Chosen("await_ok") == pane.chosen
        text = screen_text(app)
        assert "state await_ok" in text
        assert "approve ─▶ published  never taken" in text

        await pilot.press("N")
        assert Chosen("rejected") == pane.chosen
        await pilot.press("slash", *"wait", "enter", "n")
        assert Chosen("await_ok") == pane.chosen
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, Palette)
        text = screen_text(app)
        assert "await_ok ─▶ published" in text
        assert "$ smtui send approvals approve" in text
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, InjectBox)
        await pilot.press("escape", "escape")
        assert NOTHING_CHOSEN == pane.chosen
        assert "wait" == pane.query_text
        await pilot.press("escape")
        assert "" == pane.query_text
        assert isinstance(app.screen, GraphScreen)


async def test_a_read_only_screen_lists_no_event() -> None:
    fake = FakeFleet()
    app = app_over(fake, read_only=True)
    async with page_of("approvals", fake, app) as (pilot, _, _):
        await pilot.press("n", "enter")
        await settle(pilot)

        assert "inject approve" not in screen_text(app)


async def test_a_transition_lights_its_arrow_and_moves_nothing() -> None:
    fake, clock = FakeFleet(), HandClock(NOW)
    app = app_over(fake, clock=clock)
    async with page_of("thumbs", fake, app) as (pilot, _, pane):
        sketch, corner = pane.sketch, pane.corner
        fake.put(update(machine("thumbs", now_in=frame("thumbs", "idle", NOW))))
        fake.steps_kept.append(entry(900, "thumbs", "resizing", "done", "idle", at=NOW))
        await settle(pilot)
        await learn(pilot, fake)

        assert sketch is pane.sketch
        assert corner == pane.corner
        assert {"ready", "lit"} <= pane.styles_shown
        clock.pass_s(60)
        await settle(pilot)
        assert "lit-last" in pane.styles_shown


async def test_pane_2_shows_the_selected_machine_and_keeps_a_pinned_view() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await settle(pilot)
        pane = app.screen.query_one(GraphPane)
        assert "┃ resizing ┃" in screen_text(app)
        await pilot.press("minus")
        assert app.screen.query_one(Machines).order.is_reversed
        await pilot.press("minus", "2", "minus")
        await settle(pilot)
        assert "names pinned" == view_of(app)
        assert not app.screen.query_one(Machines).order.is_reversed

        app.screen.query_one(Machines).move_to_key("billing")
        await settle(pilot)
        assert "names pinned" in pane.pane_info
        assert "⧗ charging ]" in screen_text(app)
        await pilot.press("n", "enter")
        await settle(pilot)
        assert isinstance(app.screen, Palette)
        await pilot.press("escape", "z")
        await settle(pilot)
        assert 120 == pane.size.width
        await pilot.press("home", "down", "right", "left", "end", "G", "y")
        assert pane.is_following
        await pilot.press("escape", "escape")
        assert NOTHING_CHOSEN == pane.chosen
        assert pane.size.width < 120


async def test_a_large_chart_shows_what_is_near_and_keys_do_not_wait_for_the_map() -> (
    None
):
    async with page_of("thumbs", _large(110)) as (pilot, app, pane):
        assert pane.sketch is not None
        assert "near" in view_of(app)
        await pilot.press("g")
        await pilot.pause()
        app.flush()
        assert app.context.graphs.is_busy
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_a_machine_without_a_readable_definition_has_its_card() -> None:
    fake = _defined("{{{")
    async with page_of("thumbs", fake) as (pilot, app, pane):
        await pilot.press("n", "plus", "g", "left")
        await settle(pilot)

        assert pane.sketch is None
        assert "● ready" in screen_text(app)


def _defined(text: str) -> FakeFleet:
    """Return a fleet in which `thumbs` has this definition, in state `s`."""
    fake = FakeFleet()
    fake.definitions["hash-x"] = DefinitionRow("hash-x", "engine", "x", "x.yaml", text)
    thumbs = machine("thumbs", ChildState.READY, frame("thumbs", "s"))
    thumbs = replace(thumbs, definition="hash-x")
    others = tuple(one for one in fake.fleet.machines if one.name != "thumbs")
    fake.fleet = replace(fake.fleet, machines=(thumbs, *others))
    return fake


def _large(states: int) -> FakeFleet:
    """Return a fleet in which `thumbs` has a chart of that many states."""
    names = ["s", *(f"state_{n}" for n in range(1, states))]
    arrows = [
        f"  - {{from: {names[source]}, to: {names[n]}, event: go_{n}_{source}}}"
        for n in range(1, states)
        for source in {n // 2, max(0, n - 3)}
    ]
    head = ["initial_state: s", f"states: [{', '.join(names)}]", "transitions:"]
    return _defined("\n".join([*head, *arrows]) + "\n")


async def test_replicas_are_counted_at_their_states() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("crawler")
        await settle(pilot)
        pane = app.screen.query_one(GraphPane)
        assert {"fetching": 1, "waiting": 1} == pane.moment.counts
        text = pane.text_of_all()
        assert "\N{MULTIPLICATION SIGN}1" in text
        assert "crawler#2" in text

        await pilot.press("2", "n", "enter")
        await settle(pilot)
        assert "smtui send crawler" in screen_text(app)
