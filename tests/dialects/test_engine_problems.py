"""Problems of whole engine files: all at once, in file order, one a fault."""

import pytest

from tests.support.definitions import definition, places, problems, problems_of

FIVE_FAULTS = """\
initial_state: waiting
initail: x
states: [waiting, working, stopped]
transitions:
  - {from: waiting, to: wroking, event: new_job}
  - {from: working, to: stopped}
  - {from: working, to: waiting, event: timeout(5m)}
actions:
  working:
    - {type: bash, command: x, timeout: soon}
    - {type: bash, params: {command: x}, command: y}
"""


def test_faults_of_many_kinds_are_reported_at_once_in_file_order() -> None:
    assert places(problems(FIVE_FAULTS)) == [
        (2, 1, "unknown-key"),
        (5, 25, "unknown-state"),
        (6, 5, "missing-key"),
        (7, 41, "bad-timeout"),
        (10, 41, "wrong-type"),
        (11, 29, "conflict"),
    ]


def test_a_problem_says_what_was_found_what_was_expected_and_the_nearest_name() -> None:
    first, second, *_ = problems(FIVE_FAULTS)

    assert "'initail'" in first.message
    assert "expected one of initial_state" in first.message
    assert first.hint == "did you mean 'initial_state'?"
    assert "'wroking'" in second.message
    assert second.hint == "did you mean 'working'?"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("initail_state: a\ntransitions: [{from: a, to: b, event: x}]", "unknown-key"),
        ("initial_state: a\ntransitons: [{from: a, to: b, event: x}]", "unknown-key"),
        ("initial_state: a\ntransitions: [{form: a, to: b, event: x}]", "unknown-key"),
        ("initial_state: a\ntransitions: [{from: a, to: b, evnt: x}]", "unknown-key"),
        ("initial_state: a\nactions: {a: [{type: bash, comand: x}]}", "unknown-key"),
        ("initial_state: a\nactions: {a: {type: bash}}", "wrong-type"),
        ("initial_state: a\nactions: [a]", "wrong-type"),
        ("initial_state: a\nactions: {'*': []}", "wrong-type"),
        ("initial_state: [a]", "wrong-type"),
        ("initial_state: a\nstates: {a: }", "wrong-type"),
        ("initial_state: a\nstates: [a, '*']", "wrong-type"),
        ("initial_state: a\nstates: [a, ' b']", "wrong-type"),
        ("initial_state: a\ntransitions: {from: a}", "wrong-type"),
        ("initial_state: a\ntransitions: [go]", "wrong-type"),
        ("initial_state: a\ntransitions: [{from: [a], to: b, event: x}]", "wrong-type"),
        ("initial_state: a\ntransitions: [{from: a, to: '*', event: x}]", "wrong-type"),
        ("initial_state: a\ntransitions: [{from: a, to: b, event: }]", "missing-key"),
        ("initial_state: a\ntransitions: [{from: a, event: x}]", "missing-key"),
        (
            "initial_state: a\ntransitions: [{from: a, to: b, event: timeout(x)}]",
            "bad-timeout",
        ),
        (
            "initial_state: a\ntransitions: [{from: a, to: b, event: timeout(9e9)}]",
            "bad-timeout",
        ),
        (
            "initial_state: a\ntransitions: [{from: a, to: b, event: x, guard: y}]",
            "unknown-key",
        ),
        ("initial_state: a\nevents: go", "wrong-type"),
        ("initial_state: a\nevents: {go: {context_map: [a]}}", "wrong-type"),
        ("initial_state: a\nevents: {go: {context_map: {a: [b]}}}", "wrong-type"),
        ("initial_state: a\nevents: {go: {payload: {}}}", "unknown-key"),
        ("initial_state: a\ntemplate: maybe", "wrong-type"),
        ("initial_state: a\nmetadata: [1]", "wrong-type"),
        ("initial_state: a\nmetadata: {machine_name: a/b}", "bad-name"),
        ("initial_state: a\nmetadata: {machine_name: ' a'}", "bad-name"),
        ("initial_state: a\nstuck_after: soon", "wrong-type"),
        ("initial_state: a\nstuck_after: {b: 5}", "unknown-state"),
        ("initial_state: a\nasks: {a: Why?}", "wrong-type"),
        ("initial_state: a\nasks: {a: {text: Why?}}", "missing-key"),
        ("initial_state: a\nasks: {a: {text: Why?, answers: [x]}}", "unknown-event"),
        ("initial_state: a\nversion: 3", "unknown-key"),
        ("initial_state: b\nstates: [a]", "unknown-state"),
        ("states: [a]\ntransitions: [{from: a, to: a, event: x}]", "unknown-state"),
        ('initial_state: a\nactions: {"\\a": []}', "bad-name"),
        ("initial_state: a\ninitial_state: b", "duplicate-key"),
    ],
)
def test_one_fault_is_one_error(text: str, code: str) -> None:
    assert problems_of(problems(text)) == [("error", code)]


def test_keys_below_metadata_and_extensions_are_free() -> None:
    assert not problems("initial_state: a\nmetadata: {x: {y: 1}}\nx-y: [1]")


def test_a_target_nobody_knows_is_an_error_only_when_states_are_listed() -> None:
    arrow = "transitions: [{from: a, to: ghost, event: x}]"

    assert problems_of(problems(f"initial_state: a\nstates: [a]\n{arrow}")) == [
        ("error", "unknown-state")
    ]
    assert not problems(f"initial_state: a\n{arrow}")


def test_a_state_that_leads_on_and_is_not_listed_is_a_warning() -> None:
    text = """\
        initial_state: a
        states: [a]
        transitions:
          - {from: a, to: ghost, event: go}
          - {from: ghost, to: stopped, event: stop}
        """

    assert problems_of(problems(text)) == [("warning", "undeclared-state")]
    assert [s.declared for s in definition(text).states] == [True, False, False]


def test_a_state_with_actions_that_is_not_listed_is_a_warning() -> None:
    text = """\
        initial_state: a
        states: [a, working]
        transitions: [{from: a, to: wroking, event: go}]
        actions: {wroking: []}
        """

    (problem,) = problems(text)

    assert (problem.severity, problem.hint) == ("warning", "did you mean 'working'?")


@pytest.mark.parametrize("name", ["stopped", "shutdown", "completed"])
def test_final_states_need_not_be_listed(name: str) -> None:
    text = f"""\
        initial_state: a
        states: [a]
        transitions: [{{from: a, to: {name}, event: go}}]
        """

    assert not problems(text)


def test_a_state_listed_twice_is_a_warning() -> None:
    assert problems_of(problems("initial_state: a\nstates: [a, a]")) == [
        ("warning", "listed-twice")
    ]


def test_a_misspelt_key_is_read_as_the_one_it_was_meant_to_be() -> None:
    text = "initail_state: b\nstates: [a]\ntransitions: [{from: a, to: a, event: x}]"

    assert [p.code for p in problems(text)] == ["unknown-key", "unknown-state"]


def test_the_number_of_problems_is_bounded() -> None:
    many = "\n".join(f"  - {{from: a, too{n}: b}}" for n in range(5000))

    found = problems(f"initial_state: a\ntransitions:\n{many}")

    assert len(found) == 500
