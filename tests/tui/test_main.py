"""The main screen, driven by keys over a fleet in memory."""

import pytest
from textual import events

from smtui.tui.screens.job import JobScreen
from smtui.tui.screens.machine import MachineScreen
from smtui.tui.screens.main import MainScreen
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.lists import Events, Machines
from smtui.wire.messages import ChildState
from tests.support.view_app import app_over, learn, running, screen_text, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, frame, machine, update
from tests.support.view_rows import entry

pytestmark = pytest.mark.acceptance


async def test_the_worst_machine_is_selected_and_its_card_says_why() -> None:
    app = app_over(FakeFleet())
    async with running(app):
        text = screen_text(app)

    assert "▶✖ failed   thumbs" in text
    assert 'gave up: 5 exits in 60 s: exit 1 in bash "resize"' in text


async def test_the_header_counts_and_is_live() -> None:
    app = app_over(FakeFleet())
    async with running(app, (140, 36)):
        text = screen_text(app).splitlines()[0]

    assert "✖ 1 failed" in text
    assert "● 3 ready  ○ 2 ended" in text
    assert text.endswith("LIVE  01:55:21 CET")


async def test_the_cursor_stays_on_its_machine_when_the_order_changes() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        pane = app.screen.query_one(Machines)
        pane.move_to_key("mailer")
        before = pane.cursor
        fake.put(update(machine("thumbs", ChildState.DONE)))
        await settle(pilot)

        assert "mailer" == pane.current_key
        assert before != pane.cursor


async def test_until_it_is_moved_the_cursor_is_on_what_needs_attention_most() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        mailer = machine("mailer", ChildState.FAILED, frame("mailer", "idle"))
        thumbs = machine("thumbs", now_in=frame("thumbs", "idle"))
        fake.put(update(mailer, thumbs))
        await settle(pilot)

        assert "mailer" == app.screen.query_one(Machines).current_key


async def test_a_filter_says_how_many_of_how_many() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("slash", *"craw", "enter")
        await settle(pilot)
        text = screen_text(app)

        assert "Machines 2/10" in text
        assert "crawler#1" in text
        await pilot.press("down", "escape")
        await settle(pilot)
        assert "Machines 10 " in screen_text(app)
        assert app.screen.query_one(Machines).current_key == "crawler"  # folded


async def test_a_filter_typed_in_one_burst_is_no_verbs() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.post_message(events.Key("slash", "/"))
        for letter in "craw":
            app.post_message(events.Key(letter, letter))
        await settle(pilot)

        assert isinstance(app.screen, MainScreen)
        assert "Machines 2/10" in screen_text(app)


async def test_sorting_goes_through_the_columns_and_back() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        pane = app.screen.query_one(Machines)
        await pilot.press("greater_than_sign")
        await settle(pilot)
        names = [row.name for row in pane.items]
        assert sorted(names) == names

        await pilot.press("minus")
        await settle(pilot)
        names = [row.name for row in pane.items]
        assert sorted(names, reverse=True) == names


async def test_n_goes_to_the_next_machine_in_trouble() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        pane = app.screen.query_one(Machines)
        seen: list[object] = []
        for _ in range(4):
            await pilot.press("n")
            seen.append(pane.current_key)

    assert ["billing", "approvals", "uploader", "thumbs"] == seen


async def test_enter_unfolds_replicas_and_opens_a_machine() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        pane = app.screen.query_one(Machines)
        pane.move_to_key("crawler")
        await pilot.press("enter")
        await settle(pilot)
        assert "crawler#2" in [row.name for row in pane.items]

        await pilot.press("j", "enter")
        await settle(pilot)
        assert isinstance(app.screen, MachineScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_enter_on_a_job_opens_its_page() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("3", "j", "enter")
        await settle(pilot)

        assert isinstance(app.screen, JobScreen)
        assert "resize" in screen_text(app)


async def test_the_events_follow_until_the_cursor_leaves_the_end() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        pane = app.screen.query_one(Events)
        await pilot.press("4", "k")
        await settle(pilot)
        fake.steps_kept.append(entry(99, "mailer", "idle", "go", "sending", at=NOW))
        await learn(pilot, fake)
        assert (False, 1) == (pane.is_following, pane.missed)
        assert "PAUSED ‖ +1 G follows" in screen_text(app)

        await pilot.press("G")
        await settle(pilot)
        assert "FOLLOW ●" in screen_text(app)
        assert "mailer     ● idle ─go→ sending" in screen_text(app)


async def test_the_mouse_selects_opens_and_scrolls() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        pane = app.screen.query_one(Machines)
        await pilot.click(pane, offset=(5, 4))
        await settle(pilot)
        assert "approvals" == pane.current_key

        await pilot.click(pane, offset=(5, 4), times=2)
        await settle(pilot)
        assert isinstance(app.screen, MachineScreen)


async def test_the_card_is_not_painted_over_by_an_older_machine() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("end")
        await settle(pilot)

        assert "migrate" in app.screen.query_one("#card", GraphPane).pane_title
