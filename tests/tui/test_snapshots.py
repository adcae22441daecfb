"""Pictures of the screen at both sizes; look at the report when one differs.

`pytest tests/tui/test_snapshots.py --snapshot-update` takes them anew.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from smtui.tui.app import SmtuiApp
from smtui.tui.widgets.lists import Machines
from tests.support.store import HandClock
from tests.support.view_app import app_over, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, night_fleet

pytestmark = pytest.mark.acceptance

SIZES = [(120, 36), (80, 24)]


class Compare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(
        self,
        app: SmtuiApp,
        *,
        terminal_size: tuple[int, int],
        run_before: Callable[[Pilot[str]], Awaitable[None]],
    ) -> bool:
        """Compare the app with the picture that was taken before."""
        ...


def keys(*pressed: str, on: str = "") -> Callable[[Pilot[str]], Awaitable[None]]:
    """Return what brings a screen about: a machine to be on, and keys."""

    async def press(pilot: Pilot[str]) -> None:
        await settle(pilot)
        if on:
            pilot.app.screen.query_one(Machines).move_to_key(on)
        for key in pressed:
            await pilot.press(key)
            for line in pilot.app.screen.query(Input):
                line.cursor_blink = False
            await settle(pilot)

    return press


@pytest.mark.parametrize("size", SIZES)
def test_main(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=size, run_before=keys())


@pytest.mark.parametrize("size", SIZES)
def test_main_of_a_busy_machine(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(
        app, terminal_size=size, run_before=keys("enter", "down", on="crawler")
    )


@pytest.mark.parametrize("size", SIZES)
def test_empty(snap_compare: Compare, size: tuple[int, int]) -> None:
    found = (
        ("notes.yaml", "not a machine definition"),
        ("old/x.yml", "not read: name the folder too"),
    )
    fleet = replace(night_fleet(), machines=(), problems=(), not_read=found)
    app = app_over(FakeFleet(fleet=fleet))

    assert snap_compare(app, terminal_size=size, run_before=keys())


@pytest.mark.parametrize("size", SIZES)
def test_injection(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())
    typed = [
        "i",
        *"url u",
        "equals_sign",
        *"https://ex.org/b depth",
        "equals_sign",
        "2",
    ]

    assert snap_compare(
        app, terminal_size=size, run_before=keys("enter", "down", *typed, on="crawler")
    )


@pytest.mark.parametrize("size", SIZES)
def test_injection_answered(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(
        app, terminal_size=size, run_before=keys("i", "enter", on="approvals")
    )


@pytest.mark.parametrize("size", SIZES)
def test_problems(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=size, run_before=keys("exclamation_mark"))


@pytest.mark.parametrize("size", [(58, 14), (20, 5)])
def test_too_small(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=size, run_before=keys())


@pytest.mark.parametrize("size", SIZES)
def test_stale(snap_compare: Compare, size: tuple[int, int]) -> None:
    fake, clock = FakeFleet(), HandClock(NOW)
    app = app_over(fake, clock=clock)

    async def lose(pilot: Pilot[str]) -> None:
        await settle(pilot)
        fake.hang_up()
        await settle(pilot)
        clock.pass_s(3)
        await settle(pilot)

    assert snap_compare(app, terminal_size=size, run_before=lose)


@pytest.mark.parametrize("size", SIZES)
def test_help(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=size, run_before=keys("question_mark"))


@pytest.mark.parametrize("size", SIZES)
def test_quit_question(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=size, run_before=keys("q"))


@pytest.mark.parametrize("size", SIZES)
def test_palette(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=size, run_before=keys("colon", *"cancel"))


@pytest.mark.parametrize("size", SIZES)
def test_machine(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=size, run_before=keys("enter", on="billing"))


@pytest.mark.parametrize("size", SIZES)
def test_job(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=size, run_before=keys("3", "enter"))


def test_ascii(snap_compare: Compare) -> None:
    app = app_over(FakeFleet(), is_ascii=True)

    assert snap_compare(app, terminal_size=(80, 24), run_before=keys("i"))


def test_without_colours(
    snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_over(FakeFleet())

    assert snap_compare(app, terminal_size=(80, 24), run_before=keys())
