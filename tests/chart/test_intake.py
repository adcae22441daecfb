"""What is accepted now, and what an event would do."""

import pytest

from smtui.chart import (
    AllBut,
    Everything,
    Foreseen,
    Nothing,
    Only,
    Option,
    Waits,
    accepts,
    foresee,
    preview,
    wants_go,
)
from smtui.chart.values import Event, Ignored, Taken
from smtui.definition import Json
from tests.support.hand import Hand

LOOKING = """
initial_state: a
transitions:
  - {from: a, to: a, event: no_events}
  - {from: a, to: b, event: done}
  - {from: "*", to: stopped, event: stop}
actions:
  a:
    - {type: check_events, event_types: [done, stop]}
    - {type: bash, command: note}
"""
NONE: dict[str, Json] = {"event": None}


def would(hand: Hand, event: str, payload: Json = None) -> Foreseen:
    given = Event(event, payload, "foreseen", hand.now)
    return foresee(hand.chart, hand.snapshot, given)


def test_at_rest_everything_is_accepted() -> None:
    hand = Hand("initial_state: a\ntransitions: []\n")

    assert accepts(hand.chart, hand.snapshot) == Everything()


@pytest.mark.parametrize(
    ("intake", "takes_x"),
    [
        (Everything(), True),
        (Nothing("busy"), False),
        (Only(frozenset("x")), True),
        (Only(frozenset("y")), False),
        (AllBut(frozenset("x")), False),
        (AllBut(frozenset("y")), True),
    ],
)
def test_an_intake_says_what_it_takes(
    intake: Everything | Nothing | Only | AllBut, *, takes_x: bool
) -> None:
    assert intake.takes("x") is takes_x


def test_while_an_action_is_in_hand_events_wait() -> None:
    hand = Hand(LOOKING).go()

    assert accepts(hand.chart, hand.snapshot) == Nothing("check_events is in hand")
    assert would(hand, "stop") == Foreseen(Waits("check_events is in hand"), None)


def test_a_run_that_ends_accepts_nothing() -> None:
    hand = Hand("initial_state: stopped\ntransitions: []\n")
    assert accepts(hand.chart, hand.snapshot) == Nothing("the run is ending")
    assert would(hand, "x") == Foreseen(Ignored("the run is ending"), None)

    hand.go()

    assert accepts(hand.chart, hand.snapshot) == Nothing("the run is final")


def test_events_wait_for_the_check_events_of_the_list() -> None:
    hand = Hand(LOOKING)
    deferred = AllBut(frozenset({"done", "stop"}))
    assert accepts(hand.chart, hand.snapshot) == deferred

    hand.go().gives(NONE)

    assert hand.watch is not None
    assert accepts(hand.chart, hand.snapshot) == deferred


@pytest.mark.parametrize(
    "keys",
    [
        'event_types: "{kind}"',
        "event_types: done",
        'event_types: ["{kind}"], target_machine: m',
        'event_types: [done], target_machine: "{machine_name}"',
        "event_types: [done], target_machine: somebody_else",
    ],
)
def test_it_is_always_the_own_inbox_that_is_looked_into(keys: str) -> None:
    text = f"""
        initial_state: a
        transitions: []
        actions:
          a: [{{type: "{{looks}}", {keys}}}]
        """
    hand = Hand(text, {"kind": "done", "looks": "check_events"})

    assert accepts(hand.chart, hand.snapshot) == AllBut(frozenset({"done"}))
    hand.go().gives(NONE)
    assert accepts(hand.chart, hand.snapshot) == AllBut(frozenset({"done"}))


def test_an_authors_check_events_defers_nothing() -> None:
    hand = Hand(LOOKING, custom=frozenset({"check_events"}))

    assert accepts(hand.chart, hand.snapshot) == Everything()


def test_events_wait_for_the_check_events_of_the_transition_too() -> None:
    hand = Hand(
        """
        initial_state: z
        transitions:
          - from: z
            to: a
            event: go
            actions:
              - {type: raise, event: nothing}
              - {type: check_events, event_types: [done]}
          - from: a
            to: a
            event: ping
            actions: [{type: check_events, event_types: [more]}]
          - {from: a, to: a, event: now}
        actions:
          z: [{type: raise, event: go}]
        """
    )
    hand.go()

    assert accepts(hand.chart, hand.snapshot) == AllBut(frozenset({"done"}))


def test_an_event_no_check_events_was_reached_for_does_not_wait() -> None:
    """Otherwise a `stop` would wait for a job that may never come."""
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: a, event: no_jobs}
          - {from: "*", to: stopped, event: stop}
        actions:
          a:
            - {type: check_database_queue, job_type: t}
            - {type: check_events, event_types: [stop]}
        """
    )
    hand.go().gives({"job": None})
    assert accepts(hand.chart, hand.snapshot) == Everything()

    assert hand.send("stop").state == "stopped"


def test_a_list_that_is_over_keeps_nobody_waiting() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: a, event: already_claimed}]
        actions:
          a:
            - {type: claim_job, job_id: j}
            - {type: check_events, event_types: [stop]}
        """
    )
    hand.go().gives({"claimed": False})

    assert accepts(hand.chart, hand.snapshot) == Everything()


def test_an_order_to_start_again_makes_events_wait() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: a, event: timeout(1)}]
        actions:
          a:
            - {type: bash, command: x}
            - {type: check_events, event_types: [stop]}
        """
    )
    hand.go().later(1).fires("timeout(1)").exits().gives(NONE)

    assert hand.watch is None
    assert accepts(hand.chart, hand.snapshot) == AllBut(frozenset({"stop"}))


# --------------------------------------------------------------- foreseeing


def test_a_step_is_foreseen_and_not_taken() -> None:
    hand = Hand("initial_state: a\ntransitions: [{from: a, to: b, event: go}]\n")

    foreseen = would(hand, "go", {"n": 1})

    assert foreseen.outcome == Taken()
    assert foreseen.step is not None
    assert foreseen.step.snapshot.configuration == ("b",)
    assert hand.state == "a"


def test_an_event_is_foreseen_through_check_events() -> None:
    hand = Hand(LOOKING).go().gives(NONE)

    foreseen = would(hand, "done", {"n": 1})

    assert foreseen.outcome == Taken()
    assert foreseen.step is not None
    assert foreseen.step.snapshot.configuration == ("b",)
    assert foreseen.step.snapshot.data["payload"] == {"n": 1}


def test_the_check_events_that_looks_for_it_takes_it() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: b, event: two}]
        actions:
          a:
            - {type: check_events, event_types: [one]}
            - {type: check_events, event_types: [two]}
        """
    )
    hand.go().gives(NONE).gives(NONE)

    foreseen = would(hand, "two")

    assert foreseen.step is not None
    assert foreseen.step.snapshot.configuration == ("b",)
    assert foreseen.step.snapshot.data["event_data"] == {
        "type": "two",
        "payload": {},
        "job_id": None,
    }


def test_a_list_that_looks_elsewhere_first_cannot_be_foreseen() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a:
            - {type: check_database_queue, job_type: t}
            - {type: check_events, event_types: [one]}
        """
    )
    hand.go().gives({"job": None}).gives(NONE)

    assert would(hand, "one") == Foreseen(Waits("the list looks elsewhere first"), None)


def test_a_list_not_yet_at_its_check_events_cannot_be_foreseen() -> None:
    hand = Hand(LOOKING)

    assert would(hand, "done") == Foreseen(
        Waits("check_events of this state takes it in its turn"), None
    )


def test_a_watch_for_something_else_does_not_help() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - from: a
            to: a
            event: ping
            actions: [{type: check_events, event_types: [one]}]
          - {from: a, to: a, event: loop}
        actions:
          a: [{type: pop_from_list, list_key: todo}]
        """
    )
    hand.go()
    cursor = hand.snapshot.cursor
    assert cursor is not None
    looped = hand.snapshot._replace(
        cursor=cursor._replace(transition=0, offset=0, entry="own", then=cursor)
    )

    foreseen = foresee(hand.chart, looped, Event("one", None, "e", hand.now))

    assert foreseen.outcome == Waits("check_events of this state takes it in its turn")


# ----------------------------------------------------------------- preview


def test_every_event_is_shown_the_valid_ones_first() -> None:
    hand = Hand(
        """
        initial_state: a
        events: [declared, timeout(9)]
        transitions:
          - {from: b, to: a, event: back}
          - {from: a, to: b, event: go}
          - {from: a, to: a, event: ping}
          - {from: a, to: c, event: timeout(5)}
        """
    )

    shown = preview(hand.chart, hand.snapshot)

    assert shown == (
        Option("go", Taken(), "b"),
        Option("ping", Taken(), "a"),
        Option("back", Ignored('no "back" in a (taken in b)'), ""),
        Option("declared", Ignored('no "declared" in a (taken in no state)'), ""),
    )


def test_an_event_that_waits_is_shown_with_where_it_will_lead() -> None:
    hand = Hand(LOOKING).go()

    shown = {option.event: option for option in preview(hand.chart, hand.snapshot)}

    waits = Waits("check_events is in hand")
    assert shown["stop"] == Option("stop", waits, "stopped")
    assert shown["no_events"] == Option("no_events", waits, "a")


def test_an_ignored_event_leads_nowhere_though_the_list_moves_on() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: b, event: now}]
        events: [nobody]
        actions:
          a: [{type: raise, event: now}]
        """
    )

    shown = {option.event: option for option in preview(hand.chart, hand.snapshot)}

    assert shown["nobody"].target == ""


# ------------------------------------------------------------------ wants_go


def test_a_list_wants_to_go_on_until_it_is_over() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: bash, command: x}]
        """
    )
    assert wants_go(hand.chart, hand.snapshot)

    hand.go()
    assert not wants_go(hand.chart, hand.snapshot)
    hand.exits()

    assert not wants_go(hand.chart, hand.snapshot)


def test_a_watching_list_waits_and_a_run_that_ended_too() -> None:
    hand = Hand(LOOKING).go().gives(NONE)
    assert not hand.is_busy
    assert not wants_go(hand.chart, hand.snapshot)

    ended = Hand("initial_state: stopped\ntransitions: []\n")
    assert wants_go(ended.chart, ended.snapshot)
    ended.go()

    assert not wants_go(ended.chart, ended.snapshot)
