"""Same data, changed data."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.chart.data import is_same, patch_between, patched
from smtui.chart.values import Patch
from smtui.definition import Json

VALUES = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 1.0, 0.5, "", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=5,
)
DATA = st.dictionaries(st.sampled_from("abcd"), VALUES)


def written(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


@given(VALUES, VALUES)
def test_same_is_what_is_written_alike(one: Json, other: Json) -> None:
    assert is_same(one, other) == (written(one) == written(other))


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, 1.0), ([0], [False]), ({"a": 1}, {"a": True})]
)
def test_numbers_and_truth_are_told_apart(one: Json, other: Json) -> None:
    assert one == other
    assert not is_same(one, other)


@given(DATA, DATA)
def test_a_patch_leads_from_one_to_the_other(
    before: dict[str, Json], after: dict[str, Json]
) -> None:
    patch = patch_between(before, after)

    if patch is None:
        assert written(before) == written(after)
        return
    kept = {k: v for k, v in before.items() if k not in patch["unset"]}  # type: ignore[operator]  # a list
    assert written({**kept, **patch["set"]}) == written(after)  # type: ignore[dict-item]  # a dict


@given(DATA)
def test_no_change_is_no_patch(data: dict[str, Json]) -> None:
    assert patch_between(data, data) is None
    assert patch_between(data, dict(data)) is None


def test_a_patch_sets_after_it_unsets() -> None:
    data = patched({"a": 1, "b": 2}, Patch({"a": 3}, ("a", "b")))

    assert data == {"a": 3}


def test_a_patch_leaves_the_machines_name() -> None:
    named = patched({"machine_name": "m"}, Patch({"machine_name": "x"}))

    assert named == {"machine_name": "m"}
