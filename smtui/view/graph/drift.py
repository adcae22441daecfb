"""Moving whole groups sideways, where that brings lines closer to their ends.

A sweep moves one layer at a time and so gets stuck where several layers would
have to move together. Here everything that hangs together by straight lines is
one group; a group moves, pushing what is in its way, as long as the sum of the
sideways lengths of all lines gets less.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from smtui.view.graph.sheet import HI, LO, Item, Link, Sheet

__all__ = ["drift"]

_ROUNDS = 6
_MOST_TRIES = 6000
"""Items times rounds: a chart of hundreds of states gets fewer rounds."""
_FAR = 1 << 20
_WIRE, _FIXED, _FREE = 4, 3, 2
"""How much a cell sideways counts: in a line, to a fixed port, to a free one."""


def drift(sheet: Sheet) -> None:
    """Move groups until none can move with a gain."""
    mover = _Mover(sheet)
    for _ in range(max(1, min(_ROUNDS, _MOST_TRIES // (len(sheet.items) + 1)))):
        if not mover.round():
            break
    for item, pos in zip(sheet.items, mover.pos, strict=True):
        item.pos = pos


class _Tie(NamedTuple):
    """A link: the offsets at which each of its items can meet it."""

    upper: int
    lower: int
    weight: int
    upper_first: int
    upper_last: int
    lower_first: int
    lower_last: int


class _Mover:
    def __init__(self, sheet: Sheet) -> None:
        items = sheet.items
        self.pos = [item.pos for item in items]
        self.need: dict[tuple[int, int], int] = {}
        """Neighbours -> least distance of their positions."""
        self.left: dict[int, int] = {}
        self.right: dict[int, int] = {}
        for layer in sheet.layers:
            for a, b in pairwise(layer):
                self.right[a], self.left[b] = b, a
                self.need[a, b] = items[a].size + sheet.gap(items[a], items[b])
        self.ties = [_tie(items, link) for link in sheet.links]
        self.own: list[list[_Tie]] = [[] for _ in items]
        for tie in self.ties:
            self.own[tie.upper].append(tie)
            self.own[tie.lower].append(tie)
        self.group: list[list[int]] = []

    def round(self) -> bool:
        """Try every group in both directions; return whether one moved."""
        self._gather()
        moved = False
        for members in list({id(group): group for group in self.group}.values()):
            for way in (-1, 1):
                if self._gain(members, set(members), way)[0] > 0:
                    moved |= self._try(members, way)
        return moved

    def _gather(self) -> None:
        """Put together what straight lines hold together."""
        self.group = [[index] for index in range(len(self.pos))]
        for tie in self.ties:
            if tie.weight != _FREE and not self._distance(tie):
                a, b = self.group[tie.upper], self.group[tie.lower]
                if a is not b:
                    if len(a) < len(b):
                        a, b = b, a
                    a.extend(b)
                    for index in b:
                        self.group[index] = a

    def _try(self, members: list[int], way: int) -> bool:
        moving = self._pushed(members, way)
        gain, step = self._gain(moving, moving, way)
        if gain <= 0:
            return False
        for index in moving:
            self.pos[index] += way * step
        return True

    def _pushed(self, members: list[int], way: int) -> set[int]:
        """Return the group with every group that is in its way."""
        beside = self.left if way < 0 else self.right
        moving = set(members)
        waiting = list(members)
        while waiting:
            index = waiting.pop()
            other = beside.get(index)
            if other is None or other in moving or self._slack(index, other) > 0:
                continue
            moving.update(self.group[other])
            waiting.extend(self.group[other])
        return moving

    def _slack(self, a: int, b: int) -> int:
        """Return the cells to spare between two neighbours."""
        need = self.need.get((a, b))
        if need is None:
            a, b = b, a
            need = self.need[a, b]
        return self.pos[b] - self.pos[a] - need

    def _gain(self, ids: Iterable[int], moving: set[int], way: int) -> tuple[int, int]:
        """Return the gain for each cell of a move, and how far it holds."""
        beside = self.left if way < 0 else self.right
        gain, step = 0, _FAR
        for index in ids:
            other = beside.get(index)
            if other is not None and other not in moving:
                step = min(step, self._slack(index, other))
            for tie in self.own[index]:
                is_upper = tie.upper == index
                if (tie.lower if is_upper else tie.upper) in moving:
                    continue
                apart = self._distance(tie) * way
                if not is_upper:
                    apart = -apart
                if apart < 0:
                    gain += tie.weight
                    step = min(step, -apart)
                    continue
                room = 0 if apart else self._room(tie, is_upper=is_upper, way=way)
                if room:
                    step = min(step, room)
                else:
                    gain -= tie.weight
        return gain, step

    def _distance(self, tie: _Tie) -> int:
        """Return how far the upper end lies right of the lower one, or left."""
        upper, lower = self.pos[tie.upper], self.pos[tie.lower]
        right = upper + tie.upper_first - lower - tie.lower_last
        if right > 0:
            return right
        return min(0, upper + tie.upper_last - lower - tie.lower_first)

    def _room(self, tie: _Tie, *, is_upper: bool, way: int) -> int:
        """Return how far one end can move until the line gets a bend."""
        upper, lower = self.pos[tie.upper], self.pos[tie.lower]
        if is_upper == (way > 0):
            return lower + tie.lower_last - upper - tie.upper_first
        return upper + tie.upper_last - lower - tie.lower_first


def _tie(items: list[Item], link: Link) -> _Tie:
    upper, lower = items[link.upper], items[link.lower]
    weight = _WIRE
    for item in (upper, lower):
        if item.block is not None:
            weight = min(weight, _FIXED if _is_fixed(item, link.line) else _FREE)
    return _Tie(
        link.upper,
        link.lower,
        weight,
        *_offsets(upper, link.line, HI),
        *_offsets(lower, link.line, LO),
    )


def _offsets(item: Item, line: int, side: int) -> tuple[int, int]:
    """Return the offsets between which a line can meet an item."""
    block = item.block
    if block is None:
        return 0, 0
    if _is_fixed(item, line):
        side = side if line in item.ports[side] else 1 - side
        at = item.ports[side][line]
        return at, at
    return block.lead + block.corner, item.size - 1 - block.corner


def _is_fixed(item: Item, line: int) -> bool:
    block = item.block
    return block is not None and (line in block.fixed[LO] or line in block.fixed[HI])
