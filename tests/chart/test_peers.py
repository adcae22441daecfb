"""Statecharts whose guards look at other machines, and wait for them to move."""

from collections.abc import Sequence

import pytest

from smtui.chart import Depends, StateChart, compile_chart, decode, encode
from smtui.chart.messages import Answer, Ask, Question, QuestionKind
from smtui.chart.questions import answer_by
from smtui.chart.values import (
    Event,
    Given,
    Go,
    Rejected,
    Snapshot,
    Step,
    WatchEntry,
    Woken,
)
from smtui.definition import TreeDefinition
from smtui.definition.guards import AllOf, NotGuard, PeerGuard
from smtui.dialects import load_text
from smtui.driver import Offer, Wait, choose, journal
from smtui.stepper import foresee, start, step, wants_go
from tests.support.trees import AT, HERE, arrow, asks, begin, chart, state, take

DOOR = "state/door/main"
OPEN = PeerGuard("door", ("open",), HERE)

HEATER = chart(
    state("off"),
    state("on"),
    arrow("off", "warm", "on"),
    arrow("on", "", "off", guard=OPEN),
)


def seen(question: Question, *configuration: str, number: int = 1) -> Answer:
    return answer_by(question, configuration or None, topics={DOOR: number})


def asked(taken: Step | Ask) -> Question:
    assert isinstance(taken, Ask)
    (only,) = taken.questions
    return only


def answered(
    made: StateChart,
    snapshot: Snapshot,
    given: Event | Woken | Go,
    *configuration: str,
    number: int = 1,
) -> Step:
    """Step with the door in a configuration."""
    answers: list[Answer] = []
    while isinstance(taken := step(made, snapshot, given, answers), Ask):
        answers.append(seen(taken.questions[0], *configuration, number=number))
    return taken


def event(name: str) -> Event:
    return Event(name, {}, "e1", AT)


def watched(snapshot: Snapshot) -> tuple[str, WatchEntry]:
    ((id_, entry),) = snapshot.pending.items()
    assert isinstance(entry, WatchEntry)
    return id_, entry


def on() -> Snapshot:
    """Return a heater that is on while the door, at its first move, is closed."""
    return answered(HEATER, begin(HEATER).snapshot, event("warm"), "closed").snapshot


def test_a_question_about_a_machine_names_its_states_and_instance() -> None:
    by_id = PeerGuard("pay", ("paid", "due"), HERE, instance="{order}", name="till")
    made = chart(state("a"), state("b"), arrow("a", "go", "b", guard=by_id))

    question = asked(step(made, begin(made, order="o-7").snapshot, event("go")))

    assert QuestionKind.PEER is question.kind
    assert "pay" == question.name
    assert {"states": ["paid", "due"], "instance": "o-7"} == question.params


@pytest.mark.parametrize(
    ("configuration", "holds"),
    [(["moving", "up"], True), (["up"], False), (["open"], True), ([], False)],
)
def test_a_machine_is_in_every_state_around_where_it_is(
    configuration: Sequence[str], *, holds: bool
) -> None:
    guard = PeerGuard("door", ("open", "moving"), HERE)
    made = chart(state("a"), state("b"), arrow("a", "go", "b", guard=guard))

    taken = answered(made, begin(made).snapshot, event("go"), *configuration)

    assert (("b",) if holds else ("a",)) == taken.snapshot.configuration


def test_a_machine_that_has_not_begun_is_in_no_state() -> None:
    made = chart(state("a"), state("b"), arrow("a", "go", "b", guard=NotGuard(OPEN)))

    taken = answered(made, begin(made).snapshot, event("go"))

    assert ("b",) == taken.snapshot.configuration
    assert "door not in open" == taken.decided[0].guard
    assert "door has not begun" == taken.decided[0].said


def test_a_refused_event_says_where_the_other_machine_was() -> None:
    found = load_text(
        """\
peers: {entry: door}
states: [{name: a, type: initial}, {name: b}]
transitions:
  - {source: a, dest: b, trigger: go, guards: [{peer: entry, in: open}]}
""",
        "m.yaml",
    ).definition
    assert isinstance(found, TreeDefinition)
    made = compile_chart(found)

    taken = answered(made, begin(made).snapshot, event("go"), "closed")

    why = '"go" in a: no by entry in open (door is in closed)'
    assert Rejected("guard_rejected", why) == taken.outcome


# ------------------------------------------------------------------- the watch


def test_a_transition_without_event_watches_what_it_asked_for() -> None:
    _, entry = watched(on())

    assert (DOOR,) == entry.on
    assert {DOOR: 1} == entry.since


def test_an_event_alone_watches_nothing() -> None:
    made = chart(state("a"), state("b"), arrow("a", "go", "b", guard=OPEN))

    taken = answered(made, begin(made).snapshot, event("go"), "closed")

    assert {} == taken.snapshot.pending


def test_a_wake_up_takes_the_transition_that_holds_now() -> None:
    before = on()
    id_, _ = watched(before)

    after = answered(HEATER, before, Woken(id_, AT), "open", number=2)

    assert ("off",) == after.snapshot.configuration
    assert {} == after.snapshot.pending
    assert not after.is_idle


def test_a_wake_up_that_changes_nothing_is_no_step_and_watches_on() -> None:
    before = on()
    id_, _ = watched(before)

    after = answered(HEATER, before, Woken(id_, AT), "ajar", number=2)

    assert after.is_idle
    assert journal(before, Woken(id_, AT), after) is None
    assert before.seq == after.snapshot.seq
    assert {DOOR: 2} == watched(after.snapshot)[1].since


def test_a_wake_up_that_was_used_is_dropped() -> None:
    taken = step(HEATER, on(), Woken("gone", AT))

    assert isinstance(taken, Step)
    assert "gone is no longer pending" in str(taken.outcome)


def test_leaving_the_state_ends_the_watch() -> None:
    made = chart(
        state("a"),
        state("b"),
        arrow("a", "", "b", guard=OPEN),
        arrow("a", "go", "b"),
    )
    begun = answered(made, begin(made).snapshot, Go(AT), "closed")
    assert watched(begun.snapshot)

    assert {} == take(made, begun.snapshot, "go").snapshot.pending


def test_a_condition_that_failed_before_is_not_waited_for() -> None:
    made = chart(
        state("a"),
        state("b"),
        arrow("a", "", "b", guard=AllOf((asks("ready"), OPEN))),
    )
    begun = begin(made).snapshot
    no = Answer(asked(step(made, begun, Go(AT))).id, holds=False)

    taken = step(made, begun, Go(AT), [no])

    assert isinstance(taken, Step)
    assert {} == taken.snapshot.pending


def test_the_driver_wakes_it_when_the_number_has_grown() -> None:
    before = on()
    id_, _ = watched(before)

    assert Wait(None) == choose(HEATER, before, Offer(AT, counters={DOOR: 1}))
    assert Woken(id_, AT) == choose(HEATER, before, Offer(AT, counters={DOOR: 2}))


def test_a_watch_survives_being_kept() -> None:
    assert on() == decode(encode(on()))


def test_a_start_that_has_to_ask_asks_first() -> None:
    made = chart(state("a"), state("b"), arrow("a", "", "b", guard=OPEN))
    begun = begin(made).snapshot

    assert wants_go(made, begun)
    assert ("b",) == answered(made, begun, Go(AT), "open").snapshot.configuration


# ----------------------------------------------------------------- the preview


def test_a_preview_knows_what_it_is_told() -> None:
    made = chart(state("a"), state("b"), arrow("a", "go", "b", guard=OPEN))
    snapshot = begin(made).snapshot

    known = foresee(made, snapshot, event("go"), lambda q: seen(q, "open"))
    open_ = foresee(made, snapshot, event("go"))

    assert known.step is not None
    assert ("b",) == known.step.snapshot.configuration
    assert "door is in open" == known.step.decided[0].said
    assert isinstance(open_.outcome, Depends)
    assert ("door",) == open_.outcome.on


# ------------------------------------------------------------------------ SCXML


def scxml(cond: str) -> StateChart:
    text = f"""\
<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a">
  <state id="a"><transition cond="{cond}" target="b"/></state>
  <state id="b"/>
</scxml>
"""
    found = load_text(text, "m.scxml")
    assert found.problems == ()
    assert isinstance(found.definition, TreeDefinition)
    return compile_chart(found.definition)


def test_a_document_asks_with_in_peer() -> None:
    made = scxml("InPeer('door', 'open', 'left') &amp;&amp; !In('b')")
    begun = start(made, {}, Given("m", "main", 1, "begin", AT)).snapshot
    question = asked(step(made, begun, Go(AT)))

    taken = step(made, begun, Go(AT), [seen(question, "open")])

    assert {"states": ["open"], "instance": "left"} == question.params
    assert isinstance(taken, Step)
    assert ("b",) == taken.snapshot.configuration


def test_a_document_whose_peer_is_elsewhere_raises_no_error_and_waits() -> None:
    made = scxml("InPeer('door', 'open')")
    begun = start(made, {}, Given("m", "main", 1, "begin", AT)).snapshot

    taken = answered(made, begun, Go(AT))

    assert ("a",) == taken.snapshot.configuration
    assert [] == [one.error for one in taken.decided if one.error]
    assert watched(taken.snapshot)


def test_a_first_look_that_finds_nothing_to_do_is_no_step() -> None:
    made = chart(state("a"), state("b"), arrow("a", "", "b", guard=OPEN))
    begun = begin(made).snapshot

    taken = answered(made, begun, Go(AT), "closed")

    assert taken.is_idle
    assert taken.snapshot.pause is None


def test_an_entry_action_that_has_to_ask_at_the_start_is_done_once() -> None:
    text = """\
states:
  - name: a
    type: initial
    on_enter:
      - {append: {field: log, value: one}}
      - {append: {field: log, value: open}, when: {peer: door, in: open}}
      - {append: {field: log, value: two}}
"""
    found = load_text(text, "m.yaml").definition
    assert isinstance(found, TreeDefinition)
    made = compile_chart(found)
    begun = begin(made, who="Ann").snapshot
    assert wants_go(made, begun)

    taken = answered(made, begun, Go(AT), "open")

    assert ("a",) == taken.snapshot.configuration
    assert {"who": "Ann", "log": ["one", "open", "two"]} == taken.snapshot.data
    assert not taken.is_idle
