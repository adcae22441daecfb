import json
from dataclasses import replace

from smtui.chart import decode, encode
from smtui.chart.values import (
    Done,
    Finish,
    Patch,
    Raised,
    Rejected,
    Result,
    Run,
    RunEntry,
    Snapshot,
    Status,
    Step,
)
from smtui.definition import PYSTATOR, NodeKind, Semantics
from smtui.definition.content import Change, ChangeOp
from smtui.definition.semantics import ErrorPolicy
from smtui.stepper import Nothing, accepts, holds_timers, wants_go
from tests.support.trees import AT, HERE, arrow, begin, call, chart, mark, state, take

ORDERS = chart(
    state("a", exit_=(call("leave"),)),
    state("b", entry=(mark("in b"), call("greet"), mark("greeted"))),
    arrow(
        "a", "go", "b", content=(Change(ChangeOp.CLEAR, "secret", HERE), call("tell"))
    ),
    semantics=PYSTATOR,
)


def runs(step: Step) -> list[str]:
    return [e.entry.action for e in step.effects if isinstance(e, Run)]


def in_hand(snapshot: Snapshot) -> str:
    return next(id_ for id_, e in snapshot.pending.items() if isinstance(e, RunEntry))


def done(snapshot: Snapshot, patch: Patch | None = None) -> Done:
    return Done(in_hand(snapshot), Result({}), AT, patch)


def test_actions_of_a_step_are_asked_for_one_after_the_other() -> None:
    first = take(ORDERS, begin(ORDERS, secret=1).snapshot, "go")
    second = take(ORDERS, first.snapshot, done(first.snapshot))
    third = take(ORDERS, second.snapshot, done(second.snapshot))

    assert [["leave"], ["tell"], ["greet"]] == [*map(runs, (first, second, third))]


def test_an_action_sees_the_data_as_it_was_when_its_turn_came() -> None:
    first = take(ORDERS, begin(ORDERS, secret=1).snapshot, "go")
    second = take(ORDERS, first.snapshot, done(first.snapshot))

    assert {"secret": 1} == first.snapshot.data
    assert {} == second.snapshot.data


def test_what_follows_an_action_sees_what_it_changed() -> None:
    step = take(ORDERS, begin(ORDERS).snapshot, "go")
    for _ in range(2):
        step = take(ORDERS, step.snapshot, done(step.snapshot))
    last = take(ORDERS, step.snapshot, done(step.snapshot, Patch({"x": 2})))

    assert {"log": ["in b", "greeted"], "x": 2} == last.snapshot.data
    assert last.snapshot.pause is None


def test_events_and_delays_wait_while_an_action_is_awaited() -> None:
    step = take(ORDERS, begin(ORDERS).snapshot, "go")

    assert accepts(ORDERS, step.snapshot) == Nothing("leave is in hand")
    assert holds_timers(ORDERS, step.snapshot)
    assert not wants_go(ORDERS, step.snapshot)


def test_a_paused_macrostep_survives_json() -> None:
    step = take(ORDERS, begin(ORDERS).snapshot, "go")

    assert decode(json.loads(json.dumps(encode(step.snapshot)))) == step.snapshot


def test_a_failed_action_is_tried_again_under_another_key() -> None:
    policy = ErrorPolicy(retry_attempts=1)
    made = chart(
        state("a"),
        state("b", entry=(call("work"), mark("after"))),
        arrow("a", "go", "b"),
        semantics=_with(policy),
    )
    first = take(made, begin(made).snapshot, "go")
    failed = Done(in_hand(first.snapshot), Raised("no luck"), AT)
    second = take(made, first.snapshot, failed)

    keys = {e.key for s in (first, second) for e in _entries(s)}
    assert ["work"] == runs(second)
    assert 2 == len(keys)


def test_an_action_that_failed_for_good_leads_to_the_fallback() -> None:
    made = chart(
        state("a"),
        state("b", entry=(call("work"), mark("after"))),
        state("broken"),
        arrow("a", "go", "b"),
        semantics=_with(ErrorPolicy(fallback="broken")),
    )
    first = take(made, begin(made).snapshot, "go")
    failed = Done(in_hand(first.snapshot), Raised("no luck"), AT)
    second = take(made, first.snapshot, failed)

    assert ("broken",) == second.snapshot.configuration
    assert {} == second.snapshot.data


def test_without_a_fallback_a_failure_is_logged_and_the_step_goes_on() -> None:
    first = take(ORDERS, begin(ORDERS).snapshot, "go")
    failed = Done(in_hand(first.snapshot), Raised("no luck"), AT)
    second = take(ORDERS, first.snapshot, failed)

    assert ["tell"] == runs(second)


def test_a_final_state_ends_the_run_when_its_actions_are_done() -> None:
    made = chart(
        state("a"),
        state("end", kind=NodeKind.FINAL, entry=(call("close"),)),
        arrow("a", "go", "end"),
        semantics=PYSTATOR,
    )
    first = take(made, begin(made).snapshot, "go")
    second = take(made, first.snapshot, done(first.snapshot))

    assert Status.ENDING is first.snapshot.status
    assert Status.FINAL is second.snapshot.status
    assert any(isinstance(effect, Finish) for effect in second.effects)


def test_eventless_transitions_wait_for_the_actions_before_them() -> None:
    made = chart(
        state("a"),
        state("b", entry=(call("work"),)),
        state("c"),
        arrow("a", "go", "b"),
        arrow("b", "", "c"),
        semantics=PYSTATOR,
    )
    first = take(made, begin(made).snapshot, "go")
    second = take(made, first.snapshot, done(first.snapshot))

    assert ("b",) == first.snapshot.configuration
    assert ("c",) == second.snapshot.configuration


def test_a_run_that_cannot_end_after_an_action_has_failed() -> None:
    made = chart(
        state("a"),
        state("b", entry=(call("work"),)),
        state("c"),
        arrow("a", "go", "b"),
        arrow("b", "", "c"),
        arrow("c", "", "b2"),
        state("b2"),
        arrow("b2", "", "c"),
        semantics=PYSTATOR,
    )
    first = take(made, begin(made).snapshot, "go")
    second = take(made, first.snapshot, done(first.snapshot))

    assert isinstance(second.outcome, Rejected)
    assert Status.FAILED is second.snapshot.status
    assert Finish(Status.FAILED, "b") in second.effects


def test_a_strict_chart_rejects_what_no_transition_takes() -> None:
    step = take(ORDERS, begin(ORDERS).snapshot, "nonsense")

    why = 'no "nonsense" in a (taken in no state)'
    assert Rejected("invalid_trigger", why) == step.outcome


def _with(policy: ErrorPolicy) -> Semantics:
    return replace(PYSTATOR, error_policy=policy)


def _entries(step: Step) -> list[RunEntry]:
    return [e.entry for e in step.effects if isinstance(e, Run)]
