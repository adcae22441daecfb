"""Laws that hold for any program, any number, any data."""

import json
import math

from hypothesis import given
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.errors import EvaluationError
from smtui.expr import Scope, Value
from smtui.expr.ecmascript import compile_ecmascript
from smtui.expr.ecmascript.numerals import number_of_text, number_text
from smtui.expr.ecmascript.tokens import Malformed, tokenize

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | NUMBERS | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)
PIECES = st.sampled_from([
    "x", "y", "o.k", "[", "]", "(", ")", "{", "}", ",", ";", ":", "?", ".", "+", "-",
    "*", "/", "%", "!", "~", "=", "==", "===", "<", ">>", "&&", "||", "??", "=>", "...",
    "'a'", "`b`", "1", ".5", "if", "else", "for", "while", "var", "let", "function",
    "return", "typeof", "new", "in", "of", "this", "null", "\n",
])  # fmt: skip
PROGRAMS = st.lists(PIECES, max_size=14).map(" ".join) | st.text(max_size=30)


def run(text: str, data: dict[str, Json]) -> Value:
    return compile_ecmascript(text).value(Scope(data))


@given(NUMBERS)
def test_the_text_of_a_number_is_that_number_again(number: float) -> None:
    assert number_of_text(number_text(number)) == number


@given(st.integers(-(2**53), 2**53))
def test_whole_numbers_are_written_like_python_writes_them(number: int) -> None:
    assert str(number) == number_text(float(number))


@given(NUMBERS, NUMBERS)
def test_arithmetic_is_that_of_doubles(left: float, right: float) -> None:
    data: dict[str, Json] = {"l": left, "r": right}

    found = run("[l + r, l - r, l * r, l < r, l == r]", data)

    doubles = [left + right, left - right, left * right]
    finite = [value if math.isfinite(value) else None for value in doubles]
    assert found == [*finite, left < right, left == right]


@given(JSON)
def test_json_goes_through_a_program_unchanged(given_: Json) -> None:
    data: dict[str, Json] = {"v": {"held": given_}}

    assert run("v", data) == data["v"]
    assert run("JSON.parse(JSON.stringify(v)).held", data) == given_
    assert run("v === JSON.parse(JSON.stringify(v))", data) is True


@given(JSON)
def test_changing_a_value_changes_no_data(given_: Json) -> None:
    data: dict[str, Json] = {"v": {"held": given_}}
    before = json.dumps(data)

    changed = compile_ecmascript("v.held = [v.held]; v.more = 1").run(Scope(data))

    assert changed == {"v": {"held": [given_], "more": 1}}
    assert json.dumps(data) == before


@given(PROGRAMS)
def test_any_text_gives_a_value_or_an_evaluation_error(text: str) -> None:
    data: dict[str, Json] = {"x": 1, "y": "two", "o": {"k": [1, {"z": None}]}}
    before = json.dumps(data)

    try:
        program = compile_ecmascript(text)
    except EvaluationError:
        return
    for work in (program.value, program.truth, program.run):
        try:
            work(Scope(data))
        except EvaluationError:
            continue
    assert json.dumps(data) == before


@given(st.text())
def test_tokens_cover_the_text_in_order(text: str) -> None:
    try:
        tokens = tokenize(text)
    except Malformed:
        return
    ends = [0, *(token.end for token in tokens)]
    assert all(e <= t.offset <= t.end for e, t in zip(ends, tokens, strict=False))
