"""Sixteen machines that break naive readings of how an action list moves."""

import pytest

from tests.support.drive import Fleet, statuses
from tests.support.hostile import (
    ALL,
    SIMPLE_WORKER,
    both_lists,
    flooded_queue,
    gives_up,
    idle_controller,
    one_shot_and_repeatable,
    own_actions,
    preempted,
    pure_ping_pong,
    rearmed,
    robbed_batch,
    stopped_at_work,
    timed_out_to_the_end,
    two_at_once,
    watched_while_looped,
    whole_batch,
)


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
