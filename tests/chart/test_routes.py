"""Data leads to the state it belongs in, where the chart says so."""

from dataclasses import replace
from itertools import count

import pytest

from smtui.chart import StateChart, compile_chart
from smtui.chart.values import Ignored, Rejected, Step, Taken
from smtui.definition import (
    PYSTATOR,
    Arrow,
    Classification,
    Guard,
    Json,
    Node,
    Semantics,
)
from smtui.definition.guards import CheckOp, FieldGuard
from tests.support.trees import HERE, arrow, begin, chart, mark, state, take


def above(value: Json, field: str = "t") -> Guard:
    return FieldGuard(field, CheckOp.GT, value, HERE)


def when(node: Node, guard: Guard) -> Node:
    return replace(node, when=guard)


_NUMBERS = count()


def way(source: str, event: str, target: str, **more: object) -> Arrow:
    """Return a transition of a file: each has a number of its own."""
    return arrow(source, event, target, origin=next(_NUMBERS), **more)


def routed(*parts: Node | Arrow, semantics: Semantics = PYSTATOR) -> StateChart:
    made = chart(*parts, semantics=semantics)
    rules = Classification(auto_route=True)
    return compile_chart(replace(made.definition, classification=rules))


STATES = (
    state("cool"),
    when(state("hot", entry=(mark("hot"),)), above(100)),
    when(state("ok"), FieldGuard("t", CheckOp.LTE, 100, HERE)),
    state("off"),
    way("cool", "heat", "hot"),
    way("hot", "settle", "ok"),
    way("ok", "heat", "hot"),
    way("cool", "stop", "off"),
    way("off", "start", "ok"),
)
SENSOR = routed(*STATES)


def fed(made: StateChart, **data: Json) -> Step:
    return take(made, begin(made).snapshot, "apply_data", data={**data})


def where(step: Step) -> tuple[str, ...]:
    return step.snapshot.configuration


def test_data_alone_moves_an_instance() -> None:
    first = fed(SENSOR, t=150)
    second = take(SENSOR, first.snapshot, "apply_data", data={"t": 50})

    assert where(first) == ("hot",)
    assert [(m.event, m.target) for m in first.micro] == [("heat", "hot")]
    assert first.snapshot.data == {"t": 150, "log": ["hot"]}
    assert where(second) == ("ok",)


def test_data_that_leads_nowhere_is_kept() -> None:
    step = fed(SENSOR, x=1)

    assert isinstance(step.outcome, Taken)
    assert (where(step), step.snapshot.data) == (("cool",), {"x": 1})


def test_data_an_event_brings_leads_on_behind_it() -> None:
    away = take(SENSOR, begin(SENSOR).snapshot, "stop").snapshot

    step = take(SENSOR, away, "start", data={"t": 150})

    assert [m.target for m in step.micro] == ["ok", "hot"]


def test_nothing_is_looked_at_before_something_happens() -> None:
    started = begin(SENSOR, t=150)
    refused = take(SENSOR, started.snapshot, "nobody")

    assert where(started) == ("cool",)
    assert isinstance(refused.outcome, Rejected)
    assert where(refused) == ("cool",)


def test_a_state_that_is_active_is_not_entered_again() -> None:
    step = fed(SENSOR, t=150)

    again = take(SENSOR, step.snapshot, "apply_data", data={"t": 151})

    assert not again.micro
    assert again.snapshot.data["log"] == ["hot"]


def test_a_chart_that_lets_events_pass_follows_their_data() -> None:
    made = routed(*STATES, semantics=replace(PYSTATOR, is_strict=False))

    led = take(made, begin(made).snapshot, "reading", data={"t": 150})
    not_led = take(made, led.snapshot, "reading", data={"t": 160})

    assert where(led) == ("hot",)
    assert isinstance(not_led.outcome, Ignored)
    assert not_led.snapshot.data["t"] == 150


def test_guards_priority_and_automatic_transitions_decide_as_ever() -> None:
    made = routed(
        state("a"),
        when(state("b"), above(0)),
        when(state("c"), above(0)),
        when(state("d"), above(0)),
        way("a", "x", "b", guard=above(9), priority=-1),
        way("a", "y", "c", priority=2),
        way("a", "z", "d", priority=1),
    )
    eager = routed(
        state("a"),
        when(state("b"), above(0)),
        state("c"),
        way("a", "x", "b", priority=-1),
        way("a", "", "c", guard=above(0), trigger="_auto_a"),
    )

    assert where(fed(made, t=1)) == ("d",)
    assert where(fed(made, t=10)) == ("b",)
    assert where(fed(eager, t=1)) == ("c",)


def test_states_that_send_each_other_on_are_an_error_that_names_them() -> None:
    made = routed(
        state("a"),
        when(state("b"), above(0)),
        when(state("c"), above(0)),
        way("a", "x", "b"),
        way("b", "y", "c"),
        way("c", "z", "b"),
    )

    step = fed(made, t=1)

    assert isinstance(step.outcome, Rejected)
    assert "b -> c, c -> b" in step.outcome.why


def test_an_own_event_of_that_name_comes_first() -> None:
    made = routed(*STATES, way("cool", "apply_data", "off"))

    assert where(fed(made, t=150)) == ("off",)


def test_it_is_among_the_events_of_a_chart_that_data_moves() -> None:
    assert "apply_data" in SENSOR.event_names()
    assert "apply_data" not in chart(state("a"), semantics=PYSTATOR).event_names()


@pytest.mark.parametrize(
    ("op", "value", "fits", "does_not"),
    [
        (CheckOp.CONTAINS, "1", (213, "x1", ["1"]), (None, 22, ["11"], "")),
        (CheckOp.STARTS_WITH, "0", (0, "0x"), (None, 10, "")),
        (CheckOp.ENDS_WITH, 3, (13, "x3"), (None, 31)),
        (CheckOp.MATCHES, "^a.*z$", ("abz",), (None, "zza", 3)),
    ],
)
def test_texts_of_all_kinds_are_compared(
    op: CheckOp, value: Json, fits: tuple[Json, ...], does_not: tuple[Json, ...]
) -> None:
    guard = FieldGuard("t", op, value, HERE)
    made = routed(state("a"), when(state("b"), guard), way("a", "x", "b"))

    assert {where(fed(made, t=each)) for each in fits} == {("b",)}
    assert {where(fed(made, t=each)) for each in does_not} == {("a",)}
