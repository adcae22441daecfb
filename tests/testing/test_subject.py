from pathlib import Path

import pytest

from smtui.testing import Subject, open_subject, read_scenarios
from smtui.testing.subject import problems_of
from tests.support.scenarios import subject


def told(machine: Subject, text: str) -> list[str]:
    read = read_scenarios(f"definition: x\n{text}\nsteps: []\n", "x")
    (scenario,) = read.scenarios
    return [f"{p.message} ({p.hint})" for p in problems_of(scenario, machine)]


def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    (problem,) = [*_problems(tmp_path / "none.yaml")]

    assert "found no file" in problem


def test_a_folder_is_no_machine(tmp_path: Path) -> None:
    assert ["found a folder, expected a file"] == _problems(tmp_path)


def test_a_class_of_python_is_not_played_and_says_why(tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text(
        """import smtui
from statemachine import State, StateMachine

class Order(StateMachine):
    open = State(initial=True)
    paid = State(final=True)
    pay = open.to(paid)

class Shop(smtui.Orchestrator):
    order: Order
""",
        "utf-8",
    )

    (problem,) = _problems(file)

    assert "'order', a class of python-statemachine" in problem


def _problems(path: Path) -> list[str]:
    opened = open_subject(path)
    assert isinstance(opened, tuple)
    return [one.message for one in opened]


def test_a_definition_with_errors_is_none(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("initial_state: a\ntransitions: [{from: a}]\n", "utf-8")

    assert _problems(file)


@pytest.mark.parametrize(
    ("stubs", "message"),
    [
        ("stubs: {states: {opn: 1}}", "found 'opn'"),
        ("stubs: {guards: {x: true}}", "found 'x'"),
        ("stubs: {actions: {bsh: 1}}", "found 'bsh'"),
        ("stubs: {actions: {send_event: 1}}", "an answer of a shell for the store"),
    ],
)
def test_names_the_machine_does_not_have_are_told(
    stubs: str, message: str, tmp_path: Path
) -> None:
    (found,) = told(subject(tmp_path), stubs)

    assert message in found


def test_a_state_that_is_expected_must_exist(tmp_path: Path) -> None:
    read = read_scenarios("definition: x\nsteps: [{expect: clsed}]", "x")
    (problem,) = problems_of(read.scenarios[0], subject(tmp_path))

    assert ("did you mean 'closed'?", 2) == (problem.hint, problem.at.line)


def test_of_several_machines_one_must_be_named(tmp_path: Path) -> None:
    one = (
        "meta: {machine_name: NAME, version: '1.0'}, states: [{name: A, type: initial}]"
    )
    file = tmp_path / "two.yaml"
    entries = [one.replace("NAME", name) for name in ("left", "right")]
    rest = "transitions: [{trigger: t, source: A, dest: A}]"
    file.write_text("".join(f"- {{{each}, {rest}}}\n" for each in entries), "utf-8")

    (problem,) = _problems(file)
    assert "left, right" in problem
    right = open_subject(file, "right")
    assert isinstance(right, Subject)
    assert "right" == right.definition.name
