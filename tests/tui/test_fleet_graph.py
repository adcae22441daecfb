"""The graph of the whole fleet, over a fleet in memory."""

import pytest

from smtui.tui.screens.fleet_graph import FleetScreen
from smtui.tui.screens.graph import GraphScreen
from smtui.tui.screens.main import MainScreen
from smtui.tui.widgets.graph import GraphPane
from smtui.view.graph import Chosen
from tests.support.view_app import app_over, running, screen_text, settle
from tests.support.view_fake import FakeFleet

pytestmark = pytest.mark.acceptance


async def test_the_fleet_is_drawn_with_the_state_of_each_machine() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("f")
        await settle(pilot)
        await settle(pilot)

        assert isinstance(app.screen, FleetScreen)
        text = screen_text(app)
        assert "✖ resizing" in text
        assert "◆ await_ok" in text


async def test_a_machine_that_is_picked_is_gone_to() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("f")
        await settle(pilot)
        await settle(pilot)
        app.screen.query_one(GraphPane).choose(Chosen("thumbs"))
        await settle(pilot)
        assert isinstance(app.screen, FleetScreen)
        assert "thumbs" == app.screen.selection().machine
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, GraphScreen)
        await pilot.press("escape", "escape", "escape")
        await settle(pilot)

        assert isinstance(app.screen, MainScreen)
