"""Which dialect a text is in, and that no text whatever raises."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Definition, Json
from smtui.dialects import load_text
from smtui.dialects.engine.keys import ACTION_KEYS, TOP_KEYS, TRANSITION_KEYS


@pytest.mark.parametrize(
    ("file", "text", "dialect"),
    [
        ("m.yaml", "initial_state: a", "engine"),
        (
            "m.json",
            '{"transitions": [{"from": "a", "to": "b", "event": "x"}]}',
            "engine",
        ),
        ("m.yaml", "states: [{name: a}]\ntransitions: [{source: a}]", "pystator"),
        ("m.json", '{"StartAt": "a", "States": {"a": {"Type": "Pass"}}}', "asl"),
        ("m.scxml", "<scxml/>", "scxml"),
        ("m.py", "class Shop(Orchestrator):\n    ...", "python"),
        ("m.py", "print(1)", ""),
        ("m.yaml", "a: 1", ""),
        ("m.yaml", "- 1", ""),
        ("m.yaml", "", ""),
    ],
)
def test_the_dialect_shows_in_the_shape(file: str, text: str, dialect: str) -> None:
    assert load_text(text, file).dialect == dialect


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("m.json", '{"StartAt": "a", "States": {}}', "dialect-not-built"),
        ("m.scxml", "<scxml/>", "missing-key"),
        ("m.yaml", "a: 1", "not-a-machine"),
        ("m.test.yaml", "scenarios: []", "not-a-machine"),
        ("m.yaml", "just words", "not-a-machine"),
        ("m.py", "print(1)", "not-a-machine"),
        ("m.yaml", "", "empty-file"),
        ("m.yaml", "# only a comment\n", "empty-file"),
        ("m.yaml", "a: [", "syntax"),
    ],
)
def test_what_cannot_be_run_says_so_in_one_problem(
    file: str, text: str, code: str
) -> None:
    loaded = load_text(text, file)

    assert loaded.definition is None
    assert [p.code for p in loaded.problems] == [code]
    assert loaded.problems[0].at.line == 1 or code == "syntax"


def test_a_dialect_that_is_not_built_is_named() -> None:
    (problem,) = load_text('{"StartAt": "a", "States": {}}', "m.json").problems

    assert "'asl'" in problem.message


def test_the_name_is_that_of_the_metadata_then_that_of_the_file() -> None:
    plain = load_text("initial_state: a\nname: Label", "dir/w.yaml").definition
    named = load_text(
        "initial_state: a\nmetadata: {machine_name: boss}", "w.yaml"
    ).definition

    assert plain is not None
    assert named is not None
    assert (plain.name, plain.title, plain.name_at) == ("w", "Label", None)
    assert (named.name, str(named.name_at)) == ("boss", "w.yaml:2:26")


def test_name_and_actions_root_are_known_even_of_a_bad_file() -> None:
    loaded = load_text(
        "initial_state: a\nmetadata: {machine_name: boss}\nactions_root: acts\nx: 1",
        "w.yaml",
    )

    assert loaded.definition is None
    assert (loaded.name, loaded.actions_root) == ("boss", "acts")


def test_the_hash_is_of_the_text_alone() -> None:
    first = load_text("initial_state: a", "a.yaml").definition
    second = load_text("initial_state: a", "b.yaml").definition

    assert first is not None
    assert second is not None
    assert first.hash == second.hash
    assert len(first.hash) == 16


@given(st.text(max_size=300), st.sampled_from(["m.yaml", "m.py", "m.scxml", "m", ""]))
def test_no_text_raises(text: str, file: str) -> None:
    loaded = load_text(text, file)

    assert (loaded.definition is None) == bool(loaded.errors)


KEYS = sorted(
    {"type", "params", "name", "target", "text", "answers", "context_map", "x-a"}
    | {*TOP_KEYS, *TRANSITION_KEYS}
    | {key for keys in ACTION_KEYS.values() for key in keys}
)
WORDS = st.sampled_from(
    [
        *ACTION_KEYS,
        "a",
        "b",
        "*",
        "timeout(1)",
        "timeout(x",
        "{a}",
        "on",
        "",
        " x",
        "\x07",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | WORDS
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | WORDS, inner, max_size=4)
    ),
    max_leaves=15,
)
FILES = st.dictionaries(st.sampled_from([*TOP_KEYS, "nonsense", "x-y"]), VALUES).map(
    lambda found: {"initial_state": "a", **found}
)


@given(FILES)
def test_no_shape_of_a_file_raises_and_problems_are_in_file_order(
    value: dict[str, Json],
) -> None:
    text = yaml.dump(value, sort_keys=False, allow_unicode=True)

    loaded = load_text(text, "m.yaml")

    where = [(p.at.line, p.at.column) for p in loaded.problems]
    assert where == sorted(where)
    assert (loaded.definition is None) == bool(loaded.errors)
    assert load_text(text, "m.yaml") == loaded


NAMES = st.sampled_from(["a", "b", "c", "stopped"])
EVENTS = st.sampled_from(["go", "on", "timeout(1.5)", "stop"])
ARROWS = st.lists(
    st.fixed_dictionaries({"from": NAMES | st.just("*"), "to": NAMES, "event": EVENTS}),
    max_size=6,
)


@given(ARROWS, NAMES)
def test_every_well_formed_machine_loads_as_written(
    arrows: list[dict[str, str]], initial: str
) -> None:
    text = yaml.dump({"initial_state": initial, "transitions": arrows})

    found = load_text(text, "m.yaml").definition

    assert isinstance(found, Definition)
    assert [
        {"from": t.source, "to": t.target, "event": t.event} for t in found.transitions
    ] == arrows
    named = {initial} | {a["to"] for a in arrows} | {a["from"] for a in arrows}
    assert {state.id for state in found.states} == named - {"*"}
