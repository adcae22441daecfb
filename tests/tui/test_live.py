"""The app over a real supervisor, real machines and a real store."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import TypeAlias

import pytest
from textual.pilot import Pilot

from smtui.clock import SystemClock
from smtui.store.rows import JobState
from smtui.supervisor import SupervisorArgs, start_fleet
from smtui.tui.app import DETACHED, STOPPED, SmtuiApp
from smtui.tui.args import TuiArgs
from smtui.tui.live import Hands, Link, Pages
from smtui.tui.screens.question import Question
from smtui.tui.sources import Seen, Sources
from smtui.tui.widgets.bars import FooterBar
from smtui.tui.widgets.lists import Machines
from smtui.view.header import Link as Standing
from smtui.view.text import plain
from smtui.wire.messages import ChildState
from tests.support.store import open_writer
from tests.support.view_app import screen_text

pytestmark = pytest.mark.acceptance

DOOR = """\
initial_state: shut
states: [shut, open]
events:
  push: {context_map: {by: payload.by}}
transitions:
  - {from: shut, to: open, event: push}
  - {from: open, to: shut, event: pull}
"""

DEADLINE_S = 60.0

Shown: TypeAlias = tuple[SmtuiApp, Pilot[str]]


def smtui(*words: str) -> subprocess.CompletedProcess[str]:
    """Run a command line to its end."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-P", "-m", "smtui", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_S,
    )


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Path]:
    """Start a fleet of one door; stop it whatever happened."""
    folder = tmp_path / "machines"
    folder.mkdir()
    (folder / "door.yaml").write_text(DOOR, encoding="utf-8")
    data = tmp_path / "data"
    start_fleet(SupervisorArgs(data, (folder,), who="anna@pts/3"))
    yield data
    smtui("down", "--data", str(data))


@asynccontextmanager
async def screen(
    data: Path, *, started: bool
) -> AsyncIterator[tuple[SmtuiApp, Pilot[str]]]:
    """Run the app over the live fleet."""
    args = TuiArgs(data, started_fleet=started)
    clock, pages = SystemClock(), Pages(data)
    hands = Hands(data, clock, "anna@pts/3")
    app = SmtuiApp(args, Sources(Link(data, "anna@pts/3"), pages, hands), clock, UTC)
    try:
        async with app.run_test(size=(120, 36)) as pilot:
            yield app, pilot
    finally:
        await pages.aclose()
        await hands.aclose()


async def until(pilot: Pilot[str], is_so: Callable[[], bool], what: str) -> None:
    """Wait until something is on the screen; fail with the picture."""
    app = pilot.app
    assert isinstance(app, SmtuiApp)
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not is_so():
                await pilot.pause(0.02)
    except TimeoutError:
        pytest.fail(f"waited for {what}:\n{screen_text(app)}")


async def test_a_fleet_is_watched_driven_left_and_stopped(fleet: Path) -> None:
    async with screen(fleet, started=True) as (app, pilot):
        desk = app.context.desk

        def shows(text: str) -> bool:
            return text in screen_text(app)

        await until(pilot, lambda: shows("● ready    door"), "the machine")
        await until(
            pilot,
            lambda: "push" in desk.known.facts_for(desk.fleet.machines["door"]).events,
            "its definition",
        )

        # a payload from the box
        await pilot.press("i")
        await until(pilot, lambda: shows("taken    shut ─▶ open"), "the preview")
        await pilot.press(*"push by", "equals_sign", *"anna", "enter")
        await until(
            pilot,
            lambda: (
                "· taken · shut ─push→ open"
                in plain(app.screen.query_one(FooterBar).line)
            ),
            "the outcome",
        )
        await until(pilot, lambda: shows("2 door · open"), "the new state")
        await until(pilot, lambda: shows("● shut ─push→ open"), "the event log")

        # an event nobody wants, from the palette
        await pilot.press("colon", *"inject push", "enter")
        await until(pilot, lambda: shows("ignored  no"), "the preview")
        await pilot.press("enter")
        await until(
            pilot, lambda: shows('! ignored push  no "push" in open'), "a reason"
        )
        await pilot.press("escape")

        # the data
        await pilot.press("v")
        await until(pilot, lambda: shows('by  "anna"'), "the data")
        await pilot.press("escape")

        # another process
        before = desk.fleet.machines["door"].pid
        await pilot.press("r")

        def is_another() -> bool:
            now = desk.fleet.machines["door"]
            is_up = now.state is ChildState.READY and now.frame is not None
            return is_up and now.pid not in (None, before)

        await until(pilot, is_another, "the restart")
        frame = desk.fleet.machines["door"].frame
        assert frame is not None
        assert ("open",) == frame.configuration

        await pilot.press("q", "d")
        await until(pilot, lambda: not app.is_running, "leaving")
    assert DETACHED == app.return_value
    assert 0 == smtui("health", "--data", str(fleet)).returncode

    async with screen(fleet, started=False) as (app, pilot):
        await until(pilot, lambda: app.context.desk.link is Standing.LIVE, "the fleet")
        await until(pilot, lambda: bool(app.screen.query(Machines)), "the screen")
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, Question), "the question")
        await pilot.press("s")
        await until(pilot, lambda: not app.is_running, "the end")
    assert STOPPED == app.return_value
    assert 3 == smtui("health", "--data", str(fleet)).returncode


async def test_pages_of_the_store_are_read_from_where_one_was(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        writer.accept("m", "one", {}, source="anna@pts/3")
        writer.add_job("t", {"n": 1}, source="m")
        pages = Pages(tmp_path)
        first = await pages.news(Seen())
        writer.accept("m", "two", {}, source="anna@pts/3")
        second = await pages.news(first.seen)
        await pages.aclose()

    assert ["one"] == [row.event for row in first.mail]
    assert ["two"] == [row.event for row in second.mail]
    assert [JobState.AVAILABLE] == [job.status for job in first.jobs]
    assert 1 == first.job_counts[0].n


async def test_hands_write_in_the_operator_s_name(tmp_path: Path) -> None:
    with open_writer(tmp_path) as writer:
        added = writer.add_job("t", {"n": 1}, source="m")
        hands, pages = Hands(tmp_path, SystemClock(), "anna@pts/3"), Pages(tmp_path)
        receipts = await hands.accept("m", "go", {"a": 1}, "idle")
        status = await hands.cancel_job(added.id, force=False)
        row = await pages.event(receipts[0].id)
        await hands.aclose()
        await pages.aclose()

    assert row is not None
    assert ("anna@pts/3", "idle", {"a": 1}) == (row.source, row.if_state, row.payload)
    assert "cancelled" == status


async def test_a_data_directory_without_a_store_is_told(tmp_path: Path) -> None:
    async with screen(tmp_path, started=False) as (app, pilot):
        await until(pilot, lambda: app.context.desk.link is Standing.STALE, "the end")
        await until(pilot, lambda: "STALE" in screen_text(app), "the header")
