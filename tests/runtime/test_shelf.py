"""Pressed snapshots of instances that are not in use."""

from smtui.chart.values import Snapshot
from smtui.definition import Json
from smtui.runtime.shelf import Shelf
from tests.support.trees import arrow, begin, chart, state

_CHART = chart(state("a"), state("b"), arrow("a", "go", "b", delay_s=60.0))


def _snapshot(**data: Json) -> Snapshot:
    return begin(_CHART, **data).snapshot


def test_what_is_taken_is_what_was_put() -> None:
    shelf = Shelf()
    kept = {f"e-{n}": _snapshot(n=n, text="é" * n, of=[1.5, None]) for n in range(9)}
    for id_, snapshot in kept.items():
        shelf.put(id_, snapshot)

    assert {id_: shelf.take(id_) for id_ in kept} == kept


def test_what_was_taken_is_there_no_more() -> None:
    shelf = Shelf()
    shelf.put("e-1", _snapshot())

    assert "e-1" in shelf
    assert shelf.take("e-1") is not None
    assert "e-1" not in shelf
    assert shelf.take("e-1") is None


def test_a_full_shelf_drops_what_lies_there_longest() -> None:
    shelf = Shelf(most_bytes=3000)
    for n in range(100):
        shelf.put(f"e-{n}", _snapshot(n=n))

    there = [n for n in range(100) if f"e-{n}" in shelf]
    assert there == [*range(there[0], 100)]
    assert 3 <= len(there) <= 15


def test_values_that_are_not_json_are_dropped() -> None:
    shelf = Shelf()
    shelf.put("e-1", _snapshot()._replace(data={"open": object()}))  # type: ignore[dict-item]

    assert "e-1" not in shelf
