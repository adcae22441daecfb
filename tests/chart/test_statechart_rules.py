import json
from dataclasses import replace

import pytest

from smtui.chart import Kernel, decode, encode
from smtui.chart.values import (
    CancelTimer,
    Fired,
    Rejected,
    StartTimer,
    Status,
    Step,
    TimerEntry,
)
from smtui.definition import PYSTATOR, Arrow, Node, NodeKind
from smtui.definition.guards import CheckOp, FieldGuard
from smtui.errors import DefinitionError, StepError
from smtui.stepper import accepts, preview, step
from smtui.testing import Sessions, drive
from tests.support.trees import HERE, arrow, begin, chart, mark, state, take


def configuration(taken: Step) -> tuple[str, ...]:
    return taken.snapshot.configuration


def log(taken: Step) -> object:
    return taken.snapshot.data.get("log")


# ------------------------------------------------------------ the local domain

LOCAL = chart(
    state("op", initial="slow", entry=(mark("in op"),), exit_=(mark("out op"),)),
    state("slow", "op", entry=(mark("in slow"),), exit_=(mark("out slow"),)),
    state("fast", "op", entry=(mark("in fast"),), exit_=(mark("out fast"),)),
    arrow("slow", "again", "slow"),
    arrow("op", "speed", "fast"),
    arrow("op", "restart", "op"),
    semantics=PYSTATOR,
)


def test_a_local_self_transition_of_a_leaf_leaves_nothing() -> None:
    taken = take(LOCAL, begin(LOCAL).snapshot, "again")

    assert ["in op", "in slow"] == log(taken)


def test_a_local_transition_leaves_what_source_and_target_do_not_share() -> None:
    taken = take(LOCAL, begin(LOCAL).snapshot, "speed")

    assert ["in op", "in slow", "out slow", "in fast"] == log(taken)


def test_a_local_restart_from_the_initial_child_leaves_nothing() -> None:
    once = take(LOCAL, begin(LOCAL).snapshot, "restart")
    fast = take(LOCAL, begin(LOCAL).snapshot, "speed")
    back = take(LOCAL, fast.snapshot, "restart")

    assert ["in op", "in slow"] == log(once)
    assert ("op", "slow") == configuration(back)


def test_a_local_transition_into_another_region_enters_all_regions_anew() -> None:
    made = chart(
        state("both", kind=NodeKind.PARALLEL, entry=(mark("in both"),)),
        state("left", "both", initial="l1"),
        state("l1", "left"),
        state("l2", "left"),
        state("right", "both", initial="r1"),
        state("r1", "right"),
        state("r2", "right"),
        arrow("l1", "cross", "r2"),
        semantics=PYSTATOR,
    )
    taken = take(made, begin(made).snapshot, "cross")

    assert ("both", "left", "l1", "right", "r2") == configuration(taken)
    assert ["in both"] == log(taken)


REGIONS = (
    state("both", kind=NodeKind.PARALLEL),
    state("left", "both", initial="l1"),
    state("l1", "left"),
    state("l2", "left"),
    state("right", "both", initial="r1"),
    state("r1", "right"),
    state("r2", "right"),
    state("gone"),
    arrow("r1", "next", "r2"),
)


def test_a_local_restart_of_one_region_leaves_the_others_where_they_are() -> None:
    made = chart(*REGIONS, arrow("left", "redo", "left"), semantics=PYSTATOR)
    moved = take(made, begin(made).snapshot, "next")
    taken = take(made, moved.snapshot, "redo")

    assert ("both", "left", "l1", "right", "r2") == configuration(taken)


def test_a_local_transition_that_leaves_nothing_still_wins_over_an_outer_one() -> None:
    made = chart(
        *REGIONS,
        arrow("l1", "stop", "left"),
        arrow("both", "stop", "gone"),
        semantics=PYSTATOR,
    )
    taken = take(made, begin(made).snapshot, "stop")

    assert ("both", "left", "l1", "right", "r1") == configuration(taken)


# -------------------------------------------------------------------- choices


def choosing(n: int) -> Step:
    made = chart(
        state("a"),
        state("which", kind=NodeKind.CHOICE, entry=(mark("chose"),)),
        state("few"),
        state("many"),
        state("other"),
        arrow("a", "go", "which", content=(mark("went"),)),
        arrow("a", "go", "other"),
        arrow("which", "go", "few", guard=FieldGuard("n", CheckOp.LT, 3, HERE)),
        arrow("which", "", "many", guard=FieldGuard("n", CheckOp.GT, 5, HERE)),
        semantics=PYSTATOR,
    )
    return take(made, begin(made, n=n).snapshot, "go")


def test_a_choice_is_left_by_an_arrow_of_the_event_that_led_there() -> None:
    assert ("few",) == configuration(choosing(1))


def test_a_choice_is_left_by_an_arrow_without_event() -> None:
    taken = choosing(6)

    assert ("many",) == configuration(taken)
    assert ["went", "chose"] == log(taken)


def test_an_arrow_into_a_choice_without_way_out_is_not_taken() -> None:
    assert ("other",) == configuration(choosing(4))


# --------------------------------------------------------------------- finals


def test_a_final_child_keeps_its_ancestors_from_hearing_in_a_deaf_chart() -> None:
    made = chart(
        state("work", initial="busy"),
        state("busy", "work"),
        state("done", "work", kind=NodeKind.FINAL),
        state("idle"),
        arrow("busy", "finish", "done"),
        arrow("work", "stop", "idle"),
        semantics=PYSTATOR,
    )
    ended = take(made, begin(made).snapshot, "finish")

    assert Status.FINAL is ended.snapshot.status
    assert "the run is final" == accepts(made, ended.snapshot).why  # type: ignore[union-attr]  # it is Nothing


def test_a_parallel_state_is_left_from_outside_and_joins() -> None:
    made = chart(
        state("trade", kind=NodeKind.PARALLEL),
        state("left", "trade", initial="l1"),
        state("l1", "left"),
        state("l2", "left", kind=NodeKind.FINAL),
        state("right", "trade", initial="r1"),
        state("r1", "right"),
        state("r2", "right", kind=NodeKind.FINAL),
        state("closed"),
        state("joined"),
        arrow("l1", "left", "l2"),
        arrow("r1", "right", "r2"),
        arrow("trade", "stop", "closed"),
        arrow("trade", "_join_trade", "joined"),
        semantics=PYSTATOR,
    )

    assert ("closed",) == drive(made, "stop").configuration()
    assert ("closed",) == drive(made, "left", "stop").configuration()
    assert ("joined",) == drive(made, "left", "right").configuration()


# ---------------------------------------------------------------------- delays

SLOW = chart(
    state("a"),
    state("b"),
    state("late"),
    arrow("a", "_after_a", "late", delay_s=5.0),
    arrow("a", "go", "b"),
    arrow("b", "back", "a"),
)


def test_a_delay_begins_on_entering_and_is_cancelled_on_leaving() -> None:
    begun = begin(SLOW)
    left = take(SLOW, begun.snapshot, "go")

    ((id_, entry),) = begun.snapshot.pending.items()
    assert isinstance(entry, TimerEntry)
    assert StartTimer(id_, entry) in begun.effects
    assert (CancelTimer(id_),) == left.effects
    assert {} == left.snapshot.pending


def test_a_delay_that_comes_due_is_taken() -> None:
    sessions = Sessions()
    sessions.begin(SLOW)

    sessions.advance(4.9)
    assert ("a",) == sessions.configuration()
    sessions.advance(0.2)
    assert ("late",) == sessions.configuration()


def test_a_delay_begins_anew_on_entering_again() -> None:
    sessions = Sessions()
    sessions.begin(SLOW)
    sessions.advance(4.0)
    sessions.send("main", "go")
    sessions.send("main", "back")

    sessions.advance(4.0)
    assert ("a",) == sessions.configuration()
    sessions.advance(1.0)
    assert ("late",) == sessions.configuration()


def test_a_timer_that_is_no_longer_pending_is_dropped() -> None:
    begun = begin(SLOW).snapshot
    (id_,) = begun.pending
    left = take(SLOW, begun, "go").snapshot

    assert ("b",) == configuration(take(SLOW, left, Fired(id_, left.since)))


# --------------------------------------------------------------------- payloads


def test_a_payload_joins_the_data_of_a_merging_chart_when_it_is_taken() -> None:
    guard = FieldGuard("sum", CheckOp.GT, 10, HERE)
    made = chart(
        state("a"), state("b"), arrow("a", "pay", "b", guard=guard), semantics=PYSTATOR
    )
    snapshot = begin(made, sum=0).snapshot
    little = take(made, snapshot, "pay", data={"sum": 5})
    enough = take(made, snapshot, "pay", data={"sum": 15})

    assert Rejected("guard_rejected", '"pay" in a: no by sum gt 10') == little.outcome
    assert {"sum": 0} == little.snapshot.data
    assert {"sum": 15} == enough.snapshot.data


# ------------------------------------------------------------------ what is wrong


def test_transitions_that_never_end_are_rejected_and_named() -> None:
    made = chart(
        state("a"),
        state("x"),
        state("y"),
        arrow("a", "go", "x"),
        arrow("x", "", "y"),
        arrow("y", "", "x"),
    )
    before = begin(made).snapshot
    taken = take(made, before, "go")

    assert isinstance(taken.outcome, Rejected)
    assert "endless" == taken.outcome.code
    assert "y -> x, x -> y, and again" in taken.outcome.why
    assert ("a",) == configuration(taken)


def test_initial_states_that_never_rest_cannot_be_begun() -> None:
    made = chart(state("x"), state("y"), arrow("x", "", "y"), arrow("y", "", "x"))

    with pytest.raises(StepError, match=r"never end: .*x -> y.*, and again"):
        begin(made)


def test_a_snapshot_of_another_chart_is_refused() -> None:
    other = begin(SLOW).snapshot._replace(chart_hash="another")

    with pytest.raises(StepError, match="of definition another, the chart of 0123"):
        take(SLOW, other, "go")


def test_a_snapshot_with_a_state_that_is_gone_is_refused() -> None:
    gone = begin(SLOW).snapshot._replace(configuration=("bb",))

    with pytest.raises(StepError, match=r"no state 'bb' - did you"):
        take(SLOW, gone, "go")


def test_a_snapshot_written_before_there_were_statecharts_is_read() -> None:
    now = begin(SLOW).snapshot
    old = json.loads(json.dumps(encode(now)))
    old["version"] = 1
    for entry in old["pending"].values():
        entry.pop("message", None)
        entry.pop("to", None)

    assert now == decode(old)


def test_a_state_given_twice_is_no_chart() -> None:
    with pytest.raises(DefinitionError, match="'a' is already a state"):
        chart(state("a"), state("a"))


def test_a_target_that_is_not_there_is_no_chart() -> None:
    with pytest.raises(DefinitionError, match=r"test\.scxml:1:1: no state 'bb'"):
        chart(state("a"), state("b"), arrow("a", "go", "bb"))


# ------------------------------------------------------------------- two doors


def test_the_short_way_through_a_step_gives_the_same_step() -> None:
    made = chart(state("a", exit_=(mark("out"),)), state("b"), arrow("a", "go", "b"))
    snapshot = begin(made, n=1).snapshot
    first = take(made, snapshot, "go")  # the move was not known yet
    assert made.kernel.known(snapshot.configuration, "go") is not None

    assert first == take(made, snapshot, "go")


def test_a_row_of_the_memo_does_not_grow_for_ever() -> None:
    made = chart(state("a"), state("b"), arrow("a", "go", "b"))
    snapshot = begin(made).snapshot
    for number in range(2000):
        take(made, snapshot, f"nobody-{number}")

    found = made.kernel.configuration(snapshot.configuration)
    assert len(found.row) <= 256
    assert ("b",) == configuration(take(made, snapshot, "go"))


def test_a_memo_that_is_full_forgets_and_goes_on() -> None:
    regions = range(6)
    parts: list[Node | Arrow] = [state("p", kind=NodeKind.PARALLEL)]
    for i in regions:
        a, b = f"a{i}", f"b{i}"
        parts += [state(f"r{i}", "p", initial=a), state(a, f"r{i}"), state(b, f"r{i}")]
        parts += [arrow(a, f"t{i}", b), arrow(b, f"t{i}", a)]
    made = chart(*parts)
    small = replace(made, kernel=Kernel(made.tree, most_configurations=8))
    snapshot = begin(small).snapshot
    for number in range(64):  # a Gray code: every configuration there is
        flipped = (number & -number).bit_length() - 1
        if flipped >= 0:
            snapshot = take(small, snapshot, f"t{flipped}").snapshot
        assert small.kernel.size[0] <= 8

    active = [f"b{i}" for i in regions if f"b{i}" in snapshot.configuration]
    assert ["b5"] == active


def test_a_preview_shows_every_event_those_that_lead_somewhere_first() -> None:
    options = preview(SLOW, begin(SLOW).snapshot)

    assert [("go", "b"), ("back", "")] == [(o.event, o.target) for o in options]


def test_a_step_of_a_strict_chart_says_why_nothing_was_taken() -> None:
    lenient = replace(PYSTATOR, is_strict=False)
    made = chart(state("a"), semantics=lenient)
    taken = step(made, begin(made).snapshot, Fired("gone", begin(made).snapshot.since))

    assert isinstance(taken, Step)
    assert "gone is no longer pending" == taken.outcome.why
