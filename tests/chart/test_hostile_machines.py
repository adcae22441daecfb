"""Sixteen machines that break naive readings of how an action list moves."""

import pytest

from tests.support.drive import Fleet, statuses

SIMPLE_WORKER = """
initial_state: waiting
transitions:
  - {from: waiting, to: waiting, event: no_jobs}
  - {from: waiting, to: processing, event: new_job}
  - {from: processing, to: completed, event: job_done}
  - {from: completed, to: waiting, event: continue_work}
  - {from: "*", to: completed, event: stop}
actions:
  waiting:
    - {type: check_database_queue, job_type: t}
  processing:
    - {type: bash, command: "work 2", success: job_done}
  completed:
    - {type: bash, command: "mark 0.1", success: continue_work}
"""

CONTROLLER = """
initial_state: monitoring
transitions:
  - {from: monitoring, to: monitoring, event: no_events}
  - {from: monitoring, to: monitoring, event: task_completed}
  - {from: "*", to: stopped, event: stop}
actions:
  monitoring:
    - {type: log, message: looking}
    - {type: check_events, event_types: [task_completed, stop]}
    - {type: bash, command: "note{payload.n} 0.1"}
"""

CONCURRENT = """
initial_state: checking
transitions:
  - {from: checking, to: spawning, event: jobs_found}
  - {from: checking, to: idling, event: no_jobs}
  - {from: spawning, to: spawning, event: worker_spawned}
  - {from: spawning, to: waiting, event: batch_complete}
  - {from: spawning, to: spawning, event: job_taken}
  - {from: waiting, to: checking, event: all_jobs_complete}
  - {from: waiting, to: waiting, event: timeout(2)}
  - {from: idling, to: checking, event: timeout(10)}
actions:
  checking:
    - {type: set_context, key: spawned_jobs, value: []}
    - {type: get_pending_jobs, job_type: t, success: jobs_found, empty: no_jobs}
  spawning:
    - {type: pop_from_list, list_key: pending_jobs, store_as: current_job,
       success: has_job, empty: batch_complete}
    - {type: claim_job, job_id: "{current_job.job_id}", success: job_claimed,
       already_claimed: job_taken, error: spawn_failed}
    - {type: add_to_list, list_key: spawned_jobs, value: "{current_job.job_id}"}
    - type: start_fsm
      yaml_path: child.yaml
      machine_name: "child_{current_job.job_id}"
      context_vars: [current_job.job_id as job_id]
      success: worker_spawned
    - {type: log, message: spawned}
  waiting:
    - {type: wait_for_jobs, tracked_jobs_key: spawned_jobs, timeout: 300,
       success: all_jobs_complete, timeout_event: check_timeout}
"""

CHILD = """
initial_state: working
transitions:
  - {from: working, to: ready, event: job_done}
  - {from: "*", to: shutdown, event: stop}
actions:
  working:
    - {type: bash, command: "child{job_id} 1"}
  ready:
    - {type: complete_job, job_id: "{job_id}", success: finished}
    - {type: bash, command: "bye 0.1", success: stop}
"""


def preempted(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: a
transitions:
  - {from: a, to: late, event: timeout(0.4)}
actions:
  a:
    - {type: bash, command: "a1 1"}
    - {type: bash, command: "a2 1"}
  late:
    - {type: bash, command: "l1 0.1"}
    - {type: bash, command: "l2 0.1"}
"""
    )
    fleet.run(5)


def rearmed(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: a
transitions:
  - {from: a, to: a, event: timeout(1.5)}
actions:
  a:
    - {type: bash, command: "r0 1"}
    - {type: bash, command: "r1 1"}
    - {type: bash, command: "r2 0.2"}
"""
    )
    fleet.run(4.4)


def stopped_at_work(fleet: Fleet) -> None:
    fleet.add(SIMPLE_WORKER)
    fleet.later(0.5, lambda: fleet.add_job("j1"))
    fleet.later(1.0, lambda: fleet.send("m", "stop"))
    fleet.run(10)


def idle_controller(fleet: Fleet) -> None:
    fleet.add(CONTROLLER)
    fleet.run(60)


def two_at_once(fleet: Fleet) -> None:
    fleet.add(CONTROLLER)
    fleet.later(1.0, lambda: fleet.send("m", "task_completed", n=1))
    fleet.later(1.0, lambda: fleet.send("m", "task_completed", n=2))
    fleet.run(5)


def robbed_batch(fleet: Fleet) -> None:
    fleet.templates["child.yaml"] = CHILD
    for name in ("j1", "j2", "j3"):
        fleet.add_job(name)

    def rob() -> None:
        fleet.jobs["j2"].status = "running"

    machine = fleet.add(CONCURRENT)
    del machine
    rob()
    fleet.later(8.0, lambda: _finish(fleet, "j2"))
    fleet.run(9.5)


def _finish(fleet: Fleet, id_: str) -> None:
    fleet.jobs[id_].status = "completed"
    fleet.counters["jobs_ended"] += 1


def whole_batch(fleet: Fleet) -> None:
    fleet.templates["child.yaml"] = CHILD
    for name in ("j1", "j2", "j3"):
        fleet.add_job(name)
    fleet.add(CONCURRENT)
    fleet.run(9)


def gives_up(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: a
transitions:
  - {from: a, to: a, event: again}
  - {from: a, to: gave_up, event: timeout(3)}
actions:
  a:
    - {type: bash, command: "try 0", success: again}
"""
    )
    fleet.run(10)


def own_actions(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: a
transitions:
  - from: a
    to: a
    event: x
    actions:
      - {type: bash, command: "T 0.1", success: nothing}
  - {from: "*", to: stopped, event: stop}
actions:
  a:
    - {type: bash, command: "1 0.1", success: x}
    - {type: bash, command: "2 0.1", success: stop}
"""
    )
    fleet.run(10)


def both_lists(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: a
transitions:
  - {from: a, to: b, event: go}
  - {from: b, to: c, event: go2}
actions:
  b:
    - {type: bash, command: "b 0.1"}
  c:
    - {type: bash, command: "c 0.1"}
"""
    )
    fleet.send("m", "go")
    fleet.send("m", "go2")
    fleet.run(3)


def flooded_queue(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: waiting
transitions:
  - {from: waiting, to: waiting, event: no_jobs}
  - {from: waiting, to: waiting, event: new_job}
actions:
  waiting:
    - {type: check_database_queue, job_type: t}
    - {type: bash, command: "took{id} 0.1"}
"""
    )
    for n in range(300):
        fleet.send("m", f"unknown{n}")
    for name in ("j1", "j2", "j3"):
        fleet.add_job(name)
    fleet.run(20)


def timed_out_to_the_end(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: a
transitions:
  - {from: a, to: stopped, event: timeout(0.3)}
actions:
  a:
    - {type: bash, command: "a 1"}
  stopped:
    - {type: bash, command: "end 0.1"}
"""
    )
    fleet.run(5)


def one_shot_and_repeatable(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: a
transitions:
  - {from: "*", to: stopped, event: stop}
actions:
  a:
    - {type: bash, command: "once 0", success: none1}
    - {type: bash, command: "often 0", success: none2, repeatable: true}
"""
    )
    fleet.run(2)


def pure_ping_pong(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: a
transitions:
  - {from: a, to: b, event: to_b}
  - {from: b, to: a, event: to_a}
actions:
  a:
    - {type: raise, event: to_b}
  b:
    - {type: raise, event: to_a}
"""
    )
    fleet.run(10)


def watched_while_looped(fleet: Fleet) -> None:
    fleet.add(
        """
initial_state: waiting
transitions:
  - {from: waiting, to: waiting, event: no_jobs}
  - {from: waiting, to: done, event: new_job}
  - from: waiting
    to: waiting
    event: ping
    actions:
      - {type: bash, command: "ping 0.1", success: nothing}
actions:
  waiting:
    - {type: check_database_queue, job_type: t}
"""
    )
    fleet.later(1.0, lambda: fleet.send("m", "ping"))
    fleet.later(2.0, lambda: fleet.add_job("j1"))
    fleet.run(5)


# left out: machines that never come to rest, whose end depends on the hour
ALL = {
    "preempted": preempted,
    "stopped_at_work": stopped_at_work,
    "two_at_once": two_at_once,
    "robbed_batch": robbed_batch,
    "whole_batch": whole_batch,
    "own_actions": own_actions,
    "both_lists": both_lists,
    "flooded_queue": flooded_queue,
    "timed_out_to_the_end": timed_out_to_the_end,
    "watched_while_looped": watched_while_looped,
}


def test_a_preempted_list_never_runs_its_second_action() -> None:
    fleet = Fleet()

    preempted(fleet)

    assert fleet.effects == ["a1", "l1", "l2"]


def test_a_delay_restarts_a_list_under_way_at_its_end() -> None:
    fleet = Fleet()

    rearmed(fleet)

    assert [name for _, name in fleet.starts] == [
        "r0",
        "r1",
        "r2",
        "r0",
        "r1",
        "r2",
    ]


def test_stop_while_processing_ends_in_completed_after_the_action() -> None:
    fleet = Fleet()

    stopped_at_work(fleet)

    machine = fleet.machines["m"]
    assert machine.snapshot.status == "final"
    assert machine.state == "completed"
    assert fleet.effects == ["work", "mark"]
    assert ("completed", "continue_work", "waiting") not in machine.transitions()


def test_an_idle_controller_commits_nothing() -> None:
    fleet = Fleet()

    idle_controller(fleet)
    settled = fleet.machines["m"].commits
    fleet.run(60)

    assert fleet.effects == []
    assert fleet.machines["m"].commits == settled


def test_two_events_at_once_are_each_noted_with_their_payload() -> None:
    fleet = Fleet()

    two_at_once(fleet)

    assert fleet.effects == ["note1", "note2"]


def test_a_job_another_process_took_gets_no_child() -> None:
    fleet = Fleet()

    robbed_batch(fleet)

    assert sorted(fleet.machines) == ["child_j1", "child_j3", "m"]


def test_a_batch_of_three_is_spawned_and_completed() -> None:
    fleet = Fleet()

    whole_batch(fleet)

    assert statuses(fleet) == {"j1": "completed", "j2": "completed", "j3": "completed"}
    assert sorted(fleet.effects) == [
        "bye",
        "bye",
        "bye",
        "childj1",
        "childj2",
        "childj3",
    ]
    assert fleet.machines["m"].state == "idling"


def test_a_job_between_the_check_and_its_watch_is_taken_at_once() -> None:
    fleet = Fleet()
    machine = fleet.add(SIMPLE_WORKER)
    fleet._step_one(machine)  # Go asks the queue: nothing there

    fleet.add_job("j1")
    fleet.run(0.01)

    assert machine.state == "processing"


def test_a_poll_does_not_starve_a_delay() -> None:
    fleet = Fleet()

    gives_up(fleet)

    assert fleet.machines["m"].state == "gave_up"
    assert fleet.effects == ["try"] * 3
    assert fleet.machines["m"].snapshot.since.boot == pytest.approx(1003, abs=0.01)


def test_the_actions_of_a_self_loop_run_in_the_middle_of_the_list() -> None:
    fleet = Fleet()

    own_actions(fleet)

    assert fleet.effects == ["1", "T", "2"]


def test_two_events_together_skip_no_list() -> None:
    fleet = Fleet()

    both_lists(fleet)

    assert fleet.effects == ["b", "c"]


def test_unknown_events_do_not_keep_a_queue_waiting() -> None:
    fleet = Fleet()

    flooded_queue(fleet)

    assert fleet.effects == ["tookj1", "tookj2", "tookj3"]
    ignored = [row for row in fleet.machines["m"].journal if row.outcome == "ignored"]
    assert len(ignored) == 300


def test_a_delay_into_a_final_state_waits_for_the_action_in_hand() -> None:
    fleet = Fleet()

    timed_out_to_the_end(fleet)

    assert fleet.effects == ["a", "end"]
    assert fleet.machines["m"].snapshot.status == "final"


def test_only_the_repeatable_action_repeats() -> None:
    fleet = Fleet()

    one_shot_and_repeatable(fleet)

    assert fleet.effects.count("once") == 1
    assert 7 <= fleet.effects.count("often") <= 9


def test_states_that_chase_each_other_are_paced() -> None:
    fleet = Fleet()

    pure_ping_pong(fleet)

    assert fleet.steps < 100 + 10 / 0.05 + 10


def test_a_self_loop_from_outside_leaves_a_watch_working() -> None:
    fleet = Fleet()

    watched_while_looped(fleet)

    assert fleet.effects == ["ping"]
    assert fleet.machines["m"].state == "done"


@pytest.mark.parametrize("name", sorted(ALL))
def test_a_kill_at_any_commit_leads_to_the_same_end(name: str) -> None:
    whole = Fleet()
    ALL[name](whole)
    expected = _end(whole)

    # every commit of a short life, one in n of a long and monotonous one
    stride = 1 + whole.commits // 100
    for kill_at in range(1, whole.commits + 2, stride):
        killed = Fleet(kill_at)
        ALL[name](killed)

        assert _end(killed) == expected, f"killed at commit {kill_at}"


def _end(fleet: Fleet) -> object:
    return (
        {name: m.state for name, m in fleet.machines.items()},
        {name: m.snapshot.status for name, m in fleet.machines.items()},
        sorted(fleet.effects),
        statuses(fleet),
        {name: m.transitions() for name, m in fleet.machines.items()},
    )
