"""Why a machine is where it is."""

from dataclasses import replace

import pytest

from smtui.view.facts import Facts, Way
from smtui.view.machines import Known, standing_of
from smtui.view.text import plain
from smtui.view.usual import (
    NO_STAYS,
    STUCK_FLOOR_S,
    Stays,
    learn,
    stuck_after,
    usual_range,
)
from smtui.view.why import running_text, why
from smtui.view.words import Standing
from smtui.wire.messages import MachineView, RunningAction, TimerView
from tests.support.view_fleet import NOW, frame, machine, night_machines

CURL = RunningAction("bash", "curl ex.org", NOW - 41, pid=4390, timeout_s=60.0)


def reasons(here: MachineView, facts: Facts | None = None) -> list[str]:
    known = facts or Facts()
    standing = standing_of(here, known, NO_STAYS, NOW)
    lines = why(here, standing, known, NO_STAYS, NOW)
    return [plain(line) for line in lines]


def night(name: str) -> MachineView:
    return next(m for m in night_machines() if m.name == name)


def test_a_running_action_says_how_long_of_how_long_and_with_which_pid() -> None:
    text = running_text(CURL, NOW)

    assert text == 'bash "curl ex.org" pid 4390 runs 41 s of 60 s'


def test_a_machine_that_gave_up_says_why_and_what_it_said_last() -> None:
    lines = reasons(night("thumbs"))

    assert lines[0] == 'gave up: 5 exits in 60 s: exit 1 in bash "resize"'
    assert "last problem 9m ago: OSError: cannot identify image file" in lines[1]


def test_a_reason_that_says_so_itself_is_not_told_twice() -> None:
    reason = "gave up after 5 exits in 60 s: exit 1"

    lines = reasons(replace(night("thumbs"), reason=reason))

    assert lines[0] == reason


def test_a_machine_says_last_who_invoked_it() -> None:
    begun = replace(machine("boss.w"), begun_by="invoked by boss as w")

    assert reasons(begun)[-1] == "invoked by boss as w"


def test_a_countdown_is_told_with_its_tries() -> None:
    assert reasons(night("uploader"))[0] == "starts again in 8s (exit 3 of 5)"


def test_a_busy_machine_says_what_it_does_then_what_may_come() -> None:
    facts = Facts(ways=(Way("ok", "busy", "idle"), Way("error", "", "idle")))
    here = machine("m", now_in=frame("m", "busy", running=(CURL,)))

    assert reasons(here, facts) == [
        'bash "curl ex.org" pid 4390 runs 41 s of 60 s',
        "then ok | error; events wait for it",
    ]


def test_a_resting_machine_says_for_what_it_waits_and_what_comes_by_itself() -> None:
    facts = Facts(ways=(Way("go", "a", "b"), Way("timeout(9)", "a", "b", 9.0)))
    timers = (TimerView("timeout(9)", NOW + 5),)
    here = machine("m", now_in=frame("m", "a", timers=timers))

    assert reasons(here, facts) == ["waits for go", "timeout(9) comes by itself in 5s"]


def test_secrets_of_a_command_are_masked() -> None:
    action = replace(CURL, text="curl -u token=abc ex.org")

    assert "abc" not in running_text(action, NOW)


def test_a_calm_machine_says_so() -> None:
    assert reasons(machine("m")) == ["nothing is the matter"]


@pytest.mark.parametrize(
    ("instances", "said"),
    [
        (0, "no instance yet: i sends the first event of one"),
        (45, "an instance an entity: b shows who is where"),
    ],
)
def test_a_machine_of_many_instances_says_where_they_are(
    instances: int, said: str
) -> None:
    host = frame("m", "", instance="", configuration=(), instances=instances)

    assert reasons(machine("m", now_in=host)) == [said]


def test_old_problems_of_a_healthy_machine_are_not_told_again() -> None:
    old = frame("m", "a", last_problem="boom", last_problem_at=NOW - 7200)

    assert not any("boom" in line for line in reasons(machine("m", now_in=old)))


def test_habits_are_learned_from_stays() -> None:
    stays = NO_STAYS
    for turn in range(25):
        stays = learn(stays, "a", turn * 100.0)
        stays = learn(stays, "b", turn * 100.0 + 40.0)

    assert usual_range(stays, "a") == (40.0, 40.0)
    assert stuck_after(stays, "a") == 200.0


def test_nothing_is_learned_from_fewer_than_twenty_stays() -> None:
    assert None is stuck_after(Stays({"a": (1.0,) * 19}), "a")


def test_a_fast_machine_is_not_called_stuck_within_half_a_minute() -> None:
    assert stuck_after(Stays({"a": (0.01,) * 50}), "a") == STUCK_FLOOR_S


def test_what_is_usual_here_is_told() -> None:
    here = machine("m", now_in=frame("m", "a"))
    known = Known(stays={"m": Stays({"a": (0.3, 6.0)})})
    standing = standing_of(here, Facts(), known.stays_for(here), NOW)

    lines = [plain(x) for x in why(here, standing, Facts(), known.stays_for(here), NOW)]

    assert "usually leaves after 300 ms - 6.0 s" in lines


def test_a_stay_that_is_always_the_same_is_told_once() -> None:
    here = machine("m", now_in=frame("m", "a"))
    stays = Stays({"a": (4.2, 4.2, 4.2)})

    lines = [plain(x) for x in why(here, Standing.READY, Facts(), stays, NOW)]

    assert "usually leaves after 4.2 s" in lines


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("jobs/count", "waits for a job of type count"),
        ("jobs_ended", "waits for the end of a job"),
        ("data/total", "waits for a change of total"),
        ("inbox/go", "waits for go"),
    ],
)
def test_what_a_list_watches_is_told_in_words(topic: str, words: str) -> None:
    here = machine("m", now_in=frame("m", "a", watching=(topic,)))

    assert reasons(here) == [words]
