import pytest

from smtui.testing import read_scenarios
from smtui.testing.scenario import AddJob, After, SendEvent, Stub
from tests.support.scenarios import problems


def test_what_a_file_says_holds_for_each_scenario_unless_it_says_other() -> None:
    read = read_scenarios(
        "definition: door.yaml\n"
        "data: {a: 1, b: 1}\n"
        "stubs: {guards: {x: true, y: true}}\n"
        "scenarios:\n"
        "  - {name: one, steps: []}\n"
        "  - {data: {b: 2}, stubs: {guards: {y: [false, true]}}, steps: []}\n",
        "door.test.yaml",
    )

    one, two = read.scenarios
    assert ({"a": 1, "b": 1}, {"a": 1, "b": 2}) == (one.data, two.data)
    assert {"x": (True,), "y": (False, True)} == two.stubs.guards
    assert ("one", "scenario 2") == (one.name, two.name)


def test_a_file_of_one_scenario_needs_no_list() -> None:
    read = read_scenarios(
        "definition: door.yaml\n"
        "steps:\n"
        "  - {send: on, payload: {n: 1}, expect: yes}\n"
        "  - {after: 1.5h}\n"
        "  - {after: 2}\n"
        "  - {job: {type: t, data: {n: 1}}}\n",
        "x",
    )

    (scenario,) = read.scenarios
    assert [
        SendEvent("on", {"n": 1}),
        After(5400.0),
        After(2.0),
        AddJob("t", {"n": 1}),
    ] == [move.act for move in scenario.moves]
    first = scenario.moves[0].expect
    assert first is not None
    assert ("yes",) == first.states


@pytest.mark.parametrize(
    ("written", "stub"),
    [
        ("3", Stub(exit=3)),
        ("done", Stub(event="done")),
        ("~", None),
        ("{exit: 1, output: a, takes: 500ms}", Stub(exit=1, output="a", takes_s=0.5)),
        ("{error: no}", Stub(error="no")),
    ],
)
def test_an_action_ends_with_a_code_an_event_or_all_that_is_said(
    written: str, stub: Stub | None
) -> None:
    text = f"definition: d\nstubs: {{actions: {{a: {written}}}}}\nsteps: []\n"
    (scenario,) = read_scenarios(text, "x").scenarios

    assert {"a": (stub,)} == scenario.stubs.actions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["1:1 empty-file"]),
        ("[", ["1:1 syntax"]),
        ("- a", ["1:1 wrong-type"]),
        ("steps: []", ["1:1 missing-key"]),
        ("definition: d", ["1:1 missing-key"]),
        ("transitions: []", ["1:1 not-a-scenario"]),
        ("definition: d\nstepps: []", ["2:1 unknown-key"]),
        ("definition: d\nsteps: [{aftr: 5s}]", ["2:10 unknown-key"]),
        ("definition: d\nsteps: [{}]", ["2:9 empty-step"]),
        ("definition: d\nsteps: [{send: a, after: 5s}]", ["2:19 two-ways"]),
        ("definition: d\nsteps: [{payload: {}, after: 5s}]", ["2:10 unknown-key"]),
        ("definition: d\nsteps: [{after: soon}]", ["2:17 wrong-type"]),
        ("definition: d\nsteps: [{after: -1}]", ["2:17 wrong-type"]),
        ("definition: d\nsteps: [{expect: {stat: a}}]", ["2:19 unknown-key"]),
        ("definition: d\nsteps: [{expect: {status: ok}}]", ["2:27 wrong-type"]),
        ("definition: d\nsteps: []\nscenarios: []", ["2:1 two-ways"]),
        ("definition: d\nsteps: []\nstubs: {guards: {g: 5}}", ["3:21 wrong-type"]),
        ("definition: d\nsteps: []\nstubs: {actions: {a: []}}", ["3:22 wrong-type"]),
        (
            "definition: d\nsteps: []\nstubs: {actions: {a: {exit: x}}}",
            ["3:29 wrong-type"],
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, expected: list[str]) -> None:
    assert expected == problems(text)


def test_a_slip_is_told_with_what_was_meant() -> None:
    (found,) = read_scenarios(
        "definition: d\nsteps: [{send: a, expct: b}]", "x"
    ).problems

    assert "did you mean 'expect'?" == found.hint
