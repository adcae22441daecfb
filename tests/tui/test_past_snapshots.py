"""Pictures of the past at both sizes; look at the report when one differs.

`pytest tests/tui/test_past_snapshots.py --snapshot-update` takes them anew.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import pytest
from textual.pilot import Pilot

from smtui.store import PastReader
from smtui.tui.app import SmtuiApp
from smtui.tui.widgets.lists import Machines
from tests.support.past import strides, write_past
from tests.support.view_app import app_over
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW
from tests.support.view_past import replaying, still

pytestmark = pytest.mark.acceptance

SIZES = [(120, 36), (80, 24)]
NAME = "crawler#1"


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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("past")
    steps = [*strides(60), *strides(9, run=2)]
    write_past(folder, steps, name=NAME, began=NOW - 2422)
    return folder


def keys(journal: PastReader, *pressed: str) -> Callable[[Pilot[str]], Awaitable[None]]:
    """Return what goes back, presses keys, and closes the journal."""

    async def press(pilot: Pilot[str]) -> None:
        await still(pilot)
        machines = pilot.app.screen.query(Machines)
        if machines:
            machines.first().move_to_key("crawler")
            await pilot.press("enter")
            machines.first().move_to_key(NAME)
        await pilot.press(*pressed)
        await still(pilot)
        await journal.aclose()

    return press


@pytest.mark.parametrize("size", SIZES)
def test_past(snap_compare: Compare, size: tuple[int, int], folder: Path) -> None:
    journal = PastReader(folder / "smtui.db")
    to_visit = keys(journal, "left_square_bracket", "left_curly_bracket")

    assert snap_compare(
        app_over(FakeFleet(journal=journal)), terminal_size=size, run_before=to_visit
    )


@pytest.mark.parametrize("size", SIZES)
def test_past_that_refuses_to_act(
    snap_compare: Compare, size: tuple[int, int], folder: Path
) -> None:
    journal = PastReader(folder / "smtui.db")
    inject = keys(journal, "left_square_bracket", "i")

    assert snap_compare(
        app_over(FakeFleet(journal=journal)), terminal_size=size, run_before=inject
    )


@pytest.mark.parametrize("size", SIZES)
def test_replay(snap_compare: Compare, size: tuple[int, int], folder: Path) -> None:
    journal = PastReader(folder / "smtui.db")
    on = keys(journal, *["right_square_bracket"] * 3)

    assert snap_compare(
        replaying(FakeFleet(journal=journal), NAME), terminal_size=size, run_before=on
    )
