"""Orchestrators: what the recorded cases do not say."""

import copy
import importlib.util
from typing import Any

import pytest

if importlib.util.find_spec("statemachine") is None:
    pytest.skip("python-statemachine is not installed", allow_module_level=True)

from statemachine import State, StateChart, StateMachine

from smtui import (
    AnnotationIsNotAStateMachineError,
    EndlessEventsError,
    MachineNotBegunError,
    MachineTypeError,
    Orchestrator,
    UnexpectedAnnotationTypeError,
)
from tests.support.shop import Order, Pay


class Asks(StateChart[Any]):
    """A chart whose every kind of callback asks."""

    a = State(initial=True)
    b = State()
    c = State(final=True)
    go = a.to(b, cond="may", validators="valid")
    b.to(c, cond="eventless")

    def __init__(self) -> None:
        self.told: list[object] = []
        super().__init__()

    def prepare_event(self, orc: object = None) -> dict[str, object]:
        self.told.append(orc)
        return {}

    def may(self, orc: object) -> bool:
        return orc is not None

    def valid(self, orc: object) -> None:
        self.told.append(orc)

    def eventless(self, orc: object) -> bool:
        self.told.append(orc)
        return True

    def on_exit_a(self, orc: object) -> None:
        self.told.append(orc)

    def on_go(self, orc: object) -> None:
        self.told.append(orc)

    def on_enter_c(self, orc: object) -> None:
        self.told.append(orc)


class One(Orchestrator):
    asks: Asks


def test_every_kind_of_callback_is_given_the_orchestrator() -> None:
    one = One(asks=Asks())
    one.asks.told.clear()

    one.asks.go()

    assert one.asks.c.is_active
    assert {id(one)} == {id(each) for each in one.asks.told if each is not None}
    assert len([each for each in one.asks.told if each is one]) >= 6


def test_enabled_events_ask_guards_with_the_orchestrator() -> None:
    one = One(asks=Asks())

    enabled = one.asks.enabled_events()

    assert ["go"] == [str(event) for event in enabled]


class Early(Orchestrator):
    machine: "Late"


class Late(Order):
    """A class its orchestrator names before it is there."""


def test_a_class_named_before_it_is_there_is_found_later() -> None:
    early = Early(machine=Late())

    assert {"machine": Late} == early.machine_classes
    with pytest.raises(MachineTypeError, match="expected a machine of the class Late"):
        Early(machine=Order())  # type: ignore[arg-type]


def test_machines_are_begun_in_the_order_they_need_each_other() -> None:
    begun: list[str] = []

    class First(StateMachine):
        a = State(initial=True)
        b = State(final=True)
        go = a.to(b)

        def on_enter_a(self, orc: "Both") -> None:
            assert orc.second.r.is_active
            begun.append("first")

    class Second(StateMachine):
        r = State(initial=True)
        s = State(final=True)
        go = r.to(s)

        def on_enter_r(self, orc: object) -> None:
            assert orc is not None
            begun.append("second")

    class Both(Orchestrator):
        first: First
        second: Second

    both = Both.begin()

    assert ["second", "first"] == begun
    assert ["first", "second"] == list(both.machines)


def test_machines_that_need_each_other_to_begin_are_told_apart() -> None:
    class Left(StateMachine):
        a = State(initial=True)
        b = State(final=True)
        go = a.to(b)

        def on_enter_a(self, orc: "Both") -> None:
            orc.right.go()

    class Right(StateMachine):
        r = State(initial=True)
        s = State(final=True)
        go = r.to(s)

        def on_enter_r(self, orc: "Both") -> None:
            orc.left.go()

    class Both(Orchestrator):
        left: Left
        right: Right

    with pytest.raises(MachineNotBegunError, match="left -> right -> left"):
        Both.begin()


def test_machines_that_answer_each_other_for_ever_are_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("smtui.library.orchestrator_link.MOST_EVENTS", 100)

    class Ball(StateMachine):
        here = State(initial=True)
        hit = here.to(here)

        def after_hit(self, orc: "Court") -> None:
            (orc.right if self is orc.left else orc.left).hit()

    class Court(Orchestrator):
        left: Ball
        right: Ball

    court = Court(left=Ball(), right=Ball())

    with pytest.raises(EndlessEventsError, match="the last 'hit' to Ball"):
        court.left.hit()


def test_begin_takes_machines_that_are_there_already() -> None:
    class Shop(Orchestrator):
        order: Order
        payment: Pay
        gift: Order | None = None

    order = Order()

    shop = Shop.begin(order=order)

    assert shop.order is order
    assert shop.payment.unpaid.is_active
    assert shop.gift is None
    with pytest.raises(TypeError, match="unexpected keyword argument 'nobody'"):
        Shop.begin(nobody=order)


def test_a_copy_of_an_orchestrator_is_linked_to_itself() -> None:
    one = One(asks=Asks())

    other = copy.deepcopy(one)
    other.asks.told.clear()
    other.asks.go()

    assert one.asks.a.is_active
    assert {id(other)} == {id(each) for each in other.asks.told if each is not None}


def test_an_annotation_that_is_no_class_is_refused() -> None:
    with pytest.raises(UnexpectedAnnotationTypeError, match="'x' is 3, not a class"):
        type("Bad", (Orchestrator,), {"__annotations__": {"x": 3}})


def test_a_machine_cannot_have_a_name_of_the_orchestrator() -> None:
    with pytest.raises(AnnotationIsNotAStateMachineError, match="'machines'"):
        type("Bad", (Orchestrator,), {"__annotations__": {"machines": Order}})
