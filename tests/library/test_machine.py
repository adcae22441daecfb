"""Machines: stateless answers, one validator, bindings that are never skipped."""

import subprocess
import sys
from collections.abc import Callable
from types import ModuleType

import pytest

import smtui
from smtui.library import (
    ConfigurationError,
    Context,
    GuardNotFoundError,
    InvalidStateError,
    Machine,
    UndefinedStateError,
)
from tests.support.orders import ORDER, machine_of, order


async def test_both_doors_give_the_same() -> None:
    machine = order()

    results = [
        machine.process("PENDING", "ack", {"a": 1}),
        await machine.aprocess("PENDING", "ack", {"a": 1}),
    ]

    assert results[0] == results[1]
    assert ("leave", "log", "notify", "_effect.increment") == results[0].all_actions
    assert {"a": 1, "opened": 1} == results[0].context


def test_actions_are_told_by_phase_and_none_is_done() -> None:
    calls: list[Context] = []

    result = order(calls).process("PENDING", "ack")

    assert ["leave"] == [one.name for one in result.exit_actions]
    assert ["log"] == [one.name for one in result.transition_actions]
    assert ["notify", "_effect.increment"] == [o.name for o in result.enter_actions]
    assert [] == calls


def test_a_context_that_is_passed_in_stays_as_it_is() -> None:
    context = {"order_qty": 1, "fill_qty": 1, "opened": 4}

    order().process("PENDING", "ack", context)

    assert {"order_qty": 1, "fill_qty": 1, "opened": 4} == context


def test_what_a_shell_prints_of_a_machine_is_a_line() -> None:
    config = {"states": [{"name": "a", "type": "initial"}], "transitions": []}
    machine = machine_of(config)
    definition = repr(machine.definition)

    assert definition.startswith("<pystator ")
    assert definition.endswith(", 1 states, 0 arrows>")
    assert repr(machine) == f"<Machine of {definition}>"
    assert repr(machine.chart) == f"<StateChart of {definition}>"


def test_a_mapping_is_checked_as_a_text_is() -> None:
    text = "states: [{name: a, type: initial}, {name: a}]\ntransitions: []\n"
    config = {
        "states": [{"name": "a", "type": "initial"}, {"name": "a"}],
        "transitions": [],
    }

    codes: list[list[str]] = []
    doors: tuple[Callable[[], Machine], ...] = (
        lambda: Machine.loads(text),
        lambda: Machine.from_dict(config),
    )
    for load in doors:
        with pytest.raises(ConfigurationError) as caught:
            load()
        codes.append([problem.code for problem in caught.value.problems])

    assert codes[0] == codes[1] != []


def test_variables_come_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "outer")
    text = "meta: {machine_name: '${NAME}'}\nstates: [{name: a, type: initial}]\n"

    names = [
        Machine.loads(text + "transitions: []\n", variables=given).name
        for given in ({"NAME": "inner"}, None)
    ]

    assert ["inner", "outer"] == names


def test_an_engine_definition_is_told_how_to_run() -> None:
    text = "initial_state: a\ntransitions: [{from: a, to: b, event: go}]\n"

    with pytest.raises(ConfigurationError, match="smtui run"):
        Machine.loads(text, file="worker.yaml")


@pytest.mark.parametrize("strict", [True, False])
def test_an_unbound_guard_is_an_error_at_the_first_event(*, strict: bool) -> None:
    machine = machine_of({**ORDER, "meta": {"strict_mode": strict}})

    with pytest.raises(GuardNotFoundError, match="is_full_fill"):
        machine.process("PENDING", "ack")


async def test_an_async_guard_is_awaited_or_refused() -> None:
    machine = machine_of(ORDER)

    @machine.guard("is_full_fill")
    async def is_full_fill(ctx: Context) -> bool:
        return bool(ctx["ok"])

    said = [
        (await machine.aprocess("OPEN", "fill", {"ok": ok})).success
        for ok in (True, False)
    ]

    assert [True, False] == said
    with pytest.raises(ConfigurationError, match="aprocess"):
        machine.process("OPEN", "fill", {"ok": True})


def test_what_a_guard_raises_is_told_and_counts_as_no() -> None:
    result = order().process("OPEN", "fill")

    assert [
        {
            "name": "is_full_fill",
            "passed": False,
            "error": "is_full_fill: KeyError: 'order_qty'",
        }
    ] == result.metadata["guards"]


def test_a_module_binds_what_it_marks() -> None:
    module = ModuleType("rules")

    @smtui.guard()
    def is_full_fill(ctx: Context) -> bool:
        return "full" in ctx

    vars(module)["is_full_fill"] = is_full_fill
    machine = machine_of(ORDER)
    machine.bind(module)

    assert machine.process("OPEN", "fill", {"full": 1}).success


def test_one_name_is_not_given_to_two_functions() -> None:
    machine = order()

    with pytest.raises(ConfigurationError, match="registered already"):
        machine.guard("is_full_fill")(lambda _: True)


PARALLEL = {
    "states": [
        {"name": "idle", "type": "initial"},
        {
            "name": "on",
            "type": "parallel",
            "regions": [
                {"name": "r", "initial": "a", "states": ["a", "b"]},
                {"name": "s", "initial": "c", "states": ["c", "d"]},
            ],
        },
        *({"name": name, "on_enter": [f"e_{name}"]} for name in "abcd"),
    ],
    "transitions": [
        {"trigger": "open", "source": "idle", "dest": "on"},
        {"trigger": "next", "source": "a", "dest": "b", "region": "r"},
        {"trigger": "next", "source": "c", "dest": "d", "region": "s"},
        {"trigger": "close", "source": "on", "dest": "idle"},
    ],
}


def test_a_parallel_state_is_entered_moved_in_and_left() -> None:
    machine = machine_of(PARALLEL)

    entered = machine.process("idle", "open")
    moved = machine.process(str(entered.target_state), "next")
    left = machine.process(str(moved.target_state), "close")

    assert ("on:r=a,s=c", ("e_a", "e_c")) == (
        entered.target_state,
        entered.all_actions,
    )
    assert ("on:r=b,s=d", ("e_b", "e_d")) == (moved.target_state, moved.all_actions)
    assert "idle" == left.target_state
    assert "on:r=a,s=c" == machine.enter_parallel_state("on")


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ("nowhere", UndefinedStateError),
        ("on:r=a,s=x", UndefinedStateError),
        ("on:r=a", InvalidStateError),
        ("on:r=c,s=c", InvalidStateError),
        ("on:r=idle,s=c", InvalidStateError),
        ("a", InvalidStateError),
        ("idle:r=a", InvalidStateError),
    ],
)
def test_a_state_nothing_can_be_in_is_refused(
    state: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        machine_of(PARALLEL).process(state, "next")


def test_automatic_transitions_are_part_of_the_answer_and_a_circle_is_an_error() -> (
    None
):
    chain = [{"auto": True, "source": "b", "dest": "c"}]
    circle = [*chain, {"auto": True, "source": "c", "dest": "b"}]
    go = {"trigger": "go", "source": "a", "dest": "b"}
    states = [{"name": "a", "type": "initial"}, {"name": "b"}, {"name": "c"}]

    ends, never = (
        machine_of({"states": states, "transitions": [go, *more]}).process("a", "go")
        for more in (chain, circle)
    )

    assert "c" == ends.target_state
    assert ["go", "_auto_b"] == [part.trigger for part in ends.chain]
    assert not never.success
    assert "b -> c" in str(never.error)


def test_the_package_needs_no_screen_and_no_database_to_be_imported() -> None:
    heavy = ("textual", "rich", "sqlite3", "aiosqlite")
    code = f"import smtui, sys; smtui.Machine;print(set({heavy}) & sys.modules.keys())"

    found = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "set()" == found.stdout.strip()


def test_every_name_of_the_package_is_there() -> None:
    assert [] == [name for name in smtui.__all__ if not hasattr(smtui, name)]
    assert smtui.Orchestrator.__name__ == "Orchestrator"


def test_a_star_brings_no_name_that_needs_what_may_not_be_installed() -> None:
    code = (
        "import sys; sys.modules['statemachine'] = None;"
        "from smtui import *; print(Machine.__name__)"
    )

    found = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "Machine" == found.stdout.strip()


def test_marking_functions_brings_neither_core_nor_dialects_along() -> None:
    code = (
        "import smtui, sys; smtui.guard, smtui.action;"
        "print({'smtui.chart', 'smtui.dialects', 'yaml', 'asyncio'} & set(sys.modules))"
    )

    found = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert "set()" == found.stdout.strip()
