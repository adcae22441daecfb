"""Runners: entities in a store, step, save, act; retries, keys, validators."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from smtui.library import (
    Context,
    ErrorCode,
    InMemoryStateStore,
    Runner,
    SQLiteStateStore,
    StaleVersionError,
    StateStore,
    StoredEntity,
    UndefinedStateError,
)
from smtui.testing import ManualClock
from tests.support.orders import WAITING, failures, machine_of, order
from tests.support.rivals import Rival


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StateStore]:
    if request.param == "memory":
        yield InMemoryStateStore()
        return
    found = SQLiteStateStore(tmp_path / "orders.db")
    yield found
    found.close()


async def test_an_entity_is_loaded_stepped_saved_and_then_acted_for(
    store: StateStore,
) -> None:
    seen: list[tuple[str, str | None]] = []
    machine = order()
    runner = Runner(machine, store)
    machine.actions.replace("log", lambda _: seen.append(("log", runner.state_of("1"))))

    result = await runner.async_process_event("1", "ack", {"order_qty": 2})
    runner.process_event("1", "fill", {"fill_qty": 2})

    assert result.success
    assert [("log", "OPEN")] == seen
    assert "FILLED" == runner.state_of("1")
    assert {"order_qty": 2, "fill_qty": 2, "opened": 1} == runner.context_of("1")


def test_entities_do_not_know_each_other(store: StateStore) -> None:
    runner = Runner(order(), store)

    runner.process_event("1", "ack", {"order_qty": 1})
    runner.process_event("2", "ack", {"order_qty": 2})

    assert 1 == runner.context_of("1")["order_qty"]
    assert 2 == runner.context_of("2")["order_qty"]
    assert runner.state_of("3") is None
    with pytest.raises(UndefinedStateError, match="'3'"):
        runner.context_of("3")


def test_what_is_refused_is_not_saved(store: StateStore) -> None:
    runner = Runner(order(), store)

    result = runner.process_event("1", "fill", {"x": 1})

    assert not result.success
    assert runner.state_of("1") is None


def test_an_unknown_entity_may_be_forbidden() -> None:
    runner = Runner(order(), InMemoryStateStore(), use_initial_state_when_missing=False)

    with pytest.raises(UndefinedStateError, match="has no state"):
        runner.process_event("1", "ack")
    assert runner.create("1", {"order_qty": 1}).metadata["is_new"]
    assert runner.process_event("1", "ack").success


def test_a_key_is_taken_once(store: StateStore) -> None:
    calls: list[Context] = []
    runner = Runner(order(calls), store)

    results = [runner.process_event("1", "ack", idempotency_key="k") for _ in range(2)]

    assert "is_repeated" not in results[0].metadata
    assert results[1].metadata["is_repeated"]
    assert ["PENDING", "OPEN"] == [results[1].source_state, results[1].target_state]
    assert 3 == len(calls)


@pytest.mark.parametrize("is_async", [True, False])
@pytest.mark.parametrize("times", [2, 3])
async def test_who_saves_second_reads_again_as_often_as_told(
    times: int, *, is_async: bool
) -> None:
    store = Rival(times=0)
    runner = Runner(order(), store, retries=2)
    runner.process_event("1", "ack")
    store.times = times

    is_beaten = pytest.raises(StaleVersionError) if times > 2 else nullcontext()
    with is_beaten:
        if is_async:
            result = await runner.async_process_event("1", "note")
        else:
            result = runner.process_event("1", "note")
        assert result.success

    assert 0 == store.times


@pytest.mark.parametrize("is_async", [True, False])
async def test_a_context_is_validated_before_guards(*, is_async: bool) -> None:
    asked: list[tuple[str, str, str]] = []

    def check(
        entity: str, state: str, trigger: str, ctx: Context
    ) -> tuple[bool, list[str]]:
        asked.append((entity, state, trigger))
        return "id" in ctx, ["id is missing"]

    async def acheck(
        entity: str, state: str, trigger: str, ctx: Context
    ) -> tuple[bool, list[str]]:
        return check(entity, state, trigger, ctx)

    runner = Runner(
        order(),
        InMemoryStateStore(),
        context_validator=acheck if is_async else check,
    )

    bad = await runner.async_process_event("1", "ack")
    good = await runner.async_process_event("1", "ack", {"id": 1})

    assert [("1", "PENDING", "ack")] * 2 == asked
    assert bad.error is not None
    assert ErrorCode.VALIDATION_FAILED is bad.error.code
    assert "context_validation" == bad.metadata["reason"]
    assert good.success


def test_declared_variables_are_checked_when_the_definition_asks() -> None:
    config = {
        "meta": {"machine_name": "m", "validate_context": True},
        "states": [{"name": "a", "type": "initial"}, {"name": "b"}],
        "transitions": [{"trigger": "go", "source": "a", "dest": "b"}],
        "state_variables": [{"key": "id", "type": "string", "required": True}],
    }
    runner = Runner(machine_of(config), InMemoryStateStore())

    results = [runner.process_event("1", "go", ctx) for ctx in ({}, {"id": "x"})]

    assert [False, True] == [result.success for result in results]
    assert ["Missing required state variable: 'id'"] == results[0].metadata["errors"]


def test_an_event_for_the_own_entity_from_inside_an_action_is_refused() -> None:
    machine = order()
    runner = Runner(machine, InMemoryStateStore())
    machine.actions.replace("log", lambda _: runner.process_event("1", "fill"))

    result = runner.process_event("1", "ack")

    (error,) = failures(result)
    assert "another event" in str(error)


def test_a_changed_definition_takes_entities_over_while_their_state_is_there() -> None:
    store = InMemoryStateStore()
    Runner(order(), store).process_event("1", "ack", {"order_qty": 1})
    states = [{"name": "NEW", "type": "initial"}, {"name": "OPEN"}, {"name": "DONE"}]
    config = {
        "meta": {"machine_name": "order", "version": "2"},
        "states": states,
        "transitions": [{"trigger": "end", "source": "OPEN", "dest": "DONE"}],
    }

    assert (
        "DONE"
        == Runner(machine_of(config), store).process_event("1", "end").target_state
    )
    without = machine_of({**config, "states": states[:2], "transitions": []})
    with pytest.raises(UndefinedStateError, match="DONE"):
        Runner(without, store).process_event("1", "end")


@pytest.mark.parametrize("src", ["svc", "svc.yaml"])
def test_invokes_are_begun_ended_and_heard_of(src: str) -> None:
    config = {
        "meta": {"machine_name": "m"},
        "states": [
            {"name": "a", "type": "initial"},
            {"name": "b", "invoke": [{"id": "i", "src": src, "on_done": "fin"}]},
            {"name": "c"},
        ],
        "transitions": [
            {"trigger": "go", "source": "a", "dest": "b"},
            {"trigger": "back", "source": "b", "dest": "a"},
            {"trigger": "fin", "source": "b", "dest": "c"},
        ],
    }
    told: list[tuple[str, ...]] = []

    class Adapter:
        def start(self, entity: str, invoke: str, src: str, context: Context) -> None:
            told.append(("start", entity, invoke, src, str(context["n"])))

        def stop(self, entity: str, invoke: str) -> None:
            told.append(("stop", entity, invoke))

    runner = Runner(machine_of(config), InMemoryStateStore(), invoke_adapter=Adapter())
    runner.process_event("1", "go", {"n": 7})
    runner.process_event("1", "back")
    runner.process_event("2", "go", {"n": 8})

    assert not runner.invoke_done("1", "i")
    assert runner.invoke_done("2", "i", {"ok": True})
    assert "c" == runner.state_of("2")
    assert [
        ("start", "1", "i", src, "7"),
        ("stop", "1", "i"),
        ("start", "2", "i", src, "8"),
    ] == told


def test_due_delays_are_taken_up_before_an_event_and_on_demand(
    store: StateStore,
) -> None:
    clock = ManualClock()
    runner = Runner(machine_of(WAITING, clock), store)
    for entity in ("1", "2"):
        runner.process_event(entity, "go")
    assert 60 == runner.next_due()
    clock.advance(60)

    refused = runner.process_event("1", "back")
    count = runner.run_due()

    assert not refused.success
    assert 1 == count
    assert ["late", "late"] == [runner.state_of("1"), runner.state_of("2")]
    assert runner.next_due() is None


def test_one_entity_that_cannot_be_read_does_not_hold_up_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, store = ManualClock(), InMemoryStateStore()
    runner = Runner(machine_of(WAITING, clock), store)
    store.save("waiting", "bad", StoredEntity("x", {"version": 99}, 0.0))
    runner.process_event("good", "go")
    clock.advance(60)

    count = runner.run_due()

    assert 1 == count
    assert "late" == runner.state_of("good")
    assert "'bad'" in caplog.text
