"""Where everything stands across the flow.

Sweeps settle each layer exactly against its neighbours, first from one side
only so that whole chains can move, then from both. Then the ends of lines
slide along the sides of their boxes, boxes grow where that lets a line leave
straight, and lines move into line with their ends.
"""

from collections.abc import Sequence
from itertools import pairwise

from smtui.view.graph.settle import Span, Wish, choose, settle, straighten
from smtui.view.graph.sheet import HI, LO, Item, Sheet

__all__ = ["place_items"]

_SWEEPS = 8
_ROUNDS = 4
_STRAIGHT, _FIXED, _FREE, _STAY = 16, 8, 4, 1
"""Weights of wishes: line to line, to a fixed port, to a free one, to stay."""
_ANCHOR = 1 << 20
_ROW = 8
"""A layer that grows by one cell for a label costs as much as so many cells."""


def place_items(sheet: Sheet) -> None:
    """Give every item its cross position and every line its ports."""
    placer = _Placer(sheet)
    placer.pack()
    placer.spread()
    for sweep in range(_SWEEPS):
        placer.sweep(is_down=sweep % 2 == 0)
    if any(chain.label for chain in sheet.chains):
        placer.labels()
        for sweep in range(_SWEEPS):
            placer.sweep(is_down=sweep % 2 == 0)
    for _ in range(2):
        placer.polish(is_boxes=True)
    for _ in range(_ROUNDS):
        placer.slide()
        placer.grow()
        placer.slide()
        placer.polish(is_boxes=False)
        placer.shift()
    placer.slide()
    placer.huddle()


class _Placer:
    """The layout problem while its positions are found."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.items = sheet.items
        self.boxes = [item for item in sheet.items if item.block is not None]

    # ------------------------------------------------------------ positions
    def pack(self) -> None:
        """Put every layer together as tightly as allowed."""
        for layer in self.sheet.layers:
            at = 0
            for index, apart in zip(layer, [*self._apart(layer), 0], strict=False):
                self.items[index].pos = at
                at += apart

    def _apart(self, layer: Sequence[int]) -> list[int]:
        items = [self.items[i] for i in layer]
        return [
            left.size + self.sheet.gap(left, right) for left, right in pairwise(items)
        ]

    def sweep(self, *, is_down: bool) -> None:
        """Settle layer after layer against the one settled before."""
        layers = self.sheet.layers
        for layer in layers[1:] if is_down else layers[-2::-1]:
            self._settle(layer, [self._wishes(i, is_down, not is_down) for i in layer])

    def polish(self, *, is_boxes: bool) -> None:
        """Settle all layers against both neighbours; boxes only if so told."""
        for layers in (self.sheet.layers, reversed(self.sheet.layers)):
            for layer in layers:
                wishes: list[list[Wish]] = []
                for i in layer:
                    item = self.items[i]
                    if item.block is not None and not is_boxes:
                        wishes.append([(item.pos, _ANCHOR)])
                    else:
                        wishes.append(self._wishes(i, is_up=True, is_down=True))
                self._settle(layer, wishes)

    def _settle(self, layer: Sequence[int], wishes: Sequence[Sequence[Wish]]) -> None:
        if not layer:
            return
        for i, pos in zip(layer, settle(wishes, self._apart(layer)), strict=True):
            self.items[i].pos = pos

    def _wishes(self, index: int, is_up: bool, is_down: bool) -> list[Wish]:
        """Return where the neighbours above or below want this item."""
        item, links = self.items[index], self.sheet.links
        ups = item.ups if is_up else ()
        downs = item.downs if is_down else ()
        found = [
            *(self._wish(item, links[n].upper, links[n].line) for n in ups),
            *(self._wish(item, links[n].lower, links[n].line) for n in downs),
        ]
        return found or [(item.pos, _STAY)]

    def _wish(self, item: Item, other: int, line: int) -> Wish:
        neighbour = self.items[other]
        column = neighbour.pos + self._offset(neighbour, line)
        weight = _STRAIGHT
        for end in (item, neighbour):
            if end.block is not None:
                is_fixed = any(line in fixed for fixed in end.block.fixed)
                weight = min(weight, _FIXED if is_fixed else _FREE)
        return column - self._offset(item, line), weight

    def _offset(self, item: Item, line: int) -> int:
        if item.block is None:
            return 0
        return item.ports[LO if line in item.ports[LO] else HI][line]

    def huddle(self) -> None:
        """Move boxes without lines to their left neighbours."""
        for layer in self.sheet.layers:
            for number, index in enumerate(layer):
                item = self.items[index]
                if number and not item.ups and not item.downs:
                    item.pos = self._room(layer, number)[0]

    # ------------------------------------------------------------ ports
    def spread(self) -> None:
        """Put the ends of lines evenly on the sides of their boxes."""
        for item in self.boxes:
            for side in (LO, HI):
                lines = self._free(item, side)
                slots = self._slots(item, side)
                count = 2 * len(lines)
                wishes = [
                    slots[(2 * n + 1) * len(slots) // count] for n in range(len(lines))
                ]
                self._assign(item, side, lines, wishes, slots)

    def slide(self) -> None:
        """Move the ends of lines towards the lines."""
        for item in self.boxes:
            for side in (LO, HI):
                lines = self._free(item, side)
                targets = self._targets(item, side)
                wishes = [targets[line] - item.pos for line in lines]
                self._assign(item, side, lines, wishes, self._slots(item, side))

    def _assign(
        self,
        item: Item,
        side: int,
        lines: Sequence[int],
        wishes: Sequence[int],
        slots: Sequence[int],
    ) -> None:
        chosen = choose(wishes, slots, self.sheet.spacing.port)
        item.ports[side].update(zip(lines, chosen, strict=True))

    def _free(self, item: Item, side: int) -> list[int]:
        """Return the lines whose ends may move, in the order of the lines."""
        fixed = item.block.fixed[side] if item.block else {}
        targets = self._targets(item, side)
        lines = [line for line in item.ports[side] if line not in fixed]
        return sorted(lines, key=lambda line: (targets[line], line))

    def _targets(self, item: Item, side: int) -> dict[int, int]:
        """Return the column of the neighbour each line leads to."""
        links = self.sheet.links
        if side == LO:
            return {links[n].line: self.items[links[n].upper].pos for n in item.ups}
        return {links[n].line: self.items[links[n].lower].pos for n in item.downs}

    def _slots(self, item: Item, side: int) -> list[int]:
        """Return the offsets at which lines may end on a side of a box."""
        block = item.block
        if block is None:
            return [0]
        end = item.size - block.corner
        first = block.lead + (block.first if side == LO else block.corner)
        shift = block.lead + item.before
        near = self.sheet.spacing.port
        passing = [shift + at for at in block.fixed[side].values()]
        taken = {shift + at for at in block.taken[side]}
        taken.update(c for at in passing for c in range(at - near + 1, at + near))
        return [at for at in range(first, end) if at not in taken]

    # ------------------------------------------------------------ labels
    def labels(self) -> None:
        """Put the label of each long line where there is most room for it."""
        depths = [
            max((self.items[i].length for i in layer), default=0)
            for layer in self.sheet.layers
        ]
        rows = {
            i: (layer, number)
            for layer in self.sheet.layers
            for number, i in enumerate(layer)
        }
        edge = max(item.pos + item.size for item in self.items)
        waiting = [chain for chain in self.sheet.chains if chain.label]
        for chain in sorted(waiting, key=lambda chain: len(chain.items)):
            label = chain.label
            if label is None:
                continue
            wires = [i for i in chain.items if self.items[i].layer % 2]
            if not chain.hop.is_forward:
                wires.reverse()
            costs: list[int] = []
            for i in wires:
                _, high = self._room(*rows[i])
                room = min(high + 1, edge) - self.items[i].pos
                depth = depths[self.items[i].layer]
                costs.append(
                    max(0, label.size - room) + _ROW * max(0, label.length - depth)
                )
            chosen = wires[costs.index(min(costs))]
            depths[self.items[chosen].layer] = max(
                depths[self.items[chosen].layer], label.length
            )
            chain.put_label(self.items, chosen)

    # ------------------------------------------------------------ growing
    def grow(self) -> None:
        """Let boxes grow to where that makes a line leave straight."""
        for layer in self.sheet.layers[2:-2:2]:
            for number, index in enumerate(layer):
                item = self.items[index]
                if item.block is None:
                    continue
                low, high = -_ANCHOR, _ANCHOR
                if number:
                    left = self.items[layer[number - 1]]
                    low = left.pos + left.size + self.sheet.gap(left, item)
                if number + 1 < len(layer):
                    right = self.items[layer[number + 1]]
                    high = right.pos - self.sheet.gap(item, right)
                self._grow(item, low + item.block.lead, high)

    def _grow(self, item: Item, low: int, high: int) -> None:
        """Grow within columns low to high - 1, to the farthest line in reach."""
        block = item.block
        if block is None:
            return
        room = block.limit - item.before - item.after
        start, end = item.pos + block.lead, item.pos + item.size
        targets = [
            target
            for side in (LO, HI)
            for line, target in self._targets(item, side).items()
            if line not in block.fixed[side]
        ]
        corner = block.corner
        lefts = [
            c - corner for c in targets if max(low, start - room) <= c - corner < start
        ]
        before = start - min(lefts, default=start)
        room -= before
        rights = [
            c + corner + 1
            for c in targets
            if end < c + corner + 1 <= min(high, end + room)
        ]
        after = max(rights, default=end) - end
        item.pos -= before
        item.before += before
        item.after += after
        item.size += before + after
        for side in (LO, HI):
            for line in item.ports[side]:
                item.ports[side][line] += before

    # ------------------------------------------------------------ chains
    def shift(self) -> None:
        """Move lines sideways, each to where it has the fewest bends."""
        rows = {
            i: (layer, number)
            for layer in self.sheet.layers
            for number, i in enumerate(layer)
        }
        for chain in self.sheet.chains:
            turn = chain.turn if chain.turn > 0 else len(chain.items)
            self._shift(chain.items[:turn], chain.hop.line, rows)
            if chain.turn > 0:
                self._shift(chain.items[: turn - 1 : -1], chain.hop.line, rows)

    def _shift(
        self, ids: Sequence[int], line: int, rows: dict[int, tuple[list[int], int]]
    ) -> None:
        """Move the wires of one way from top to bottom."""
        inner = [i for i in ids if self.items[i].block is None]
        spans = [self._room(*rows[i]) for i in inner]
        ends: list[Span | None] = [None, None]
        for number, i in enumerate((ids[0], ids[-1])):
            if self.items[i].block is not None:
                side = HI if self.items[i].layer < self.items[inner[0]].layer else LO
                ends[number] = self._reach(i, side, line, *rows[i])
        now = [self.items[i].pos for i in inner]
        for i, column in zip(inner, straighten(spans, ends, now), strict=True):
            self.items[i].pos = column

    def _room(self, layer: Sequence[int], number: int) -> Span:
        """Return between which positions an item can move in its layer."""
        item = self.items[layer[number]]
        low, high = -_ANCHOR, _ANCHOR
        if number:
            left = self.items[layer[number - 1]]
            low = left.pos + left.size + self.sheet.gap(left, item)
        if number + 1 < len(layer):
            right = self.items[layer[number + 1]]
            high = right.pos - self.sheet.gap(item, right) - item.size
        return low, high

    def _reach(
        self, index: int, side: int, line: int, layer: Sequence[int], number: int
    ) -> Span:
        """Return the columns at which a line can end on a box, others unmoved."""
        item = self.items[index]
        block = item.block
        at = item.ports[side][line]
        if block is None or line in block.fixed[side]:
            return item.pos + at, item.pos + at
        near, room = self.sheet.spacing.port, block.limit - item.before - item.after
        low, high = self._room(layer, number)
        slots = self._slots(item, side)
        others = [p for other, p in item.ports[side].items() if other != line]
        before = [p for p in others if p < at]
        after = [p for p in others if p > at]
        first, last = item.pos + slots[0], item.pos + slots[-1]
        if before:
            first = item.pos + max(before) + near
        elif side == HI or self.sheet.spacing.port > 1:
            first -= max(0, min(room, item.pos - low))
        if after:
            last = item.pos + min(after) - near
        else:
            last += max(0, min(room, high - item.pos))
        return first, last
