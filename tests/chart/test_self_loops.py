"""Self-loops are targetless transitions; where the event came from decides."""

from smtui.chart.values import Status
from tests.support.hand import Hand


def test_the_actions_after_the_one_that_looped_run() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: a, event: again}
        actions:
          a:
            - {type: bash, command: one, success: again}
            - {type: bash, command: two}
        """
    )

    hand.go().exits()

    assert hand.taken == [("again", "a")]
    assert hand.asked.args["command"] == "two"


def test_a_negative_result_that_loops_ends_the_pass() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: a, event: no_jobs}
        actions:
          a:
            - {type: check_database_queue, job_type: t}
            - {type: bash, command: two}
        """
    )

    hand.go().gives({"job": None}, counters={"jobs/t": 3})

    assert not hand.is_busy
    assert hand.watch is not None
    assert hand.watch.since == {"jobs/t": 3}


def test_a_negative_result_nobody_takes_lets_the_list_go_on() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: b, event: new_job}
        actions:
          a:
            - {type: check_database_queue, job_type: t}
            - {type: bash, command: two}
        """
    )

    hand.go().gives({"job": None})

    assert hand.asked.args["command"] == "two"


LEFTOVER = """
initial_state: a
transitions:
  - {from: a, to: b, event: timeout(1)}
  - {from: b, to: b, event: job_done}
actions:
  a:
    - {type: bash, command: one}
  b:
    - {type: bash, command: two, success: nothing}
"""


def test_the_result_of_a_state_that_was_left_loops_without_touching_the_list() -> None:
    hand = Hand(LEFTOVER)
    hand.go().later(1).fires("timeout(1)")

    hand.exits()
    assert hand.taken == [("job_done", "b")]
    assert hand.asked.args["command"] == "two"
    hand.exits()

    assert hand.watch is None, "only the list's own self-loops make it repeat"


def test_a_negative_result_of_a_state_that_was_left_skips_nothing() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: b, event: timeout(1)}
          - {from: b, to: b, event: no_jobs}
        actions:
          a:
            - {type: check_database_queue, job_type: t}
          b:
            - {type: bash, command: two}
        """
    )
    hand.go().later(1).fires("timeout(1)")

    hand.gives({"job": None})

    assert hand.asked.args["command"] == "two"


def test_an_outside_self_loop_restarts_delays_and_not_the_list() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: a, event: ping}
          - {from: a, to: b, event: timeout(5)}
        actions:
          a:
            - {type: bash, command: once}
        """
    )
    hand.go().exits()
    assert hand.timers == {"timeout(5)": 5}

    hand.later(2).send("ping")

    assert hand.timers == {"timeout(5)": 7}
    assert not hand.is_busy
    assert hand.watch is None


LOOPED_BY_OWN = """
initial_state: a
transitions:
  - from: a
    to: a
    event: ping
    actions:
      - {type: bash, command: pong, success: ponged}
  - {from: a, to: a, event: ponged}
actions:
  a:
    - {type: bash, command: once}
"""


def test_a_self_loop_of_a_transitions_own_action_rearms_no_list_that_is_over() -> None:
    hand = Hand(LOOPED_BY_OWN)
    hand.go().exits()

    hand.send("ping").exits()

    assert hand.taken == [("ponged", "a")]
    assert hand.watch is None


def test_a_negative_result_of_a_transitions_own_action_ends_only_that_list() -> None:
    hand = Hand(
        """
        initial_state: z
        transitions:
          - {from: z, to: a, event: go}
          - from: a
            to: a
            event: ping
            actions:
              - {type: check_database_queue, job_type: t}
              - {type: bash, command: skipped}
          - {from: a, to: a, event: no_jobs}
        actions:
          z:
            - {type: raise, event: go}
          a:
            - {type: bash, command: still to come}
        """
    )
    hand.go()
    assert hand.state == "a"

    hand.send("ping").gives({"job": None})

    assert hand.asked.args["command"] == "still to come"


STARVED = """
initial_state: a
transitions:
  - from: a
    to: a
    event: again
    actions:
      - {type: bash, command: inner, success: inner_done}
  - {from: a, to: a, event: inner_done}
  - {from: a, to: gave_up, event: timeout(3)}
actions:
  a:
    - {type: bash, command: outer, success: again}
"""


def test_no_action_of_a_later_pass_restarts_delays() -> None:
    hand = Hand(STARVED)
    hand.go().exits().exits()  # the first pass may restart them
    assert hand.watch is not None

    hand.later(1).wakes().exits().exits()

    assert hand.timers == {"timeout(3)": 3}


def test_each_round_of_a_transitions_own_action_has_a_key_of_its_own() -> None:
    """A receiver that drops a key it has seen must not lose the second round."""
    hand = Hand(
        """
        initial_state: a
        transitions:
          - from: a
            to: a
            event: again
            actions:
              - {type: bash, command: inner, success: nothing}
        actions:
          a:
            - {type: raise, event: again}
            - {type: pop_from_list, list_key: todo, empty: none_left}
        """
    )
    keys = [hand.go().asked.key]
    hand.exits()

    hand.wakes()
    keys.append(hand.asked.key)

    assert keys[0] != keys[1]


REARMED = """
initial_state: a
transitions:
  - from: a
    to: a
    event: ping
    actions:
      - {type: bash, command: pong, success: nothing}
  - {from: a, to: a, event: timeout(5)}
actions:
  a:
    - {type: check_database_queue, job_type: t}
"""


def test_a_delay_restarts_a_watching_list_though_another_action_is_in_hand() -> None:
    hand = Hand(REARMED)
    hand.go().gives({"job": None})
    hand.send("ping").later(5).fires("timeout(5)")
    assert hand.watch is None

    hand.exits()

    assert hand.asked.action == "check_database_queue"


def test_a_delay_starts_a_list_again_that_is_over() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: a, event: timeout(5)}
        actions:
          a:
            - {type: bash, command: again}
        """
    )
    hand.go().exits()
    first = hand.last

    hand.later(5).fires("timeout(5)").go()

    assert first.snapshot.cursor is not None
    assert hand.asked.args["command"] == "again"


def test_a_delays_own_actions_run_before_the_list_starts_again() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - from: a
            to: a
            event: timeout(5)
            actions:
              - {type: bash, command: late}
        actions:
          a:
            - {type: bash, command: again}
        """
    )
    hand.go().exits()
    hand.later(5).fires("timeout(5)").go()
    assert hand.asked.args["command"] == "late"

    hand.exits()

    assert hand.asked.args["command"] == "again"


def test_actions_that_loop_inside_themselves_stop_nesting() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - from: a
            to: a
            event: x
            actions:
              - {type: raise, event: x}
        """
    )

    hand.send("x")

    assert hand.snapshot.status is Status.RUNNING
    assert len(hand.last.micro) == 33
    assert ("error", "'x' loops inside its own actions, left out") in hand.logged
