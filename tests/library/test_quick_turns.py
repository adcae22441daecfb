"""The short way through an event of an entity gives what the long way gives."""

from dataclasses import fields
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import PYSTATOR, Json, TreeDefinition
from smtui.library import (
    Machine,
    MetricsCollector,
    Session,
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
  - {trigger: back, source: BUSY, dest: IDLE}
"""

Context: TypeAlias = dict[str, Json]
Sent: TypeAlias = list[tuple[str, Context]]
SENT = st.lists(
    st.tuples(
        st.sampled_from(["go", "back", "never"]),
        st.sampled_from([{}, {"n": 0}, {"n": 1}, {"x": [1, {"y": None}]}]),
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


@given(st.integers(min_value=0, max_value=2**40))
def test_of_any_session_both_ways_lead_to_the_same(seed: int) -> None:
    definition = random_tree(seed, PYSTATOR)
    events = random_events(seed, 5)
    _same_of_a_session(
        definition, DATA, [(event, _payload(n)) for n, event in enumerate(events)]
    )


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
