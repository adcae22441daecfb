"""How a run ends: final states, `stop`, and what is still in hand."""

import pytest

from smtui.chart.values import Finish, Status
from tests.support.hand import Hand


def finished(hand: Hand) -> bool:
    ends = [e for e in hand.effects if isinstance(e, Finish)]
    return bool(ends) and hand.snapshot.status is Status.FINAL


@pytest.mark.parametrize("name", ["stopped", "shutdown", "completed"])
def test_a_state_of_a_final_name_ends_the_run_after_its_list(name: str) -> None:
    hand = Hand(
        f"""
        initial_state: a
        transitions:
          - {{from: a, to: {name}, event: go}}
          - {{from: "*", to: a, event: job_done}}
        actions:
          {name}:
            - {{type: bash, command: last}}
        """
    )
    hand.send("go")
    assert hand.snapshot.status is Status.ENDING

    hand.exits()

    assert hand.state == name, "events of a final list are dropped"
    assert finished(hand)
    assert hand.snapshot.cursor is None
    assert hand.snapshot.pending == {}


def test_a_machine_may_begin_at_its_end() -> None:
    hand = Hand(
        """
        initial_state: completed
        transitions: []
        """
    )
    assert hand.snapshot.status is Status.ENDING

    hand.go()

    assert finished(hand)


def test_a_way_out_makes_completed_an_ordinary_state() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: completed, event: go}
          - {from: completed, to: a, event: back}
        """
    )

    hand.send("go")
    assert hand.snapshot.status is Status.RUNNING
    hand.send("back")

    assert hand.state == "a"


def test_a_self_loop_is_no_way_out() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: completed, event: go}
          - {from: completed, to: completed, event: ping}
        """
    )

    hand.send("go")

    assert finished(hand)


def test_stop_ends_even_a_completed_with_a_way_out() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: completed, to: a, event: back}
          - {from: "*", to: completed, event: stop}
        actions:
          completed:
            - {type: bash, command: last}
        """
    )

    hand.send("stop")
    assert hand.asked.args["command"] == "last"
    hand.exits()

    assert finished(hand)


LOOPED = """
initial_state: completed
transitions:
  - {from: completed, to: a, event: back}
  - from: "*"
    to: completed
    event: stop
    actions:
      - {type: bash, command: clean up}
actions:
  completed:
    - {type: bash, command: one}
    - {type: bash, command: two}
"""


def test_a_stop_that_loops_runs_its_own_actions_and_not_a_list_that_began() -> None:
    hand = Hand(LOOPED)
    hand.go().exits().exits()

    hand.send("stop")
    assert hand.asked.args["command"] == "clean up"
    hand.exits()

    assert finished(hand)


def test_a_stop_that_loops_before_the_list_began_runs_it_once() -> None:
    hand = Hand(LOOPED)

    hand.send("stop").exits()
    assert hand.asked.args["command"] == "one"
    hand.exits()
    assert hand.asked.args["command"] == "two"
    hand.exits()

    assert finished(hand)


def test_a_stop_in_the_middle_of_a_transitions_own_actions_skips_the_rest() -> None:
    """The list below had begun, so it is not run again."""
    hand = Hand(
        """
        initial_state: completed
        transitions:
          - {from: completed, to: a, event: back}
          - from: completed
            to: completed
            event: ping
            actions:
              - {type: bash, command: pong, success: stop}
              - {type: bash, command: never}
          - {from: "*", to: completed, event: stop}
        actions:
          completed:
            - {type: bash, command: one}
            - {type: pop_from_list, list_key: todo}
        """
    )
    hand.go().exits().send("ping")

    hand.exits()

    assert finished(hand)


def test_an_action_in_hand_is_waited_for_and_its_event_dropped() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: stopped, event: timeout(1)}
          - {from: "*", to: a, event: job_done}
        actions:
          a:
            - {type: bash, command: long}
        """
    )
    hand.go().later(1).fires("timeout(1)")
    assert hand.snapshot.status is Status.ENDING
    assert not finished(hand)

    hand.exits()

    assert finished(hand)
    assert hand.state == "stopped"


def test_a_run_that_ends_has_no_delays_and_hears_nothing() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: stopped, event: go}
          - {from: "*", to: a, event: timeout(1)}
        actions:
          stopped:
            - {type: sleep, duration: 3}
        """
    )
    hand.send("go")
    assert hand.timers == {}

    hand.send("go")

    assert str(hand.last.outcome.why) == "the run is ending"
    assert hand.state == "stopped"


def test_pure_actions_of_a_final_state_move_nothing() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: stopped, event: go}
          - {from: "*", to: a, event: back}
        actions:
          stopped:
            - {type: raise, event: back}
            - {type: set_context, key: x, value: 1}
        """
    )

    hand.send("go")

    assert finished(hand)
    assert hand.data["x"] == 1
