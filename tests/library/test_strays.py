"""Events nothing takes, where a definition says what becomes of them."""

from typing import Any

import pytest

from smtui.library import InMemoryStateStore, Machine, Runner, TransitionResult
from tests.support.orders import machine_of


def machine(mode: object, **more: object) -> Machine:
    config: dict[str, Any] = {
        "meta": {
            "machine_name": "m",
            "orchestrator_default_fallback": mode,
            **more,
        },
        "states": [
            {"name": "a", "type": "initial", "on_exit": ["leave"]},
            {"name": "b"},
            {"name": "err", "type": "error", "on_enter": ["mourn"]},
            {"name": "z", "type": "terminal"},
        ],
        "transitions": [
            {"trigger": "no", "source": "a", "dest": "b", "guards": {"expr": "False"}},
            {"trigger": "end", "source": "b", "dest": "z"},
            {"trigger": "reset", "source": "err", "dest": "a"},
        ],
        "error_policy": {"default_fallback": "err"},
    }
    made = machine_of(config)
    made.actions.register("leave", dict)
    made.actions.register("mourn", dict)
    return made


def sent(mode: object, event: str, **more: object) -> TransitionResult:
    runner = Runner(machine(mode, **more), InMemoryStateStore())
    return runner.process_event("1", event, {"x": 1})


@pytest.mark.parametrize("mode", ["persist", True])
@pytest.mark.parametrize(
    ("event", "error"),
    [("nobody", "UndefinedTriggerError"), ("end", "InvalidTransitionError")],
)
def test_an_entity_goes_to_the_fallback(mode: object, event: str, error: str) -> None:
    result = sent(mode, event)

    assert result.success
    assert (result.target_state, result.trigger) == ("err", event)
    assert result.all_actions == ("leave", "mourn")
    assert result.context == {"x": 1}
    assert result.metadata["orchestrator_applied_default_fallback"]
    original = result.metadata["orchestrator_original_error"]
    assert isinstance(original, dict)
    assert original["type"] == error


def test_a_guard_that_says_no_moves_nothing() -> None:
    result = sent("persist", "no")

    assert not result.success
    assert result.metadata["reason"] == "guard_rejected"


def test_an_entity_that_has_ended_stays_where_it_is() -> None:
    runner = Runner(machine("persist"), InMemoryStateStore())
    session = machine("persist").create(initial_state="z")
    assert not session.send("end").success

    runner.process_event("1", "nobody")
    assert runner.process_event("1", "reset").target_state == "a"


@pytest.mark.parametrize("mode", ["off", False, "hint"])
def test_without_it_they_are_refused(mode: object) -> None:
    result = sent(mode, "nobody")

    assert not result.success
    hint = "err" if mode == "hint" else None
    assert result.metadata.get("orchestrator_default_fallback") == hint


def test_an_event_that_may_pass_passes() -> None:
    result = sent("persist", "nobody", strict_mode=False)

    assert result.metadata["no_op"]
    assert result.target_state == "a"


def test_only_a_runner_does_it() -> None:
    made = machine("persist")

    assert not made.process("a", "nobody").success
    assert not made.create().send("nobody").success
    assert not made.create(execute_actions=True).send("nobody").success
