"""An action that failed, tried again on its own terms."""

import json
from dataclasses import replace

import pytest

from smtui.chart import StateChart, decode, encode
from smtui.chart.values import (
    At,
    Done,
    Fired,
    Log,
    Raised,
    Result,
    Run,
    RunEntry,
    Snapshot,
    StartTimer,
    Status,
    Step,
    TimerEntry,
)
from smtui.definition import PYSTATOR, Failure, NodeKind, OnError, Terms
from smtui.definition.content import Call
from smtui.definition.semantics import ErrorPolicy
from smtui.driver import Offer, Wait, choose
from smtui.stepper import Nothing, accepts, wants_go
from tests.support.trees import AT, HERE, arrow, begin, chart, mark, state, take

SEMANTICS = replace(PYSTATOR, error_policy=ErrorPolicy(1, "broken"))


def made(terms: Terms, kind: NodeKind = NodeKind.ATOMIC) -> StateChart:
    work = Call("work", HERE, {"p": 1}, terms)
    return chart(
        state("a"),
        state("b", kind=kind, entry=(work, mark("after"))),
        state("broken"),
        arrow("a", "go", "b"),
        arrow("b", "tick", "a", delay_s=0.5),
        semantics=SEMANTICS,
    )


def begun(made: StateChart) -> Snapshot:
    return take(made, begin(made).snapshot, "go").snapshot


def in_hand(snapshot: Snapshot) -> str:
    return next(id_ for id_, e in snapshot.pending.items() if isinstance(e, RunEntry))


def fails(made: StateChart, before: Snapshot, how: Failure = Failure.PASSING) -> Step:
    raised = Raised("no luck", "OSError", how)
    return take(made, before, Done(in_hand(before), raised, AT))


def goes_well(made: StateChart, before: Snapshot) -> Step:
    return take(made, before, Done(in_hand(before), Result({}), AT))


def timer(snapshot: Snapshot) -> tuple[str, TimerEntry]:
    for id_, entry in snapshot.pending.items():
        if isinstance(entry, TimerEntry) and entry.run is not None:
            return id_, entry
    raise AssertionError(snapshot.pending)


def later(seconds: float) -> At:
    return AT.plus(seconds)


def runs(step: Step) -> list[RunEntry]:
    return [e.entry for e in step.effects if isinstance(e, Run)]


def test_attempts_are_further_and_further_apart() -> None:
    one = made(Terms(retries=3, backoff_s=2.0))
    snapshot, pauses = begun(one), list[float]()

    for _ in range(3):
        snapshot = fails(one, snapshot).snapshot
        id_, entry = timer(snapshot)
        pauses.append(entry.due.boot - AT.boot)
        snapshot = take(one, snapshot, Fired(id_, entry.due)).snapshot
    last = fails(one, snapshot)

    assert [2.0, 4.0, 8.0] == pauses
    assert ("broken",) == last.snapshot.configuration


def test_what_waits_for_the_action_waits_for_its_retries() -> None:
    one = made(Terms(retries=1, backoff_s=2.0))

    paused = fails(one, begun(one)).snapshot
    id_, entry = timer(paused)

    assert Nothing("retry of work is in hand") == accepts(one, paused)
    assert not wants_go(one, paused)
    # the state's own delay is due, and has its turn after the action
    assert Wait(entry.due) == choose(one, paused, Offer(later(1.0)))
    assert Fired(id_, later(3.0)) == choose(one, paused, Offer(later(3.0)))


def test_a_pause_between_attempts_survives_json() -> None:
    one = made(Terms(5.0, 1, 2.0, OnError.LOG))

    paused = fails(one, begun(one)).snapshot
    kept = decode(json.loads(json.dumps(encode(paused))))
    again = take(one, kept, Fired(timer(kept)[0], later(2.0)))
    (entry,) = runs(again)
    last = goes_well(one, again.snapshot)

    assert kept == paused
    assert (1, 1, {"p": 1}, Terms(5.0, 1, 2.0, OnError.LOG)) == (
        entry.tries,
        entry.attempt,
        entry.args,
        entry.terms,
    )
    assert ["after"] == last.snapshot.data["log"]
    assert last.snapshot.pause is None


def test_without_a_pause_it_is_asked_for_at_once() -> None:
    one = made(Terms(retries=2, backoff_s=0.0))

    again = fails(one, begun(one))

    assert [1] == [entry.tries for entry in runs(again)]
    assert not any(isinstance(effect, StartTimer) for effect in again.effects)


@pytest.mark.parametrize(
    ("how", "is_same"), [(Failure.OPEN, True), (Failure.PASSING, False)]
)
@pytest.mark.parametrize("pause", [0.0, 1.0])
def test_the_key_stays_where_nobody_knows_what_happened(
    how: Failure, pause: float, *, is_same: bool
) -> None:
    one = made(Terms(retries=1, backoff_s=pause))
    before = begun(one)
    first = next(e for e in before.pending.values() if isinstance(e, RunEntry))

    step = fails(one, before, how)
    if pause:
        step = take(one, step.snapshot, Fired(timer(step.snapshot)[0], later(pause)))

    assert is_same is (runs(step)[0].key == first.key)


def test_a_mistake_is_not_tried_again_by_the_terms_of_an_action() -> None:
    one = made(Terms(retries=5))

    step = fails(one, begun(one), Failure.FINAL)

    assert ("broken",) == step.snapshot.configuration


def test_the_error_policy_tries_again_what_has_no_terms_of_its_own() -> None:
    one = made(Terms(timeout_s=3.0))

    again = fails(one, begun(one), Failure.FINAL)
    last = fails(one, again.snapshot, Failure.FINAL)

    assert [1] == [entry.tries for entry in runs(again)]
    assert ("broken",) == last.snapshot.configuration


@pytest.mark.parametrize("on_error", [OnError.LOG, OnError.IGNORE])
def test_a_failure_can_be_passed_over(on_error: OnError) -> None:
    one = made(Terms(retries=0, on_error=on_error))

    step = fails(one, begun(one))

    assert ("b",) == step.snapshot.configuration
    assert ["after"] == step.snapshot.data["log"]
    logs = [effect for effect in step.effects if isinstance(effect, Log)]
    wanted = [Log("warning", "work failed: no luck")]
    assert (wanted if on_error is OnError.LOG else []) == logs


def test_actions_of_a_final_state_are_tried_again_before_the_end() -> None:
    one = made(Terms(retries=1), NodeKind.FINAL)

    paused = fails(one, begun(one)).snapshot
    again = take(one, paused, Fired(timer(paused)[0], later(1.0)))
    last = goes_well(one, again.snapshot)

    assert Status.ENDING is paused.status
    assert Status.FINAL is last.snapshot.status
