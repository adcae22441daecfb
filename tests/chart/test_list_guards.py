"""Action lists whose transitions look at other machines (`when`)."""

from smtui.chart import Depends, ListChart, Nothing, Waits, compile_chart
from smtui.chart.messages import Answer, Ask
from smtui.chart.questions import answer_by
from smtui.chart.values import (
    Done,
    Event,
    Fired,
    Given,
    Go,
    Ignored,
    In,
    Result,
    Snapshot,
    Step,
    Taken,
)
from smtui.stepper import accepts, foresee, holds_timers, preview, start, step, wants_go
from tests.support.definitions import definition
from tests.support.hand import at

LAMP = """\
initial_state: dark
peers: [door]
transitions:
  - {from: dark, to: lit, event: switch, when: {peer: door, in: open}}
  - {from: dark, to: broken, event: switch, when: {peer: door, in: [gone, lost]}}
  - {from: dark, to: dark, event: switch}
  - {from: lit, to: dark, event: timeout(3), when: {peer: door, not_in: open}}
  - {from: lit, to: dark, event: dim, when: {peer: door, in: closed}}
"""


def chart(text: str = LAMP) -> ListChart:
    return compile_chart(definition(text))


def begun(made: ListChart) -> Snapshot:
    return start(made, {}, Given("lamp", "main", 1, "begin", at())).snapshot


def answered(
    made: ListChart, snapshot: Snapshot, given: In, *configuration: str
) -> Step:
    answers: list[Answer] = []
    while isinstance(taken := step(made, snapshot, given, answers), Ask):
        answers.append(answer_by(taken.questions[0], configuration or None))
    return taken


def switch() -> Event:
    return Event("switch", {}, "e1", at(1))


def lit() -> Snapshot:
    return answered(chart(), begun(chart()), switch(), "open").snapshot


def test_the_first_transition_whose_guard_holds_is_taken() -> None:
    made, before = chart(), begun(chart())

    assert ("lit",) == answered(made, before, switch(), "open").snapshot.configuration
    assert ("broken",) == answered(
        made, before, switch(), "gone"
    ).snapshot.configuration


def test_where_no_guard_holds_the_next_without_one_is_taken() -> None:
    taken = answered(chart(), begun(chart()), switch(), "closed")

    assert ("dark",) == taken.snapshot.configuration
    assert ["door in open", "door in gone or lost"] == [d.guard for d in taken.decided]


def test_an_event_that_guards_refuse_says_why() -> None:
    taken = answered(chart(), lit(), Event("dim", {}, "e2", at(2)), "open")

    why = '"dim" in lit: no by door in closed (door is in open)'
    assert Ignored(why) == taken.outcome


def test_a_delay_is_taken_if_its_guard_holds() -> None:
    before = lit()
    (id_,) = before.pending
    no = answered(chart(), before, Fired(id_, at(9)), "open")

    assert ("dark",) == answered(
        chart(), before, Fired(id_, at(9)), "closed"
    ).snapshot.configuration
    assert ("lit",) == no.snapshot.configuration
    assert {} == no.snapshot.pending


def test_what_an_action_gives_is_led_by_guards_too() -> None:
    made = chart(
        """\
initial_state: a
transitions:
  - {from: a, to: b, event: done, when: {peer: door, in: open}}
  - {from: a, to: c, event: done}
actions:
  a: [{type: bash, command: "true", success: done}]
"""
    )
    ran = step(made, begun(made), Go(at()))
    assert isinstance(ran, Step)
    (id_,) = ran.snapshot.pending
    done = Done(id_, Result({"exit": 0}), at(1))

    for where, target in (("open", "b"), ("closed", "c")):
        taken = answered(made, ran.snapshot, done, where)
        assert (target,) == taken.snapshot.configuration


def test_a_guarded_start_is_taken_by_the_first_step() -> None:
    made = chart(
        """\
initial_state: a
transitions:
  - {from: a, to: b, event: start, when: {peer: door, in: open}}
"""
    )
    before = begun(made)

    assert ("a",) == before.configuration
    assert wants_go(made, before)
    assert holds_timers(made, before)
    assert isinstance(accepts(made, before), Nothing)
    assert ("b",) == answered(made, before, Go(at()), "open").snapshot.configuration
    stays = answered(made, before, Go(at()), "closed").snapshot
    assert ("a",) == stays.configuration
    assert not isinstance(accepts(made, stays), Nothing)


def test_a_preview_follows_both_ways_unless_it_is_told() -> None:
    made, before = chart(), begun(chart())

    open_ = foresee(made, before, switch())
    known = foresee(made, before, switch(), lambda q: answer_by(q, ("open",)))

    assert isinstance(open_.outcome, Depends)
    assert {"lit", "broken", "dark"} == {b.target for b in open_.outcome.branches}
    assert Taken() == known.outcome
    assert ["lit or broken or dark"] == [
        " or ".join(
            sorted(option.target.split(" or "), key=["lit", "broken", "dark"].index)
        )
        for option in preview(made, before)
        if option.event == "switch"
    ]


def test_a_preview_goes_through_check_events_with_what_is_known() -> None:
    made = chart(
        """\
initial_state: a
transitions:
  - {from: a, to: b, event: go, when: {peer: door, in: open}}
actions:
  a: [{type: check_events, event_types: [go]}]
"""
    )
    asked = step(made, begun(made), Go(at()))
    assert isinstance(asked, Step)
    (id_,) = asked.snapshot.pending
    nothing = Done(id_, Result({"event": None}), at())
    waiting = step(made, asked.snapshot, nothing)
    assert isinstance(waiting, Step)
    go = Event("go", {}, "e1", at())

    open_ = foresee(made, waiting.snapshot, go)
    known = foresee(made, waiting.snapshot, go, lambda q: answer_by(q, ("open",)))

    assert isinstance(open_.outcome, Depends)
    assert not isinstance(known.outcome, Waits)
    assert known.step is not None
    assert ("b",) == known.step.snapshot.configuration
