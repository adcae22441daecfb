"""Pictures of the graph; look at the report when one differs.

`pytest tests/tui/test_graph_snapshots.py --snapshot-update` takes them anew.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

import pytest
from textual.pilot import Pilot

from smtui.store.rows import DefinitionRow
from smtui.tui.app import SmtuiApp
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.lists import Machines
from smtui.view.graph import Chosen
from smtui.wire.messages import ChildState
from tests.support.view_app import app_over, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, frame, machine
from tests.support.view_rows import entry

pytestmark = pytest.mark.acceptance

SIZES = [(120, 36), (80, 24)]

ORDER = """\
initial_state: new
states: [new, paid, picking, packed, shipped, delivered, cancelled, refunded]
transitions:
  - {from: new, to: cancelled, event: cancel}
  - {from: new, to: paid, event: pay}
  - {from: picking, to: paid, event: out_of_stock}
  - {from: paid, to: cancelled, event: cancel}
  - {from: paid, to: picking, event: allocate}
  - {from: paid, to: refunded, event: refund}
  - {from: picking, to: packed, event: pack_done}
  - {from: packed, to: picking, event: repack}
  - {from: packed, to: shipped, event: dispatch}
  - {from: shipped, to: shipped, event: track}
  - {from: shipped, to: refunded, event: money_back}
  - {from: shipped, to: delivered, event: confirm}
  - {from: delivered, to: refunded, event: lost}
  - {from: delivered, to: refunded, event: return_ok}
  - {from: cancelled, to: refunded, event: refund}
actions:
  shipped:
    - {type: log, message: on its way}
"""


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


def orders() -> FakeFleet:
    """Return a fleet with an order that has just been shipped."""
    fake = FakeFleet()
    fake.definitions["hash-order"] = DefinitionRow(
        "hash-order", "engine", "order", "machines/order.yaml", ORDER
    )
    order = machine("order", ChildState.READY, frame("order", "shipped", NOW - 2))
    fake.fleet = replace(fake.fleet, machines=(order, *fake.fleet.machines))
    fake.steps_kept += [
        entry(901, "order", "new", "pay", "paid", at=NOW - 400),
        entry(902, "order", "paid", "allocate", "picking", at=NOW - 300),
        entry(903, "order", "picking", "pack_done", "packed", at=NOW - 200),
        entry(904, "order", "packed", "dispatch", "shipped", at=NOW - 2),
    ]
    return fake


def graph(
    *pressed: str, on: str = "order", chosen: Chosen | None = None
) -> Callable[[Pilot[str]], Awaitable[None]]:
    """Return what brings a graph about: a machine to be on, keys, what is picked."""

    async def press(pilot: Pilot[str]) -> None:
        await settle(pilot)
        pilot.app.screen.query_one(Machines).move_to_key(on)
        for key in pressed:
            await pilot.press(key)
            await settle(pilot)
        if chosen is not None:
            pilot.app.screen.query_one(GraphPane).choose(chosen)
        await settle(pilot)

    return press


@pytest.mark.parametrize("size", SIZES)
def test_pane_2(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(app_over(orders()), terminal_size=size, run_before=graph())


@pytest.mark.parametrize("size", SIZES)
def test_page(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(app_over(orders()), terminal_size=size, run_before=graph("g"))


@pytest.mark.parametrize("size", SIZES)
def test_a_state_is_picked(snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_over(orders())
    before = graph("g", chosen=Chosen("paid"))

    assert snap_compare(app, terminal_size=size, run_before=before)


def test_an_arrow_is_picked(snap_compare: Compare) -> None:
    app = app_over(orders())
    before = graph("g", chosen=Chosen(edges=("4",)))

    assert snap_compare(app, terminal_size=(120, 36), run_before=before)


def test_a_state_is_picked_in_pane_2(snap_compare: Compare) -> None:
    app = app_over(orders())
    before = graph("2", chosen=Chosen("shipped"))

    assert snap_compare(app, terminal_size=(120, 36), run_before=before)


def test_names_only(snap_compare: Compare) -> None:
    app = app_over(orders())

    assert snap_compare(app, terminal_size=(80, 24), run_before=graph("g", "minus"))


def test_near(snap_compare: Compare) -> None:
    app = app_over(orders())
    before = graph("g", "g", "g", "g")

    assert snap_compare(app, terminal_size=(80, 24), run_before=before)


def test_ascii(snap_compare: Compare) -> None:
    app = app_over(orders(), is_ascii=True)

    assert snap_compare(app, terminal_size=(120, 36), run_before=graph("g", "n"))


def test_without_colours(
    snap_compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_over(orders())

    assert snap_compare(app, terminal_size=(120, 36), run_before=graph("g", "n"))
