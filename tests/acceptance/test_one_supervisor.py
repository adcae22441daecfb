"""One supervisor for a data directory, whoever tries, and whatever is removed."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from smtui.supervisor import SupervisorArgs
from smtui.supervisor.marks import NURSERY
from smtui.supervisor.procs import mark_of
from smtui.wire.paths import bell_path
from tests.support.acceptance import Place
from tests.support.acceptance_machines import DOOR, assert_sequence, sequence
from tests.support.acceptance_processes import is_alive, kill, left_after, marked

pytestmark = pytest.mark.acceptance

LONER = """
initial_state: waiting
transitions:
  - {from: waiting, to: stopped, event: done}
actions:
  waiting:
    - {type: bash, command: "setsid sleep 100 & echo up; sleep 100", success: done}
"""


def supervisors(place: Place) -> list[int]:
    """Return the processes that supervise, or think so."""
    found: list[int] = []
    for pid in marked(place.mark):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if b"_supervise" in words and b"-I" not in words:
            found.append(pid)
    return found


def others(place: Place) -> list[int]:
    """Return the fleet's processes but for supervisor and guardian."""
    return [pid for pid in marked(place.mark) if mark_of(pid)]


def kill_both(supervisor: int, guardian: int, *more: int) -> None:
    """Kill those who would end the fleet, none of them seeing another's end."""
    os.kill(supervisor, signal.SIGSTOP)
    for pid in (*more, guardian, supervisor):
        kill(pid)


def test_of_two_that_start_at_once_one_adds_to_the_other(place: Place) -> None:
    place.define("left", DOOR)
    more = place.folder / "more"
    more.mkdir()
    (more / "right.yaml").write_text(DOOR)

    runs = [place.headless(), place.headless(path=more)]
    for run in runs:
        run.child("left", "ready")
        run.child("right", "ready")

    assert supervisors(place) == [place.lock.pid]
    added = f"a fleet runs here already (pid {place.lock.pid}): the paths are added"
    (guest,) = [run for run in runs if added in run.said()]
    (owner,) = [run for run in runs if run is not guest]
    assert guest.stop() == 0
    assert is_alive(place.lock.pid)
    args = SupervisorArgs(place.data, (place.machines,))
    refused = place("_supervise", args.to_json())
    assert refused.code == 1
    assert f"already: pid {place.lock.pid}" in refused.err
    assert owner.stop() == 0


def test_a_fleet_can_be_reached_again_after_its_run_directory_was_removed(
    place: Place,
) -> None:
    place.define("door", DOOR)
    run = place.headless()
    run.step("door", to="closed")
    supervisor = place.lock.pid

    shutil.rmtree(place.lock.run_dir)
    sent = place("send", "door", "push", "--json")

    # nobody could ring: the sweep finds the event and binds the doors again
    assert sent.code == 0
    assert json.loads(sent.out)["accepted"] is True
    run.step("door", event="push")
    assert place("send", "door", "pull", "--wait").code == 0
    assert place("health").code == 0
    assert place.lock.pid == supervisor
    assert place.view("door").restarts == 0
    assert run.stop() == 0


def test_nothing_outlives_a_supervisor_and_a_guardian_killed_together(
    place: Place,
) -> None:
    place.define("loner", LONER)
    run = place.headless()
    run.until(lambda line: line.kind == "log" and line.told["text"] == "up")
    supervisor, guardian = place.lock.pid, place.guardian
    everybody = others(place)

    kill_both(supervisor, guardian)

    assert left_after(everybody, 2.0) == []
    assert run.ends() == 1


def test_what_a_killed_supervisor_and_guardian_left_is_ended_by_the_next_run(
    place: Place,
) -> None:
    place.define("seq", sequence(gate=3))
    run = place.headless()
    run.step("seq", to="q3")
    machine = place.pid("seq")
    (nursery,) = [pid for pid in others(place) if mark_of(pid) == NURSERY]

    kill_both(place.lock.pid, place.guardian, nursery)
    assert run.ends() == 1
    assert is_alive(machine), "there was nobody to end it"

    again = place.headless()
    again.child("seq", "ready")
    assert left_after([machine], 0.0) == []
    (place.work / "go").touch()
    again.child("seq", "done")
    assert again.stop() == 0
    assert_sequence(place, "seq")


def test_a_removed_doorbell_is_bound_again_and_a_removed_store_ends_the_fleet(
    place: Place,
) -> None:
    place.define("door", DOOR)
    run = place.headless()
    run.step("door", to="closed")
    bell_path(place.lock.run_dir, "door").unlink()

    place("send", "door", "push")
    run.step("door", event="push")
    shutil.rmtree(place.data)

    said = run.until(lambda line: line.kind == "problem").told
    assert said["file"] == str(place.data / "smtui.db")
    assert "removed or replaced under the running fleet" in str(said["message"])
    assert run.ends() == 1
    assert left_after(others(place), 2.0) == []
    assert not place.data.exists()
