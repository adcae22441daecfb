"""The end of a pass: look again at once, watch, poll, repeat, or be over."""

import pytest

from smtui.definition import Json
from tests.support.hand import Hand

J: dict[str, Json] = {"job": {"id": "j", "job_type": "t", "data": {}}}
NO_JOB: dict[str, Json] = {"job": None}


def test_a_list_that_took_something_looks_again_at_once() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: a, event: new_job}]
        actions:
          a: [{type: check_database_queue, job_type: t}]
        """
    )

    hand.go().gives(J)

    assert hand.watch is None
    assert hand.go().asked.action == "check_database_queue"


def test_a_list_that_looks_has_no_timer_whatever_else_it_holds() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: a, event: again}]
        actions:
          a:
            - {type: check_database_queue, job_type: t, repeatable: true}
            - {type: bash, command: x, success: again, poll_interval: 2}
        """
    )

    hand.go().gives(NO_JOB, counters={"jobs/t": 4}).exits()

    assert hand.watch is not None
    assert (hand.watch.by, hand.watch.since) == (None, {"jobs/t": 4})


def test_pending_jobs_of_any_type_are_waited_for_without_a_timer() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: get_pending_jobs, poll_interval: 3}]
        """
    )

    hand.go().gives({"jobs": []}, counters={"jobs": 7})

    assert hand.watch is not None
    assert (hand.watch.by, hand.watch.since) == (None, {"jobs": 7})


def test_the_counter_of_the_passes_first_look_counts() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a:
            - {type: check_database_queue, job_type: t}
            - {type: check_database_queue, job_type: t}
        """
    )

    hand.go().gives(NO_JOB, counters={"jobs/t": 4})
    hand.gives(NO_JOB, counters={"jobs/t": 5})

    assert hand.watch is not None
    assert hand.watch.since == {"jobs/t": 4}


def test_a_kind_found_only_when_it_runs_is_watched_as_well() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: a, event: new_job}]
        actions:
          a: [{type: "{kind}", job_type: t}]
        """,
        {"kind": "check_database_queue"},
    )

    hand.go().gives(J)
    assert hand.watch is None
    hand.go().gives(NO_JOB)

    assert hand.watch is not None


@pytest.mark.parametrize(
    ("interval", "seconds"),
    [
        ("", 1),
        (", poll_interval: 3", 3),
        (', poll_interval: "{n}"', 2),
        (', poll_interval: "{no}"', 1),
        (', poll_interval: "{text}"', 1),
        (", poll_interval: 0", 0.05),
    ],
)
def test_a_self_loop_without_anything_to_watch_polls(
    interval: str, seconds: float
) -> None:
    hand = Hand(
        f"""
        initial_state: a
        transitions: [{{from: a, to: a, event: again}}]
        actions:
          a:
            - {{type: bash, command: x, success: again{interval}}}
        """,
        {"n": 2, "text": "inf"},
    )

    hand.go().later(5).exits()

    assert hand.watch is not None
    assert hand.watch.on == ()
    assert hand.watch.by == hand.now.plus(seconds)


def test_the_shortest_interval_counts() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: a, event: again}]
        actions:
          a:
            - {type: bash, command: x, success: again, poll_interval: 5}
            - {type: log, poll_interval: 3}
        """
    )

    hand.go().exits()

    assert hand.watch is not None
    assert hand.watch.by == hand.now.plus(3)


REPEATED = """
initial_state: a
transitions: []
actions:
  a:
    - {type: bash, command: once}
    - {type: bash, command: often, run_policy: repeat}
"""


def test_only_repeatable_actions_run_again() -> None:
    hand = Hand(REPEATED)
    hand.go().exits().exits()
    assert hand.watch is not None
    assert hand.watch.by == hand.now.plus(0.25)

    hand.wakes()

    assert hand.asked.args["command"] == "often"
    hand.exits().wakes()
    assert hand.asked.args["command"] == "often"


def test_a_repeatable_action_that_took_something_repeats_alone() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a:
            - {type: bash, command: once}
            - {type: claim_job, job_id: j, repeatable: true}
        """
    )
    hand.go().exits().gives({"claimed": True})

    assert hand.go().asked.action == "claim_job"


def test_a_list_without_any_of_it_is_over() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: bash, command: once}, {type: claim_job, job_id: j}]
        """
    )

    hand.go().exits().gives({"claimed": True}).go()

    assert not hand.is_busy
    assert hand.watch is None
    assert hand.last.is_idle


def test_a_list_of_the_data_is_watched_for_growth() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: a, event: list_empty}
          - from: a
            to: a
            event: more
            actions: [{type: add_to_list, list_key: todo, value: 1}]
        actions:
          a: [{type: pop_from_list, list_key: todo, store_as: it}]
        """,
        {"todo": [7]},
    )

    hand.go()
    assert hand.data["it"] == 7
    hand.go()
    assert hand.watch is not None
    assert hand.watch.since == {"data/todo": 0}
    hand.send("more").wakes()

    assert hand.data["it"] == 1


def test_the_actions_of_the_transition_run_in_the_first_pass_only() -> None:
    hand = Hand(
        """
        initial_state: z
        transitions:
          - from: z
            to: a
            event: go
            actions: [{type: bash, command: own}]
        actions:
          a: [{type: check_database_queue, job_type: t}]
        """
    )
    hand.send("go")
    assert hand.asked.args["command"] == "own"
    hand.exits().gives(NO_JOB)

    hand.wakes()

    assert hand.asked.action == "check_database_queue"


def test_passes_that_find_nothing_are_counted_and_not_journalled() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: [{from: a, to: a, event: no_jobs}]
        actions:
          a: [{type: check_database_queue, job_type: t}]
        """
    )
    steps = [hand.go(), hand.gives(NO_JOB), hand.wakes(), hand.gives(NO_JOB)]

    assert len(steps) == 4
    assert hand.last.is_idle
    assert hand.snapshot.seq == 1
    assert hand.snapshot.turn == 5


def test_a_change_of_type_alone_is_worth_a_row() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a: [{type: set_context, key: k, value: true}]
        """,
        {"k": 1},
    )

    hand.go()

    assert not hand.last.is_idle
    assert hand.data["k"] is True


def test_states_that_find_nothing_in_turn_are_counted_for_pacing() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: b, event: no_jobs}
          - {from: b, to: a, event: no_jobs}
          - {from: b, to: a, event: new_job}
        actions:
          a: [{type: check_database_queue, job_type: t}]
          b: [{type: check_database_queue, job_type: u}]
        """
    )
    for _ in range(3):
        hand.go().gives(NO_JOB)
    assert hand.snapshot.gos == 3

    hand.go().gives(J)

    assert hand.snapshot.gos == 0
