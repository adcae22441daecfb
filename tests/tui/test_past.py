"""Going back in a machine's past on the screen, and in an exported journal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from smtui.store import Owner, PastReader, Place, Writer
from smtui.tui.app import SmtuiApp
from smtui.tui.args import Replay
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.past import PastScreen, PastSteps
from smtui.tui.screens.walking import WalkingScreen
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


async def still(pilot: Pilot[str]) -> None:
    """Let reading and drawing come to rest."""
    await settle(pilot)
    app = pilot.app
    assert isinstance(app, SmtuiApp)
    while app.context.graphs.is_busy:
        await pilot.pause(0.01)
    await settle(pilot)


async def press(pilot: Pilot[str], *keys: str) -> None:
    """Press keys as fast as they come, then let what they began end."""
    await pilot.press(*keys)
    await done(pilot)


async def done(pilot: Pilot[str]) -> None:
    """Let reading end: shorter than `settle`, which also waits for the fleet."""
    app = pilot.app
    for _ in range(3):
        await pilot.pause()
        reading = [worker for worker in app.workers if worker.group in _READING]
        if not reading:
            break
        await app.workers.wait_for_complete(reading)
    await pilot.pause()


_READING = frozenset({"load", "verb"})


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
    async with past(folder) as (pilot, screen, _):
        await press(pilot, *["left_square_bracket"] * 8)
        assert Place(1, 60) == where(screen)
        await press(pilot, "right_square_bracket", "up", "k", "down")
        assert Place(1, 60) == where(screen)
        await press(pilot, "home", "left_square_bracket")
        assert Place(1, 1) == where(screen)
        await press(pilot, "end", "right_square_bracket")
        assert Place(2, 9) == where(screen)
        await press(pilot, "pageup")
        assert where(screen) < Place(2, 9)
        await press(pilot, "pagedown", "pagedown")
        assert Place(2, 9) == where(screen)


async def test_the_cursor_is_always_on_the_step_that_is_shown(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        pane = screen.query_one(PastSteps)
        for key in ("left_square_bracket", "home", "pagedown", "end"):
            await press(pilot, key)
            assert screen.shown is not None
            assert pane.current_key == screen.shown.scene.instant.entry.id


async def test_a_burst_of_steps_ends_where_it_was_meant_to(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        await pilot.press(*["left_square_bracket"] * 30)
        await settle(pilot)

        assert Place(1, 38) == where(screen)


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


async def test_without_another_visit_it_says_so(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        screen.query_one(GraphPane).choose(Chosen("done"))
        await press(pilot, "right_curly_bracket")

        assert Place(2, 8) == where(screen)
        assert "no later visit of done" in text_of(screen)


async def test_slash_goes_to_an_event_a_step_or_a_time(folder: Path) -> None:
    typed = {
        "1/53": Place(1, 53),
        "429": Place(1, 60),
        "3": Place(2, 3),
        "1/54": Place(1, 54),
        "drai": Place(1, 57),
        "01:15:20": Place(1, 3),
        "parsing": Place(1, 7),
    }
    async with past(folder) as (pilot, screen, _):
        for text, place in typed.items():
            await press(pilot, "slash", "ctrl+u", *text, "enter")
            assert place == where(screen), text


async def test_n_goes_to_the_next_of_what_was_typed_or_of_the_event(
    folder: Path,
) -> None:
    async with past(folder) as (pilot, screen, _):
        await press(pilot, "home", "slash", *"parsing", "enter")
        assert Place(1, 7) == where(screen)
        await press(pilot, "n")
        assert Place(1, 15) == where(screen)
        await press(pilot, "N")
        assert Place(1, 7) == where(screen)
        await press(pilot, "escape", "n")
        assert Place(1, 15) == where(screen)
        assert "by ok taken" in text_of(screen)


async def test_what_is_nowhere_is_told_with_the_nearest_name(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        await press(pilot, "slash", *"fetchingg", "enter")

        assert "no event and no state 'fetchingg' - did you mean" in text_of(screen)
        assert Place(2, 8) == where(screen)


async def test_the_slider_is_clicked_and_dragged(folder: Path) -> None:
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


async def test_a_click_in_the_list_means_that_step(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        pane = screen.query_one(PastSteps)
        row = 2 + pane.cursor - pane.top
        await pilot.click("#steps", offset=(10, row - 3))
        await done(pilot)

        assert Place(2, 5) == where(screen)


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


async def test_a_step_back_from_live_is_the_past_again(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        await press(pilot, "G", "left_square_bracket")

        assert "PAST" in text_of(screen)
        assert not screen.is_live


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


async def test_secrets_are_masked(folder: Path) -> None:
    async with past(folder) as (pilot, screen, _):
        await press(pilot, "slash", *"1/58", "enter")
        lines = [plain(line) for line in screen.query_one("#values", Sheet).lines]

        assert "▸ api_token  ***" in lines
        assert "hunter2" not in text_of(screen)


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


async def test_a_machine_without_a_step_says_so() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await press(pilot, "left_square_bracket")

        assert isinstance(app.screen, PastScreen)
        assert "no store" in screen_text(app)


async def test_an_empty_journal_says_so(folder: Path) -> None:
    async with PastReader(folder / "smtui.db") as journal:
        app = app_over(FakeFleet(journal=journal))
        async with running(app) as pilot:
            app.screen.query_one(Machines).move_to_key("billing")
            await press(pilot, "left_square_bracket")
            await press(pilot, "left_square_bracket", "home", "G", "n", "n")

            assert "no step was taken yet" in screen_text(app)


# ---------------------------------------------------------------- a replay


def replaying(fake: FakeFleet) -> SmtuiApp:
    app = app_over(fake, read_only=True)
    args = replace(app.context.args, replay=Replay("x.jsonl", NAME, "main"))
    app.context.args = args
    return app


async def test_a_replay_begins_at_the_first_step_without_a_fleet(
    folder: Path,
) -> None:
    async with PastReader(folder / "smtui.db") as journal:
        fake = FakeFleet(journal=journal, is_there=False)
        async with replaying(fake).run_test(size=(120, 36)) as pilot:
            await replayed(pilot)
            screen = past_of(pilot)
            text = text_of(screen)
            assert Place(1, 1) == where(screen)
            assert "x.jsonl" in text
            assert "REPLAY   PAST 01:14:59" in text
            assert " G live" not in text

            for key in ("i", "r", "x", "u", "l", "w", "m", "exclamation_mark"):
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
        app = replaying(FakeFleet(journal=journal))
        async with app.run_test(size=(80, 24)) as pilot:
            await replayed(pilot)
            await pilot.press("ctrl+c")
            await pilot.pause()

            assert not app.is_running or app.return_value is not None


def past_of(pilot: Pilot[str]) -> PastScreen:
    screen = pilot.app.screen
    assert isinstance(screen, PastScreen)
    return screen


async def replayed(pilot: Pilot[str]) -> None:
    app = pilot.app
    assert isinstance(app, SmtuiApp)
    for _ in range(5):
        await pilot.pause()
        await app.workers.wait_for_complete()
        while app.context.graphs.is_busy:
            await pilot.pause(0.01)
        app.flush()
    await pilot.pause()
