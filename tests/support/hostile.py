"""Machines that break naive readings of how an action list moves, each played."""

from tests.support.drive import Fleet

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
