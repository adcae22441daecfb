"""Jobs and events that are mended on the screen: edited, run again, dropped."""

import pytest
from textual.widgets import Input

from smtui.store.rows import InboxStatus, JobState
from smtui.tui.command import ScreenName
from smtui.tui.messages import OpenPage
from smtui.tui.screens.edit import EditBox
from smtui.tui.screens.job import JobScreen
from smtui.tui.screens.pages import MailScreen
from tests.support.view_app import app_over, running, screen_text, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_rows import mail

pytestmark = pytest.mark.acceptance


async def test_a_dead_job_is_edited_and_retried_in_one_go() -> None:
    fake = FakeFleet()
    dead = next(job for job in fake.jobs if job.status is JobState.DISCARDED)
    app = app_over(fake)
    async with running(app) as pilot:
        app.post_message(OpenPage(ScreenName.JOB, dead.id))
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        line = app.screen.query_one(Input)
        line.value = '{"src": "b.png", "w": 3'
        await settle(pilot)
        text = screen_text(app)
        assert "✖ character 24: expecting ',' delimiter" in text
        await pilot.press("enter")
        assert isinstance(app.screen, EditBox)

        await pilot.press("right_curly_bracket")
        await settle(pilot)
        assert f"$ smtui jobs retry {dead.id} --data" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)

        assert isinstance(app.screen, JobScreen)
    job = await fake.job(dead.id)
    assert job is not None
    assert ({"src": "b.png", "w": 3}, JobState.AVAILABLE) == (job.data, job.status)


async def test_the_data_of_a_job_are_an_object() -> None:
    fake = FakeFleet()
    dead = next(job for job in fake.jobs if job.status is JobState.DISCARDED)
    app = app_over(fake)
    async with running(app) as pilot:
        app.post_message(OpenPage(ScreenName.JOB, dead.id))
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        app.screen.query_one(Input).value = "[1]"
        await pilot.press("enter")
        await settle(pilot)

        assert "✖ the data of a job is one object" in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, JobScreen)
    assert dead == await fake.job(dead.id)


async def test_an_event_is_requeued_edited_and_dropped_from_the_mailbox() -> None:
    parked = mail(900, "billing", "pay", status=InboxStatus.PARKED, payload={"n": 1})
    fake = FakeFleet(mail_kept=[parked])
    app = app_over(fake)
    async with running(app) as pilot:
        app.post_message(OpenPage(ScreenName.MAIL, "billing"))
        await settle(pilot)
        assert isinstance(app.screen, MailScreen)
        assert "r requeue" in screen_text(app)
        await pilot.press("r")
        await settle(pilot)
        await pilot.press("e", "left", "backspace", "2", "enter")
        await settle(pilot)
        await pilot.press("X", "X")
        await settle(pilot)

    place = {"id": parked.id, "machine": "billing"}
    assert [
        ("requeue", place),
        ("edit", {**place, "payload": {"n": 2}}),
        ("drop", {"id": parked.id}),
    ] == fake.asked


async def test_an_event_that_was_taken_is_left_alone() -> None:
    taken = mail(900, "billing", "pay", status=InboxStatus.TAKEN)
    fake = FakeFleet(mail_kept=[taken])
    app = app_over(fake)
    async with running(app) as pilot:
        app.post_message(OpenPage(ScreenName.MAIL, "billing"))
        await settle(pilot)
        await pilot.press("r", "X", "e", "x")
        await settle(pilot)

        assert isinstance(app.screen, MailScreen)
    assert [] == fake.asked
