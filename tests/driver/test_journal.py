"""What the journal keeps of a step."""

from smtui.chart.values import (
    Done,
    Event,
    Fired,
    Go,
    In,
    Rejected,
    Result,
    Snapshot,
    TimerEntry,
    Woken,
)
from smtui.driver import Row, journal, patch_between
from tests.support.hand import Hand, at

TEXT = """
initial_state: a
transitions:
  - {from: a, to: b, event: go}
  - {from: b, to: b, event: timeout(5)}
  - {from: b, to: c, event: job_done}
actions:
  b: [{type: bash, command: x}]
"""


def row(hand: Hand, given: In) -> Row | None:
    before = hand.snapshot
    hand.take(given)
    return journal(before, given, hand.last)


def pending(snapshot: Snapshot, kind: type) -> str:
    return next(i for i, e in snapshot.pending.items() if isinstance(e, kind))


def test_the_first_row_is_the_beginning() -> None:
    hand = Hand(TEXT, {"x": 1})

    found = journal(None, None, hand.last)

    assert found is not None
    assert (found.seq, found.run, found.at) == (1, 1, at().wall)
    assert (found.from_, found.to) == ((), ("a",))
    assert (found.cause, found.event) == ("", "")
    assert found.micro == ({"from": "", "event": "", "to": "a", "loop": False},)
    assert found.data_patch == {"set": {"x": 1, "machine_name": "m"}, "unset": []}


def test_the_first_row_names_the_start_that_was_taken() -> None:
    hand = Hand("initial_state: a\ntransitions: [{from: a, to: b, event: start}]\n")

    found = journal(None, None, hand.last)

    assert found is not None
    assert found.event == "start"


def test_an_event_taken() -> None:
    hand = Hand(TEXT)

    found = row(hand, Event("go", {"n": 1}, "inbox-1", at(2)))

    assert found == Row(
        seq=2,
        run=1,
        at=at(2).wall,
        cause="inbox-1",
        event="go",
        from_=("a",),
        to=("b",),
        outcome="taken",
        why="",
        micro=({"from": "a", "event": "go", "to": "b", "loop": False},),
        data_patch={
            "set": {"event_data": {"type": "go", "payload": {"n": 1}, "job_id": None}},
            "unset": [],
        },
        effects=(
            {"timer": "2.2", "event": "timeout(5)", "due": at(7).wall},
            {"run": "2.3", "action": "bash", "key": hand.asked.key},
        ),
    )


def test_an_event_ignored_tells_why() -> None:
    found = row(Hand(TEXT), Event("nobody", None, "inbox-1", at()))

    assert found is not None
    assert (found.outcome, found.event) == ("ignored", "nobody")
    assert found.why == 'no "nobody" in a (taken in no state)'


def test_an_event_rejected_tells_why() -> None:
    hand = Hand(TEXT)
    refused = hand.last._replace(outcome=Rejected("guard", "not now"))

    found = journal(hand.snapshot, Event("go", None, "e", at()), refused)

    assert found is not None
    assert (found.outcome, found.why) == ("rejected", "not now")


def test_a_result_is_caused_by_its_key() -> None:
    hand = Hand(TEXT).send("go")
    key = hand.asked.key
    id_ = next(i for i, e in hand.snapshot.pending.items() if e is hand.asked)

    found = row(hand, Done(id_, Result({"exit": 0}), at(1)))

    assert found is not None
    assert (found.cause, found.event, found.to) == (key, "job_done", ("c",))
    assert found.data_patch is None


def test_a_result_nobody_takes_has_no_event() -> None:
    hand = Hand(TEXT).send("go")
    id_ = next(i for i, e in hand.snapshot.pending.items() if e is hand.asked)

    found = row(hand, Done(id_, Result({"exit": 1}), at(1)))

    assert found is not None
    assert found.event == ""


def test_a_stranger_is_its_own_cause() -> None:
    found = row(Hand(TEXT), Done("0.0", Result({}), at()))

    assert found is not None
    assert (found.cause, found.event, found.outcome) == ("0.0", "", "ignored")


def test_a_delay_is_named() -> None:
    hand = Hand(TEXT).send("go")
    id_ = pending(hand.snapshot, TimerEntry)

    found = row(hand, Fired(id_, at(5)))

    assert found is not None
    assert (found.cause, found.event) == (id_, "timeout(5)")
    assert found.micro[0]["loop"] is True


def test_a_delay_that_is_gone_from_the_chart_is_named_too() -> None:
    hand = Hand(TEXT).send("go")
    id_ = pending(hand.snapshot, TimerEntry)
    timer = hand.snapshot.pending[id_]
    assert isinstance(timer, TimerEntry)
    odd = hand.snapshot._replace(pending={id_: timer._replace(event="gone")})
    hand.last = hand.last._replace(snapshot=odd)

    found = row(hand, Fired(id_, at(5)))

    assert found is not None
    assert (found.event, found.outcome) == ("gone", "ignored")


def test_going_on_is_caused_by_what_led_there() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: b, event: now}]
        actions:
          a: [{type: raise, event: now}]
        """
    )

    found = row(hand, Go(at()))

    assert found is not None
    assert (found.cause, found.event) == ("born", "now")


def test_going_on_without_a_list_has_no_cause() -> None:
    hand = Hand("initial_state: stopped\ntransitions: []\n").go()
    loud = hand.last._replace(is_idle=False)

    found = journal(hand.snapshot, Go(at()), loud)

    assert found is not None
    assert found.cause == ""


def test_a_pass_that_found_nothing_has_no_row() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: a, event: no_jobs}]
        actions:
          a: [{type: check_database_queue, job_type: t}]
        """
    )

    assert row(hand, Go(at())) is None
    hand.gives({"job": None})
    assert row(hand, Woken(next(iter(hand.snapshot.pending)), at())) is None


def test_a_wake_up_that_took_something_has_one() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: bash, command: x, repeatable: true}]
        """
    )
    id_ = next(iter(hand.go().exits().snapshot.pending))

    found = row(hand, Woken(id_, at(1)))

    assert found is not None
    assert (found.cause, found.event) == (id_, "")


def test_the_patch_is_offered_to_others() -> None:
    assert patch_between({"a": 1}, {"b": 2}) == {"set": {"b": 2}, "unset": ["a"]}


def test_a_delay_that_was_left_behind_is_told() -> None:
    hand = Hand(TEXT).send("go")
    id_ = pending(hand.snapshot, TimerEntry)
    hand.gives({"exit": 0})

    found = journal(hand.snapshot, None, hand.last)

    assert found is not None
    assert {"cancel": id_} in found.effects
