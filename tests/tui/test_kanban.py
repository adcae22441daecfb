"""The board of a machine's instances, over a fleet in memory."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from smtui.tui.app import SmtuiApp
from smtui.tui.screens.instance import InstanceScreen
from smtui.tui.screens.kanban import KanbanScreen
from smtui.tui.screens.past import PastScreen
from smtui.tui.widgets.board import BoardPane
from smtui.tui.widgets.lists import Machines
from smtui.view.words import TIMES
from tests.support.view_app import app_over, running, screen_text, settle
from tests.support.view_entities import fleet_of_orders

pytestmark = pytest.mark.acceptance

SIZES = [(120, 36), (80, 24)]


class Compare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(
        self,
        app: SmtuiApp,
        *,
        terminal_size: tuple[int, int],
        run_before: Callable[[Pilot[str]], Awaitable[None]],
    ) -> bool:
        """Compare the app with the picture that was taken before."""
        ...


async def _open(pilot: Pilot[str], *keys: str) -> None:
    await settle(pilot)
    pilot.app.screen.query_one(Machines).move_to_key("orders")
    for key in keys:
        await pilot.press(key)
        for line in pilot.app.screen.query(Input):
            line.cursor_blink = False
        await settle(pilot)


async def test_the_board_counts_states_and_shows_the_first_instances() -> None:
    app = app_over(fleet_of_orders())
    async with running(app) as pilot:
        await _open(pilot, "b")

        assert isinstance(app.screen, KanbanScreen)
        text = screen_text(app)
        assert "Board · orders  56 instances" in text
        assert "SUBMITTED" in text
        assert "▶ORD-1001" in text


async def test_the_cursor_goes_among_cards_and_enter_opens_one() -> None:
    app = app_over(fleet_of_orders())
    async with running(app) as pilot:
        await _open(pilot, "b", "right", "down")
        card = app.screen.query_one(BoardPane).card
        await _open_card(pilot)

        assert card is not None
        assert card.id == "ORD-1005"
        assert isinstance(app.screen, InstanceScreen)
        assert app.screen.life == "orders ORD-1005"


async def _open_card(pilot: Pilot[str]) -> None:
    await pilot.press("enter")
    await settle(pilot)


async def test_an_event_from_the_board_is_for_the_instance_under_the_cursor() -> None:
    fake = fleet_of_orders()
    app = app_over(fake)
    async with running(app) as pilot:
        await _open(pilot, "b", "i")
        text = screen_text(app)

        assert "Inject into orders/ORD-1001 · DRAFT" in text
        assert "smtui send orders submit --instance ORD-1001" in text


async def test_an_event_for_no_instance_is_not_sent() -> None:
    app = app_over(fleet_of_orders())
    async with running(app) as pilot:
        await _open(pilot, "i", *"submit", "enter")

        assert "✖ for which instance? @orders/ID EVENT" in screen_text(app)

        await pilot.press("ctrl+u", "at", *"orders", "slash")
        await settle(pilot)

        assert "@orders/ID EVENT: any id, known or new" in screen_text(app)

        await pilot.press("enter")
        await settle(pilot)

        assert "✖ for which instance? @orders/ID EVENT" in screen_text(app)
        assert "> @orders/ " in screen_text(app)


async def test_a_state_on_the_graph_says_how_many_are_in_it() -> None:
    app = app_over(fleet_of_orders())
    async with running(app) as pilot:
        await _open(pilot, "g")
        await settle(pilot)

        assert f"{TIMES}45" in screen_text(app)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [("b",), ("b", "right", "i")], ids=["board", "inject"])
def test_pictures(
    snap_compare: Compare, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async def press(pilot: Pilot[str]) -> None:
        await _open(pilot, *keys)

    app = app_over(fleet_of_orders())

    assert snap_compare(app, terminal_size=size, run_before=press)


async def test_slash_on_the_board_finds_instances_by_their_id() -> None:
    app = app_over(fleet_of_orders())
    async with running(app) as pilot:
        await _open(pilot, "b", "slash", *"1055", "enter")

        text = screen_text(app)
        assert "Board · orders  1 instance with 1055" in text
        assert "▶ORD-1055" in text

        await _open_card(pilot)
        assert isinstance(app.screen, InstanceScreen)
        await pilot.press("escape", "escape")
        await settle(pilot)
        assert "56 instances" in screen_text(app)


async def test_the_past_of_many_instances_asks_which_on_the_board() -> None:
    app = app_over(fleet_of_orders())
    async with running(app) as pilot:
        await _open(pilot, "left_square_bracket")
        assert isinstance(app.screen, KanbanScreen)

        await pilot.press("left_square_bracket")
        await settle(pilot)
        assert isinstance(app.screen, PastScreen)
        assert app.screen.life == "orders ORD-1001"
