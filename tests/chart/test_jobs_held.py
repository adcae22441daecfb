"""Who holds a job, and what becomes of it."""

import pytest

from smtui.chart.values import Raised
from smtui.definition import Json
from tests.support.hand import Hand

WORKER = """
initial_state: waiting
transitions:
  - {from: waiting, to: waiting, event: no_jobs}
  - {from: waiting, to: working, event: new_job}
  - {from: working, to: waiting, event: job_done}
  - {from: working, to: waiting, event: error}
  - {from: working, to: waiting, event: three}
  - {from: working, to: stopped, event: enough}
  - {from: working, to: stopped, event: timeout(9)}
  - {from: "*", to: stopped, event: stop}
actions:
  waiting:
    - {type: check_database_queue, job_type: t}
  working:
    - {type: bash, command: "work {id}", error_mappings: {3: three, 4: error}}
"""


def job(id_: str = "j1", **data: Json) -> dict[str, Json]:
    return {"job": {"id": id_, "source_job_id": None, "job_type": "t", "data": data}}


def holding(text: str = WORKER) -> Hand:
    """Return a worker with job j1 in hand."""
    return Hand(text).go().gives(job())


def test_a_claim_is_held_and_spread_over_the_data() -> None:
    hand = Hand(WORKER).go().gives(job("j1", x=1, none=None))

    assert hand.snapshot.held == {"j1": "queue"}
    assert hand.state == "working"
    assert hand.data["id"] == "j1"
    assert hand.data["job_type"] == "t"
    assert hand.data["x"] == 1
    assert "none" not in hand.data
    assert "source_job_id" not in hand.data


def test_asking_for_the_next_job_completes_the_last() -> None:
    hand = holding().go().exits().go()

    assert [(s.job_id, s.how.value) for s in hand.asked.settle] == [("j1", "completed")]
    assert hand.snapshot.held == {}


def test_a_shell_failure_counts_a_failed_attempt() -> None:
    hand = holding().go().exits(1, "oops\n")

    assert hand.settled == [("j1", "failed")]
    assert hand.snapshot.held == {}
    assert "current_job" not in hand.data
    assert hand.data["id"] == "j1", "what was spread stays"


def test_a_mapped_exit_code_is_no_failure() -> None:
    hand = holding().go().exits(3)

    assert hand.settled == []
    assert hand.snapshot.held == {"j1": "queue"}


def test_an_exit_code_mapped_to_error_is_one() -> None:
    hand = holding().go().exits(4)

    assert hand.settled == [("j1", "failed")]


@pytest.mark.parametrize(
    "value",
    [{"event": "error"}, Raised("kaboom", "ValueError")],
    ids=["said", "raised"],
)
def test_an_authors_error_counts_a_failed_attempt(
    value: dict[str, Json] | Raised,
) -> None:
    hand = Hand(
        WORKER.replace('type: bash, command: "work {id}"', "type: custom"),
        custom=frozenset({"custom"}),
    )
    hand.go().gives(job()).go()

    hand.gives(value)

    assert hand.settled == [("j1", "failed")]


def test_the_job_in_hand_fails_and_not_another_one_that_is_held() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions: []
        actions:
          a:
            - {type: claim_job, job_id: j1}
            - {type: claim_job, job_id: j2}
            - {type: set_context, key: current_job, value: {job_id: j2}}
            - {type: bash, command: work}
        """
    )
    hand.go().gives({"claimed": True}).gives({"claimed": True})

    hand.exits(1)

    assert hand.settled == [("j2", "failed")]
    assert hand.snapshot.held == {"j1": "claim"}


def test_a_run_that_ends_by_an_event_of_its_own_completes_its_job() -> None:
    text = WORKER.replace('command: "work {id}"', "command: work, success: enough")
    hand = Hand(text).go().gives(job()).go().exits()

    assert hand.settled == []
    hand.go()

    assert hand.settled == [("j1", "completed")]


def test_a_delay_into_the_end_is_an_event_of_its_own() -> None:
    hand = holding().go().later(9).fires("timeout(9)").exits()

    assert hand.settled == [("j1", "completed")]


def test_stop_gives_the_job_back() -> None:
    hand = holding().send("stop")

    assert hand.settled == [("j1", "released")]


def test_stop_that_check_events_takes_gives_the_job_back() -> None:
    hand = Hand(
        """
        initial_state: waiting
        transitions:
          - {from: waiting, to: working, event: new_job}
          - {from: "*", to: stopped, event: stop}
        actions:
          waiting:
            - {type: check_database_queue, job_type: t}
          working:
            - {type: check_events, event_types: [stop]}
        """
    )
    hand.go().gives(job()).go()

    hand.gives({"event": {"id": "e", "type": "stop", "payload": {}, "job_id": None}})
    hand.go()

    assert hand.settled == [("j1", "released")]


def test_a_claimed_job_goes_back_when_the_run_ends() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: stopped, event: done}
        actions:
          a:
            - {type: claim_job, job_id: j1}
            - {type: raise, event: done}
        """
    )

    hand.go().gives({"claimed": True}).go()

    assert hand.settled == [("j1", "released")]


@pytest.mark.parametrize("action", ["complete_job", "fail_job"])
def test_complete_and_fail_let_go(action: str) -> None:
    hand = Hand(
        f"""
        initial_state: a
        transitions: []
        actions:
          a:
            - {{type: claim_job, job_id: j1}}
            - {{type: {action}, job_id: j1}}
        """
    )
    hand.go().gives({"claimed": True})

    hand.gives({"completed": True} if action == "complete_job" else {"failed": True})

    assert hand.snapshot.held == {}
    assert hand.settled == []


def test_leaving_a_state_releases_nothing() -> None:
    hand = holding().go().exits()

    assert hand.state == "waiting"
    assert hand.snapshot.held == {"j1": "queue"}
    assert hand.settled == []


UNWANTED = """
initial_state: waiting
transitions:
  - {from: "*", to: stopped, event: stop}
actions:
  waiting:
    - {type: check_database_queue, job_type: t}
"""


def test_a_claim_nobody_wants_is_given_back_and_not_watched_for() -> None:
    hand = Hand(UNWANTED).go().gives(job())

    assert hand.settled == [("j1", "released")]
    assert "current_job" not in hand.data
    assert ("warning", "job j1 given back: no 'new_job' in waiting") in hand.logged
    assert hand.watch is None


def test_a_job_claimed_while_the_run_ends_is_given_back() -> None:
    """Nobody worked on it, so it must not end completed."""
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: stopped, event: go}
          - {from: stopped, to: stopped, event: new_job}
        actions:
          stopped:
            - {type: check_database_queue, job_type: t}
        """
    )

    hand.send("go").gives(job())

    assert hand.settled == [("j1", "released")]


def test_a_claim_that_a_delay_overtook_is_given_back_at_the_end() -> None:
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: stopped, event: timeout(1)}
          - {from: a, to: b, event: new_job}
        actions:
          a:
            - {type: check_database_queue, job_type: t}
        """
    )
    hand.go().later(1).fires("timeout(1)")

    hand.gives(job())

    assert hand.settled == [("j1", "released")]


def test_jobs_handed_over_at_the_start_are_held() -> None:
    hand = Hand(UNWANTED, {"job_id": "j9"}, held=("j9",))
    assert hand.snapshot.held == {"j9": "claim"}

    hand.send("stop")

    assert hand.settled == [("j9", "released")]


STARTER = """
initial_state: a
transitions: []
actions:
  a:
    - {type: claim_job, job_id: j1}
    - type: start_fsm
      yaml_path: child.yaml
      machine_name: c
      context_vars: ["current_job.job_id as job_id", "current_job", "missing"]
"""


@pytest.mark.parametrize(
    "variables",
    [
        '"current_job.job_id as job_id"',
        '"current_job"',
        '"current_job   as   it"',
        '"batch.jobs"',
    ],
)
def test_a_job_whose_id_is_in_the_childs_context_goes_with_it(variables: str) -> None:
    text = STARTER.replace(
        '"current_job.job_id as job_id", "current_job", "missing"', variables
    )
    data: dict[str, Json] = {"job_id": "j1"}
    hand = Hand(text, {"current_job": data, "batch": {"jobs": ["j0", "j1"]}})
    hand.go().gives({"claimed": True})
    assert hand.asked.args["jobs"] == ["j1"]

    hand.gives({"created": True})

    assert hand.snapshot.held == {}
    assert hand.settled == []


def test_the_childs_context_is_what_was_found_under_its_new_name() -> None:
    hand = Hand(STARTER, {"current_job": {"job_id": "j1"}})

    hand.go().gives({"claimed": True})

    assert hand.asked.args["context"] == {
        "job_id": "j1",
        "current_job": {"job_id": "j1"},
    }


def test_a_job_may_not_overwrite_what_the_machine_owns() -> None:
    hand = Hand(WORKER).go().gives(job("j1", machine_name="liar", config=1, ok=True))

    assert hand.data["machine_name"] == "m"
    assert "config" not in hand.data
    assert hand.data["ok"] is True
    assert [message for level, message in hand.logged if level == "warning"] == [
        "job j1: its key 'machine_name' is reserved, ignored",
        "job j1: its key 'config' is reserved, ignored",
    ]


def test_a_reserved_key_is_told_of_once_a_job() -> None:
    hand = Hand(
        """
        initial_state: waiting
        transitions:
          - {from: waiting, to: waiting, event: new_job}
        actions:
          waiting:
            - {type: check_database_queue, job_type: t}
            - {type: set_context, key: a, value: 1}
            - {type: set_context, key: b, value: 1}
            - {type: bash, command: work}
        """
    )

    hand.go().gives(job("j1", config=1)).exits()

    assert len([level for level, _ in hand.logged if level == "warning"]) == 1


def test_a_jobs_value_of_another_type_replaces_an_equal_one() -> None:
    hand = Hand(WORKER, {"x": 1}).go().gives(job("j1", x=True))

    assert hand.data["x"] is True
