"""What an operator orders, and what a fleet tells of how it went."""

import signal
import time

import pytest

from smtui.supervisor import read_lock
from tests.support.acceptance import Place
from tests.support.acceptance_machines import DOOR
from tests.support.acceptance_processes import pause
from tests.support.acceptance_stream import LIMIT_S

pytestmark = pytest.mark.acceptance

PATIENT = """
initial_state: working
transitions:
  - {from: working, to: fine, event: ok}
  - {from: working, to: broken, event: error}
actions:
  working:
    - type: bash
      success: ok
      timeout: 600
      command: |
        echo $SMTUI_ACTION_KEY >> keys
        until [ -e go ]; do sleep 0.05; done
"""

SHORT = """
initial_state: here
transitions:
  - {from: here, to: completed, event: there}
actions:
  here:
    - {type: bash, command: "true", success: there}
"""

KILLER = """
initial_state: working
transitions:
  - {from: working, to: rescued, event: error}
actions:
  working:
    - {type: bash, command: "echo $SMTUI_ACTION_KEY >> killer; kill -9 $PPID; sleep 9"}
"""
"""Its action is poison: it ends the process each time."""

LOOP = """
initial_state: working
transitions:
  - {from: working, to: working, event: error}
actions:
  working:
    - {type: bash, command: "kill -9 $PPID; sleep 9"}
"""

BOMB = """
import os
import sys

if {"_machine", "_nursery"} & set(sys.orig_argv):
    from smtui.runtime import turns

    honest = turns.step

    def step(chart, snapshot, given, *answers):
        if getattr(given, "name", "") == "bomb":
            os._exit(9)
        return honest(chart, snapshot, given, *answers)

    turns.step = step
"""
"""A fault in the core, as Python would meet it: the step ends the process."""

# ------------------------------------------------------- stop, start, restart


@pytest.mark.parametrize("by", ["smtui stop", "a signal"])
def test_a_machine_told_to_stop_leaves_its_action_to_the_next_start(
    place: Place, by: str
) -> None:
    place.define("m", PATIENT)
    place.project("settings: {stop_timeout: 1.5}")
    run = place.headless()
    run.child("m", "ready")
    views = place.views(lambda rows: (f := rows["m"].frame) and f.running)
    (first,) = _keys(place)

    if by == "smtui stop":
        assert place("stop", "m").code == 0
    else:
        pid = views["m"].pid
        assert pid is not None
        place.signal(pid, signal.SIGTERM)
    run.child("m", "stopped")
    run.log("m", "ended: exit 0")
    mark = run.now

    assert place("start", "m").code == 0
    run.child("m", "ready", after=mark)
    place.views(lambda rows: (f := rows["m"].frame) and f.running)
    (place.work / "go").touch()
    run.step("m", to="fine")

    assert _keys(place) == [first, first]
    assert [row["event"] for row in place.steps("m") if row["event"]] == ["ok"]
    assert place.view("m").restarts == 0
    assert run.stop() == 0


def _keys(place: Place) -> list[str]:
    return place.text("keys").split()


def test_a_restart_carries_on_and_a_fresh_one_begins_anew(place: Place) -> None:
    place.define("door", DOOR)
    run = place.headless()
    run.step("door", to="closed")
    assert place("send", "door", "push", "--payload", '{"who": "ann"}').code == 0
    run.step("door", event="push")

    assert place("restart", "door").code == 0
    assert place.ps()["door"]["configuration"] == ["open"]
    assert place.data_of("door")["who"] == "ann"
    assert place("stop", "door").code == 0
    waiting = place("send", "door", "pull", "--json")
    mark = run.now
    assert place("restart", "--fresh", "door").code == 0

    # the event that came while it was stopped is kept, and ignored where it is
    begun = run.step("door", to="closed", after=mark)
    assert (begun.told["run"], begun.told["from"]) == (2, [])
    ignored = run.step("door", event="pull", after=mark)
    assert waiting.code == 0
    assert (ignored.told["outcome"], ignored.to) == ("ignored", ["closed"])
    assert "who" not in place.data_of("door")
    assert {row["run"] for row in place.steps("door")} == {1, 2}
    assert place.view("door").restarts == 0
    assert run.stop() == 0


def test_a_machine_that_is_done_begins_anew_when_it_is_run_or_started(
    place: Place,
) -> None:
    place.define("short", SHORT)
    place.define("door", DOOR)
    once = place("run", str(place.machines / "short.yaml"), "--headless")
    assert once.code == 0, "it ends by itself when all machines are done"

    run = place.headless()
    run.child("short", "done")
    assert place("start", "short").code == 0
    run.child("short", "done", count=2)

    rows = place("history", "short", "--json").rows()
    assert sorted(str(row["run"]) for row in rows if not row["from"]) == ["1", "2", "3"]
    assert run.stop() == 0


# ------------------------------------------------------------ a headless run


def test_a_goal_decides_the_exit_code_and_an_unmet_one_says_why(place: Place) -> None:
    place.define("door", DOOR)
    words = ("run", "machines", "--headless", "--until")

    met = place(*words, "door=closed", "--timeout", "30")
    unmet = place(*words, "door=open", "--timeout", "3")
    unknown = place(*words, "door=opn")

    assert met.code == 0
    assert unmet.code == 1
    assert "not reached (timeout): door=open" in unmet.err
    assert "door: ready, in closed for" in unmet.err
    assert unknown.code == 2
    assert "did you mean 'open'" in unknown.err
    assert read_lock(place.data) is None


def test_a_command_told_to_end_while_it_starts_a_fleet_leaves_none(
    place: Place,
) -> None:
    place.define("door", DOOR)
    run = place.headless()
    deadline = time.perf_counter() + LIMIT_S
    while read_lock(place.data) is None:  # a lock rings no bell
        assert time.perf_counter() < deadline
        pause(0.002)

    assert run.stop() == 0

    assert read_lock(place.data) is None
    assert [line.kind for line in run.lines][-1:] != ["child"]


# ---------------------------------------------------------- crashes, poison


def test_a_machine_that_crashes_again_and_again_is_given_up_with_the_reason(
    place: Place,
) -> None:
    place.define("loop", LOOP)
    place.define("door", DOOR)
    run = place.headless("--exit-on-failure")

    failed = run.child("loop", "failed")

    assert failed.why == "gave up after 5 exits in 60 s: killed by SIGKILL"
    assert run.ends() == 1
    assert read_lock(place.data) is None
    assert place.ps()["loop"]["status"] == "failed"


def test_an_action_that_crashes_the_process_three_times_is_an_error(
    place: Place,
) -> None:
    place.define("killer", KILLER)
    run = place.headless()

    rescued = run.step("killer", event="error")

    assert rescued.to == ["rescued"]
    tried = place.text("killer").split()
    assert len(tried) == 3
    assert len(set(tried)) == 1, "each time under the same key"
    assert "crashed the process 3 times" in str(place.data_of("killer")["last_error"])
    assert place.view("killer").restarts == 3
    assert run.stop() == 0


def test_an_event_whose_step_ends_the_process_three_times_is_parked(
    place: Place,
) -> None:
    (place.folder / "sitecustomize.py").write_text(BOMB)
    place.more_env["PYTHONPATH"] = str(place.folder)
    place.define("door", DOOR)
    run = place.headless()
    run.step("door", to="closed")

    with place.writer() as writer:
        bad = writer.accept("door", "bomb", {"n": 1}, source="test")
        writer.accept("door", "push", {"who": "bob"}, source="test")
    place.ring("door")

    run.step("door", event="push")
    rows = {str(row["id"]): row for row in place("events", "door", "--json").rows()}
    assert rows[bad.id]["status"] == "parked"
    assert "its step ended the process 3 times" in str(rows[bad.id]["why"])
    assert place.view("door").restarts == 3
    assert run.stop() == 0
