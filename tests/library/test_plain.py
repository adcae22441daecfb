"""Data copied as JSON would give it back."""

import json
from enum import StrEnum

from hypothesis import given, settings
from hypothesis import strategies as st

from smtui.definition import Json
from smtui.library.plain import plain_copy


class Colour(StrEnum):
    RED = "red"


FEW = settings(max_examples=25)
_SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
)
_FOREIGN = st.sampled_from([(1, 2), Colour.RED, {1: 2}, {"a": b"b"}, {"a": {1, 2}}])


def _nested(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(
        leaves,
        lambda one: st.lists(one) | st.dictionaries(st.text(), one),
        max_leaves=6,
    )


@FEW
@given(st.dictionaries(st.text(), _nested(_SCALARS)))
def test_what_is_json_is_copied_as_json_copies_it(data: dict[str, Json]) -> None:
    assert repr(plain_copy(data)) == repr(json.loads(json.dumps(data)))


@FEW
@given(st.dictionaries(st.text(), _nested(_SCALARS | _FOREIGN), min_size=1))
def test_a_copy_is_never_other_than_jsons(data: dict[str, Json]) -> None:
    copy = plain_copy(data)

    assert copy is None or repr(copy) == repr(json.loads(json.dumps(data)))


def test_a_circle_has_no_copy() -> None:
    data: dict[str, Json] = {}
    data["self"] = data

    assert plain_copy(data) is None
