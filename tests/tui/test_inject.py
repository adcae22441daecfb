"""The injection box and the palette, over a fleet that really steps."""

import json
import random

import pytest
from textual import events
from textual.widgets import Input

from smtui.definition import Json
from smtui.store.rows import InboxStatus
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.keys import KeySheet
from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.palette import Palette
from smtui.tui.widgets.bars import FooterBar
from smtui.tui.widgets.check import Check
from smtui.tui.widgets.lists import Machines
from smtui.view.inject import parse_draft
from smtui.view.text import plain
from tests.support.view_app import app_over, running, screen_text, settle
from tests.support.view_fake import FakeFleet

pytestmark = pytest.mark.acceptance


async def test_i_and_enter_answer_the_question_of_a_machine() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("approvals")
        await pilot.press("i")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        answer = plain(app.screen.query_one(FooterBar).line)

        assert isinstance(app.screen, MainScreen)
    assert answer.endswith("· taken · await_ok ─approve→ published")
    assert ("approve", "approvals") == (
        fake.mail_kept[-1].event,
        fake.mail_kept[-1].machine,
    )


async def test_the_preview_tells_what_each_event_would_do() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("i")
        await settle(pilot)
        text = screen_text(app)

    assert "▶ paid" in text
    assert "taken    charging ─▶ paid" in text
    assert 'ignored  no "amount_due" in charging (taken in idle)' in text
    assert "$ smtui send billing paid" in text


async def test_a_payload_is_typed_on_the_same_line() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press(
            "i", *"paid amount", "equals_sign", *"3 by", "equals_sign", *"anna"
        )
        await settle(pilot)
        assert """--payload '{"amount":3,"by":"anna"}'""" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)

    assert {"amount": 3, "by": "anna"} == fake.mail_kept[-1].payload


async def test_what_is_typed_in_one_burst_finds_the_box_it_opens() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        for key in ("i", *"pad", "left", "i", "enter", "question_mark"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)

        assert isinstance(app.screen, KeySheet)
    assert ("billing", "paid") == (fake.mail_kept[-1].machine, fake.mail_kept[-1].event)


async def test_a_burst_reaches_a_question_that_a_verb_asks_later() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        for key in ("A", "r", "right", "left", "enter", "question_mark"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)

        assert isinstance(app.screen, KeySheet)
    assert ["restart"] == [op for op, _ in fake.asked]


async def test_a_bad_payload_is_told_and_not_sent() -> None:
    fake = FakeFleet()
    before = len(fake.mail_kept)
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("i", *"job oops", "enter")
        await settle(pilot)

        assert "✖ 'oops': expected key=value or one {...}" in screen_text(app)
    assert before == len(fake.mail_kept)


async def test_another_machine_is_named_with_at() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("i", "at", *"billing cancel")
        await settle(pilot)
        assert "Inject into billing" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)

    assert ("billing", "cancel") == (
        fake.mail_kept[-1].machine,
        fake.mail_kept[-1].event,
    )


async def test_a_machine_nobody_knows_is_told() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("i", "at", *"nobody go", "enter")
        await settle(pilot)

        assert "✖ no machine 'nobody'" in screen_text(app)


async def test_tab_completes_the_event_then_goes_to_the_check_box() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("i", *"ca", "tab")
        await settle(pilot)
        assert "cancel " == app.screen.query_one(Input).value

        await pilot.press("tab", "space")
        await settle(pilot)
        assert app.screen.query_one(Check).is_on
        assert "--if-state charging" in screen_text(app)


async def test_past_lines_come_back_with_up() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("i", *"cancel a", "equals_sign", "1", "enter")
        await settle(pilot)
        await pilot.press("i", "up")
        await settle(pilot)

        assert "cancel a=1" == app.screen.query_one(Input).value


async def test_down_goes_through_the_rows() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("i")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settle(pilot)

    assert "refused" == fake.mail_kept[-1].event


async def test_marked_machines_are_counted_and_all_get_the_event() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        pane = app.screen.query_one(Machines)
        for name in ("billing", "approvals"):
            pane.move_to_key(name)
            await pilot.press("space")
        await pilot.press("i", *"next ")
        await settle(pilot)
        assert "Inject into 2 machines" in screen_text(app)
        assert "ignored 2" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)

        assert "2 events stored" in screen_text(app)
    assert {"billing", "approvals"} == {row.machine for row in fake.mail_kept[-2:]}


async def test_an_ignored_event_says_so_and_why() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("i", *"next ", "enter")
        await settle(pilot)
        answer = plain(app.screen.query_one(FooterBar).line)

    assert 'ignored · no "next" in charging (taken in paid, refused)' in answer


async def test_a_refusal_of_the_store_is_told() -> None:
    fake = FakeFleet(refusal="the inbox of 'billing' is full")
    app = app_over(fake)
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("i", "enter")
        await settle(pilot)

        assert "✖ the inbox of 'billing' is full" in screen_text(app)


async def test_the_palette_finds_an_event_and_opens_the_box_for_it() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("colon", *"cancel bil")
        await settle(pilot)
        assert isinstance(app.screen, Palette)
        assert "$ smtui send billing cancel" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)

        assert isinstance(app.screen, InjectBox)
        assert "cancel " == app.screen.query_one(Input).value
        assert "Inject into billing" in screen_text(app)


async def test_the_palette_restarts_any_machine() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("ctrl+p", *"restart mailer", "enter")
        await settle(pilot)

        assert isinstance(app.screen, MainScreen)
    assert [("restart", {"names": ["mailer"], "fresh": False})] == fake.asked


async def test_the_palette_runs_the_commands_of_the_screen() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("colon", *"mark every", "enter")
        await settle(pilot)

        assert "10 marked" in screen_text(app)


async def test_before_typing_the_palette_shows_what_makes_sense() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        app.screen.query_one(Machines).move_to_key("billing")
        await pilot.press("colon")
        await settle(pilot)
        text = screen_text(app)

    assert "$ smtui restart billing" in text
    assert "inject paid into billing" in text
    assert "discard" not in text


async def test_in_random_injections_the_preview_equals_the_journal() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    dice = random.Random(42)  # noqa: S311 - the same dice each time
    names = ["billing", "approvals", "crawler#1", "crawler#2"]
    async with running(app):
        for _ in range(200):
            name = dice.choice(names)
            box = InjectBox(app.context, (name,))
            injection = box.injection
            await injection.load()
            events = app.context.desk.known.facts_for(
                app.context.desk.fleet.machines[name]
            ).events
            event = dice.choice([*events, "nobody_knows"])
            payload: dict[str, Json] = {"n": dice.randrange(9)}
            draft = parse_draft(f"{event} {json.dumps(payload)}")
            seen = injection.foresee(draft)
            receipts = await app.context.operator.send(name, event, payload, None)
            row = await fake.event(receipts[0].id)
            assert row is not None
            assert row.status is not InboxStatus.PENDING
            assert (seen.verdict.value, row.why) == (
                row.status.value,
                seen.text if row.why else "",
            )
