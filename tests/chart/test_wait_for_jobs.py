"""Waiting for jobs: what has ended, and how long it is waited for."""

from smtui.definition import Json
from tests.support.hand import Hand

J: dict[str, Json] = {"id": "j", "job_type": "t", "data": {}, "source_job_id": None}

WAITING = """
initial_state: a
transitions:
  - {from: a, to: done, event: all_jobs_complete}
  - {from: a, to: late, event: check_timeout}
  - {from: a, to: a, event: still}
actions:
  a: [{type: wait_for_jobs, timeout: 10, pending: still}]
"""


def waiting(pending: list[Json]) -> dict[str, Json]:
    return {"completed": ["a"], "failed": ["b"], "pending": pending}


def test_jobs_that_have_all_ended_are_told_apart() -> None:
    hand = Hand(WAITING, {"spawned_jobs": ["a", "b"]}).go().gives(waiting([]))

    assert hand.state == "done"
    assert hand.data["completed_jobs"] == ["a"]
    assert hand.data["failed_jobs"] == ["b"]
    assert hand.data["pending_jobs"] == []


def test_waiting_has_a_deadline_of_its_own() -> None:
    hand = Hand(WAITING, {"spawned_jobs": ["a", "c"]}).go()

    hand.later(1).gives(waiting(["c"]))
    assert hand.taken == [("still", "a")]
    assert hand.watch is not None
    assert hand.watch.by == hand.now.plus(9)
    hand.later(9).wakes().gives(waiting(["c"]))

    assert hand.state == "late"


def test_each_wait_has_the_whole_time() -> None:
    text = WAITING.replace("to: late", "to: a")
    hand = Hand(text, {"spawned_jobs": ["c"]}).go()
    hand.later(11).gives(waiting(["c"]))
    assert hand.watch is not None
    assert hand.watch.by is None

    hand.wakes().gives(waiting(["c"]))

    assert hand.watch.by == hand.now.plus(10)


def test_a_deadline_not_looked_at_in_this_pass_wakes_nobody() -> None:
    """An earlier action ends the pass: waking at once would go on for ever."""
    hand = Hand(
        """
        initial_state: a
        transitions:
          - {from: a, to: a, event: no_jobs}
          - {from: a, to: a, event: new_job}
        actions:
          a:
            - {type: check_database_queue, job_type: t}
            - {type: wait_for_jobs, timeout: 5}
        """,
        {"spawned_jobs": ["c"]},
    )
    hand.go().gives({"job": J}).gives(waiting(["c"])).go()

    hand.later(6).gives({"job": None})

    assert hand.watch is not None
    assert hand.watch.by is None
