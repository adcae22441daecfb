"""The verbs of the main screen: asked, refused, done."""

from dataclasses import replace
from pathlib import Path

import pytest

from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.question import Question
from smtui.tui.widgets.bars import FooterBar
from smtui.tui.widgets.lists import Jobs, Machines
from smtui.view.text import plain
from tests.support.view_app import app_over, running, screen_text, settle
from tests.support.view_fake import FakeFleet

pytestmark = pytest.mark.acceptance


async def test_marked_machines_get_the_verb_together() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        pane = app.screen.query_one(Machines)
        pane.move_to_key("mailer")
        await pilot.press("space")
        pane.move_to_key("approvals")
        await pilot.press("space", "r")
        await settle(pilot)
        assert isinstance(app.screen, Question)
        assert "restart 2 machines?" == app.screen.text
        await pilot.press("r")
        await settle(pilot)

    names = ["approvals", "mailer"]
    assert [("restart", {"names": names, "fresh": False})] == fake.asked


async def test_a_restart_asks_only_while_an_action_runs() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("mailer")
        await pilot.press("r")
        await settle(pilot)

        assert isinstance(app.screen, MainScreen)
        assert "operator   restart mailer" in screen_text(app)
    assert [("restart", {"names": ["mailer"], "fresh": False})] == fake.asked


async def test_no_to_a_question_does_nothing() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("slash", *"crawler#1", "enter", "x")
        await settle(pilot)
        assert isinstance(app.screen, Question)
        assert "curl" in app.screen.details
        await pilot.press("escape")
        await settle(pilot)

    assert [] == fake.asked


async def test_a_stopped_machine_is_started_with_u() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("nightly")
        await pilot.press("u")
        await settle(pilot)

    assert [("start", {"names": ["nightly"]})] == fake.asked


async def test_what_goes_wrong_is_said_in_the_footer_and_kept_in_the_events() -> None:
    fake = FakeFleet(refusal="the fleet is going down")
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("mailer")
        await pilot.press("x")
        await settle(pilot)

        footer = plain(app.screen.query_one(FooterBar).line)
        assert "the fleet is going down" in footer
        assert "stop mailer: the fleet is going down" in screen_text(app)


async def test_a_read_only_screen_does_nothing_and_says_so() -> None:
    fake = FakeFleet()
    app = app_over(fake, read_only=True)
    async with running(app, (150, 36)) as pilot:
        await pilot.press("r", "i", "x")
        await settle(pilot)

        assert "READ-ONLY" in screen_text(app).splitlines()[0]
        assert isinstance(app.screen, MainScreen)
    assert [] == fake.asked


async def test_a_job_is_retried_and_discarded_from_the_queue() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("3")
        await settle(pilot)
        pane = app.screen.query_one(Jobs)
        assert pane.has_focus
        dead = next(row.id for row in pane.items if row.word == "dead")
        pane.move_to_key(dead)
        await pilot.press("r")
        await settle(pilot)
        busy = next(row.id for row in pane.items if row.word == "run")
        pane.move_to_key(busy)
        await pilot.press("X")
        await settle(pilot)
        assert isinstance(app.screen, Question)
        await pilot.press("X")
        await settle(pilot)

        states = {job.id: job.status.value for job in fake.jobs}
    assert ("available", "cancelled") == (states[dead], states[busy])


async def test_a_copied_row_is_kept_in_the_data_directory(tmp_path: Path) -> None:
    app = app_over(FakeFleet(), data_dir=tmp_path)
    async with running(app) as pilot:
        await pilot.press("y")
        await settle(pilot)

        copied = (tmp_path / "clipboard.txt").read_text("utf-8")
    assert copied.startswith("✖ failed   thumbs")
    assert copied.rstrip() == app.clipboard


async def test_u_starts_a_lost_fleet_again() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        fake.hang_up()
        await settle(pilot)
        await pilot.press("u")
        await settle(pilot)
        assert isinstance(app.screen, Question)
        await pilot.press("u")
        await settle(pilot)

    assert [("revive", {"paths": ["machines/"]})] == fake.asked


async def test_every_verb_is_in_the_menu_of_a_machine() -> None:
    app = app_over(FakeFleet())
    async with running(app, (80, 30)) as pilot:
        app.screen.query_one(Machines).move_to_key("mailer")
        await pilot.press("full_stop")
        await settle(pilot)
        text = screen_text(app)

    for words in ("$ smtui restart mailer", "$ smtui stop mailer", "logs", "values"):
        assert words in text


async def test_a_verb_says_which_machines_of_the_same_process_it_reaches() -> None:
    fake = FakeFleet()
    (mailer,) = (m for m in fake.fleet.machines if m.name == "mailer")
    order = replace(mailer, name="order", child="shop")
    payment = replace(order, name="payment")
    fake.fleet = replace(fake.fleet, machines=(*fake.fleet.machines, order, payment))
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("payment")
        await pilot.press("x")
        await settle(pilot)

        assert isinstance(app.screen, Question)
        assert "order too: it is the same process" in app.screen.details
