"""Laws of statecharts, over random ones with regions, histories and guards."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from smtui.chart import Kernel, StateChart, compile_chart, decode, encode
from smtui.chart.messages import Ask
from smtui.chart.values import At, Event, Given, Snapshot, Status, Step, Taken
from smtui.definition import (
    PYSTATOR,
    SCXML,
    Json,
    NodeKind,
    Semantics,
    TreeDefinition,
)
from smtui.stepper import start, step
from tests.support.random_trees import random_events, random_tree
from tests.support.tree_reference import Reference

AT = At(1_700_000_000.0, 100.0, "boot")
SEEDS = st.integers(min_value=0, max_value=2**40)
DATA = {"n": 0, "m": 0, "fuel": 0}


def begun(chart: StateChart) -> Step:
    return start(chart, DATA, Given("m", "main", 1, "start", AT))


def stepped(
    chart: StateChart, snapshot: Snapshot, event: str, payload: Json = None
) -> Step:
    done = step(chart, snapshot, Event(event, payload, f"id-{snapshot.turn}", AT))
    assert not isinstance(done, Ask)
    return done


def told(reference: Reference) -> dict[str, object]:
    kept = {key: value for key, value in reference.data.items() if key != "log"}
    return {
        "configuration": reference.active(),
        "data": kept,
        "log": reference.data.get("log"),
        "history": {id_: sorted(states) for id_, states in reference.history.items()},
        "running": reference.is_running,
    }


def seen(chart: StateChart, snapshot: Snapshot) -> dict[str, object]:
    del chart
    kept = {key: value for key, value in snapshot.data.items() if key != "log"}
    return {
        "configuration": [*snapshot.configuration],
        "data": kept,
        "log": snapshot.data.get("log"),
        "history": {id_: sorted(ids) for id_, ids in snapshot.history.items()},
        "running": snapshot.status is Status.RUNNING,
    }


@given(SEEDS)
def test_a_statechart_steps_as_the_w3c_wrote_it_down(seed: int) -> None:
    definition = random_tree(seed)
    chart = compile_chart(definition)
    reference = Reference(definition)
    reference.data = {**DATA}

    snapshot = begun(chart).snapshot
    reference.start()
    for event in random_events(seed):
        if not reference.is_running:
            return
        assert told(reference) == seen(chart, snapshot)
        done = stepped(chart, snapshot, event)
        taken = reference.send(event)
        assert taken == isinstance(done.outcome, Taken)
        snapshot = done.snapshot
    if reference.is_running:
        assert told(reference) == seen(chart, snapshot)


@given(SEEDS, st.sampled_from([SCXML, PYSTATOR]))
def test_what_the_kernel_forgets_changes_no_result(
    seed: int, semantics: Semantics
) -> None:
    definition = random_tree(seed, semantics)
    warm, cold = compile_chart(definition), compile_chart(definition)
    events = random_events(seed)
    _walk(warm, events)  # so that all of the second walk is remembered

    remembered = _walk(warm, events)
    assert remembered == _walk(cold, events, forgets=True)
    assert remembered == _walk(_with_small_memo(cold), events)


def _with_small_memo(chart: StateChart) -> StateChart:
    """Return the chart with a memo that is full again and again."""
    return replace(
        chart, kernel=Kernel(chart.tree, most_configurations=2, most_nodes=3)
    )


def _walk(chart: StateChart, events: list[str], *, forgets: bool = False) -> list[Step]:
    walked = [begun(chart)]
    for event in events:
        if forgets:
            chart.kernel.forget()
        number = len(walked)
        payload: Json = None if number % 3 else {"n": number % 4}
        walked.append(stepped(chart, walked[-1].snapshot, event, payload))
    return walked


@given(SEEDS, st.sampled_from([SCXML, PYSTATOR]))
def test_a_configuration_is_always_legal(seed: int, semantics: Semantics) -> None:
    definition = random_tree(seed, semantics)
    chart = compile_chart(definition)

    for done in _walk(chart, random_events(seed)):
        active = set(done.snapshot.configuration)
        for node in definition.nodes:
            if node.id in active:
                _has_legal_children(definition, node.id, active)


def _has_legal_children(definition: TreeDefinition, id_: str, active: set[str]) -> None:
    node = next(one for one in definition.nodes if one.id == id_)
    histories = {NodeKind.HISTORY, NodeKind.DEEP_HISTORY}
    children = [
        one.id
        for one in definition.nodes
        if one.parent == id_ and one.kind not in histories
    ]
    count = sum(child in active for child in children)
    wanted = {NodeKind.COMPOUND: 1, NodeKind.PARALLEL: len(children)}.get(node.kind, 0)
    assert wanted == count
    assert node.parent is None or node.parent in active


@given(SEEDS)
def test_a_snapshot_survives_json_at_every_macrostep(seed: int) -> None:
    chart = compile_chart(random_tree(seed))

    for done in _walk(chart, random_events(seed)):
        text = json.dumps(encode(done.snapshot))
        assert decode(json.loads(text)) == done.snapshot


@given(SEEDS)
def test_a_step_changes_none_of_its_arguments(seed: int) -> None:
    chart = compile_chart(random_tree(seed))
    snapshot = begun(chart).snapshot

    for event in random_events(seed):
        before = json.dumps(encode(snapshot))
        after = stepped(chart, snapshot, event).snapshot
        assert json.dumps(encode(snapshot)) == before
        snapshot = after
