"""Sessions: one entity in memory."""

import asyncio
import json
import threading

import pytest

from smtui.definition import Json
from smtui.library import (
    ActionFailedError,
    Context,
    FSMError,
    InvalidStateError,
    Machine,
    Session,
    UndefinedStateError,
)
from smtui.testing import ManualClock
from tests.support.orders import WAITING, failures, machine_of, order


def test_states_and_triggers_are_attributes_and_methods() -> None:
    session = order().create({"order_qty": 2})

    assert session.is_pending
    assert session.ack(by="desk").success
    assert session.is_open
    assert not session.is_pending
    assert ["fill", "note"] == session.allowed_triggers
    with pytest.raises(AttributeError, match="no_such"):
        _ = session.no_such


def test_the_payload_merges_into_the_context_only_when_taken() -> None:
    session = order().create({"order_qty": 2}, initial_state="OPEN")

    session.send("fill", fill_qty=1)
    refused = session.context
    session.send("fill", fill_qty=2)

    assert {"order_qty": 2} == refused
    assert {"order_qty": 2, "fill_qty": 2} == session.context
    assert session.is_final
    assert [] == session.allowed_triggers


def test_actions_are_planned_or_done_as_asked() -> None:
    calls: list[Context] = []

    order(calls).create().send("ack")
    planned = [*calls]
    order(calls).create(execute_actions=True).send("ack", q=1)

    assert [] == planned
    assert ["leave", "log", "notify"] == [call["action"] for call in calls]
    assert all(call["new_status"] == "OPEN" and call["q"] == 1 for call in calls)


def test_what_an_action_changes_is_kept_and_what_it_raises_is_told() -> None:
    machine = order()

    def changed(ctx: Context) -> None:
        ctx["seen"] = True

    def failing(ctx: Context) -> None:
        raise ValueError(str(len(ctx)))

    machine.actions.replace("log", changed)
    machine.actions.replace("notify", failing)
    session = machine.create(execute_actions=True)

    result = session.send("ack")

    assert result.success
    assert {"seen": True, "opened": 1} == session.context
    (error,) = failures(result)
    assert isinstance(error, ActionFailedError)


def test_a_snapshot_goes_through_json_and_history_with_it() -> None:
    config = {
        "states": [
            {"name": "op", "type": "initial", "initial_child": "a"},
            {"name": "a", "parent": "op"},
            {"name": "b", "parent": "op"},
            {"name": "away"},
        ],
        "transitions": [
            {"trigger": "next", "source": "a", "dest": "b"},
            {"trigger": "leave", "source": "op", "dest": "away"},
            {"trigger": "back", "source": "away", "dest": "H(op)"},
        ],
    }
    machine = machine_of(config)
    session = machine.create({"n": 1})
    session.send("next")
    session.send("leave")

    document = json.loads(json.dumps(session.snapshot()))
    restored = Session.from_snapshot(machine, document)

    assert {"current_state": "away", "context": {"n": 1}}.items() <= document.items()
    assert "b" == restored.send("back").target_state
    assert "a" == machine.create(initial_state="away").send("back").target_state


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"machine_name": "other", "current_state": "OPEN"}, InvalidStateError),
        ({"current_state": "bogus"}, UndefinedStateError),
        ({"context": {}}, InvalidStateError),
        ({"current_state": "OPEN", "core": {"version": 99}}, InvalidStateError),
    ],
)
def test_a_snapshot_that_does_not_fit_is_refused(
    document: dict[str, str], error: type[FSMError]
) -> None:
    with pytest.raises(error):
        Session.from_snapshot(order(), document)


def test_a_snapshot_of_pystator_is_taken() -> None:
    document: dict[str, Json] = {
        "current_state": "OPEN",
        "context": {"order_qty": 1},
        "machine_name": "order",
        "machine_version": "1.0.0",
        "deferred_events": [{"trigger": "x", "payload": {}}],
    }

    session = Session.from_snapshot(order(), document)

    assert session.is_open
    assert [("x", {})] == session.deferred_events


def test_a_snapshot_of_another_version_keeps_its_state_if_it_is_there() -> None:
    document = order().create(initial_state="OPEN").snapshot()

    def other(name: str) -> Machine:
        states = [{"name": "NEW", "type": "initial"}, {"name": name}]
        meta = {"machine_name": "order", "version": "2"}
        return machine_of({"meta": meta, "states": states, "transitions": []})

    assert Session.from_snapshot(other("OPEN"), document).is_open
    with pytest.raises(UndefinedStateError, match="OPEN"):
        Session.from_snapshot(other("CLOSED"), document)


def test_deferred_events_are_taken_when_they_can_be_oldest_first() -> None:
    names = ["a", "b", "c", "d"]
    config = {
        "states": [{"name": "a", "type": "initial"}, *({"name": n} for n in names[1:])],
        "transitions": [
            {"trigger": "go", "source": "a", "dest": "b"},
            {"trigger": "n1", "source": "b", "dest": "c"},
            {"trigger": "n2", "source": "c", "dest": "d"},
        ],
    }
    session = machine_of(config).create(defer_unhandled=True)
    session.send("n2")
    session.send("n1", k=1)

    waiting = session.deferred_events
    session.send("go")

    assert [("n2", {}), ("n1", {"k": 1})] == waiting
    assert "d" == session.current_state
    assert [] == session.deferred_events


def test_a_delay_that_is_due_comes_before_the_next_event() -> None:
    clock = ManualClock()
    session = machine_of(WAITING, clock).create()
    session.send("go")

    assert 60 == session.due_in()
    clock.advance(61)
    result = session.send("back")

    assert not result.success
    assert "late" == session.current_state
    assert ["wait", "late"] == [one.target_state for one in session.history][:2]


def test_delays_survive_a_snapshot_and_are_dropped_on_leaving() -> None:
    clock = ManualClock()
    machine = machine_of(WAITING, clock)
    session = machine.create()
    session.send("go")
    restored = Session.from_snapshot(machine, session.snapshot())
    session.send("back")

    clock.advance(60)

    assert () == session.fire_due()
    assert ["late"] == [one.target_state for one in restored.fire_due()]
    assert restored.due_in() is None


def test_an_event_from_inside_an_action_is_refused() -> None:
    machine = order()
    session = machine.create(execute_actions=True)
    machine.actions.replace("log", lambda _: session.send("fill"))

    result = session.send("ack")

    (error,) = failures(result)
    assert "another event" in str(error)
    assert session.is_open


async def test_an_async_event_from_inside_an_action_is_refused() -> None:
    machine = order()
    session = machine.create(execute_actions=True)

    async def again(ctx: Context) -> None:
        await session.asend("fill", **ctx)

    machine.actions.replace("log", again)

    async with asyncio.timeout(5):
        result = await session.asend("ack")

    (error,) = failures(result)
    assert "another event" in str(error)


@pytest.mark.parametrize("is_async", [True, False])
async def test_events_of_other_threads_wait_their_turn(*, is_async: bool) -> None:
    machine = order()
    inside, gate = threading.Event(), threading.Event()

    def slow(ctx: Context) -> None:
        del ctx
        inside.set()
        assert gate.wait(5)

    machine.actions.replace("log", slow)
    session = machine.create({"order_qty": 0}, execute_actions=True)
    first = asyncio.create_task(asyncio.to_thread(session.send, "ack"))
    await asyncio.to_thread(inside.wait, 5)
    if is_async:
        second = asyncio.create_task(session.asend("fill"))
    else:
        second = asyncio.create_task(asyncio.to_thread(session.send, "fill"))
    await asyncio.sleep(0)
    gate.set()

    assert (await first).success
    assert (await second).success
    assert session.is_final


async def test_events_of_other_tasks_wait_their_turn() -> None:
    machine = order()
    gate = asyncio.Event()

    async def slow(ctx: Context) -> None:
        del ctx
        await gate.wait()

    machine.actions.replace("log", slow)
    session = machine.create({"order_qty": 0}, execute_actions=True)

    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(session.asend("ack"))
        second = tasks.create_task(session.asend("fill"))
        await asyncio.sleep(0)
        gate.set()

    assert first.result().success
    assert second.result().success
    assert session.is_final


def test_actions_of_the_beginning_are_done_before_the_first_event() -> None:
    calls: list[str] = []
    config = {
        "states": [
            {"name": "a", "type": "initial", "on_enter": ["hello"]},
            {"name": "b"},
        ],
        "transitions": [
            {"trigger": "go", "source": "a", "dest": "b", "actions": ["bye"]}
        ],
    }
    machine = machine_of(config)
    machine.action("hello")(lambda _: calls.append("hello"))
    machine.action("bye")(lambda _: calls.append("bye"))

    session = machine.create(execute_actions=True)
    session.send("go")

    assert ["hello", "bye"] == calls
    assert session.is_b


def test_a_statechart_of_scxml_is_a_machine_too() -> None:
    text = (
        '<scxml initial="a" name="m"><state id="a">'
        '<transition event="go.*" target="b"/></state><final id="b"/></scxml>'
    )

    session = Machine.loads(text, file="m.scxml").create()
    result = session.send("go.now")

    assert ("a", "b") == (result.source_state, result.target_state)
    assert session.is_final
