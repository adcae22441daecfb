"""Random machines do in the core what the naive reference does."""

from functools import partial

import pytest
from hypothesis import given, settings

from tests.support.drive import Fleet
from tests.support.random_machines import Plan, plan_of_seed, plans
from tests.support.reference import Machine

pytestmark = pytest.mark.acceptance

SECONDS = 5.0


def core(plan: Plan) -> Fleet:
    fleet = Fleet()
    for at, event, n in plan.happenings:
        if event == "job":
            fleet.later(at, partial(fleet.add_job, f"j{n}", n=f"j{n}"))
        else:
            fleet.later(at, partial(fleet.send, "m", event, n=n))
    fleet.add(plan.definition)
    fleet.run(SECONDS)
    return fleet


def reference(plan: Plan) -> Machine:
    machine = Machine(plan.definition)
    for at, event, n in plan.happenings:
        if event == "job":
            machine.later(at, partial(machine.queue.add, f"j{n}"))
        else:
            machine.later(at, partial(machine.send, event, {"n": n}))
    machine.run(SECONDS)
    return machine


def compare(plan: Plan) -> None:
    naive = reference(plan)
    fleet = core(plan)

    machine = fleet.machines["m"]
    assert machine.moves == naive.moves
    assert fleet.starts == naive.starts
    assert machine.state == naive.state
    assert machine.snapshot.status == naive.status
    assert dict(machine.snapshot.data) == naive.data
    assert {j.id: j.status for j in fleet.jobs.values()} == {
        j.id: j.status for j in naive.queue.jobs.values()
    }
    assert [e.name for e in machine.inbox] == [name for name, _ in naive.inbox]


@given(plans())
def test_the_core_does_what_the_naive_machine_does(plan: Plan) -> None:
    compare(plan)


@pytest.mark.parametrize("part", range(4))
def test_so_do_many_more(part: int) -> None:
    for seed in range(part, 4 * settings().max_examples, 4):
        compare(plan_of_seed(seed))
