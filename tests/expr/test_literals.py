"""Text from outside is read as JSON or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.expr import parse_json

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(JSON)
def test_json_is_read_back(value: object) -> None:
    assert parse_json(json.dumps(value)) == value


@pytest.mark.parametrize(
    "text",
    ["", "x", "NaN", "-Infinity", "[1e999]", "[" * 66 + "]" * 66, "[" * 100_000],
)
def test_what_a_store_cannot_keep_is_no_json(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each has words of its own
        parse_json(text)


def test_nesting_as_deep_as_a_payload_may_be_is_read() -> None:
    assert parse_json("[" * 64 + "]" * 64)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_json(text)
    except ValueError:
        return
