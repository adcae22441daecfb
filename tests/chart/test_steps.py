"""Events, delays and results, one step at a time."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from smtui.chart import start
from smtui.chart.values import (
    Done,
    Event,
    Fired,
    Given,
    Go,
    Ignored,
    In,
    Result,
    Taken,
    TimerEntry,
    Woken,
)
from smtui.definition import Json
from smtui.errors import StepError
from tests.support.hand import Hand, at
from tests.support.steps import step

PLAIN = """
initial_state: a
events:
  hear:
    context_map: {user: payload.user, deep: payload.a.b, jid: job_id, kind: type}
transitions:
  - {from: a, to: b, event: go}
  - {from: b, to: c, event: go}
"""


def test_an_event_is_in_the_data_even_if_nobody_takes_it() -> None:
    hand = Hand(PLAIN).send("nobody", {"k": 1}, job_id="J1")

    assert hand.data["event_data"] == {
        "type": "nobody",
        "payload": {"k": 1},
        "job_id": "J1",
    }
    assert hand.last.outcome == Ignored('no "nobody" in a (taken in no state)')


@pytest.mark.parametrize(
    ("count", "where"),
    [
        (1, "taken in s1"),
        (3, "taken in s1, s2, s3"),
        (5, "taken in s1, s2, s3 and 2 more"),
    ],
)
def test_an_ignored_event_tells_where_it_would_be_taken(count: int, where: str) -> None:
    rows = "".join(
        f"\n  - {{from: s{n}, to: a, event: go}}" for n in range(1, count + 1)
    )
    hand = Hand(f"initial_state: a\ntransitions:{rows}\n").send("go")

    assert hand.last.outcome == Ignored(f'no "go" in a ({where})')


@pytest.mark.parametrize(
    ("payload", "kept"),
    [
        ({"k": 1}, {"k": 1}),
        ('{"k": 7}', {"k": 7}),
        ("[1]", [1]),
        ("not json", {}),
        ("NaN", {}),
        ("[" * 1000 + "]" * 1000, {}),
        ("[" * 100_000, {}),
        (None, {}),
        ("", {}),
        (0, 0),
        ([1], [1]),
    ],
)
def test_a_payload_given_as_text_is_read(payload: Json, kept: Json) -> None:
    hand = Hand(PLAIN).send("go", payload)

    assert hand.data["event_data"] == {"type": "go", "payload": kept, "job_id": None}


def test_context_map_takes_what_is_there_and_leaves_the_rest() -> None:
    hand = Hand(PLAIN, {"user": "old", "deep": "old"})

    hand.send("hear", {"user": "ann", "a": {"b": 0}}, job_id="J")
    assert [hand.data[k] for k in ("user", "deep", "jid", "kind")] == [
        "ann",
        0,
        "J",
        "hear",
    ]
    hand.send("hear", {"user": None, "a": 5})

    assert [hand.data[k] for k in ("user", "deep", "jid")] == ["ann", 0, "J"]


@pytest.mark.parametrize("value", [0, "", False, []])
def test_context_map_takes_falsy_values(value: Json) -> None:
    assert Hand(PLAIN).send("hear", {"user": value}).data["user"] == value


def test_the_first_listed_transition_wins_wildcards_too() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: "*", to: w, event: x}
          - {from: a, to: specific, event: x}
          - {from: w, to: first, event: x2}
          - {from: w, to: second, event: x2}
        """
    )

    assert hand.send("x").state == "w"
    assert hand.send("x2").state == "first"


def test_start_is_taken_once_and_places_only_the_cursor() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: b, event: start}
          - {from: b, to: c, event: start}
        actions:
          b: [{type: bash, command: x}]
        """
    )
    assert hand.state == "b"
    assert not hand.is_busy

    assert hand.go().asked.args["command"] == "x"


def test_start_may_loop() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - from: a
            to: a
            event: start
            actions: [{type: bash, command: own}]
        actions:
          a: [{type: bash, command: x}]
        """
    )

    assert hand.taken == [("", "a"), ("start", "a")]
    assert hand.go().asked.args["command"] == "own"


def test_reserved_data_wins_over_what_a_run_is_given() -> None:
    assert Hand(PLAIN, {"machine_name": "liar", "foo": 1}).data == {
        "machine_name": "m",
        "foo": 1,
    }


def test_a_chart_without_its_initial_state_cannot_start() -> None:

    chart = replace(Hand(PLAIN).chart, initial="nowhere")
    given = Given("m", "main", 1, "born", at())

    with pytest.raises(StepError, match="initial state 'nowhere' is not in the chart"):
        start(chart, {}, given)


def test_a_snapshot_of_another_definition_is_refused() -> None:
    hand = Hand(PLAIN)
    other = hand.snapshot._replace(chart_hash="another")

    with pytest.raises(StepError, match="the snapshot is of definition another"):
        step(hand.chart, other, Go(at()))


def test_an_events_transition_runs_the_new_list_in_the_same_step() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: b, event: go}]
        actions:
          b: [{type: bash, command: x}]
        """
    )

    assert hand.send("go").asked.args["command"] == "x"


@pytest.mark.parametrize("by", ["result", "delay", "pure action"])
def test_other_transitions_only_place_the_cursor(by: str) -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: b, event: job_done}
          - {from: a, to: b, event: timeout(1)}
          - {from: a, to: b, event: now}
        actions:
          a:
            - {type: "{first}", command: x, event: now}
          b:
            - {type: bash, command: y}
        """,
        {"first": "raise" if by == "pure action" else "bash"},
    )
    hand.go()
    if by == "result":
        hand.exits()
    elif by == "delay":
        hand.later(1).fires("timeout(1)").exits()
        hand = hand.go() if not hand.is_busy else hand

    assert hand.state == "b"
    if by != "delay":
        assert not hand.is_busy
        hand.go()
    assert hand.asked.args["command"] == "y"


def test_a_new_state_waits_for_the_action_that_is_in_hand() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: b, event: timeout(1)}
        actions:
          a: [{type: bash, command: x}]
          b: [{type: bash, command: y}]
        """
    )
    hand.go().later(1).fires("timeout(1)").go()
    assert hand.asked.args["command"] == "x"

    hand.exits()

    assert hand.asked.args["command"] == "y"


def test_the_result_of_a_state_that_was_left_is_taken_in_the_new_one() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: b, event: timeout(1)}
          - {from: b, to: c, event: job_done}
        actions:
          a: [{type: bash, command: x}]
        """
    )

    hand.go().later(1).fires("timeout(1)").exits()

    assert hand.state == "c"


def test_delays_run_in_each_state_and_end_with_it() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: b, event: go}
          - {from: a, to: c, event: timeout(5)}
          - {from: a, to: d, event: timeout(5)}
          - {from: "*", to: c, event: timeout(2.5)}
        """
    )
    assert hand.timers == {"timeout(5)": 5, "timeout(2.5)": 2.5}

    hand.later(1).send("go")

    assert hand.timers == {"timeout(2.5)": 3.5}


def test_an_event_nobody_takes_leaves_delays_alone() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: c, event: timeout(5)}
        """
    )

    assert hand.later(1).send("nobody").timers == {"timeout(5)": 5}


def test_a_delay_the_chart_no_longer_knows_is_ignored() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: c, event: timeout(5)}
        """
    )
    (id_, timer), *_ = hand.snapshot.pending.items()
    assert isinstance(timer, TimerEntry)
    odd = hand.snapshot._replace(pending={id_: timer._replace(event="gone")})

    done = step(hand.chart, odd, Fired(id_, at(5)))

    assert done.outcome == Ignored('no "gone" in a (taken in no state)')
    assert done.snapshot.pending == {}


def test_a_damaged_run_that_has_lost_its_list_is_refused() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: a, event: x, actions: [{type: log}]}
        """
    )
    odd = hand.snapshot._replace(cursor=None)

    with pytest.raises(StepError, match="run 1 is in no list, but has not ended"):
        step(hand.chart, odd, Event("x", None, "e", at()))


@pytest.mark.parametrize(
    "given",
    [
        lambda: Event("go", None, "e", at()),
        lambda: Go(at()),
        lambda: Fired("1.1", at()),
        lambda: Woken("1.1", at()),
        lambda: Done("1.1", Result({}), at()),
    ],
    ids=["event", "go", "delay", "wake-up", "result"],
)
def test_nothing_moves_a_run_that_has_ended(given: Callable[[], In]) -> None:
    hand = Hand("initial_state: stopped\ntransitions: []\n").go()

    hand.take(given())

    assert hand.state == "stopped"
    assert hand.last.effects == ()
    assert hand.last.micro == ()


def test_outcomes_are_told_apart() -> None:
    hand = Hand(PLAIN)

    assert hand.send("go").last.outcome == Taken()
    assert isinstance(hand.send("nobody").last.outcome, Ignored)


def test_keys_come_from_their_cause() -> None:
    text = """
        initial_state: a
        transitions: [{from: a, to: b, event: go}]
        actions:
          b: [{type: bash, command: x}, {type: bash, command: y}]
        """
    keys = []
    for _ in range(2):
        hand = Hand(text).send("go")
        keys.append((hand.asked.key, hand.exits().asked.key))
    other = Hand(text).send("nobody").send("go")

    assert keys[0] == keys[1], "same cause, same key"
    assert len({*keys[0], other.asked.key}) == 3


def test_a_step_is_numbered_and_dated() -> None:
    hand = Hand(PLAIN).later(3).send("go")

    snapshot = hand.snapshot
    assert (snapshot.seq, snapshot.turn) == (2, 2)
    assert (snapshot.since, snapshot.stepped) == (at(3), at(3))
    assert hand.later(1).send("nobody").snapshot.since == at(3)
