"""Ids are random, of one length, and in order of time."""

from hypothesis import given
from hypothesis import strategies as st

from smtui.store.ids import ULID_LENGTH, ulid


@given(st.floats(0, 4e9), st.floats(0.001, 1e9))
def test_a_later_id_sorts_behind(now: float, later: float) -> None:
    assert ulid(now) < ulid(now + later + 0.001)


def test_ids_of_one_instant_differ() -> None:
    found = {ulid(1_800_000_000.0) for _ in range(1000)}

    assert len(found) == 1000
    assert {len(id_) for id_ in found} == {ULID_LENGTH}
