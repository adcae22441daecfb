"""One supervisor for a data directory, whoever tries, and whatever is removed."""

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from smtui.supervisor import SupervisorArgs
from tests.support.acceptance import Place
from tests.support.acceptance_machines import DOOR, assert_sequence, sequence
from tests.support.acceptance_processes import is_alive, kill, left_after, marked

pytestmark = pytest.mark.acceptance


def supervisors(place: Place) -> list[int]:
    """Return the processes that supervise, or think so."""
    found: list[int] = []
    for pid in marked(place.mark):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if b"_supervise" in words and b"-I" not in words:
            found.append(pid)
    return found


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


def test_what_a_killed_supervisor_and_guardian_left_is_ended_by_the_next_run(
    place: Place,
) -> None:
    place.define("seq", sequence(pause_s=0.1))
    run = place.headless()
    run.step("seq", to="q2")
    supervisor, guardian = place.lock.pid, place.guardian
    machine = place.pid("seq")

    os.kill(supervisor, signal.SIGSTOP)  # it must not see the guardian's end
    kill(guardian)
    kill(supervisor)
    assert run.ends() == 1
    assert is_alive(machine), "there was nobody to end it"

    again = place.headless()
    again.child("seq", "done")
    assert left_after([machine], 0.0) == []
    assert again.stop() == 0
    assert_sequence(place, "seq")
