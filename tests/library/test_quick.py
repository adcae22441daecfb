"""The short way through `process` gives what the long way gives."""

from collections.abc import Mapping
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smtui.definition import PYSTATOR, Json
from smtui.library import Machine, TransitionResult
from tests.support.random_trees import random_events, random_tree

DESK = """
meta: {machine_name: desk, version: "1"}
states:
  - {name: IDLE, type: initial, on_exit: [{increment: left}]}
  - {name: BUSY, on_enter: [hello, {set: {seen: true}}], timeout: {seconds: 9, destination: IDLE}, initial_child: INNER}
  - {name: INNER, parent: BUSY}
  - {name: DONE, type: terminal}
transitions:
  - trigger: go
    source: IDLE
    dest: BUSY
    guards: [may_go, {expr: "n > 1"}]
    actions: [{append: {field: log, value: go}}, greet]
    description: it goes
  - {trigger: go, source: IDLE, dest: DONE, guards: [{check: {field: n, op: eq, value: 0}}]}
  - {trigger: back, source: BUSY, dest: IDLE, actions: [greet, {decrement: n}]}
  - {trigger: note, source: [IDLE, BUSY], dest: IDLE, actions: [{timestamp: at}]}
  - {trigger: fail, source: IDLE, dest: DONE, guards: [breaks]}
"""  # noqa: E501 - a definition reads best a line each


def _desk(asked: list[Mapping[str, Json]]) -> Machine:
    machine = Machine.loads(DESK)

    @machine.guard()
    def may_go(context: Mapping[str, Json]) -> bool:
        asked.append(dict(context))
        return context.get("n") != 7

    @machine.guard()
    def breaks(context: Mapping[str, Json]) -> bool:
        asked.append(dict(context))
        return bool(context["nothing"])

    return machine


def _told(result: TransitionResult) -> dict[str, object]:
    """Return a result as a mapping; an error is what it says."""
    shown = {one.name: getattr(result, one.name) for one in fields(result)}
    return {**shown, "error": repr(result.error), "context": _but_the_time(result)}


def _but_the_time(result: TransitionResult) -> dict[str, Json]:
    return {key: value for key, value in result.context.items() if key != "at"}


@pytest.mark.parametrize("state", ["IDLE", "BUSY", "INNER", "DONE"])
@pytest.mark.parametrize("trigger", ["go", "back", "note", "fail", "never"])
@pytest.mark.parametrize("n", [0, 2, 7])
def test_the_third_answer_is_the_first(state: str, trigger: str, n: int) -> None:
    asked: list[Mapping[str, Json]] = []
    machine = _desk(asked)
    answers: list[dict[str, object]] = []
    counts: list[int] = []
    for _ in range(3):
        before = len(asked)
        answers.append(_told(machine.process(state, trigger, {"n": n, "left": 1})))
        counts.append(len(asked) - before)

    assert answers[1:] == answers[:1] * 2
    assert counts[1:] == counts[:1] * 2  # no guard is asked twice
    assert all(one == asked[0] for one in asked)


def test_results_share_nothing_that_can_be_written() -> None:
    machine = _desk([])
    first, second, third = (machine.process("IDLE", "go", {"n": 2}) for _ in range(3))

    assert first.metadata == second.metadata == third.metadata
    assert second.metadata is not third.metadata
    assert second.metadata["guards"] is not third.metadata["guards"]
    assert second.context is not third.context


def test_the_context_that_is_passed_in_stays_as_it_is() -> None:
    machine = _desk([])
    context: dict[str, Json] = {"n": 2, "log": ["old"]}
    for _ in range(3):
        assert machine.process("IDLE", "go", context).context["log"] == ["old", "go"]

    assert context == {"n": 2, "log": ["old"]}


@settings(max_examples=settings().max_examples // 2)
@given(st.integers(min_value=0, max_value=2**40))
def test_of_any_machine_both_ways_lead_to_the_same(seed: int) -> None:
    definition = random_tree(seed, PYSTATOR)
    warm = Machine(definition)
    state: str = warm.get_initial_state()
    data: dict[str, Json] = {"n": 0, "m": 0, "fuel": 0}
    for event in random_events(seed, 6):
        cold = _told(Machine(definition).process(state, event, data))
        results = [warm.process(state, event, data) for _ in range(3)]

        assert [_told(one) for one in results] == [cold] * 3
        state = results[0].target_state or state
        data = dict(results[0].context)
