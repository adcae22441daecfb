"""What is wrong with a definition of PyStator: all of it, with its place."""

import pytest

from smtui.dialects import Loaded, load_text

HEAD = """\
states:
  - {name: a, type: initial}
  - {name: b}
"""

WAY = "transitions: [{source: a, dest: b, trigger: x, "


def codes(text: str) -> list[str]:
    """Return the codes of everything wrong with a text."""
    return [problem.code for problem in load_text(text, "m.yaml").problems]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("  - {name: b}", "duplicate"),
        ("  - {name: c, type: initial}", "two-initials"),
        ("  - {name: c-d}", "bad-name"),
        ("  - {name: .c}", "bad-name"),
        ("  - {name: c, type: final}", "wrong-type"),
        ("  - {name: c, parent: zz}", "unknown-state"),
        ("  - {name: c, parent: c}", "circle"),
        ("  - {name: c, initial_child: b}", "bad-initial"),
        ("  - {name: c, type: terminal, initial_child: zz}", "unknown-state"),
        ("  - {name: c, type: parallel}", "no-regions"),
        ("  - {name: c, regions: [{name: r, initial: b}]}", "not-parallel"),
        ("  - {name: c, type: choice}", "dead-choice"),
        ("  - {name: c, on_entry: x}", "unknown-key"),
        ("  - {name: c, when: [{field: x, op: like, value: 1}]}", "unknown-op"),
        ("  - {name: c, entry_points: [zz]}", "unknown-state"),
        ("  - {name: c, exit_points: [a]}", "bad-point"),
        ("  - {name: c, when: [{any_of: []}]}", "wrong-type"),
        ("  - {name: c, when: [{field: x}]}", "missing-key"),
        ("  - {name: c, when: {field: x, op: is_set}}", "unrouted"),
        ("  - {name: c, timeout: 5}", "wrong-type"),
        ("  - {name: c, timeout: {seconds: 5, destination: zz}}", "unknown-state"),
        ("  - {type: stable}", "missing-key"),
        ("transitions: [{source: zz, dest: b, trigger: x}]", "unknown-state"),
        ("transitions: [{source: a, dest: zz, trigger: x}]", "unknown-state"),
        ("transitions: [{source: a, dest: H(b), trigger: x}]", "bad-history"),
        ("transitions: [{source: a, dest: b}]", "missing-key"),
        ("transitions: [{source: [a, b], dest: b, after: 5s}]", "many-sources"),
        ("transitions: [{source: a, dest: b, after: soon}]", "wrong-type"),
        ("transitions: [{source: a, dest: b, after: true}]", "wrong-type"),
        ("transitions: [{source: a, dest: b, after: -1}]", "wrong-type"),
        (WAY + "region: r}]", "unknown-region"),
        (WAY + "guards: [{foo: 1}]}]", "unknown-key"),
        (WAY + "guards: [n > 5]}]", "bad-name"),
        (WAY + 'guards: [{expr: "a +"}]}]', "bad-expression"),
        (WAY + "guards: [{check: {field: x, op: like, value: 1}}]}]", "unknown-op"),
        (WAY + "guards: [{check: {field: x, op: eq}}]}]", "bad-check"),
        (WAY + "guards: [{check: {field: x, op: in, value: 1}}]}]", "wrong-type"),
        (WAY + "actions: [1]}]", "wrong-type"),
        (WAY + "actions: [{sett: {x: 1}}]}]", "unknown-key"),
        (WAY + "actions: [{set: {x: 1}, clear: y}]}]", "bad-action"),
        (WAY + "actions: [{http: {url: x}}]}]", "bad-url"),
        ("meta: {strict_mod: true}", "unknown-key"),
        ("meta: {classification: {default_state: zz}}", "unknown-state"),
        ("meta: {classification: {auto_rout: true}}", "unknown-key"),
        ("meta: {orchestrator_default_fallback: persist}", "no-fallback"),
        ("meta: {orchestrator_default_fallback: maybe}", "wrong-type"),
        ("context_invariants: [{field: x, op: is_set}]", "unchecked"),
        ("context_invariants: [{name: x}]", "bad-check"),
        ("context_invariants: [{foo: 1}]", "unknown-key"),
        ("context_invariants: [{field: x, op: is_set, any_of: [x]}]", "bad-check"),
        ("error_policy: {default_fallback: zz}", "unknown-state"),
        ("state_variables: [x, {key: x}]", "duplicate"),
        ("asks: {a: {text: Go?, answers: [zz]}}", "unknown-event"),
        ("wrong: 1", "unknown-key"),
    ],
)
def test_one_fault_is_one_problem(line: str, code: str) -> None:
    assert codes(HEAD + line) == [code]


@pytest.mark.parametrize(
    ("source", "dest"), [("a", "p:out"), ("p:in", "a"), ("p:k", "a"), ("a", "zz:in")]
)
def test_points_are_for_one_direction(source: str, dest: str) -> None:
    text = HEAD + (
        "  - {name: p, initial_child: in, entry_points: [in], exit_points: [out]}\n"
        "  - {name: in, parent: p}\n"
        "  - {name: out, parent: p}\n"
        f'transitions: [{{trigger: t, source: "{source}", dest: "{dest}"}}]\n'
    )

    assert codes(text) in (["unknown-point"], ["unknown-state"])


def test_nothing_leads_out_of_a_terminal_state() -> None:
    text = (
        HEAD + "  - {name: z, type: terminal}\ntransitions:\n"
        "  - {source: z, dest: a, trigger: x}\n"
    )

    assert codes(text) == ["from-terminal"]


def test_everything_is_told_at_once_in_the_order_of_the_file() -> None:
    text = """\
meta: {strict_mod: true}
states:
  - {name: a, type: initial, on_enterr: x}
  - {name: b, descripton: a}
transitions:
  - {source: a, dest: bb, trigger: go, guards: [{expr: "qty >"}]}
  - {source: a, dest: b, after: 5 parsecs}
"""
    problems = load_text(text, "m.yaml").problems

    places = [str(problem.at) for problem in problems]
    assert places == [
        "m.yaml:1:8",
        "m.yaml:3:30",
        "m.yaml:4:15",
        "m.yaml:6:23",
        "m.yaml:6:57",
        "m.yaml:7:33",
    ]
    assert "did you mean 'strict_mode'?" == problems[0].hint


@pytest.mark.parametrize(
    ("scalar", "column"),
    [("qty >", 13), ('"qty >"', 14), ("'(qty'", 14), ("a + [", 17)],
)
def test_the_place_in_an_expression_is_told(scalar: str, column: int) -> None:
    text = f"{HEAD}transitions:\n  - source: a\n    dest: b\n    trigger: x\n"
    text += f"    guards:\n      expr: {scalar}\n"
    (problem,) = load_text(text, "m.yaml").problems

    assert problem.at.line == 9
    assert problem.at.column == column


# ------------------------------------------------------------------ variables


def with_name(name: str, **variables: str) -> Loaded:
    """Return what a definition with that name is."""
    return load_text(
        f"meta: {{machine_name: {name}}}\n{HEAD}", "m.yaml", variables=variables
    )


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("x${SMTUI_NOT_SET}y", "xy"),
        ("${SMTUI_NOT_SET:-dflt}", "dflt"),
        ("${N}", "zed"),
        ("${N:-dflt}", "zed"),
        ("${N:?needed}", "zed"),
    ],
)
def test_variables_are_replaced(written: str, name: str) -> None:
    assert with_name(written, N="zed").name == name


def test_the_environment_is_asked_for_what_is_not_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SMTUI_TEST_NAME", "env")

    assert with_name("${SMTUI_TEST_NAME}").name == "env"
    assert with_name("${SMTUI_TEST_NAME}", SMTUI_TEST_NAME="").name == "env"


def test_a_missing_variable_is_a_problem_at_its_place() -> None:
    (problem,) = with_name("m${SMTUI_NOT_SET:?need it}").problems

    assert problem.code == "no-variable"
    assert (problem.at.line, problem.at.column) == (1, 23)
    assert "need it" in problem.message


def test_places_are_those_of_the_text_as_written() -> None:
    text = (
        "meta: {machine_name: '${LONG}', team: 1, strict_mod: true}\n"
        "# ${SMTUI_NOT_SET:?not asked for}\n"
        "states:\n"
        "  ${STATES}\n"
        "  - {name: b, parent: zz}\n"
    )
    states = "- {name: a, type: initial}\n  - {name: c}"
    loaded = load_text(
        text, "m.yaml", variables={"LONG": "a-long-name-indeed", "STATES": states}
    )

    assert [str(p.at) for p in loaded.problems] == ["m.yaml:1:42", "m.yaml:5:23"]


def test_a_definition_keeps_the_text_it_was_read_from() -> None:
    definition = with_name("${N}", N="zed").definition

    assert definition is not None
    assert "zed" in definition.text
    assert load_text(definition.text, "m.yaml").definition == definition


def test_no_other_dialect_has_variables() -> None:
    text = "initial_state: a\ntransitions: [{from: a, to: b, event: '${X:-y}'}]\n"
    definition = load_text(text, "m.yaml").definition

    assert definition is not None
    assert "${X:-y}" in definition.text
