"""A submachine's states are inside of the state that names it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from smtui.chart import compile_chart
from smtui.definition import NodeKind, TreeDefinition
from smtui.dialects import Loaded, load_text

PAY = """\
states:
  - {name: ask, type: initial, timeout: {seconds: 5, destination: late}}
  - {name: late, type: error}
  - {name: paid, type: terminal}
transitions:
  - {trigger: give, source: ask, dest: paid, guards: [{expr: "n > 0"}]}
  - {trigger: again, source: "*", dest: ask}
"""

ORDER = """\
states:
  - {name: cart, type: initial}
  - {name: pay, submachine: parts/pay.yaml}
  - {name: done, type: terminal}
transitions:
  - {trigger: go, source: cart, dest: pay}
  - {trigger: back, source: pay, dest: cart}
  - {trigger: on, source: cart, dest: H*(pay)}
  - {trigger: _join_pay, source: pay, dest: done}
"""


def load(folder: Path, files: Mapping[str, str], text: str = ORDER) -> Loaded:
    """Load a text with files beside it."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")
    return load_text(text, str(folder / "order.yaml"))


def tree(loaded: Loaded) -> TreeDefinition:
    assert not loaded.problems
    assert isinstance(loaded.definition, TreeDefinition)
    compile_chart(loaded.definition)
    return loaded.definition


def inner(definition: TreeDefinition) -> dict[str, str | None]:
    """Return who is inside of whom."""
    return {node.id: node.parent for node in definition.nodes if node.has_own_id}


def arrows(definition: TreeDefinition) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(a.source, a.events[0], a.targets) for a in definition.arrows]


def problems(loaded: Loaded) -> list[tuple[str, str, int]]:
    return [(p.code, Path(p.at.file).name, p.at.line) for p in loaded.problems]


def test_names_inside_are_made_longer(tmp_path: Path) -> None:
    found = tree(load(tmp_path, {"parts/pay.yaml": PAY}))

    assert inner(found) == {
        "cart": None,
        "pay": None,
        "pay.ask": "pay",
        "pay.late": "pay",
        "pay.paid": "pay",
        "done": None,
    }
    assert arrows(found) == [
        ("pay.ask", "give", ("pay.paid",)),
        ("pay.ask", "again", ("pay.ask",)),
        ("pay.late", "again", ("pay.ask",)),
        ("cart", "go", ("pay",)),
        ("pay", "back", ("cart",)),
        ("cart", "on", ("H*(pay)",)),
        ("pay", "_join_pay", ("done",)),
        ("pay.ask", "_timeout_pay.ask", ("pay.late",)),
    ]
    pay = next(node for node in found.nodes if node.id == "pay")
    assert pay.initial is not None
    assert pay.initial.targets == ("pay.ask",)


def test_it_may_be_written_in_place(tmp_path: Path) -> None:
    text = """\
{"states": [{"name": "a", "type": "initial", "submachine": {
  "states": [{"name": "x", "type": "initial", "initial_child": "y"},
             {"name": "y", "parent": "x"}],
  "transitions": [{"trigger": "t", "source": ["x"], "dest": "y"}]}}],
 "transitions": []}"""

    found = tree(load(tmp_path, {}, text))

    assert inner(found) == {"a": None, "a.x": "a", "a.y": "a.x"}
    assert arrows(found) == [("a.x", "t", ("a.y",))]


def test_regions_histories_points_and_joins_keep_their_meaning(tmp_path: Path) -> None:
    part = """\
states:
  - {name: i, type: initial}
  - {name: p, type: parallel, regions: [{name: r, initial: r1, states: [r1, r2]}]}
  - {name: r1}
  - {name: r2, type: terminal}
  - {name: c, initial_child: d, entry_points: [e]}
  - {name: d, parent: c}
  - {name: e, parent: c}
transitions:
  - {trigger: a, source: i, dest: p}
  - {trigger: b, source: r1, dest: r2, region: r}
  - {trigger: _join_p, source: p, dest: "c:e"}
  - {trigger: c, source: i, dest: H(c)}
"""
    text = """\
states:
  - {name: m, type: initial, submachine: part.yaml, exit_points: [i]}
  - {name: z}
transitions: [{trigger: out, source: "m:i", dest: z}]
"""

    found = tree(load(tmp_path, {"part.yaml": part}, text))

    assert inner(found)["m.r1"] == "m.p:r"
    assert arrows(found) == [
        ("m.i", "a", ("m.p",)),
        ("m.r1", "b", ("m.r2",)),
        ("m.p", "_join_m.p", ("m.e",)),
        ("m.i", "c", ("H(m.c)",)),
        ("m.i", "out", ("z",)),
    ]


def test_it_may_hold_submachines_of_its_own(tmp_path: Path) -> None:
    middle = """\
states:
  - {name: x, type: initial, submachine: low.yaml}
  - {name: y, submachine: parts/low.yaml}
"""
    low = "states: [{name: l, type: initial}]"
    text = "states: [{name: a, type: initial, submachine: parts/mid.yaml}]"
    files = {"parts/mid.yaml": middle, "parts/low.yaml": low}

    found = tree(load(tmp_path, files, text))

    assert list(inner(found)) == ["a", "a.x", "a.x.l", "a.y", "a.y.l"]


def test_what_it_says_beside_its_states_joins_what_is_around_it(tmp_path: Path) -> None:
    part = """\
state_variables: [{key: n, type: string}, m]
context_invariants: [{name: i, field: n, op: is_set}]
events: [{name: give}]
asks: {x: {text: Go?, answers: [give]}}
stuck_after: {x: 5}
states: [{name: x, type: initial}, {name: y}]
transitions: [{trigger: give, source: x, dest: y}]
"""
    text = """\
meta: {validate_context: true}
state_variables: [{key: n, type: number}]
events: {go: {}}
states: [{name: a, type: initial, submachine: part.yaml}]
"""

    found = tree(load(tmp_path, {"part.yaml": part}, text))

    assert [(v.key, v.type) for v in found.variables] == [("n", "number"), ("m", "")]
    assert [invariant.name for invariant in found.invariants] == ["i"]
    assert [event.name for event in found.events] == ["go", "give"]
    x = next(node for node in found.nodes if node.id == "a.x")
    assert x.ask is not None
    assert x.stuck_after_s == 5


def test_problems_are_told_where_they_are_written(tmp_path: Path) -> None:
    part = """\
# a comment
states:
  - {name: x, type: initial, on_enter: [{foo: 1}]}
transitions:
  - {trigger: t, source: x, dest: zz, guards: [{expr: "a +"}]}
"""
    text = "states: [{name: a, type: initial, submachine: part.yaml}]"

    loaded = load(tmp_path, {"part.yaml": part}, text)

    assert problems(loaded) == [
        ("unknown-key", "part.yaml", 3),
        ("unknown-state", "part.yaml", 5),
        ("bad-expression", "part.yaml", 5),
    ]
    assert loaded.problems[-1].at.column == 56
    assert "'a.zz'" in loaded.problems[1].message


@pytest.mark.parametrize(
    ("submachine", "code"),
    [
        ("nowhere.yaml", "no-submachine"),
        ("loop.yaml", "circle"),
        ("'[1]'", "no-submachine"),
        ("[1]", "wrong-type"),
        ("{states: [{name: x}]}", "no-initial"),
        (
            "{states: [{name: x, type: initial}, {name: y, type: initial}]}",
            "two-initials",
        ),
        ("{states: [{name: x, type: initial}], code: x.py}", "not-used"),
        ("{states: [{name: x, type: initial}], wrong: 1}", "unknown-key"),
        (
            "{meta: {event_normalizer: lower}, states: [{name: x, type: initial}]}",
            "not-used",
        ),
    ],
)
def test_a_submachine_that_cannot_be_is_one_problem(
    tmp_path: Path, submachine: str, code: str
) -> None:
    loop = "states: [{name: x, type: initial, submachine: loop.yaml}]"
    text = f"states: [{{name: a, type: initial, submachine: {submachine}}}]"

    loaded = load(tmp_path, {"loop.yaml": loop}, text)

    assert [problem.code for problem in loaded.problems] == [code]


@pytest.mark.parametrize("type_", ["terminal", "choice", "parallel"])
def test_a_state_that_has_no_children_has_no_submachine(
    tmp_path: Path, type_: str
) -> None:
    text = f"""\
states:
  - {{name: a, type: initial}}
  - {{name: b, type: {type_}, submachine: {{states: [{{name: x, type: initial}}]}}}}
"""

    codes = {code for code, _, _ in problems(load(tmp_path, {}, text))}

    assert "bad-submachine" in codes


def test_a_definition_that_includes_itself_twice_over_ends(tmp_path: Path) -> None:
    files = {
        f"p{i}.yaml": "states:\n"
        f"  - {{name: x, type: initial, submachine: p{i + 1}.yaml}}\n"
        f"  - {{name: y, submachine: p{i + 1}.yaml}}\n"
        for i in range(12)
    }
    text = "states: [{name: a, type: initial, submachine: p0.yaml}]"

    loaded = load(tmp_path, files, text)

    assert "bad-submachine" in {code for code, _, _ in problems(loaded)}


def test_the_text_is_whole_without_the_files(tmp_path: Path) -> None:
    found = tree(load(tmp_path, {"parts/pay.yaml": PAY}))
    (tmp_path / "parts" / "pay.yaml").unlink()

    again = tree(load_text(found.text, found.file))

    assert again.hash == found.hash
    assert again.nodes == found.nodes
    assert again.arrows == found.arrows


def test_another_file_is_another_version(tmp_path: Path) -> None:
    first = tree(load(tmp_path, {"parts/pay.yaml": PAY}))
    assert first.files == (str(tmp_path / "parts" / "pay.yaml"),)
    longer = PAY.replace("seconds: 5", "seconds: 6")

    second = tree(load(tmp_path, {"parts/pay.yaml": longer}))

    assert first.hash != second.hash


def test_variables_are_replaced_in_the_files_too(tmp_path: Path) -> None:
    part = """\
states:
  - {name: x, type: initial, timeout: {seconds: ${S:-7}, destination: x}}
"""
    text = "states: [{name: a, type: initial, submachine: part.yaml}]"
    (tmp_path / "part.yaml").write_text(part, "utf-8")

    loaded = load_text(text, str(tmp_path / "m.yaml"), variables={"S": "9"})
    found = tree(loaded)

    assert found.arrows[0].delay_s == 9
    assert tree(load_text(found.text, found.file)).arrows[0].delay_s == 9


def test_a_terminal_state_that_is_waited_for_does_not_end_the_run() -> None:
    text = """\
states:
  - {name: a, type: initial, submachine: {states: [
      {name: x, type: initial}, {name: y, type: terminal}],
      transitions: [{trigger: t, source: x, dest: y}]}}
  - {name: b}
transitions: [%s]
"""
    joined = load_text(
        text % "{trigger: _join_a, source: a, dest: b}", "m.yaml"
    ).definition
    alone = load_text(text % "{trigger: u, source: a, dest: b}", "m.yaml").definition
    assert isinstance(joined, TreeDefinition)
    assert isinstance(alone, TreeDefinition)

    assert not compile_chart(joined).kernel.configuration(("a", "a.y")).is_deaf
    assert compile_chart(alone).kernel.configuration(("a", "a.y")).is_deaf
    kinds = {node.id: node.kind for node in joined.nodes}
    assert kinds["a.y"] is NodeKind.FINAL
