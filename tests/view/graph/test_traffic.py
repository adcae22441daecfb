"""Visits and times, counted in a journal page by page."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from smtui.store.rows import JournalEntry
from smtui.view.graph import Traffic, arrows_of
from tests.support.view_graphs import graph_of
from tests.support.view_rows import entry

GRAPH = graph_of("a b go\nb a back\na a again")
ARROWS = arrows_of(GRAPH)
EVENTS = {("a", "b"): "go", ("b", "a"): "back", ("a", "a"): "again"}


def journal(states: str, every_s: float = 10.0) -> list[JournalEntry]:
    """Return the steps of a way through the states, newest first."""
    steps = [
        entry(n + 1, "m", one, EVENTS.get((one, two), "x"), two, at=every_s * (n + 1))
        for n, (one, two) in enumerate(pairwise(states))
    ]
    return steps[::-1]


def test_visits_and_times_are_counted() -> None:
    traffic = Traffic(ARROWS)
    traffic.add_older(journal("ababa"))

    assert 2 == traffic.states["a"].count
    assert 2 == traffic.states["b"].count
    assert 20.0 == traffic.states["b"].spent_s
    assert 2 == traffic.edges["0"].count
    assert 30.0 == traffic.edges["0"].last_at


def test_the_present_stay_counts_until_now() -> None:
    traffic = Traffic(ARROWS)
    traffic.add_older(journal("ab"))

    assert 5.0 == traffic.spent_s("b", 15.0)
    assert 0.0 == traffic.spent_s("a", 15.0)


def test_a_loop_counts_as_taken_again() -> None:
    traffic = Traffic(ARROWS)
    traffic.add_older(journal("aaa"))

    assert 2 == traffic.edges["2"].count


@given(st.text("ab", min_size=2, max_size=30), st.data())
def test_any_pages_in_any_order_give_the_same(states: str, data: st.DataObject) -> None:
    steps = journal(
        "".join(s for i, s in enumerate(states) if states[i - 1 : i] != "bb")
    )
    whole = Traffic(ARROWS)
    whole.add_older(steps)
    cut = data.draw(st.integers(0, max(0, len(steps) - 1)))
    first, second = sorted(
        data.draw(st.tuples(st.integers(cut, len(steps)), st.integers(cut, len(steps))))
    )
    parts = Traffic(ARROWS)

    for page in (steps[cut:first], steps[first:second], steps[second:]):
        parts.add_older(page)
    parts.add_newer(steps[: cut + 2])

    for state in "ab":
        assert whole.spent_s(state, 999.0) == parts.spent_s(state, 999.0)
    assert whole.states == parts.states
    assert whole.edges == parts.edges
    assert whole.steps == parts.steps
