"""Any text becomes nodes with places, or problems with places."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.dialects.nodes import Items, Node, Scalar, Table, plain
from smtui.dialects.yaml_builder import DEEPEST, MOST_NODES
from smtui.dialects.yaml_reader import MOST_CHARACTERS, decode, parse_yaml


def read(text: str) -> Json:
    """Return the value of a text without problems."""
    parsed = parse_yaml(text, "f.yaml")
    assert parsed.problems == ()
    assert parsed.node is not None
    return plain(parsed.node)


def only(text: str) -> tuple[str, int, int]:
    """Return code, line and column of a text's only problem."""
    (problem,) = parse_yaml(text, "f.yaml").problems
    return problem.code, problem.at.line, problem.at.column


def test_values_are_those_of_safe_load() -> None:
    text = "[1, 010, 0x1f, 1_000, 1:30, 1.5, 1e3, .5, true, No, ~, '1', abc]"

    assert read(text) == yaml.safe_load(text)


def test_a_date_stays_the_text_that_was_written() -> None:
    assert read("2024-01-31") == "2024-01-31"


def test_keys_are_the_text_that_was_written() -> None:
    assert read("{on: 1, 3: 2, ~: 3, 1.50: 4}") == {"on": 1, "3": 2, "~": 3, "1.50": 4}


def test_a_merge_brings_the_fields_its_mapping_lacks() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc: {<<: [*a, *b], x: 0}"

    assert read(text) == yaml.safe_load(text)


def test_every_key_and_value_knows_its_place() -> None:
    node = parse_yaml("a:\n  - {é: ü, k: v}\n", "f.yaml").node

    assert isinstance(node, Table)
    assert str(node.fields[0].at) == "f.yaml:1:1"
    inner = node.fields[0].value
    assert isinstance(inner, Items)
    assert isinstance(inner.items[0], Table)
    last = inner.items[0].fields[1]
    assert (str(last.at), str(last.value.at)) == ("f.yaml:2:12", "f.yaml:2:15")


def test_json_is_read_too() -> None:
    assert read('{"a": [1, null, true, "\\u00e9"]}') == {"a": [1, None, True, "é"]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", ("duplicate-key", 3, 1)),
        ("a: *nobody", ("bad-alias", 1, 4)),
        ("a: &a [*a]", ("bad-alias", 1, 8)),
        ("a: 1\n--- \nb: 2", ("second-document", 2, 1)),
        ("a: .inf", ("bad-value", 1, 4)),
        ("a: !!python/name:os.system x", ("bad-value", 1, 4)),
        ("a: !!set {x}", ("bad-value", 1, 4)),
        ("a: !!int x", ("bad-value", 1, 4)),
        ("? [1]\n: 2", ("bad-key", 1, 3)),
        ("a: {<<: 3}", ("bad-merge", 1, 9)),
        ("a: b: c", ("syntax", 1, 5)),
        ("a:\n\t- b", ("syntax", 2, 1)),
        ("a: 'x", ("syntax", 1, 6)),
        ("a: {b: c\nd: e", ("syntax", 1, 4)),
        ("a: 1\nb: [c\n\nd: e", ("syntax", 2, 4)),
        ("a: 'x\nb: c", ("syntax", 1, 4)),
        ("from: *", ("syntax", 1, 8)),
        ("a: x\0y", ("control-character", 1, 5)),
        ("a:\n - \x1b[31m", ("control-character", 2, 4)),
        ("\ud800", ("control-character", 1, 1)),
    ],
)
def test_what_cannot_be_meant_is_a_problem_with_a_place(
    text: str, expected: tuple[str, int, int]
) -> None:
    assert only(text) == expected


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("a:\n\t- b", "indent with blanks, not with tabs"),
        ("a: b: c", 'a value that holds ": " needs quotes'),
        ("from: *\n", 'for the text write "*" in quotes'),
        ("a: 'x", "a quote is not closed"),
    ],
)
def test_a_syntax_error_comes_with_its_likely_cure(text: str, cure: str) -> None:
    (problem,) = parse_yaml(text, "f.yaml").problems

    assert problem.hint == cure


def test_aliases_that_unfold_to_billions_are_refused_before_they_unfold() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    for before, after in zip("abcdefghi", "bcdefghij", strict=True):
        lines.append(f"{after}: &{after} [{', '.join([f'*{before}'] * 10)}]")

    (problem,) = parse_yaml("\n".join(lines), "f.yaml").problems

    assert problem.code == "too-many-values"


@pytest.mark.parametrize("text", ["[" * 100_000, "{" * 100_000, "- " * 50_000])
def test_nesting_is_bounded_however_deep(text: str) -> None:
    assert only(text)[0] == "too-deep"


def test_nesting_through_aliases_is_bounded_too() -> None:
    lines = ["a0: &a0 []"]
    lines += [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 2 * DEEPEST)]

    assert only("\n".join(lines))[0] == "too-deep"


def test_a_flat_text_of_too_many_values_is_refused() -> None:
    assert only("[" + "x, " * MOST_NODES + "]")[0] == "too-many-values"


def test_a_text_of_too_many_characters_is_refused() -> None:
    assert only("#" * (MOST_CHARACTERS + 1)) == ("too-big", 1, 1)


def test_bytes_that_are_no_utf8_have_a_place() -> None:
    problem = decode(b"a: 1\nb: caf\xe9\n", "f.yaml")

    assert not isinstance(problem, str)
    assert (problem.code, str(problem.at)) == ("encoding", "f.yaml:2:7")


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode("a: ü".encode("utf-8-sig"), "f.yaml") == "a: ü"


JSON: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text("abc on{}:'\"#-*&!", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("ab <:*", max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(JSON)
def test_what_pyyaml_writes_is_read_as_it_was(value: Json) -> None:
    text = yaml.safe_dump(value)

    assert read(text) == value


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    parsed = parse_yaml(text, "f.yaml")

    assert all(p.at.line >= 1 and p.at.column >= 1 for p in parsed.problems)


@given(st.binary(max_size=200))
def test_no_bytes_raise(raw: bytes) -> None:
    text = decode(raw, "f.yaml")

    if isinstance(text, str):
        parse_yaml(text, "f.yaml")


MARKS = st.sampled_from(
    [
        *"abc:-?[]{},&*!|>'\"%@`#\n \t\\~<=0.",
        ": ",
        "- ",
        "<<: ",
        "&a ",
        "*a",
        "--- ",
        "\r\n",
    ]
)


@given(st.lists(MARKS, max_size=40).map("".join))
def test_nothing_made_of_yaml_marks_raises_and_values_agree(text: str) -> None:
    node = parse_yaml(text, "f.yaml").node
    try:
        expected: object = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, TypeError, KeyError):
        return
    if isinstance(node, Scalar) and isinstance(expected, str | int | None):
        assert node.value == expected


def flat(node: Node) -> int:
    """Return how many nodes a tree has."""
    match node:
        case Scalar():
            return 1
        case Items(items=items):
            return 1 + sum(map(flat, items))
        case Table(fields=fields):
            return 1 + len(fields) + sum(flat(f.value) for f in fields)


@given(JSON)
def test_the_size_of_a_node_counts_what_is_below_it(value: Json) -> None:
    node = parse_yaml(yaml.safe_dump(value), "f.yaml").node

    assert node is not None
    assert flat(node) == (1 if isinstance(node, Scalar) else node.size)
