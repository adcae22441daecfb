"""The data of a statechart is held to its declared fields and invariants."""

from dataclasses import replace

import pytest

from smtui.chart import StateChart, compile_chart
from smtui.chart.values import (
    Done,
    Finish,
    Fired,
    Log,
    Patch,
    Rejected,
    Result,
    Run,
    RunEntry,
    Snapshot,
    Status,
    Step,
    Taken,
    TimerEntry,
)
from smtui.definition import (
    PYSTATOR,
    Arrow,
    Checking,
    ErrorPolicy,
    Invariant,
    Node,
    NodeKind,
    Variable,
)
from smtui.definition.content import Change, ChangeOp
from smtui.definition.guards import CheckOp, FieldGuard
from smtui.stepper import wants_go
from tests.support.trees import AT, HERE, arrow, begin, call, chart, state, take

ASKED = replace(PYSTATOR, checking=Checking.ASKED)
KEPT = replace(PYSTATOR, checking=Checking.KEPT)


def held(*parts: Node | Arrow, semantics: object = KEPT) -> StateChart:
    """Return a chart whose `n` is a number, never below zero."""
    made = chart(*parts, semantics=semantics)  # type: ignore[arg-type]  # a builder
    sane = FieldGuard("n", CheckOp.GTE, 0, HERE)
    return compile_chart(
        replace(
            made.definition,
            variables=(
                Variable("id", HERE, "string", required=True),
                Variable("n", HERE, "number"),
            ),
            invariants=(Invariant("sane", sane, HERE),),
        )
    )


def less(field: str = "n") -> Change:
    return Change(ChangeOp.DECREMENT, field, HERE)


COUNTS = (
    state("a"),
    arrow("a", "less", "a", content=(less(),)),
    arrow("a", "note", "a"),
)


def why(step: Step) -> Rejected:
    assert isinstance(step.outcome, Rejected)
    return step.outcome


def test_an_event_is_taken_only_where_all_holds() -> None:
    made = held(*COUNTS, semantics=ASKED)
    fresh = begin(made, n=1).snapshot

    refused = take(made, fresh, "note", data={"n": -1})

    assert why(refused).code == "validation_failed"
    assert why(refused).details == (
        "Missing required state variable: 'id'",
        "Context invariant 'sane' failed",
    )
    assert why(refused).why.startswith('"note" in a: ')
    assert refused.snapshot.data == {"n": 1}
    assert isinstance(take(made, fresh, "note", data={"id": "x"}).outcome, Taken)


@pytest.mark.parametrize("event", ["note", "nobody"])
def test_what_is_wrong_is_told_before_an_event_is_looked_for(event: str) -> None:
    made = held(*COUNTS, semantics=ASKED)

    refused = take(made, begin(made).snapshot, event)

    assert why(refused).code == "validation_failed"


def test_no_step_breaks_what_held() -> None:
    made = held(*COUNTS)
    before = take(made, begin(made, n=1).snapshot, "less").snapshot

    refused = take(made, before, "less")

    assert before.data == {"n": 0}
    assert why(refused).details == ("Context invariant 'sane' failed",)
    assert refused.snapshot.data == {"n": 0}
    assert refused.snapshot.configuration == ("a",)
    assert why(refused).why.startswith('"less" in a: ')
    assert [e.level for e in refused.effects if isinstance(e, Log)] == ["error"]


def test_what_was_wrong_before_may_stay_wrong() -> None:
    made = held(*COUNTS)

    step = take(made, begin(made, n=-3).snapshot, "less")

    assert step.snapshot.data == {"n": -4}


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"id": 3}, "State variable 'id' should be string, got int"),
        ({"id": None}, "Required state variable 'id' must not be None"),
        ({"n": "x"}, "State variable 'n' should be number, got str"),
    ],
)
def test_declared_fields_are_of_their_types(data: dict[str, str], fault: str) -> None:
    made = held(*COUNTS)

    step = take(made, begin(made, id="x", n=1).snapshot, "note", data=data)  # type: ignore[arg-type]  # JSON

    assert fault in why(step).details


def test_what_cannot_be_compared_is_told_as_that() -> None:
    made = held(*COUNTS)

    step = take(made, begin(made, n=1).snapshot, "note", data={"n": "x"})

    assert any("'sane' is invalid: '>='" in each for each in why(step).details)


def test_nothing_is_asked_of_a_chart_that_does_not_check() -> None:
    made = held(*COUNTS, semantics=PYSTATOR)

    step = take(made, begin(made, n=0).snapshot, "less")

    assert step.snapshot.data == {"n": -1}


def test_a_delay_that_would_break_something_is_used_up() -> None:
    slow = arrow("a", "_after", "b", delay_s=1.0, content=(less(),))
    made = held(state("a"), state("b"), slow)
    fresh = begin(made, n=0).snapshot
    (timer,) = [id_ for id_, e in fresh.pending.items() if isinstance(e, TimerEntry)]

    step = take(made, fresh, Fired(timer, AT))

    assert why(step).code == "validation_failed"
    assert step.snapshot.configuration == ("a",)
    assert not step.snapshot.pending


# ------------------------------------------------------------ author's actions


def in_hand(snapshot: Snapshot) -> str:
    return next(id_ for id_, e in snapshot.pending.items() if isinstance(e, RunEntry))


def done(snapshot: Snapshot, patch: Patch | None = None) -> Done:
    return Done(in_hand(snapshot), Result({}), AT, patch)


def acting(*more: Node | Arrow, policy: ErrorPolicy | None = None) -> StateChart:
    """Return a chart that does `work` in b, then takes one away."""
    semantics = replace(KEPT, error_policy=policy or ErrorPolicy())
    inside = (call("work"), less(), call("tell"))
    return held(
        state("a"),
        state("b", entry=inside),
        arrow("a", "go", "b"),
        arrow("b", "back", "a"),
        *more,
        semantics=semantics,
    )


def test_an_action_whose_result_breaks_something_has_failed() -> None:
    made = acting(state("c"), policy=ErrorPolicy(0, "c"))
    first = take(made, begin(made, n=5).snapshot, "go").snapshot

    step = take(made, first, done(first, Patch({"n": -1})))

    assert step.snapshot.data == {"n": 5}
    assert step.snapshot.configuration == ("c",)


def test_after_an_action_what_would_break_is_left_out() -> None:
    made = acting()
    first = take(made, begin(made, n=0).snapshot, "go").snapshot

    step = take(made, first, done(first, Patch({"m": 1})))

    assert why(step).details == ("Context invariant 'sane' failed",)
    assert step.snapshot.data == {"n": 0, "m": 1}
    assert step.snapshot.configuration == ("b",)
    assert not [e for e in step.effects if isinstance(e, Run)]
    assert wants_go(made, step.snapshot)


def test_then_the_fallback_is_gone_to() -> None:
    made = acting(state("c", entry=(call("mourn"),)), policy=ErrorPolicy(0, "c"))
    first = take(made, begin(made, n=0).snapshot, "go").snapshot

    step = take(made, first, done(first))

    assert step.snapshot.configuration == ("c",)
    assert [e.entry.action for e in step.effects if isinstance(e, Run)] == ["mourn"]


def test_a_fallback_that_breaks_something_is_not_gone_to() -> None:
    made = acting(state("c", entry=(less(),)), policy=ErrorPolicy(0, "c"))
    first = take(made, begin(made, n=0).snapshot, "go").snapshot

    step = take(made, first, done(first))

    assert step.snapshot.configuration == ("b",)
    assert step.snapshot.data == {"n": 0}


def test_an_end_that_has_begun_is_an_end() -> None:
    ending = (call("work"), less())
    made = held(
        state("a"), state("z", kind=NodeKind.FINAL, entry=ending), arrow("a", "go", "z")
    )
    first = take(made, begin(made, n=0).snapshot, "go").snapshot

    step = take(made, first, done(first))

    assert step.snapshot.status is Status.FINAL
    assert any(isinstance(effect, Finish) for effect in step.effects)
    assert step.snapshot.data == {"n": 0}
