"""kill -9 of each process there is, while a sequence of 20 actions runs.

Whoever dies: every step is journalled once, every effect is there once, no job
is lost and none is done twice.
"""

import os
import random
import signal
import statistics
import time

import pytest

from smtui.supervisor import read_lock
from smtui.supervisor.guardian import become_subreaper
from smtui.wire.paths import run_dir
from tests.support.acceptance import Place
from tests.support.acceptance_machines import (
    DOOR,
    WORKER,
    add_parcels,
    assert_all_parcels,
    assert_sequence,
    sequence,
    tries,
)
from tests.support.acceptance_processes import (
    kill,
    kill_if_there,
    left_after,
    marked,
    pause,
)
from tests.support.acceptance_stream import Headless

pytestmark = pytest.mark.acceptance

N_JOBS = 12
N_KILLS = 2
"""One more of the same action and it would be poison."""

DAEMONS = """
initial_state: starting
transitions:
  - {from: starting, to: resting, event: ok}
  - {from: "*", to: stopped, event: stop}
actions:
  starting:
    - type: bash
      success: ok
      command: |
        setsid sh -c 'echo $$ >> daemons; exec sleep 600' >/dev/null 2>&1 &
        (setsid sh -c 'echo $$ >> daemons; exec sleep 600' >/dev/null 2>&1 &)
        sh -c 'trap "" TERM HUP; echo $$ >> daemons; sleep 600' >/dev/null 2>&1 &
        until [ "$(wc -l < daemons)" -ge 3 ]; do sleep 0.02; done
  resting:
    - {type: bash, command: "echo $$ >> daemons; sleep 600", timeout: 900}
"""
"""Leaves behind what does not want to be found, and goes on working."""

RESCUE = """
initial_state: working
transitions:
  - {from: working, to: broken, event: error}
  - {from: working, to: fine, event: ok}
actions:
  working:
    - {type: bash, success: ok, command: "echo $$ > shell; exec sleep 600"}
"""


def a_fleet(place: Place, pause_s: float = 0.03) -> tuple[Headless, list[str]]:
    """Run a sequence and a worker with a queue, and wait until both work."""
    place.define("seq", sequence(pause_s))
    place.define("worker", WORKER)
    run = place.headless()
    run.child("worker", "ready")
    ids = add_parcels(place, N_JOBS)
    place.ring("worker")
    run.step("seq", to="q3")
    run.step("worker", event="packed")
    return run, ids


def ends_well(place: Place, run: Headless, ids: list[str]) -> None:
    """Wait until all is done, stop the fleet, and look at what it did."""
    run.child("seq", "done")
    place.views(lambda rows: (frame := rows["worker"].frame) and frame.watching)
    assert run.stop() == 0
    assert_sequence(place, "seq")
    assert_all_parcels(place, ids, "worker")


# ------------------------------------------------------------- the machine


def test_killed_machines_carry_on_where_they_were(place: Place) -> None:
    rng = random.Random(9)  # noqa: S311 - any instants will do
    place.define("door", DOOR)
    run, ids = a_fleet(place, pause_s=0.15)
    latencies: list[float] = []
    pids = dict.fromkeys(("seq", "worker", "door"), 0)
    for number in range(1, N_KILLS + 1):
        pids = {name: place.ready_pid(name, pid) for name, pid in pids.items()}
        pause(rng.uniform(0.0, 0.2))
        mark = run.now
        began = time.perf_counter()
        for pid in filter(None, pids.values()):
            kill_if_there(pid)
        place.send("door", "push", {"who": f"guest {number}"})
        run.step("door", event="push", after=mark)
        latencies.append(time.perf_counter() - began)
        place.send("door", "pull")

    ends_well(place, run, ids)

    assert len(tries(place, "seq")) > 20, "no kill came while a command ran"
    guests = [f"guest {number}" for number in range(1, N_KILLS + 1)]
    assert place.values_set("door", "who") == guests
    half = statistics.median(latencies)
    print(f"p50 from kill -9 to the next event handled: {half:.2f} s")  # noqa: T201


# ---------------------------------------------------------- the supervisor


def test_two_seconds_after_a_killed_supervisor_nothing_of_its_fleet_lives(
    place: Place,
) -> None:
    place.define("daemons", DAEMONS)
    run, ids = a_fleet(place)
    run.step("daemons", to="resting")
    place.views(lambda rows: (frame := rows["daemons"].frame) and frame.running)
    supervisor, guardian = place.lock.pid, place.guardian
    everyone = [pid for pid in marked(place.mark) if pid != run.pid]
    daemons = [int(pid) for pid in place.text("daemons").split()]
    assert len(daemons) >= 3
    assert {supervisor, guardian, *daemons} <= set(everyone)

    kill(supervisor)

    assert left_after(everyone, 2.0) == []
    assert run.ends() == 1
    assert read_lock(place.data) is None
    assert (run_dir(place.data) / "control.sock").exists(), "and nobody behind it"
    assert place("ps").code == 0
    assert place("health").code == 3
    (place.machines / "daemons.yaml").unlink()
    ends_well(place, place.headless(), ids)


# ------------------------------------------------------------ the guardian


def test_without_its_guardian_the_supervisor_stops_the_fleet_and_fails(
    place: Place,
) -> None:
    become_subreaper()  # the orphaned supervisor falls to this process
    run, ids = a_fleet(place)
    supervisor, guardian = place.lock.pid, place.guardian
    everyone = [pid for pid in marked(place.mark) if pid != run.pid]

    kill(guardian)

    _, status = os.waitpid(supervisor, 0)
    assert os.waitstatus_to_exitcode(status) == 1
    assert left_after(everyone, 0.0) == []
    assert run.ends() == 1
    assert "ends: the guardian died" in place.log()
    assert "ended: exit 0" in place.log("worker")
    ends_well(place, place.headless(), ids)


# -------------------------------------------------------------- the client


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGHUP])
def test_a_fleet_goes_on_without_the_command_that_started_it(
    place: Place, number: signal.Signals
) -> None:
    run, ids = a_fleet(place)
    supervisor = place.lock.pid

    os.kill(run.pid, number)
    assert run.ends() == -number

    place.views(lambda rows: rows["seq"].state == "done")
    place.views(lambda rows: (frame := rows["worker"].frame) and frame.watching)
    assert place("down").code == 0
    assert left_after([supervisor], 5.0) == []
    assert_sequence(place, "seq")
    assert_all_parcels(place, ids, "worker")


# --------------------------------------------------------- a shell command


def test_a_killed_shell_command_is_an_error_of_its_action(place: Place) -> None:
    place.define("rescue", RESCUE)
    run, ids = a_fleet(place)
    views = place.views(lambda rows: (f := rows["rescue"].frame) and f.running)
    frame = views["rescue"].frame
    assert frame is not None
    (running,) = frame.running
    assert running.pid is not None

    kill(running.pid)

    assert run.step("rescue", event="error").to == ["broken"]
    assert place.view("rescue").restarts == 0
    ends_well(place, run, ids)


# -------------------------------------------------------------- the nursery


def test_machines_come_back_though_what_bears_them_is_killed_or_stopped(
    place: Place,
) -> None:
    run, ids = a_fleet(place, pause_s=0.1)

    kill(place.one("_nursery"))
    old = place.ready_pid("seq")
    kill(old)
    old = place.ready_pid("seq", old)
    os.kill(place.one("_nursery"), signal.SIGSTOP)
    kill(old)
    place.ready_pid("seq", old)

    ends_well(place, run, ids)
