"""Going along all steps of an instance, run after run."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.errors import SmtuiError, UsageError
from smtui.store import Place, RunSpan
from smtui.view.timeline import Timeline, Wanted, wanted

LINE = Timeline((RunSpan(1, 4, 6), RunSpan(3, 1, 1), RunSpan(4, 1, 100)))


def test_places_are_counted_over_all_runs() -> None:
    assert 104 == LINE.total
    assert (Place(1, 4), Place(4, 100)) == (LINE.first, LINE.last)
    assert [0, 2, 3, 4, 103] == [
        LINE.ordinal(place)
        for place in (
            Place(1, 4),
            Place(1, 6),
            Place(3, 1),
            Place(4, 1),
            Place(4, 100),
        )
    ]
    assert (3, 4) == LINE.starts()


def test_a_place_that_was_cut_counts_as_the_oldest() -> None:
    assert 0 == LINE.ordinal(Place(1, 1))
    assert 3 == LINE.ordinal(Place(2, 50))
    assert LINE.first == LINE.beside(Place(1, 1), 0)


def test_a_step_crosses_into_the_next_run_and_stops_at_an_end() -> None:
    assert Place(3, 1) == LINE.beside(Place(1, 6), 1)
    assert Place(1, 6) == LINE.beside(Place(3, 1), -1)
    assert Place(4, 100) == LINE.beside(Place(4, 99), 10)
    assert Place(1, 4) == LINE.beside(Place(1, 5), -10)


_SPANS = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 50), st.integers(0, 50)), min_size=1
)


@given(_SPANS, st.integers(0, 5000))
def test_a_place_and_its_number_are_each_others_inverse(
    parts: list[tuple[int, int, int]], ordinal: int
) -> None:
    run = 0
    spans: list[RunSpan] = []
    for gap, first, more in parts:
        run += gap
        spans.append(RunSpan(run, first, first + more))
    line = Timeline(tuple(spans))

    place = line.place(ordinal)

    assert min(ordinal, line.total - 1) == line.ordinal(place)
    assert line.find(place.run, place.seq) == place


def test_a_step_that_is_not_there_is_an_error_with_what_is() -> None:
    assert Place(4, 7) == LINE.find(None, 7)
    with pytest.raises(SmtuiError, match="no step 7 in run 1 - it has steps 4 to 6"):
        LINE.find(1, 7)
    with pytest.raises(SmtuiError, match="no run 9 - runs: 1 to 4"):
        LINE.find(9, 1)
    with pytest.raises(SmtuiError, match="no step was taken yet"):
        Timeline().find(None, 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("57", Wanted("57", None, 57)),
        ("2/57", Wanted("2/57", 2, 57)),
        ("10m", Wanted("10m", at=400.0)),
        ("1970-01-01T00:01", Wanted("1970-01-01T00:01", at=60.0)),
        ("00:05", Wanted("00:05", at=300.0)),
    ],
)
def test_what_is_typed_is_a_step_or_a_time(text: str, meant: Wanted) -> None:
    assert meant == wanted(text, 1000.0, UTC)


@pytest.mark.parametrize("text", ["", "/57", "a/57", "2/", "soon", "-3"])
def test_anything_else_is_neither(text: str) -> None:
    with pytest.raises(UsageError, match="is no step and no time"):
        wanted(text, 1000.0, UTC)
