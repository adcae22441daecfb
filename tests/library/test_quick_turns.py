"""The short way through an event of an entity gives what the long way gives."""

from dataclasses import fields
from typing import TypeAlias, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtui.definition import PYSTATOR, Json, TreeDefinition
from smtui.library import (
    InMemoryStateStore,
    Machine,
    MetricsCollector,
    Runner,
    Session,
    StoredEntity,
    TransitionObserver,
    TransitionResult,
)
from tests.support.random_trees import random_events, random_tree
from tests.support.store import HandClock

DESK = """
meta: {machine_name: desk, version: "1"}
states:
  - {name: IDLE, type: initial, on_exit: [{increment: left}]}
  - {name: BUSY, on_enter: [{set: {seen: true}}], initial_child: INNER}
  - {name: INNER, parent: BUSY}
transitions:
  - trigger: go
    source: IDLE
    dest: BUSY
    guards: [{check: {field: n, op: gt, value: 0}}]
    actions: [{append: {field: log, value: go}}]
    description: it goes
  - {trigger: back, source: BUSY, dest: IDLE, guards: [{expr: "n < 9"}]}
"""

FEW = settings(max_examples=25)
Context: TypeAlias = dict[str, Json]
Sent: TypeAlias = list[tuple[str, Context]]
SENT = st.lists(
    st.tuples(
        st.sampled_from(["go", "back", "never"]),
        st.sampled_from([{}, {"n": 0}, {"n": 1}, {"n": 9}, {"x": [1, {"y": None}]}]),
    ),
    max_size=6,
)
DATA: Context = {"n": 0, "m": 0, "fuel": 0}


def _told(result: TransitionResult) -> dict[str, object]:
    """Return a result as a mapping; an error is what it says."""
    shown = {one.name: getattr(result, one.name) for one in fields(result)}
    return {**shown, "error": repr(result.error)}


def _payload(number: int) -> Context:
    return {} if number % 3 else {"n": number % 4}


@FEW
@given(st.integers(min_value=0, max_value=2**40))
def test_of_any_session_both_ways_lead_to_the_same(seed: int) -> None:
    definition = random_tree(seed, PYSTATOR)
    events = random_events(seed, 5)
    _same_of_a_session(
        definition, DATA, [(event, _payload(n)) for n, event in enumerate(events)]
    )


@FEW
@given(SENT)
def test_of_a_session_of_the_desk_both_ways_lead_to_the_same(sent: Sent) -> None:
    definition = Machine.loads(DESK).definition
    _same_of_a_session(definition, {"n": 1}, [("go", {}), ("back", {}), *sent])


def _same_of_a_session(definition: TreeDefinition, data: Context, sent: Sent) -> None:
    clock = HandClock()
    warm = Machine(definition, clock=clock)
    session = warm.create(data)
    for event, payload in sent:  # so that all moves are known
        session.send(event, **payload)

    session = warm.create(data)
    for event, payload in sent:
        clock.pass_s(1)
        cold = Machine(definition, clock=clock)
        other = Session.from_snapshot(cold, session.snapshot())
        found = session.send(event, **payload)

        assert _told(found) == _told(other.send(event, **payload))
        assert session.snapshot() == other.snapshot()


def test_results_of_a_session_share_nothing_that_can_be_written() -> None:
    session = Machine.loads(DESK).create({"n": 1})
    found = [session.send(event) for event in ("go", "back") * 3]
    first, second, third = found[::2]

    assert first.metadata == second.metadata == third.metadata
    assert first.metadata["guards"] is not second.metadata["guards"]
    assert second.metadata["guards"] is not third.metadata["guards"]
    assert second.metadata is not third.metadata
    assert third.context["log"] == ["go", "go", "go"]
    assert second.context["log"] == ["go", "go"]
    assert [*session.history] == found


def test_hooks_hear_what_has_a_short_way() -> None:
    session = Machine.loads(DESK).create({"n": 1})
    for event in ("go", "back"):
        session.send(event)
    observer, metrics = TransitionObserver("desk"), MetricsCollector()
    observer.add_hook(metrics)
    for event in ("go", "back"):
        session.send(event)

    assert metrics.get_summary()["by_trigger"] == {"go": 1, "back": 1}


def test_a_waiting_event_is_taken_after_one_with_a_short_way() -> None:
    session = Machine.loads(DESK).create({"n": 1}, defer_unhandled=True)
    for event in ("go", "back", "back", "go"):
        session.send(event)

    assert session.current_state == "IDLE"
    assert session.deferred_events == []


class Written(InMemoryStateStore):
    """A store of its user's: what is saved goes through JSON, and is counted."""

    def __init__(self) -> None:
        super().__init__()
        self.saves = 0

    def save(
        self,
        machine: str,
        entity_id: str,
        entity: StoredEntity,
        reply: tuple[str, Json] | None = None,
    ) -> int:
        self.saves += 1
        return super().save(machine, entity_id, entity, reply)


@FEW
@given(st.integers(min_value=0, max_value=2**40))
def test_of_any_runner_both_ways_lead_to_the_same(seed: int) -> None:
    events = random_events(seed, 5)
    _same_of_a_runner(
        random_tree(seed, PYSTATOR),
        [(event, _payload(n)) for n, event in enumerate(events)],
    )


@FEW
@given(SENT)
def test_of_a_runner_of_the_desk_both_ways_lead_to_the_same(sent: Sent) -> None:
    definition = Machine.loads(DESK).definition
    _same_of_a_runner(definition, [("go", {"n": 1}), ("back", {}), *sent])


def _same_of_a_runner(definition: TreeDefinition, sent: Sent) -> None:
    clock = HandClock()
    warm = Machine(definition, clock=clock)
    store, other = InMemoryStateStore(), Written()
    runner = Runner(warm, store)
    runner.create("first", DATA)
    for event, payload in sent:  # so that all moves are known
        runner.process_event("first", event, payload)

    runner.create("1", DATA)
    Runner(warm, other).create("1", DATA)
    for event, payload in sent:
        clock.pass_s(1)
        cold = Runner(Machine(definition, clock=clock), other)
        found = runner.process_event("1", event, payload)

        assert _told(found) == _told(cold.process_event("1", event, payload))
        assert store.load(warm.name, "1") == other.load(warm.name, "1")
        assert runner.context_of("1") == cold.context_of("1")


def test_what_a_caller_does_to_a_result_does_not_reach_the_store() -> None:
    runner = Runner(Machine.loads(DESK), InMemoryStateStore())
    for event in ("go", "back") * 2:
        sent: Context = {"n": 1, "x": [1]}
        result = runner.process_event("1", event, sent)
        for context in (sent, result.context, runner.context_of("1")):
            assert isinstance(context, dict)
            assert isinstance(context["x"], list)
            context["x"].append(2)
            context["n"] = 3

        assert runner.context_of("1")["x"] == [1]
        assert runner.context_of("1")["n"] == 1


def test_data_is_what_json_makes_of_it() -> None:
    runner = Runner(Machine.loads(DESK), InMemoryStateStore())
    foreign = cast("Context", {"n": 1, "pair": (1, 2), "keys": {1: "one"}})
    for event in ("go", "back", "go"):
        runner.process_event("1", event, foreign)

    assert runner.context_of("1")["pair"] == [1, 2]
    assert runner.context_of("1")["keys"] == {"1": "one"}


def test_a_store_with_methods_of_its_own_is_asked_to_save() -> None:
    store, patched, saved = Written(), InMemoryStateStore(), list[str]()
    runner = Runner(Machine.loads(DESK), store)
    for event in ("go", "back", "go", "back"):
        runner.process_event("1", event, {"n": 1})
    own = patched.save

    def save(
        machine: str,
        entity_id: str,
        entity: StoredEntity,
        reply: tuple[str, Json] | None = None,
    ) -> int:
        saved.append(entity.state)
        return own(machine, entity_id, entity, reply)

    runner = Runner(Machine.loads(DESK), patched)
    runner.process_event("1", "go", {"n": 1})
    setattr(patched, "save", save)  # noqa: B010 - as a caller's test does
    for event in ("back", "go"):
        runner.process_event("1", event, {"n": 1})

    assert store.saves == 4
    assert saved == ["IDLE", "INNER"]


def test_who_is_overtaken_begins_anew_with_what_was_saved() -> None:
    store = InMemoryStateStore()
    runner = Runner(Machine.loads(DESK), store, retries=0)
    for event in ("go", "back"):
        runner.process_event("1", event, {"n": 1})
    found = store.load("desk", "1")
    assert found is not None
    snapshot: Context = {**found.snapshot, "data": {"n": 0}}
    store.save("desk", "1", found._replace(snapshot=snapshot))

    assert not runner.process_event("1", "go").success
    assert runner.context_of("1") == {"n": 0}


ASKING = """
meta: {machine_name: gate, version: "1"}
states: [{name: OUT, type: initial}, {name: IN}, {name: PAID, on_enter: [note]}]
transitions:
  - {trigger: go, source: OUT, dest: PAID, guards: [has_paid]}
  - {trigger: go, source: OUT, dest: IN, guards: [is_known, may_enter]}
  - {trigger: back, source: [IN, PAID], dest: OUT}
"""


@pytest.mark.parametrize("awaits", [False, True])
async def test_no_guard_is_asked_twice_on_either_way(*, awaits: bool) -> None:
    asked: list[str] = []
    told: list[dict[str, object]] = []

    def bound() -> Machine:
        machine = Machine.loads(ASKING)
        for name in ("has_paid", "is_known", "may_enter"):

            def guard(ctx: Context, *, name: str = name) -> bool:
                asked.append(f"{name} {ctx['who']}")
                return name in str(ctx["who"])

            machine.guard(name)(guard)
        return machine

    machine = bound()
    session = machine.create()
    sent = ["is_known may_enter", "is_known", "has_paid", "nobody"]
    for who in [*sent, *sent]:
        before = session.snapshot()
        asked.clear()
        if awaits:
            told.append(_told(await session.asend("go", who=who)))
        else:
            told.append(_told(session.send("go", who=who)))
        warm = [*asked]
        asked.clear()
        other = Session.from_snapshot(bound(), before)

        assert told[-1] == _told(other.send("go", who=who))
        assert warm == asked
        assert len(warm) == len({*warm})
        if session.current_state != "OUT":
            session.send("back")

    assert told[4:] == told[:4]


async def test_the_door_that_awaits_has_the_short_way_too() -> None:
    runner = Runner(Machine.loads(DESK), InMemoryStateStore())
    session = Machine.loads(DESK).create({"n": 1})
    for event in ("go", "back", "go", "back"):
        result = await runner.async_process_event("1", event, {"n": 1})
        assert _told(result) == _told(await session.asend(event))
