import pytest

from smtui.chart.values import Event
from smtui.errors import StoreError
from smtui.testing import FakeStore
from tests.support.trees import AT, begin, chart, state


def test_what_is_committed_is_read_back() -> None:
    store = FakeStore()
    begun = begin(chart(state("a")), n=1)
    store.add("main")
    store.commit(begun, None)

    assert begun.snapshot == store.snapshot("main")
    assert {"n": 1} == store.data("main")


def test_an_instance_is_there_once() -> None:
    store = FakeStore()
    store.add("main")

    with pytest.raises(StoreError, match="already an instance 'main'"):
        store.add("main")


def test_an_event_for_nobody_is_not_accepted() -> None:
    store = FakeStore()

    assert not store.accept("nobody", Event("go", None, store.new_id(), AT))


def test_an_instance_that_has_not_begun_has_no_snapshot() -> None:
    store = FakeStore()
    store.add("main")

    with pytest.raises(StoreError, match="has not begun"):
        store.snapshot("main")
    with pytest.raises(StoreError, match="no instance 'other'"):
        store.snapshot("other")
