"""What an action did to its data."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.chart.values import Patch
from smtui.definition import Json
from smtui.runtime.actions.changes import (
    NotJsonError,
    compare,
    copy_json,
    same_json,
)

_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=3)
)
_KEYS = st.sampled_from(["a", "b", "c", "d"])
_JSON = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3)
    ),
    max_leaves=6,
)
_DATA: st.SearchStrategy[dict[str, Json]] = st.dictionaries(_KEYS, _JSON)


@given(_DATA, _DATA)
def test_a_patch_turns_the_old_data_into_the_new(
    before: dict[str, Json], after: dict[str, Json]
) -> None:
    patch = compare(before, {}, {}, after).patch or Patch({})

    kept = {key: before[key] for key in before if key not in patch.unset}
    assert same_json({**kept, **patch.set}, after)


@given(_JSON)
def test_a_copy_is_the_same_json(value: Json) -> None:
    assert same_json(copy_json(value), value)


def test_unchanged_data_gives_no_patch() -> None:
    assert compare({"a": [1]}, {}, {}, {"a": [1]}).patch is None


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1, True), ("1", 1)])
def test_values_of_other_types_are_a_change(one: Json, other: Json) -> None:
    patch = compare({"a": one}, {}, {}, {"a": other}).patch

    assert patch == Patch({"a": other})


def test_what_is_no_json_stays_in_memory() -> None:
    lock = threading.Lock()

    changes = compare({"a": 1}, {}, {}, {"a": lock, "b": 2})

    assert changes.patch == Patch({"b": 2}, ("a",))
    assert changes.transient == {"a": lock}
    assert changes.unkept == ("a",)


def test_a_transient_value_is_reported_once() -> None:
    lock = threading.Lock()

    changes = compare({}, {"a": lock}, {}, {"a": lock})

    assert changes.patch is None
    assert changes.transient == {"a": lock}
    assert changes.unkept == ()


def test_a_transient_value_that_becomes_json_is_kept() -> None:
    changes = compare({}, {"a": threading.Lock()}, {}, {"a": 1})

    assert changes.patch == Patch({"a": 1})
    assert changes.transient == {}


def test_the_keys_of_the_machine_are_protected() -> None:
    changes = compare({"name": "m"}, {}, {"name": "m"}, {"name": "x", "a": 1})

    assert changes.patch == Patch({"a": 1})
    assert changes.protected == ("name",)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", {1: 2}, {3}])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(NotJsonError):
        copy_json(value)


def test_a_circle_is_refused() -> None:
    circle: list[object] = []
    circle.append(circle)

    with pytest.raises(NotJsonError):
        copy_json(circle)
