"""The main screen, driven by keys over a fleet in memory."""

from dataclasses import replace
from pathlib import Path

import pytest
from textual import events

from smtui.tui.screens.job import JobScreen
from smtui.tui.screens.machine import MachineScreen
from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.question import Question
from smtui.tui.widgets.bars import Bar, FooterBar
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.lists import Events, Jobs, Machines
from smtui.view.text import plain
from smtui.wire.messages import ChildState
from tests.support.store import HandClock
from tests.support.view_app import app_over, learn, running, screen_text, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, frame, machine, night_fleet, update
from tests.support.view_rows import entry

pytestmark = pytest.mark.acceptance

SIZES = [(1, 1), (2, 2), (10, 3), (20, 5), (59, 15), (300, 90)]


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
        await pilot.press("escape")
        await settle(pilot)
        assert "Machines 10 " in screen_text(app)


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


async def test_pausing_keeps_the_picture_while_the_desk_learns() -> None:
    fake = FakeFleet()
    app = app_over(fake)
    async with running(app) as pilot:
        await pilot.press("p")
        fake.put(update(machine("zebra", now_in=frame("zebra", "a"))))
        await settle(pilot)
        assert "zebra" not in screen_text(app)

        await pilot.press("p")
        await settle(pilot)
        assert "zebra" in screen_text(app)


async def test_zoom_gives_a_pane_the_screen_and_esc_takes_it_back() -> None:
    app = app_over(FakeFleet())
    async with running(app) as pilot:
        await pilot.press("4", "z")
        await settle(pilot)
        assert "Machines" not in screen_text(app)

        await pilot.press("escape")
        await settle(pilot)
        assert "Machines 10" in screen_text(app)


async def test_a_copied_row_is_kept_in_the_data_directory(tmp_path: Path) -> None:
    app = app_over(FakeFleet(), data_dir=tmp_path)
    async with running(app) as pilot:
        await pilot.press("y")
        await settle(pilot)

        copied = (tmp_path / "clipboard.txt").read_text("utf-8")
    assert copied.startswith("✖ failed   thumbs")
    assert copied.rstrip() == app.clipboard


async def test_a_lost_supervisor_leaves_the_data_and_says_since_when() -> None:
    fake, clock = FakeFleet(), HandClock(NOW)
    app = app_over(fake, clock=clock)
    async with running(app) as pilot:
        fake.hang_up()
        await settle(pilot)
        clock.pass_s(3)
        await settle(pilot)
        text = screen_text(app)

        assert "STALE 3s" in text
        assert "as of 01:55:21" in text
        assert "thumbs" in text
        assert "u start the fleet again" in text


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


async def test_an_empty_fleet_says_what_to_do() -> None:
    empty = replace(
        night_fleet(), machines=(), not_read=(("notes.yaml", "not a definition"),)
    )
    app = app_over(FakeFleet(fleet=empty))
    async with running(app):
        text = screen_text(app)

    assert "No machines in machines/" in text
    assert "notes.yaml  not a definition" in text


@pytest.mark.parametrize(
    "size", [(1, 1), (2, 2), (10, 3), (20, 5), (59, 15), (300, 90)]
)
async def test_no_size_of_a_terminal_breaks_the_screen(size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())
    async with running(app, size) as pilot:
        await pilot.press(
            "j", "4", "z", "i", "escape", "colon", "escape", "q", "escape"
        )
        await pilot.press("escape")
        await settle(pilot)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)

        assert "Machines" in screen_text(app)


async def test_a_small_terminal_keeps_the_list() -> None:
    app = app_over(FakeFleet())
    async with running(app, (20, 5)):
        text = screen_text(app)

    assert "✖ failed   thumbs" in text
    assert "60x16 needed" in text


async def test_the_queue_and_the_events_share_a_place_at_80_columns() -> None:
    app = app_over(FakeFleet())
    async with running(app, (80, 24)) as pilot:
        assert "4 Events │ 3 Queue 7" in screen_text(app)
        await pilot.press("3")
        await settle(pilot)

        assert "3 Queue 7 │ 4 Events" in screen_text(app)


async def test_what_a_machine_says_is_never_markup_nor_an_escape_sequence() -> None:
    evil = "\x1b[31m[red]@click=app.exit()[/]\x07\x9b2J"
    bad = machine(
        "m[b]x[/]",
        ChildState.FAILED,
        frame("m", evil, last_problem=evil, last_problem_at=NOW),
        reason=evil,
    )
    fake = FakeFleet(
        fleet=replace(night_fleet(), machines=(bad,)),
        steps_kept=[entry(1, "m[b]x[/]", evil, evil, evil, at=NOW)],
    )
    app = app_over(fake)
    async with running(app) as pilot:
        pages = [screen_text(app)]
        for key in ("w", "t", "v", "m", "l", "i", "full_stop", "colon"):
            await pilot.press(key)
            await settle(pilot)
            pages.append(screen_text(app))
            await pilot.press("escape")
            await settle(pilot)

    assert "m[b]x[/]" in pages[0]
    for page in pages:
        assert not set(page) & set("\x1b\x07\x9b")
        if "click" in page:
            assert "[red]" in page


async def test_ascii_paints_nothing_else() -> None:
    app = app_over(FakeFleet(), is_ascii=True)
    async with running(app) as pilot:
        pages = [screen_text(app)]
        for key in ("w", "i", "colon", "q", "question_mark"):
            await pilot.press(key)
            await settle(pilot)
            pages.append(screen_text(app))
            await pilot.press("escape")
            await settle(pilot)

    assert all(page.isascii() for page in pages)


async def test_without_colours_only_bold_dim_and_reverse_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_over(FakeFleet())
    async with running(app):
        strips = app.screen._compositor.render_strips()
        no_color = app.get_line_filters()[-1]
        ground = app.screen.background_colors[1]
        styles = {
            segment.style
            for strip in strips
            for segment in strip.apply_filter(no_color, ground)
            if segment.style
        }

    assert all(style.color is None or style.color.is_default for style in styles)
    assert any(style.reverse for style in styles)


async def test_every_verb_is_in_the_menu_of_a_machine() -> None:
    app = app_over(FakeFleet())
    async with running(app, (80, 30)) as pilot:
        app.screen.query_one(Machines).move_to_key("mailer")
        await pilot.press("full_stop")
        await settle(pilot)
        text = screen_text(app)

    for words in ("$ smtui restart mailer", "$ smtui stop mailer", "logs", "values"):
        assert words in text


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


async def test_the_clock_ticks_in_the_header() -> None:
    clock = HandClock(NOW)
    app = app_over(FakeFleet(), clock=clock)
    async with running(app) as pilot:
        clock.pass_s(61)
        await settle(pilot)

        assert "01:56:22" in plain(app.screen.query_one("#header", Bar).line)
