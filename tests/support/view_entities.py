"""A machine with an instance for each order, in the night fleet."""

from dataclasses import replace

from smtui.chart import compile_chart, encode
from smtui.chart.values import At, Given
from smtui.dialects import load_text
from smtui.stepper import start
from smtui.store.rows import DefinitionRow, InstanceRow
from smtui.wire.messages import ChildState
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW, frame, machine, night_fleet

__all__ = ["ORDERS", "fleet_of_orders"]

ORDERS = """\
meta: {machine_name: orders, version: "1"}
states:
  - {name: DRAFT, type: initial}
  - {name: SUBMITTED}
  - {name: WORKING}
  - {name: FILLED, type: terminal}
  - {name: REJECTED, type: terminal}
transitions:
  - {trigger: submit, source: DRAFT, dest: SUBMITTED}
  - {trigger: accept, source: SUBMITTED, dest: WORKING}
  - {trigger: reject, source: SUBMITTED, dest: REJECTED}
  - {trigger: fill, source: WORKING, dest: FILLED}
"""

_WHERE = {"DRAFT": 3, "SUBMITTED": 45, "WORKING": 7, "FILLED": 1}


def fleet_of_orders() -> FakeFleet:
    """Return the night fleet with orders in several states beside."""
    fleet = night_fleet()
    shown = frame("orders", "", instance="", configuration=(), instances=56)
    orders = machine("orders", ChildState.READY, shown, dialect="pystator")
    fake = FakeFleet(fleet=replace(fleet, machines=(*fleet.machines, orders)))
    fake.definitions["hash-orders"] = DefinitionRow(
        "hash-orders", "pystator", "orders", "machines/orders.yaml", ORDERS
    )
    number = 0
    rows: list[InstanceRow] = []
    for state, count in _WHERE.items():
        for _ in range(count):
            number += 1
            rows.append(_life(f"ORD-{1000 + number}", state, NOW - 37.0 * number))
    fake.lives["orders"] = rows
    return fake


def _life(id_: str, state: str, at: float) -> InstanceRow:
    definition = load_text(ORDERS, "machines/orders.yaml").definition
    assert definition is not None
    given = Given("orders", id_, run=1, id="", at=At(at, 0.0, ""))
    begun = start(compile_chart(definition), {}, given).snapshot
    snapshot = encode(begun._replace(configuration=(state,)))
    return InstanceRow("orders", id_, 1, "running", (state,), 1, at, snapshot)
