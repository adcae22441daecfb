"""The pages behind the main screen, and leaving the app."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from smtui.store.rows import InboxStatus
from smtui.tui.app import DETACHED, STOPPED
from smtui.tui.command import ScreenName
from smtui.tui.commands import COMMANDS
from smtui.tui.screens.keys import key_lines
from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.pages import HistoryScreen, MailScreen, ValuesScreen, WhyScreen
from smtui.tui.screens.problems import ProblemsScreen
from smtui.tui.screens.question import Question
from smtui.tui.widgets.lists import Machines
from smtui.tui.widgets.output import Output
from smtui.view.text import plain
from smtui.wire.messages import ProblemView
from tests.support.view_app import app_over, learn, running, screen_text, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, night_fleet
from tests.support.view_rows import entry, mail

pytestmark = pytest.mark.acceptance


async def test_transitions_show_why_an_event_was_ignored() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("t")
        await settle(pilot)
        text = screen_text(app)

        assert isinstance(app.screen, HistoryScreen)
    assert "Transitions · billing  2" in text
    assert 'no "amount_due" in charging (taken in idle)' in text
    assert "outcome    ignored" in text


async def test_new_steps_come_in_while_the_page_is_open() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("t")
        await settle(pilot)
        fake.steps_kept.append(entry(50, "billing", "charging", "paid", "paid", at=NOW))
        await learn(pilot, fake)

        assert "Transitions · billing  3" in screen_text(app)


async def test_the_mailbox_shows_what_waits_and_masks_secrets() -> None:
    fake = FakeFleet()
    fake.mail_kept.append(
        mail(
            20000, "billing", "paid", status=InboxStatus.PENDING, payload={"token": "x"}
        )
    )
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("m")
        await settle(pilot)
        text = screen_text(app)

        assert isinstance(app.screen, MailScreen)
    assert "pending" in text
    assert '{"token":"***"}' in text


async def test_values_and_why_are_one_key_apart() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("v")
        await settle(pilot)
        assert isinstance(app.screen, ValuesScreen)
        assert "Values · billing" in screen_text(app)

        await pilot.press("w")
        await settle(pilot)
        assert isinstance(app.screen, WhyScreen)
        assert "waits for paid | refused | cancel" in screen_text(app)

        await pilot.press("escape", "escape")
        assert isinstance(app.screen, MainScreen)


async def test_problems_show_the_lines_at_fault(tmp_path: Path) -> None:
    file = tmp_path / "parser.yaml"
    file.write_text("a: 1\nb: 2\nto: parsign\n", encoding="utf-8")
    problem = ProblemView(
        str(file), 3, 5, "unknown-state", "error", "found 'parsign'", "try 'parsing'"
    )
    parked = mail(9, "billing", "go", status=InboxStatus.PARKED, why="3 times")
    fake = FakeFleet(fleet=replace(night_fleet(), problems=(problem,)), parked=[parked])
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("exclamation_mark")
        await settle(pilot)
        text = screen_text(app)

        assert isinstance(app.screen, ProblemsScreen)
        assert ("problem", str(file), 3) == (
            app.screen.selection().thing,
            app.screen.selection().file,
            app.screen.selection().line,
        )
    assert "Problems 2" in text
    assert "3 │ to: parsign" in text
    assert "│     ^" in text
    assert "event go is parked: 3 times" in text


async def test_the_log_is_followed_over_a_rotation_and_searched(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "mailer.log"
    log.parent.mkdir()
    stamp = "2026-11-22T00:55:21.004Z"
    log.write_text(f"{stamp} out first\n{stamp} err boom \x1b[31m\n", encoding="utf-8")
    app = app_over(FakeFleet(), data_dir=tmp_path)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("mailer")
        await pilot.press("l")
        await settle(pilot)
        assert "01:55:21.004 err  boom" in screen_text(app)

        with log.open("a", encoding="utf-8") as file:
            file.write(f"{stamp} out last of the old file\n")
        log.rename(log.with_name("mailer.log.1"))
        log.write_text(f"{stamp} out first of the new one\n", encoding="utf-8")
        app.screen._look()  # type: ignore[attr-defined] # the timer's own call
        await settle(pilot)
        text = screen_text(app)
        assert "last of the old file" in text
        assert "first of the new one" in text

        await pilot.press("slash", *"boom", "enter", "n")
        await settle(pilot)
        pane = app.screen.query_one(Output)
        assert pane.current is not None
        assert "boom" in pane.current.text
        assert not pane.is_following


async def test_the_key_sheet_has_every_key_of_the_screen() -> None:
    text = "\n".join(plain(line) for line in key_lines(ScreenName.MAIN))

    for command in COMMANDS:
        if ScreenName.MAIN in command.screens:
            assert command.help in text
            assert re.search(rf"^   {re.escape(command.shown)} ", text, re.MULTILINE)


async def test_the_key_sheet_opens_and_closes() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("question_mark")
        await settle(pilot)
        assert "Verbs" in screen_text(app)
        await pilot.press("question_mark")
        await settle(pilot)

        assert isinstance(app.screen, MainScreen)


async def test_who_started_the_fleet_is_first_offered_to_stop_it() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, Question)
        assert ["stop", "detach", ""] == [c.value for c in app.screen.choices]
        await pilot.press("q")
        await settle(pilot)
        assert [("down", {})] == fake.asked
        assert app.is_running

        fake.hang_up()
        await settle(pilot)
    assert STOPPED == app.return_value


async def test_who_attached_is_first_offered_to_leave() -> None:
    fake = FakeFleet()
    app = app_over(fake, started_fleet=False)
    async with running(app) as pilot:
        await pilot.press("ctrl+c")
        await settle(pilot)
        assert isinstance(app.screen, Question)
        assert ["detach", "stop", ""] == [c.value for c in app.screen.choices]
        await pilot.press("enter")
        await settle(pilot)

    assert DETACHED == app.return_value
    assert [] == fake.asked


async def test_a_read_only_screen_only_leaves() -> None:
    app = app_over(FakeFleet(), read_only=True)
    async with running(app) as pilot:
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, Question)
        assert ["detach", ""] == [c.value for c in app.screen.choices]
        await pilot.press("y")
        await settle(pilot)

    assert DETACHED == app.return_value


async def test_the_question_is_left_with_esc_and_walked_with_arrows() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("q", "right")
        await settle(pilot)
        assert "smtui attach" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)

        assert isinstance(app.screen, MainScreen)
        assert app.is_running


async def test_ctrl_c_asks_from_inside_a_form_too() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("i", "ctrl+c")
        await settle(pilot)

        assert isinstance(app.screen, Question)


async def test_a_fleet_that_refuses_to_stop_keeps_its_screen() -> None:
    fake = FakeFleet(refusal="not now")
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("q", "s")
        await settle(pilot)

        assert app.is_running
        assert "not now" in screen_text(app)
