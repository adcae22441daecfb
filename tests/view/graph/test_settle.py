"""Exact placement on one axis, against trying everything."""

from itertools import combinations_with_replacement, pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from smtui.view.graph.settle import choose, settle, straighten

WISHES = st.lists(
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 3)), min_size=1, max_size=2),
    min_size=1,
    max_size=3,
)


def cost(wishes: list[list[tuple[int, int]]], found: list[int]) -> int:
    return sum(
        weight * abs(at - want)
        for at, own in zip(found, wishes, strict=True)
        for want, weight in own
    )


@settings(max_examples=50)
@given(WISHES, st.integers(1, 3))
def test_no_placement_is_cheaper(
    wishes: list[list[tuple[int, int]]], apart: int
) -> None:
    found = settle(wishes, [apart] * (len(wishes) - 1))

    assert all(b - a >= apart for a, b in pairwise(found))
    best = min(
        cost(wishes, list(places))
        for places in product(range(-4, 11), repeat=len(wishes))
        if all(b - a >= apart for a, b in pairwise(places))
    )
    assert cost(wishes, found) == best


@settings(max_examples=50)
@given(
    st.lists(st.integers(-2, 12), min_size=1, max_size=3),
    st.sets(st.integers(0, 10), min_size=5),
    st.integers(1, 2),
)
def test_no_choice_of_slots_is_cheaper(
    wishes: list[int], free: set[int], apart: int
) -> None:
    slots = sorted(free)
    ways = [
        way
        for way in combinations_with_replacement(slots, len(wishes))
        if all(b - a >= apart for a, b in pairwise(way))
    ]
    if not ways:
        return

    found = choose(wishes, slots, apart)

    assert tuple(found) in ways
    costs = [sum(abs(a - b) for a, b in zip(way, wishes, strict=True)) for way in ways]
    assert sum(abs(a - b) for a, b in zip(found, wishes, strict=True)) == min(costs)


def test_a_line_that_can_be_straight_is_straight() -> None:
    assert straighten([(0, 9), (2, 5)], [(3, 4), None], [7, 2]) in ([3, 3], [4, 4])


def test_a_line_bends_once_where_it_must() -> None:
    found = straighten([(0, 0), (0, 9), (9, 9)], [None, None], [0, 4, 9])

    assert found in ([0, 0, 9], [0, 9, 9])
