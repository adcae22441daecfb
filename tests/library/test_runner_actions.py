"""Runners and the author's actions: failures, crashes, the strict mode."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from smtui.definition import Json
from smtui.library import (
    ActionFailedError,
    Context,
    ErrorCode,
    FSMError,
    InMemoryStateStore,
    Machine,
    Runner,
    SQLiteStateStore,
    StateStore,
    ValidationError,
)
from tests.support.orders import failures, machine_of, order


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StateStore]:
    if request.param == "memory":
        yield InMemoryStateStore()
        return
    found = SQLiteStateStore(tmp_path / "orders.db")
    yield found
    found.close()


def failing(policy: Mapping[str, Json], tries: list[Context], good: int) -> Machine:
    """Return a machine whose action works at its `good`-th attempt."""
    config = {
        "meta": {"machine_name": "m"},
        "states": [
            {"name": "a", "type": "initial"},
            {"name": "b"},
            {"name": "err", "type": "error"},
        ],
        "transitions": [
            {"trigger": "go", "source": "a", "dest": "b", "actions": ["work"]}
        ],
        "error_policy": dict(policy),
    }
    machine = machine_of(config)

    @machine.action()
    def work(ctx: Context) -> None:
        tries.append(ctx)
        if len(tries) < good:
            raise OSError(str(len(tries)))

    return machine


@pytest.mark.parametrize(
    ("retries", "fallback", "good", "state"),
    [(0, "", 9, "b"), (2, "", 3, "b"), (1, "err", 9, "err"), (2, "err", 3, "b")],
)
def test_a_failed_action_is_done_again_and_then_the_fallback_is_taken(
    retries: int, fallback: str, good: int, state: str
) -> None:
    tries: list[Context] = []
    policy: dict[str, Json] = {"retry_attempts": retries}
    if fallback:
        policy["default_fallback"] = fallback
    runner = Runner(failing(policy, tries, good), InMemoryStateStore())

    result = runner.process_event("1", "go")

    assert state == runner.state_of("1")
    assert min(good, retries + 1) == len(tries)
    errors = failures(result)
    assert all(isinstance(error, ActionFailedError) for error in errors)
    assert len(errors) == len(tries) - (good == len(tries))


class Crash(BaseException):
    """The end of a process, as a test can have it."""


def test_an_action_a_crash_cut_off_is_done_again_under_the_same_key(
    store: StateStore,
) -> None:
    keys: list[str] = []
    machine = order()

    def log(ctx: Context) -> None:
        keys.append(ctx["_action_key"])
        if len(keys) == 1:
            raise Crash

    machine.actions.replace("log", log)
    with pytest.raises(Crash):
        Runner(machine, store).process_event("1", "ack", {"order_qty": 0})

    result = Runner(machine, store).process_event("1", "fill")

    assert keys[0] == keys[1]
    assert 2 == len(keys)
    assert result.success
    assert 1 == Runner(machine, store).context_of("1")["opened"]


def test_strict_actions_must_be_bound() -> None:
    machine = Machine.from_dict(_WITH_ACTION)

    with pytest.raises(FSMError, match="ghost") as caught:
        Runner(machine, InMemoryStateStore(), strict_actions=True)
    lenient = Runner(machine, InMemoryStateStore()).process_event("1", "go")

    assert ErrorCode.ACTION_NOT_FOUND is caught.value.code
    assert ["ghost"] == lenient.metadata["skipped_actions"]


_WITH_ACTION: Mapping[str, object] = {
    "states": [{"name": "a", "type": "initial"}, {"name": "b"}],
    "transitions": [
        {"trigger": "go", "source": "a", "dest": "b", "actions": ["ghost"]}
    ],
}


def test_actions_of_the_beginning_are_done_before_the_first_event(
    store: StateStore,
) -> None:
    calls: list[tuple[str, str]] = []
    config = {
        "meta": {"machine_name": "m"},
        "states": [
            {"name": "a", "type": "initial", "on_enter": ["hello"]},
            {"name": "b"},
        ],
        "transitions": [{"trigger": "go", "source": "a", "dest": "b"}],
    }
    machine = machine_of(config)

    @machine.action()
    def hello(ctx: Context) -> None:
        calls.append((ctx["_entity_id"], ctx["new_status"]))

    runner = Runner(machine, store)

    refused = runner.process_event("1", "nope")
    taken = runner.process_event("1", "go")

    assert [("1", "a")] == calls
    assert not refused.success
    assert taken.success
    assert "b" == runner.state_of("1")


def test_what_an_action_leaves_that_is_no_json_is_told_of_and_left_out(
    store: StateStore, caplog: pytest.LogCaptureFixture
) -> None:
    machine = order()
    machine.actions.replace("log", lambda ctx: ctx.update(lock=object(), seen=1))

    result = Runner(machine, store).process_event("1", "ack")

    runner = Runner(machine, store)
    assert result.metadata == {}
    assert (runner.state_of("1"), runner.context_of("1")["seen"]) == ("OPEN", 1)
    assert "lock" not in runner.context_of("1")
    assert "'lock', set by action log, is left out: " in caplog.text


def test_a_context_that_is_no_json_is_refused_and_nothing_is_saved(
    store: StateStore,
) -> None:
    runner = Runner(order(), store)
    context: dict[str, Any] = {"a": 1, "lock": object()}

    with pytest.raises(ValidationError, match="'lock' is no JSON"):
        runner.process_event("1", "ack", context)

    assert runner.state_of("1") is None
