"""How the screen looks at any size, without colours, without UTF-8, gone stale."""

from dataclasses import replace

import pytest

from smtui.tui.widgets.bars import Bar
from smtui.tui.widgets.lists import Machines
from smtui.view.text import plain
from smtui.wire.messages import ChildState
from tests.support.store import HandClock
from tests.support.view_app import app_over, running, screen_text, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, frame, machine, night_fleet, update
from tests.support.view_rows import entry

pytestmark = pytest.mark.acceptance

SIZES = [(1, 1), (2, 2), (10, 3), (20, 5), (59, 15), (300, 90)]


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
        for key, pane in (("1", "machines"), ("3", "queue"), ("4", "events")):
            await pilot.press(key, "z")
            await settle(pilot)
            shown = app.screen.query_one(f"#{pane}")
            assert (120, 34) == shown.size

            await pilot.press("escape")
            await settle(pilot)
            assert "Machines 10" in screen_text(app)
        await pilot.resize_terminal(80, 24)
        for key, pane in (("1", "machines"), ("3", "queue")):
            await pilot.press(key, "z")
            await settle(pilot)
            assert (80, 22) == app.screen.query_one(f"#{pane}").size
            await pilot.press("escape")


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

        before = [*app.screen.query_one(Machines).items]
        clock.pass_s(100_000)
        await settle(pilot)
        assert before == [*app.screen.query_one(Machines).items]


async def test_an_empty_fleet_says_what_to_do() -> None:
    empty = replace(
        night_fleet(), machines=(), not_read=(("notes.yaml", "not a definition"),)
    )
    app = app_over(FakeFleet(fleet=empty))
    async with running(app):
        text = screen_text(app)

    assert "No machines in machines/" in text
    assert "notes.yaml  not a definition" in text


async def test_no_size_of_a_terminal_breaks_the_screen() -> None:
    app = app_over(FakeFleet())
    async with running(app, SIZES[-1]) as pilot:
        for width, height in SIZES:
            await pilot.resize_terminal(width, height)
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


async def test_the_clock_ticks_in_the_header() -> None:
    clock = HandClock(NOW)
    app = app_over(FakeFleet(), clock=clock)
    async with running(app) as pilot:
        clock.pass_s(61)
        await settle(pilot)

        assert "01:56:22" in plain(app.screen.query_one("#header", Bar).line)
