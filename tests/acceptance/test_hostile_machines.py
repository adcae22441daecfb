"""Machines that catch out naive engines, as processes that are killed.

The rules and the numbers are those of the list of hostile machines; the same
machines run in virtual time in tests/chart. Here every process of the fleet is
killed at some instants, and the ends must be as if nothing had happened.
"""

import random

import pytest

from smtui.definition import Json
from tests.support.acceptance import Place
from tests.support.acceptance_examples import take_example
from tests.support.acceptance_machines import effects, once, until_effects
from tests.support.acceptance_processes import kill, kill_if_there, pause
from tests.support.acceptance_stream import Headless

pytestmark = pytest.mark.acceptance

LATE = f"""
initial_state: a
transitions:
  - {{from: a, to: late, event: timeout(0.4)}}
  - {{from: late, to: completed, event: over}}
actions:
  a:
    - {{type: bash, command: '{once("a0", 1.0)}'}}
    - {{type: bash, command: '{once("a1")}'}}
  late:
    - {{type: bash, command: '{once("l1")}'}}
    - {{type: bash, success: over, command: '{once("l2")}'}}
"""
"""1: the first action finishes, then the actions of `late`; a1 never."""

AGAIN = f"""
initial_state: a
transitions:
  - {{from: a, to: a, event: timeout(0.9)}}
  - {{from: "*", to: stopped, event: stop}}
actions:
  a:
    - {{type: bash, command: '{once("0", 0.6)}'}}
    - {{type: bash, command: '{once("1", 0.6)}'}}
    - {{type: bash, command: '{once("2")}'}}
"""
"""2: 0 1 2, then 0 again."""

TOGETHER = f"""
initial_state: a
transitions:
  - {{from: a, to: b, event: go}}
  - {{from: b, to: c, event: go2}}
  - {{from: c, to: completed, event: over}}
actions:
  b:
    - {{type: bash, command: '{once("b", 0.2)}'}}
  c:
    - {{type: bash, success: over, command: '{once("c", 0.2)}'}}
"""
"""10: two events at once; the actions of b and c both run."""

ENDING = f"""
initial_state: a
transitions:
  - {{from: a, to: stopped, event: timeout(0.3)}}
actions:
  a:
    - {{type: bash, command: '{once("a", 0.6)}'}}
  stopped:
    - {{type: bash, command: '{once("end", 0.2)}'}}
"""
"""12: a, end; then the process ends."""

ECHO = "\"echo 'Job {payload.job_id} completed by {payload.machine}'\""

NAMES = ("late", "again", "together", "ending", "task_controller")


def run_all(place: Place) -> Headless:
    """Run the machines, with their events waiting for them."""
    texts = {"late": LATE, "again": AGAIN, "together": TOGETHER, "ending": ENDING}
    for name, text in texts.items():
        place.define(name, text)
    take_example(place, "controller_worker/controller.yaml")
    file = place.machines / "controller.yaml"
    told = file.read_text("utf-8")
    assert ECHO in told
    file.write_text(told.replace(ECHO, f"'{once('{payload.job_id}', 0.2)}'"))
    run = place.headless()
    for name in ("again", "together", "task_controller"):  # the others may end at once
        run.child(name, "ready")
    with place.writer() as writer:
        for event in ("go", "go2"):
            writer.accept("together", event, {}, source="test")
        for job in ("j1", "j2"):
            payload: Json = {"job_id": job, "machine": "m"}
            writer.accept("task_controller", "task_completed", payload, source="test")
    place.ring("together")
    place.ring("task_controller")
    return run


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_hostile_machines_do_what_they_must(place: Place, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - any instants will do
    run = run_all(place)
    pids = dict.fromkeys(NAMES, 0)
    for _ in range(2):
        pause(rng.uniform(0.05, 0.5))
        pids = {name: place.ready_pid(name, pid) for name, pid in pids.items()}
        for pid in filter(None, pids.values()):
            kill_if_there(pid)

    run.child("late", "done")
    run.child("ending", "done")
    run.child("together", "done")
    until_effects(place, "task_controller", 2)
    until_effects(place, "again", 4)
    assert run.stop() == 0

    assert effects(place, "late") == ["a0", "l1", "l2"]
    assert effects(place, "again")[:4] == ["0", "1", "2", "0"]
    assert effects(place, "together") == ["b", "c"]
    assert effects(place, "ending") == ["a", "end"]
    assert effects(place, "task_controller") == ["j1", "j2"]


def test_two_controllers_of_one_queue_start_one_child_for_each_job(
    place: Place,
) -> None:
    """6: what another process has taken is not started again."""
    take_example(place, "patient_records/concurrent-controller.yaml")
    take_example(place, "patient_records/patient-records.yaml")
    place.project("machines: {concurrent-controller: {replicas: 2}}")
    controllers = ("concurrent-controller#1", "concurrent-controller#2")
    children = [f"patient_record_{n}" for n in range(1, 4)]
    run = place.headless()
    for name in controllers:
        run.step(name, to="idling")
    for name in controllers:
        assert place("stop", name).code == 0
    with place.writer() as writer:
        for n in range(1, 4):
            writer.add_job(
                "patient_records",
                {"report_id": n, "report_title": f"t{n}"},
                source="test",
                machine_type="patient_records",
                job_id=str(n),
            )

    mark = run.now
    assert place("restart", "--fresh", *controllers).code == 0
    for name in children:
        run.step(name, to="summarizing", after=mark)
    kill(place.ready_pid(controllers[0]))
    kill(place.ready_pid(children[1]))
    for name in children:
        place.send(name, "summary_complete")
        run.step(name, to="fact_checking", after=mark)
        place.send(name, "validation_passed")
    for name in children:
        run.child(name, "done", after=mark)

    begun = [line.machine for line in run.lines if line.told.get("from") == []]
    assert sorted(name for name in begun if name in children) == children
    rows = place("jobs", "list", "--json").rows()
    assert {(row["id"], row["status"]) for row in rows} == {
        (str(n), "completed") for n in range(1, 4)
    }
    assert run.stop() == 0
