"""Nothing spins: who waits does not wake up."""

import pytest

from smtui.wire import MachineView
from tests.support.acceptance import Place
from tests.support.acceptance_examples import take_example
from tests.support.acceptance_processes import Usage, pause, wakeups

pytestmark = pytest.mark.acceptance

SECONDS = 10.0
SAMPLE_S = 0.25
SWEEPS = 3
"""That begin within SECONDS, one every 5 s."""


def watches(view: MachineView) -> bool:
    """Say whether a machine waits for a job or an event."""
    return view.frame is not None and bool(view.frame.watching)


def settled(pids: dict[str, int]) -> dict[str, Usage]:
    """Return the switches of processes once none has woken for a second."""
    before = {name: wakeups(pid) for name, pid in pids.items()}
    for _ in range(60):
        pause(1.0)
        now = {name: wakeups(pid) for name, pid in pids.items()}
        if now == before:
            return now
        before = now
    raise AssertionError(f"never at rest: {before}")


def test_an_idle_fleet_makes_no_wake_ups_but_those_of_its_sweep(place: Place) -> None:
    take_example(place, "simple_worker/worker.yaml")
    take_example(place, "controller_worker/controller.yaml")
    assert place("run", str(place.machines), "--detach").code == 0
    names = {"simple_worker", "task_controller"}
    views = place.views(lambda rows: all(watches(rows[name]) for name in names))
    machines = {name: views[name].pid or 0 for name in names}
    idle = {**machines, "guardian": place.guardian}
    supervisor = place.lock.pid

    before = settled(idle)
    last, bursts, was_awake = wakeups(supervisor), 0, False
    for _ in range(round(SECONDS / SAMPLE_S)):
        pause(SAMPLE_S)
        now = wakeups(supervisor)
        is_awake = now != last
        bursts += is_awake and not was_awake
        last, was_awake = now, is_awake

    assert {name: wakeups(pid) for name, pid in idle.items()} == before
    assert bursts <= SWEEPS
    assert place("down").code == 0
