"""Every door of the library holds the data to what its definition asks of it."""

from typing import Any

from smtui.library import ErrorCode, InMemoryStateStore, Machine, Runner, Session
from tests.support.orders import machine_of

STOCK: dict[str, Any] = {
    "meta": {"machine_name": "stock", "validate_context": True},
    "state_variables": [{"key": "id", "type": "string", "required": True}],
    "context_invariants": [
        {"name": "not below zero", "check": {"field": "n", "op": "gte", "value": 0}}
    ],
    "states": [{"name": "a", "type": "initial"}, {"name": "b", "on_enter": ["work"]}],
    "transitions": [
        {"trigger": "take", "source": "a", "dest": "a", "actions": {"decrement": "n"}},
        {"trigger": "go", "source": "a", "dest": "b"},
        {"trigger": "back", "source": "b", "dest": "a", "actions": {"decrement": "n"}},
    ],
    "error_policy": {"default_fallback": "a"},
}
FAULT = "Context invariant 'not below zero' failed"


def stock() -> Machine:
    machine = machine_of(STOCK)

    @machine.action("work")
    def work(ctx: dict[str, Any]) -> None:
        ctx["n"] = ctx.get("give", ctx["n"])

    return machine


def test_a_stateless_step_breaks_nothing() -> None:
    machine = stock()

    refused = machine.process("a", "take", {"n": 0})

    assert refused.error is not None
    assert refused.error.code is ErrorCode.VALIDATION_FAILED
    assert refused.metadata == {"reason": "context_validation", "errors": [FAULT]}
    assert refused.context == {"n": 0}


def test_what_a_stateless_step_is_given_is_its_callers_own() -> None:
    assert stock().process("a", "take", {"n": -1}).success


def test_a_session_may_be_incomplete_but_not_be_broken() -> None:
    session = stock().create({"n": 1})

    assert session.send("take").success
    assert not session.send("take").success
    assert not session.send("take", n=-5).success
    assert session.context == {"n": 0}


def test_a_runner_asks_for_all_of_it() -> None:
    runner = Runner(stock(), InMemoryStateStore())

    refused = runner.process_event("1", "take", {"n": 3})
    taken = runner.process_event("1", "take", {"n": 3, "id": "x"})

    assert refused.metadata["errors"] == ["Missing required state variable: 'id'"]
    assert taken.context == {"n": 2, "id": "x"}


def test_an_action_that_breaks_something_has_failed() -> None:
    session = Session(stock(), {"n": 1, "give": -1}, execute_actions=True)

    session.send("go")

    assert session.current_state == "a"
    assert session.context == {"n": 1, "give": -1}


def test_contexts_are_validated_where_the_definition_asks_for_it() -> None:
    machine = stock()
    silent = machine_of({**STOCK, "meta": {"machine_name": "stock"}})

    assert machine.validate_context({"id": "x", "n": 0}) == (True, [])
    assert machine.validate_context({"id": "x"}) == (False, [FAULT])
    assert silent.validate_context({}) == (True, [])
