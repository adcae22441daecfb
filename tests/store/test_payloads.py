"""Payload limits."""

import pytest

from smtui.definition import Json
from smtui.errors import StoreError
from smtui.store.payloads import MAX_BYTES, MAX_DEPTH, depth, encode


def nested(levels: int) -> Json:
    value: Json = 1
    for _ in range(levels):
        value = [value]
    return value


def test_depth_counts_lists_and_mappings_in_each_other() -> None:
    values: list[Json] = [1, [], {"a": [1]}, [1, {"a": [[]]}]]

    assert [depth(value) for value in values] == [0, 1, 2, 4]


def test_the_deepest_and_the_biggest_allowed_pass() -> None:
    encode(nested(MAX_DEPTH), "payload")
    encode("é" * (MAX_BYTES // 2 - 1), "payload")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (nested(MAX_DEPTH + 1), "65 levels deep"),
        (nested(100_000), "65 levels deep"),
        ("x" * MAX_BYTES, "1,048,578 bytes"),
        ("é" * (MAX_BYTES // 2), "1,048,578 bytes"),
        (float("nan"), "not JSON"),
    ],
)
def test_what_is_over_a_limit_is_named(value: Json, words: str) -> None:
    with pytest.raises(StoreError, match=f"payload of 'go' is .*{words}"):
        encode(value, "payload of 'go'")
