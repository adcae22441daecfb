"""Who waits for whom, and who stops first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.supervisor.order import (
    blocked_by,
    children_named,
    dependants,
    stop_order,
)
from smtui.supervisor.spec import ChildSpec, MachineSpec, Until
from smtui.wire import ChildState

NAMES = "abcdefgh"


def a_child(name: str, **depends_on: str) -> ChildSpec:
    needs = {other: Until(until) for other, until in depends_on.items()}
    return ChildSpec(name, depends_on=needs)


def named(*specs: ChildSpec) -> dict[str, ChildSpec]:
    return {spec.name: spec for spec in specs}


@st.composite
def fleets(draw: st.DrawFn) -> dict[str, ChildSpec]:
    """Make children that depend on earlier ones only, in any order."""
    specs: list[ChildSpec] = []
    for n, name in enumerate(NAMES):
        needs = draw(st.sets(st.sampled_from(NAMES[:n]))) if n else set[str]()
        specs.append(a_child(name, **dict.fromkeys(needs, "ready")))
    return named(*draw(st.permutations(specs)))


@given(fleets())
def test_everybody_stops_before_what_it_depends_on(
    specs: dict[str, ChildSpec],
) -> None:
    levels = stop_order(specs)

    at = {name: n for n, level in enumerate(levels) for name in level}
    assert sorted(at) == sorted(specs)
    for name, spec in specs.items():
        for other in spec.depends_on:
            assert at[name] < at[other]


def test_a_circle_stops_together_in_the_end() -> None:
    specs = named(
        a_child("a", b="ready"), a_child("b", a="ready"), a_child("c", a="ready")
    )

    assert stop_order(specs) == [["c"], ["a", "b"]]


@pytest.mark.parametrize(
    ("until", "state", "is_blocked"),
    [
        ("ready", ChildState.READY, False),
        ("ready", ChildState.HUNG, False),
        ("ready", ChildState.DONE, False),
        ("ready", ChildState.STARTING, True),
        ("ready", ChildState.FAILED, True),
        ("done", ChildState.DONE, False),
        ("done", ChildState.READY, True),
    ],
)
def test_what_a_dependency_must_have_reached(
    until: str, state: ChildState, is_blocked: bool
) -> None:
    web, db = a_child("web", db=until), a_child("db")

    why = blocked_by(web, named(web, db), {"db": state})

    assert why == (f"waits for db to be {until} (it is {state})" if is_blocked else "")


def test_replicas_are_waited_for_together() -> None:
    replicas = [ChildSpec(f"db#{n}", replica_of="db") for n in (1, 2)]
    web = a_child("web", db="ready")
    specs = named(web, *replicas)
    states = {"db#1": ChildState.READY, "db#2": ChildState.STARTING}

    assert children_named("db", specs) == ["db#1", "db#2"]
    assert blocked_by(web, specs, states) == (
        "waits for db#2 to be ready (it is starting)"
    )
    assert dependants("db#2", specs) == ["web"]


def test_a_machine_is_found_in_the_child_that_hosts_it() -> None:
    host = ChildSpec("shop", machines=(MachineSpec("cart"), MachineSpec("till")))

    assert children_named("till", named(host)) == ["shop"]


def test_a_name_nobody_has_is_said_with_the_nearest() -> None:
    web = a_child("web", databse="ready")

    why = blocked_by(web, named(web, a_child("database")), {})

    assert "databse, which is not in this fleet did you mean 'database'?" in why
