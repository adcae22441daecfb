"""Linked machines under supervision: one process, a journal each, kill -9."""

import importlib.util

import pytest

from tests.support.acceptance import Place
from tests.support.acceptance_processes import kill

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        importlib.util.find_spec("statemachine") is None,
        reason="python-statemachine is not installed",
    ),
]

SHOP = """
import os
from pathlib import Path

from statemachine import State, StateMachine
from smtui import Orchestrator


class Order(StateMachine):
    pending = State(initial=True)
    processing = State()
    shipped = State(final=True)
    process = pending.to(processing)
    ship = processing.to(shipped, cond="is_paid")

    def on_process(self):
        if not Path("died").exists():
            Path("died").touch()
            os.kill(os.getpid(), 9)

    def after_process(self, orc: "Shop"):
        orc.payment.authorize()

    def is_paid(self, orc: "Shop"):
        return orc.payment.captured.is_active


class Payment(StateMachine):
    unpaid = State(initial=True)
    authorized = State()
    captured = State(final=True)
    authorize = unpaid.to(authorized)
    capture = authorized.to(captured)


class Shop(Orchestrator):
    order: Order
    payment: Payment
"""


def states(place: Place) -> list[object]:
    return [row["configuration"] for row in place.ps().values()]


def test_linked_machines_share_a_process_and_go_on_after_its_death(
    place: Place,
) -> None:
    place.define("shop.py", SHOP)
    run = place.headless()
    run.child("payment", "ready")
    first = place.ready_pid("order")
    place("send", "order", "process")
    run.step("payment", to="authorized")
    pid = place.ready_pid("order", other_than=first)

    kill(pid)
    assert place.ready_pid("payment", other_than=pid)
    place("send", "order", "ship")
    run.until(lambda line: line.kind == "step" and "when in Processing" in str(line))
    place("send", "payment", "capture")
    run.step("payment", to="captured")
    place("send", "order", "ship")
    run.step("order", to="shipped")

    assert [["shipped"], ["captured"]] == states(place)
    assert (place.work / "died").exists()
    moves = [(s["from"], s["to"]) for s in place.steps("payment")]
    assert (["unpaid"], ["authorized"]) in moves
    assert (["authorized"], ["captured"]) in moves
    run.stop()
