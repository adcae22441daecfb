"""Going back in a machine's past on the screen, and in an exported journal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from smtui.store import Owner, PastReader, Place, Writer
from smtui.tui.app import SmtuiApp
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.past import PastScreen, PastSteps
from smtui.tui.screens.walking import WalkingScreen
from smtui.tui.widgets.filterline import FilterLine
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.lists import Machines
from smtui.tui.widgets.sheet import Sheet
from smtui.view.graph import Chosen
from smtui.view.text import plain
from tests.support.past import Stride, go, strides, write_past
from tests.support.store import HandClock
from tests.support.view_app import app_over, running, screen_text, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW
from tests.support.view_past import done, replaying, still

pytestmark = pytest.mark.acceptance

NAME = "crawler#1"

FIRST = NOW - 2422
"""Step 8 of the second run is then taken at 01:26:09."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a machine with two runs: 60 steps, then 9."""
    folder = tmp_path_factory.mktemp("past")
    steps = [*strides(60), *strides(9, run=2)]
    steps[57] = steps[57]._replace(set={"n": 57, "api_token": "hunter2"})
    write_past(folder, steps, name=NAME, began=FIRST)
    return folder


@asynccontextmanager
async def past(
    folder: Path, *, size: tuple[int, int] = (120, 36), read_only: bool = False
) -> AsyncIterator[tuple[Pilot[str], PastScreen, FakeFleet]]:
    """Open the past of the machine over a fake fleet."""
    async with PastReader(folder / "smtui.db") as journal:
        fake = FakeFleet(journal=journal)
        app = app_over(fake, read_only=read_only)
        async with running(app, size) as pilot:
            app.screen.query_one(Machines).move_to_key("crawler")
            await pilot.press("enter")
            app.screen.query_one(Machines).move_to_key(NAME)
            await pilot.press("left_square_bracket")
            await still(pilot)
            assert isinstance(app.screen, PastScreen)
            yield pilot, app.screen, fake


async def press(pilot: Pilot[str], *keys: str) -> None:
    """Press keys as fast as they come, then let what they began end."""
    await pilot.press(*keys)
    await done(pilot)


def where(screen: WalkingScreen) -> Place:
    assert screen.shown is not None
    return screen.shown.scene.instant.place


def text_of(screen: PastScreen) -> str:
    app = screen.app
    assert isinstance(app, SmtuiApp)
    return screen_text(app)


# ------------------------------------------------------------- going about


async def test_a_step_back_shows_graph_data_and_steps_of_that_moment(
    folder: Path,
) -> None:
    async with past(folder) as (_, screen, _fake):
        text = text_of(screen)
        pane = screen.query_one(GraphPane)

        assert Place(2, 8) == where(screen)
        assert "PAST 01:26:09  CET" in text
        assert "step 8 of 9  run 2  29m ago" in text
        assert "▸ n  7" in text
        assert pane.sketch is not None
        assert "queued" in pane.pane_title
        assert "Transitions 68 of 69" in text


async def test_steps_go_back_and_forth_over_runs(folder: Path) -> None:
    ways = {
        Place(1, 60): ["left_square_bracket"] * 8,
        Place(1, 59): ["right_square_bracket", "up", "k", "k", "down"],
        Place(1, 1): ["home", "left_square_bracket"],
        Place(1, 11): ["right_square_bracket"] * 10,
        Place(1, 4): ["pageup"],
        Place(2, 9): ["end", "right_square_bracket", "pagedown"],
    }
    async with past(folder) as (pilot, screen, _):
        pane = screen.query_one(PastSteps)
        for place, keys in ways.items():
            await press(pilot, *keys)
            assert place == where(screen)
            assert screen.shown is not None
            assert pane.current_key == screen.shown.scene.instant.entry.id


async def test_a_brace_goes_to_the_visits_of_a_state(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        await press(pilot, "left_curly_bracket")
        assert Place(2, 5) == where(screen)
        await press(pilot, "left_curly_bracket", "right_curly_bracket")
        assert Place(2, 5) == where(screen)

        screen.query_one(GraphPane).choose(Chosen("waiting"))
        await press(pilot, "left_curly_bracket", "left_curly_bracket")
        assert Place(1, 60) == where(screen)
        assert "waiting" in text_of(screen)

        screen.query_one(GraphPane).choose(Chosen("done"))
        await press(pilot, "right_curly_bracket")
        assert Place(1, 60) == where(screen)
        assert "no later visit of done" in text_of(screen)


async def test_what_is_picked_in_the_graph_takes_the_place_of_the_data(
    folder: Path,
) -> None:
    async with past(folder) as (pilot, screen, _):
        screen.query_one(GraphPane).choose(Chosen("waiting"))
        await done(pilot)
        values = screen.query_one("#values", Sheet)
        assert values.pane_title == "state waiting"
        assert "─▶ queued" in values.text_of_all()

        await press(pilot, "escape")
        assert values.pane_title == "Values"
        assert '"hunter2"' not in values.text_of_all()


async def test_slash_goes_to_what_is_typed_and_n_to_the_next_of_it(
    folder: Path,
) -> None:
    typed = {
        "1/53": Place(1, 53),
        "429": Place(1, 60),
        "3": Place(2, 3),
        "1/58": Place(1, 58),
        "drai": Place(2, 9),
        "01:15:20": Place(1, 3),
        "parsing": Place(1, 7),
    }
    async with past(folder) as (pilot, screen, _):
        for text, place in typed.items():
            await find(pilot, text)
            assert place == where(screen), text
            if text == "1/58":
                lines = screen.query_one("#values", Sheet).lines
                assert "▸ api_token  ***" in [plain(line) for line in lines]
                assert "hunter2" not in text_of(screen)
        await press(pilot, "n")
        assert Place(1, 15) == where(screen)
        await press(pilot, "N")
        assert Place(1, 7) == where(screen)
        await press(pilot, "escape", "n")
        assert Place(1, 15) == where(screen)
        assert "by ok taken" in text_of(screen)

        await find(pilot, "fetchingg")
        assert "no event and no state 'fetchingg' - did you mean" in text_of(screen)
        assert Place(1, 15) == where(screen)


async def find(pilot: Pilot[str], text: str) -> None:
    await pilot.press("slash")
    pilot.app.screen.query_one(FilterLine).value = text
    await press(pilot, "enter")


async def test_the_slider_and_the_list_are_clicked_and_dragged(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        await pilot.mouse_down("#slider", offset=(1, 0))
        await done(pilot)
        assert Place(1, 1) == where(screen)
        await pilot.hover("#slider", offset=(60, 0))
        await done(pilot)
        assert Place(1, 35) == where(screen)
        await pilot.mouse_up("#slider", offset=(60, 0))
        await pilot.hover("#slider", offset=(100, 0))
        await done(pilot)
        assert Place(1, 35) == where(screen)


# ------------------------------------------------------------ past and live


async def test_acting_keys_are_off_in_the_past_with_a_word_why(folder: Path) -> None:
    async with past(folder) as (pilot, screen, fake):
        assert " i inject" not in text_of(screen)
        for key in ("i", "r", "x", "u"):
            await press(pilot, key)
            assert isinstance(pilot.app.screen, PastScreen)
            assert "off in the past, PAST 01:26:09: G is live again" in text_of(screen)
        await screen.perform(("control", "stop", NAME))
        await screen.perform(("inject", NAME, "url"))
        await settle(pilot)

        assert isinstance(pilot.app.screen, PastScreen)
        assert [] == fake.asked


async def test_g_is_live_again_and_goes_on_with_the_machine(folder: Path) -> None:
    clock = HandClock(NOW)
    copy = folder / "live"
    copy.mkdir()
    write_past(copy, strides(9), name=NAME, began=FIRST)
    async with past(copy) as (pilot, screen, fake):
        await press(pilot, "home", "G")
        text = text_of(screen)
        assert Place(1, 9) == where(screen)
        assert "LIVE" in text
        assert "PAST" not in text

        with Writer(copy / "smtui.db", "normal", clock) as writer:
            owner = Owner(NAME, writer.raise_epoch(NAME, [NAME], crashed=True))
            go(writer, owner, strides(4, run=2), began=NOW)
        desk = screen.context.desk
        desk.take_news(await fake.news(desk.seen))
        await still(pilot)
        assert Place(2, 4) == where(screen)

        await press(pilot, "i")
        assert isinstance(pilot.app.screen, InjectBox)
        await press(pilot, "escape", "left_square_bracket")
        assert "PAST" in text_of(screen)
        assert not screen.is_live


async def test_g_centres_a_graph_that_was_moved_before_it_is_live(
    folder: Path,
) -> None:
    async with past(folder, size=(80, 24)) as (pilot, screen, _):
        await press(pilot, "g", "down", "down", "right")
        assert not screen.query_one(GraphPane).is_following
        await press(pilot, "G")
        assert screen.query_one(GraphPane).is_following
        assert not screen.is_live
        await press(pilot, "G")
        assert screen.is_live


async def test_esc_leaves_the_zoom_the_search_then_the_past(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        await press(pilot, "slash", *"ok", "enter", "z")
        assert screen.has_class("-zoom-lower")
        await press(pilot, "escape")
        assert not screen.has_class("-zoom")
        await press(pilot, "escape")
        assert screen.query_one(PastSteps).query_text == ""
        await press(pilot, "escape")

        assert isinstance(pilot.app.screen, MainScreen)


async def test_a_read_only_screen_may_look_back_and_stays_read_only(
    folder: Path,
) -> None:
    async with past(folder, read_only=True) as (pilot, screen, _):
        await press(pilot, "G", "i")

        assert "READ-ONLY" in text_of(screen)


async def test_each_version_of_the_definition_has_its_own_graph(
    tmp_path: Path,
) -> None:
    steps = strides(5)
    newer = Stride("queued", "next", "newly", {"n": 5}, definition="hash-newer")
    write_past(tmp_path, [*steps, newer], name=NAME)
    async with past(tmp_path) as (pilot, screen, fake):
        row = fake.definitions["hash-crawler"]
        text = (
            "initial_state: queued\ntransitions:\n"
            "  - {from: queued, to: newly, event: next}\n"
        )
        fake.definitions["hash-newer"] = replace(row, hash="hash-newer", text=text)
        await press(pilot, "end")
        await still(pilot)
        assert "newly" in screen.query_one(GraphPane).text_of_all()
        assert "other version" in text_of(screen)

        await press(pilot, "left_square_bracket")
        await still(pilot)
        assert "fetching" in screen.query_one(GraphPane).text_of_all()
        assert "other version" not in text_of(screen)


async def test_an_empty_journal_says_so(folder: Path) -> None:
    async with PastReader(folder / "smtui.db") as journal:
        app = app_over(FakeFleet(journal=journal))
        async with running(app) as pilot:
            app.screen.query_one(Machines).move_to_key("billing")
            await press(pilot, "left_square_bracket")
            await press(pilot, "left_square_bracket", "home", "G", "n", "n")

            assert "no step was taken yet" in screen_text(app)


# ---------------------------------------------------------------- a replay


async def test_a_replay_begins_at_the_first_step_without_a_fleet(
    folder: Path,
) -> None:
    async with PastReader(folder / "smtui.db") as journal:
        fake = FakeFleet(journal=journal, is_there=False)
        async with replaying(fake, NAME).run_test(size=(120, 36)) as pilot:
            await still(pilot)
            screen = past_of(pilot)
            text = text_of(screen)
            assert Place(1, 1) == where(screen)
            assert "x.jsonl" in text
            assert "REPLAY   PAST 01:14:59" in text
            assert " G live" not in text

            for key in ("i", "r", "x", "u", "l", "w", "m", "f", "exclamation_mark"):
                await pilot.press(key)
                await pilot.pause()
                assert pilot.app.screen is screen
                assert "in a replay" in text_of(screen)
            await pilot.press("G")
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            assert Place(2, 9) == where(screen)
            assert "LIVE" not in text_of(screen)

            await pilot.press("q")
            await pilot.pause()
        assert [] == fake.asked


async def test_ctrl_c_leaves_a_replay_at_once(folder: Path) -> None:
    async with PastReader(folder / "smtui.db") as journal:
        app = replaying(FakeFleet(journal=journal), NAME)
        async with app.run_test(size=(80, 24)) as pilot:
            await still(pilot)
            await pilot.press("ctrl+c")
            await pilot.pause()

            assert not app.is_running or app.return_value is not None


def past_of(pilot: Pilot[str]) -> PastScreen:
    screen = pilot.app.screen
    assert isinstance(screen, PastScreen)
    return screen


async def test_of_many_instances_it_is_the_past_of_the_one_that_stepped_last(
    tmp_path: Path,
) -> None:
    steps = [step._replace(instance="order-7") for step in strides(5)]
    write_past(tmp_path, steps, name=NAME, began=FIRST)
    async with PastReader(tmp_path / "smtui.db") as journal:
        newest = await journal.journal_page(NAME, limit=1)
        fake = FakeFleet(journal=journal, steps_kept=newest)
        async with replaying(fake, NAME).run_test(size=(120, 36)) as pilot:
            await still(pilot)

            assert Place(1, 1) == where(past_of(pilot))
            assert f"{NAME} order-7  step 1 of 5" in text_of(past_of(pilot))
