"""Where lines end on the sides of boxes.

A side offers the cells between its corners, less those where a title stands or
another line passes; the ends of lines keep the order of the lines and a least
distance. Lines that pass a frame to what is inside have their cell already.
"""

from collections.abc import Sequence

from smtui.view.graph.settle import Span, choose
from smtui.view.graph.sheet import HI, LO, Item, Sheet

__all__ = ["FAR", "reach", "room", "slide", "spread", "targets"]

FAR = 1 << 20
"""Farther than any drawing is wide."""


def spread(sheet: Sheet) -> None:
    """Put the ends of lines evenly on the sides of their boxes."""
    for item in sheet.items:
        for side in (LO, HI) if item.block else ():
            lines, free = _free(sheet, item, side), slots(sheet, item, side)
            count = 2 * len(lines)
            wishes = [free[(2 * n + 1) * len(free) // count] for n in range(len(lines))]
            _assign(sheet, item, side, lines, wishes)


def slide(sheet: Sheet) -> None:
    """Move the ends of lines towards the lines."""
    for item in sheet.items:
        for side in (LO, HI) if item.block else ():
            lines, at = _free(sheet, item, side), targets(sheet, item, side)
            _assign(sheet, item, side, lines, [at[line] - item.pos for line in lines])


def _assign(
    sheet: Sheet, item: Item, side: int, lines: Sequence[int], wishes: Sequence[int]
) -> None:
    chosen = choose(wishes, slots(sheet, item, side), sheet.spacing.port)
    item.ports[side].update(zip(lines, chosen, strict=True))


def _free(sheet: Sheet, item: Item, side: int) -> list[int]:
    """Return the lines whose ends may move, in the order of the lines."""
    if not item.ports[side] or item.block is None:
        return []
    at, fixed = targets(sheet, item, side), item.block.fixed[side]
    lines = [line for line in item.ports[side] if line not in fixed]
    return sorted(lines, key=lambda line: (at[line], line))


def targets(sheet: Sheet, item: Item, side: int) -> dict[int, int]:
    """Return the column of the neighbour each line on a side leads to."""
    links, items = sheet.links, sheet.items
    if side == LO:
        return {links[n].line: items[links[n].upper].pos for n in item.ups}
    return {links[n].line: items[links[n].lower].pos for n in item.downs}


def slots(sheet: Sheet, item: Item, side: int) -> list[int]:
    """Return the offsets at which lines may end on a side of a box."""
    block = item.block
    if block is None:
        return [0]
    first = block.lead + (block.first if side == LO else block.corner)
    end = item.size - block.corner
    if not block.fixed[side] and not block.taken[side]:
        return list(range(first, end))
    shift, near = block.lead + item.before, sheet.spacing.port
    taken = {shift + at for at in block.taken[side]}
    for at in block.fixed[side].values():
        taken.update(range(shift + at - near + 1, shift + at + near))
    return [at for at in range(first, end) if at not in taken]


def room(sheet: Sheet, layer: Sequence[int], number: int) -> Span:
    """Return between which positions an item can move in its layer."""
    item = sheet.items[layer[number]]
    low, high = -FAR, FAR
    if number:
        left = sheet.items[layer[number - 1]]
        low = left.pos + left.size + sheet.gap(left, item)
    if number + 1 < len(layer):
        right = sheet.items[layer[number + 1]]
        high = right.pos - sheet.gap(item, right) - item.size
    return low, high


def reach(
    sheet: Sheet, layer: Sequence[int], number: int, side: int, line: int
) -> Span:
    """Return the columns at which a line can end on a box, the others unmoved.

    Growing counts, as far as the box may.
    """
    item = sheet.items[layer[number]]
    block, at = item.block, item.ports[side][line]
    if block is None or line in block.fixed[side]:
        return item.pos + at, item.pos + at
    near, spare = sheet.spacing.port, block.limit - item.before - item.after
    low, high = room(sheet, layer, number)
    free = slots(sheet, item, side)
    others = [other for key, other in item.ports[side].items() if key != line]
    before = [other for other in others if other < at]
    after = [other for other in others if other > at]
    if before:
        first = item.pos + max(before) + near
    else:
        first = item.pos + free[0] - max(0, min(spare, item.pos - low))
    if after:
        last = item.pos + min(after) - near
    else:
        last = item.pos + free[-1] + max(0, min(spare, high - item.pos))
    return first, last
