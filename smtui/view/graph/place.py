"""Where everything stands across the flow.

Sweeps settle each layer exactly against its neighbours, first from one side
only so that whole chains can move, then from both. Then the ends of lines
slide along the sides of their boxes, boxes grow where that lets a line leave
straight, and lines move into line with their ends.
"""

from collections.abc import Sequence
from itertools import pairwise

from smtui.view.graph.drift import drift
from smtui.view.graph.nudge import grow, huddle, shift
from smtui.view.graph.ports import FAR, room, slide, spread
from smtui.view.graph.settle import Wish, settle
from smtui.view.graph.sheet import HI, LO, Item, Sheet

__all__ = ["place_items"]

_SWEEPS = 4
_ROUNDS = 4
_STRAIGHT, _FIXED, _FREE, _STAY = 16, 8, 4, 1
"""Weights of wishes: line to line, to a fixed port, to a free one, to stay."""
_ROW = 8
"""A layer that grows by one cell for a label costs as much as so many cells."""


def place_items(sheet: Sheet, *, is_packed: bool) -> None:
    """Give every item its cross position and every line its ports.

    Labels of long lines go where there is most room now, or with `is_packed`
    into the layer that holds least.
    """
    _pack(sheet)
    spread(sheet)
    _Sweeper(sheet).sweep()
    if any(chain.label for chain in sheet.chains):
        _put_labels(sheet, is_packed=is_packed)
        _Sweeper(sheet).sweep()
    sweeper = _Sweeper(sheet)
    for _ in range(2):
        sweeper.polish(is_boxes=True)
    before: list[tuple[int, int]] = []
    for turn in range(_ROUNDS):
        if turn:
            drift(sheet)
        slide(sheet)
        grow(sheet)
        slide(sheet)
        _Sweeper(sheet).polish(is_boxes=False)
        shift(sheet)
        now = [(item.pos, item.size) for item in sheet.items]
        if now == before:
            break
        before = now
    slide(sheet)
    huddle(sheet)


def _pack(sheet: Sheet) -> None:
    """Put every layer together as tightly as allowed."""
    for layer in sheet.layers:
        at = 0
        for index, apart in zip(layer, [*_apart(sheet, layer), 0], strict=False):
            sheet.items[index].pos = at
            at += apart


def _apart(sheet: Sheet, layer: Sequence[int]) -> list[int]:
    """Return the least distances of the positions of neighbours."""
    items = [sheet.items[i] for i in layer]
    return [left.size + sheet.gap(left, right) for left, right in pairwise(items)]


class _Sweeper:
    """Settles layers; sizes and ports stay as they are meanwhile."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.items = sheet.items
        self.apart = [_apart(sheet, layer) for layer in sheet.layers]
        # for every item: neighbours, what to add to their positions, weights
        self.ups: list[list[tuple[Item, int, int]]] = [[] for _ in self.items]
        self.downs: list[list[tuple[Item, int, int]]] = [[] for _ in self.items]
        for link in sheet.links:
            upper, lower = self.items[link.upper], self.items[link.lower]
            shift = _offset(upper, link.line, HI) - _offset(lower, link.line, LO)
            weight = min(_weight(upper, link.line), _weight(lower, link.line))
            self.ups[link.lower].append((upper, shift, weight))
            self.downs[link.upper].append((lower, -shift, weight))

    def sweep(self) -> None:
        """Settle down and up, each layer against the last, until nothing moves."""
        before: list[int] = []
        last = len(self.sheet.layers) - 1
        for _ in range(_SWEEPS):
            for number in range(1, last + 1):
                self._settle(number, is_up=True, is_down=False)
            for number in range(last - 1, -1, -1):
                self._settle(number, is_up=False, is_down=True)
            now = [item.pos for item in self.items]
            if now == before:
                return
            before = now

    def polish(self, *, is_boxes: bool) -> None:
        """Settle all layers against both neighbours; boxes only if so told."""
        count = len(self.sheet.layers)
        for numbers in (range(count), range(count - 1, -1, -1)):
            for number in numbers:
                self._settle(number, is_up=True, is_down=True, is_boxes=is_boxes)

    def _settle(
        self, number: int, *, is_up: bool, is_down: bool, is_boxes: bool = True
    ) -> None:
        layer = self.sheet.layers[number]
        if not layer:
            return
        wishes: list[list[Wish]] = []
        for i in layer:
            item = self.items[i]
            if item.block is not None and not is_boxes:
                wishes.append([(item.pos, FAR)])
                continue
            own = self.ups[i] if is_up else []
            if is_down:
                own = own + self.downs[i]
            found = [(other.pos + more, weight) for other, more, weight in own]
            wishes.append(found or [(item.pos, _STAY)])
        for i, pos in zip(layer, settle(wishes, self.apart[number]), strict=True):
            self.items[i].pos = pos


def _weight(item: Item, line: int) -> int:
    if item.block is None:
        return _STRAIGHT
    is_fixed = line in item.block.fixed[LO] or line in item.block.fixed[HI]
    return _FIXED if is_fixed else _FREE


def _offset(item: Item, line: int, side: int) -> int:
    if item.block is None:
        return 0
    return item.ports[side if line in item.ports[side] else 1 - side][line]


def _put_labels(sheet: Sheet, *, is_packed: bool) -> None:
    """Put the label of each long line where it costs least."""
    items = sheet.items
    rows = {
        i: (layer, number) for layer in sheet.layers for number, i in enumerate(layer)
    }
    edge = max(item.pos + item.size for item in items)
    waiting = [chain for chain in sheet.chains if chain.label]
    for chain in sorted(waiting, key=lambda chain: len(chain.items)):
        label = chain.label
        if label is None:
            continue
        wires = [i for i in chain.items if items[i].layer % 2]
        if not chain.hop.is_forward:
            wires.reverse()
        costs: list[int] = []
        for i in wires:
            layer, number = rows[i]
            if is_packed:
                cost = sum(items[k].size + 1 for k in layer)
            else:
                free = min(room(sheet, layer, number)[1] + 1, edge) - items[i].pos
                cost = max(0, label.size - free)
            depth = max(items[k].length for k in layer)
            costs.append(cost + _ROW * max(0, label.length - depth))
        chain.put_label(items, wires[costs.index(min(costs))])
