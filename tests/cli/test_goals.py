"""What `--until` waits for."""

from dataclasses import replace
from pathlib import Path

import pytest

from smtui.check import FleetReport
from smtui.cli.goals import Goals
from smtui.errors import UsageError
from smtui.wire import ChildState, Frame, MachineView
from tests.support.cli import DOOR
from tests.support.folders import report_of

VIEW = MachineView("door", "door", "engine", "hash", "door.yaml", ChildState.STARTING)


def in_state(*states: str) -> MachineView:
    frame = Frame("door", "main", states, "running", since=0.0, seq=1, read=0)
    return replace(VIEW, state=ChildState.READY, frame=frame)


@pytest.fixture
def report(tmp_path: Path) -> FleetReport:
    return report_of(tmp_path, door_yaml=DOOR)


def test_a_goal_is_met_in_its_state(report: FleetReport) -> None:
    goals = Goals.of(["door=open"], report)
    goals.see_view(in_state("closed"))
    before = goals.are_met
    goals.see_view(in_state("open"))

    assert (before, goals.are_met) == (False, True)


def test_a_goal_is_met_by_a_state_that_was_left_again(report: FleetReport) -> None:
    goals = Goals.of(["door=open"], report)

    goals.see_step("door", ["open"])

    assert goals.are_met


def test_a_state_of_the_process_is_a_goal_too(report: FleetReport) -> None:
    goals = Goals.of(["door=done"], report)

    goals.see_view(replace(VIEW, state=ChildState.DONE))

    assert goals.are_met


def test_all_goals_have_to_be_met(report: FleetReport) -> None:
    goals = Goals.of(["door=open", "door=done"], report)

    goals.see_step("door", ["open"])

    assert not goals.are_met
    assert [str(goal) for goal in goals.missing] == ["door=done"]


def test_any_replica_meets_a_goal_of_all(tmp_path: Path) -> None:
    goals = Goals.of(["door=open"], report_of(tmp_path, door_yaml=DOOR))

    goals.see_step("door#2", ["open"])

    assert goals.are_met


def test_no_goals_are_never_met(report: FleetReport) -> None:
    assert not Goals.of([], report).are_met


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        ("door", "NAME=STATE was expected", "door=open"),
        ("doer=open", "no machine 'doer'", "did you mean 'door'?"),
        ("door=opne", "'door' has no state 'opne'", "did you mean 'open'?"),
    ],
)
def test_a_goal_nobody_can_meet_is_refused(
    typed: str, message: str, hint: str, report: FleetReport
) -> None:
    with pytest.raises(UsageError) as caught:
        Goals.of([typed], report)

    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_machine_that_another_one_starts_may_be_waited_for(tmp_path: Path) -> None:
    parent = (
        "initial_state: a\n"
        "transitions: [{from: a, to: b, event: success}]\n"
        "actions: {a: [{type: start_fsm, yaml_path: door.yaml, machine_name: late}]}\n"
    )
    report = report_of(tmp_path, door_yaml=DOOR, parent_yaml=parent)

    goals = Goals.of(["late=open"], report)
    goals.see_step("late", ["open"])

    assert goals.are_met
