"""Exact one-dimensional placement: least sum of distances, with least gaps.

`settle` solves one layer by pool-adjacent-violators with weighted medians: the
positions that minimise the weighted sum of |position - wish| over all wishes,
with everything in order and at least so far apart. All in whole cells, so a
line that can be straight is exactly straight. `choose` puts the ends of lines
on the side of a box, by dynamic programming over the cells allowed there.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeAlias

__all__ = ["Span", "Wish", "choose", "settle", "straighten"]

Span: TypeAlias = tuple[int, int]
"""The first and the last position possible."""

Wish: TypeAlias = tuple[int, int]
"""A position, and the weight of the wish for it."""

_FAR = 1 << 40


def settle(wishes: Sequence[Sequence[Wish]], apart: Sequence[int]) -> list[int]:
    """Return a position for every item.

    `apart[i]` is the least distance from item i to item i + 1. Each item needs
    at least one wish.
    """
    blocks: list[tuple[Sequence[Wish], int, int]] = []
    shift = 0
    shifts: list[int] = []
    for index, own in enumerate(wishes):
        shifts.append(shift)
        if len(own) == 1:
            points: Sequence[Wish] = ((own[0][0] - shift, own[0][1]),)
            value, count = points[0][0], 1
        else:
            points = sorted([(at - shift, weight) for at, weight in own])
            value, count = _middle(points), 1
        while blocks and blocks[-1][1] > value:
            before, _, number = blocks.pop()
            points = sorted([*before, *points])
            value, count = _middle(points), count + number
        blocks.append((points, value, count))
        shift += apart[index] if index < len(apart) else 0
    values = [value for _, value, count in blocks for _ in range(count)]
    return [value + shift for value, shift in zip(values, shifts, strict=True)]


def _middle(points: Sequence[Wish]) -> int:
    """Return the weighted median; the middle of it when it is a range."""
    total = sum(weight for _, weight in points)
    passed = 0
    for number, (at, weight) in enumerate(points):
        passed += weight
        if 2 * passed > total:
            return at
        if 2 * passed == total:
            return (at + points[number + 1][0]) // 2
    return points[-1][0]


def choose(wishes: Sequence[int], slots: Sequence[int], apart: int) -> list[int]:
    """Return a slot for each wish, in order, at least `apart` from each other.

    The sum of distances is least. `slots` are ascending; there must be room.
    """
    if not wishes:
        return []
    if _fits(wishes, slots, apart):
        return list(wishes)
    costs = [[abs(slot - wish) for slot in slots] for wish in wishes]
    best = costs[0]
    tables: list[list[int]] = []
    for cost in costs[1:]:
        origin: list[int] = []
        following: list[int] = []
        pointer, champion, at = 0, _FAR, -1
        for number, slot in enumerate(slots):
            while pointer < number and slots[pointer] <= slot - apart:
                if best[pointer] < champion:
                    champion, at = best[pointer], pointer
                pointer += 1
            origin.append(at)
            following.append(champion + cost[number])
        tables.append(origin)
        best = following
    chosen = min(range(len(slots)), key=best.__getitem__)
    found = [chosen]
    for origin in reversed(tables):
        chosen = origin[chosen]
        found.append(chosen)
    return [slots[number] for number in reversed(found)]


def _fits(wishes: Sequence[int], slots: Sequence[int], apart: int) -> bool:
    """Return whether every wish can be granted, in a row of slots without gaps."""
    return (
        slots[-1] - slots[0] == len(slots) - 1
        and slots[0] <= wishes[0]
        and wishes[-1] <= slots[-1]
        and all(b - a >= apart for a, b in pairwise(wishes))
    )


_BEND = 6
"""A bend counts as much as so many cells sideways."""


def straighten(
    spans: Sequence[Span], ends: Sequence[Span | None], now: Sequence[int]
) -> list[int]:
    """Return columns for the parts of a line from its top to its bottom.

    Each stays within its span; the fewest bends win, then the shortest way
    sideways, then the least change. `ends` are where the line may begin and
    end without a bend; None is anywhere.
    """
    wanted = {*now, *(at for end in ends if end for at in end)}
    wanted |= {at for span in spans for at in span}
    columns = sorted(at for at in wanted if abs(at) < _FAR >> 21)
    cost = [_outside(at, ends[0]) for at in columns]
    origins: list[list[int]] = []
    for number, (low, high) in enumerate(spans):
        if number:
            cost, origin = _stepped(columns, cost)
            origins.append(origin)
        cost = [
            value + (at != now[number]) if low <= at <= high else _FAR
            for at, value in zip(columns, cost, strict=True)
        ]
    cost = [v + _outside(at, ends[1]) for at, v in zip(columns, cost, strict=True)]
    chosen = min(range(len(columns)), key=cost.__getitem__)
    found = [chosen]
    for origin in reversed(origins):
        chosen = origin[chosen]
        found.append(chosen)
    return [columns[number] for number in reversed(found)]


def _outside(at: int, span: Span | None) -> int:
    """Return the cost of a bend from a column into a span."""
    if span is None or span[0] <= at <= span[1]:
        return 0
    return 16 * (_BEND + max(span[0] - at, at - span[1]))


def _stepped(
    columns: Sequence[int], cost: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Return the cost of each column one layer further down, and its origin."""
    following = list(cost)
    origin = list(range(len(columns)))
    for numbers in (range(len(columns)), range(len(columns) - 1, -1, -1)):
        best, chosen, last = _FAR, 0, 0
        for number in numbers:
            at = columns[number]
            best += 16 * abs(at - last)
            last = at
            if best + 16 * _BEND < following[number]:
                following[number], origin[number] = best + 16 * _BEND, chosen
            if cost[number] < best:
                best, chosen = cost[number], number
    return following, origin
