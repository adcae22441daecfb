"""Where an entity may be next, by whichever event, and where its data leads it."""

import asyncio
from typing import Any

import pytest

from smtui.library import (
    Context,
    InMemoryStateStore,
    Machine,
    Runner,
    UndefinedStateError,
)
from tests.support.orders import machine_of

WAYS = {
    "meta": {"machine_name": "m"},
    "states": [
        {"name": "a", "type": "initial"},
        {"name": "b"},
        {"name": "p", "initial_child": "k"},
        {"name": "k", "parent": "p"},
        {"name": "q", "type": "parallel", "regions": [{"name": "r", "initial": "r1"}]},
        {"name": "r1"},
        {"name": "z", "type": "terminal"},
    ],
    "transitions": [
        {"trigger": "x", "source": "a", "dest": "b", "guards": ["never"]},
        {"trigger": "y", "source": "a", "dest": "b"},
        {"trigger": "in", "source": "a", "dest": "p"},
        {"trigger": "par", "source": "a", "dest": "q"},
        {"source": "b", "dest": "z", "auto": True},
    ],
}

SENSOR = {
    "meta": {
        "machine_name": "sensor",
        "classification": {
            "auto_route": True,
            "entity_id_field": "sensor",
            "timestamp_field": "at",
            "source": "feed",
            "default_state": "cool",
        },
    },
    "states": [
        {"name": "cool", "type": "initial"},
        {
            "name": "hot",
            "when": [{"field": "t", "op": "gt", "value": 100}],
            "on_enter": ["alarm"],
        },
        {"name": "ok", "when": {"field": "t", "op": "lte", "value": 100}},
        {"name": "off", "type": "terminal", "when": {"field": "off", "op": "is_set"}},
    ],
    "transitions": [
        {"trigger": "heat", "source": ["cool", "ok"], "dest": "hot"},
        {"trigger": "settle", "source": "hot", "dest": "ok", "actions": ["calm"]},
        {"trigger": "end", "source": ["hot", "ok"], "dest": "off", "priority": -1},
    ],
}


def ways() -> Machine:
    machine = machine_of(WAYS)

    @machine.guard("never")
    def never(ctx: Context) -> bool:
        del ctx
        return False

    return machine


def sensor(calls: list[str] | None = None) -> Machine:
    machine = machine_of(SENSOR)
    told = [] if calls is None else calls

    @machine.action("alarm")
    def alarm(ctx: Context) -> None:
        del ctx
        told.append("alarm")

    @machine.action("calm")
    def calm(ctx: Context) -> None:
        del ctx
        told.append("calm")

    return machine


@pytest.mark.parametrize(
    ("source", "destination", "candidates", "reason"),
    [
        ("a", "b", [("x", False, "guard_rejected"), ("y", True, None)], None),
        ("a", "p", [("in", False, "target_mismatch")], None),
        ("a", "q", [("par", True, None)], None),
        ("a", "z", [], "no_transition_to_destination"),
        ("z", "a", [], "no_transition_to_destination"),
        ("a", "nowhere", [], "undefined_destination"),
    ],
)
def test_every_way_to_a_state_is_tried(
    source: str,
    destination: str,
    candidates: list[tuple[str, bool, str | None]],
    reason: str | None,
) -> None:
    found = ways().evaluate_destination(source, destination)

    tried = [(one.trigger, one.executable, one.reason) for one in found.candidates]
    assert tried == candidates
    assert found.allowed == any(one[1] for one in candidates)
    assert found.metadata.get("reason") == reason
    assert found.candidate_count == len(candidates)


def test_an_unknown_source_is_an_error() -> None:
    with pytest.raises(UndefinedStateError):
        ways().can_transition_to("nowhere", "a")


def test_two_ways_are_ambiguous() -> None:
    config: dict[str, Any] = {
        **WAYS,
        "transitions": [
            {"trigger": "x", "source": "a", "dest": "b"},
            {"trigger": "y", "source": "a", "dest": "b"},
        ],
    }

    found = machine_of(config).evaluate_destination("a", "b")

    assert found.is_ambiguous
    assert found.metadata == {"ambiguous": True}


def test_a_session_asks_with_what_it_knows() -> None:
    config = {
        **WAYS,
        "transitions": [
            {"trigger": "x", "source": "a", "dest": "b", "guards": {"expr": "n > 1"}}
        ],
    }
    session = machine_of(config).create({"n": 1})

    assert not session.can_transition_to("b")
    assert session.can_transition_to("b", {"n": 2})
    assert session.context == {"n": 1}


# ----------------------------------------------------------------------- data


def test_data_moves_a_session() -> None:
    session = sensor().create()

    (result,) = session.apply_data(t=150)

    assert (result.source_state, result.trigger) == ("cool", "heat")
    assert (result.target_state, result.all_actions) == ("hot", ("alarm",))
    assert session.is_hot
    assert session.apply_data(t=151) == []
    assert [r.target_state for r in session.apply_data(t=1)] == ["ok"]
    assert session.context == {"t": 1}


async def test_data_moves_a_session_at_the_async_door() -> None:
    session = sensor().create()

    (result,) = await session.aapply_data(t=150)

    assert result.target_state == "hot"


def test_actions_on_the_way_are_done() -> None:
    calls: list[str] = []
    session = sensor(calls).create(execute_actions=True)

    session.apply_data(t=150)
    session.apply_data(t=50)

    assert calls == ["alarm", "calm"]


def test_an_entity_that_has_ended_only_knows_the_data() -> None:
    session = sensor().create({"t": 1}, initial_state="ok")
    session.apply_data(off=True)

    assert session.is_final
    assert session.apply_data(t=150) == []
    assert session.context == {"t": 150, "off": True}


def test_data_moves_the_entities_of_a_runner() -> None:
    calls: list[str] = []
    runner = Runner(sensor(calls), InMemoryStateStore())

    first = runner.apply_data("1", {"t": 150})
    second = asyncio.run(runner.async_apply_data("1", {"t": 50, "x": 1}))

    assert [r.target_state for r in (*first, *second)] == ["hot", "ok"]
    assert runner.state_of("1") == "ok"
    assert runner.context_of("1") == {"t": 50, "x": 1}
    assert calls == ["alarm", "calm"]


def test_data_that_would_break_an_invariant_is_refused() -> None:
    config: dict[str, Any] = {
        **SENSOR,
        "meta": {**SENSOR["meta"], "validate_context": True},  # type: ignore[dict-item]  # JSON
        "context_invariants": [
            {"name": "sane", "negate": {"field": "t", "op": "gt", "value": 1000}}
        ],
    }
    session = machine_of(config).create()

    (result,) = session.apply_data(t=2000)

    assert not result.success
    assert result.metadata["errors"] == ["Context invariant 'sane' failed"]
    assert session.context == {}


def test_a_record_belongs_in_the_first_state_that_fits() -> None:
    machine = sensor()

    found = machine.classify({"sensor": 7, "t": 150, "off": 1, "at": "noon"})

    assert (found.state, found.matched) == ("hot", True)
    assert (found.entity_id, found.observed_at, found.source) == ("7", "noon", "feed")


@pytest.mark.parametrize("record", [{}, {"t": "warm"}])
def test_a_record_that_fits_nowhere_goes_to_the_default(record: dict[str, Any]) -> None:
    found = sensor().classify(record)

    assert (found.state, found.matched, found.entity_id) == ("cool", False, "")


def test_without_a_default_it_belongs_nowhere() -> None:
    assert ways().classify({"t": 1}).state is None
