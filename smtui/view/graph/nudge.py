"""Small moves once everything has a place: boxes grow, lines straighten."""

from collections.abc import Sequence

from smtui.view.graph.ports import FAR, reach, room, targets
from smtui.view.graph.settle import Span, straighten
from smtui.view.graph.sheet import HI, LO, Item, Sheet

__all__ = ["grow", "huddle", "shift"]


def grow(sheet: Sheet) -> None:
    """Let boxes grow to where that makes a line leave straight."""
    for layer in sheet.layers[2:-2:2]:
        for number, index in enumerate(layer):
            item = sheet.items[index]
            if item.block is None:
                continue
            low, high = -FAR, FAR
            if number:
                left = sheet.items[layer[number - 1]]
                low = left.pos + left.size + sheet.gap(left, item)
            if number + 1 < len(layer):
                right = sheet.items[layer[number + 1]]
                high = right.pos - sheet.gap(item, right)
            _grow(sheet, item, low + item.block.lead, high)


def _grow(sheet: Sheet, item: Item, low: int, high: int) -> None:
    """Grow within columns low to high - 1, to the farthest line in reach."""
    block = item.block
    if block is None:
        return
    spare = block.limit - item.before - item.after
    start, end = item.pos + block.lead, item.pos + item.size
    wanted = [
        target
        for side in (LO, HI)
        for line, target in targets(sheet, item, side).items()
        if line not in block.fixed[side]
    ]
    firsts = [at - block.corner for at in wanted]
    first = min(
        (at for at in firsts if max(low, start - spare) <= at < start), default=start
    )
    spare -= start - first
    ends = [at + block.corner + 1 for at in wanted]
    last = max((at for at in ends if end < at <= min(high, end + spare)), default=end)
    before, after = start - first, last - end
    item.pos -= before
    item.before += before
    item.after += after
    item.size += before + after
    for ports in item.ports:
        for line in ports:
            ports[line] += before


def shift(sheet: Sheet) -> None:
    """Move lines sideways, each to where it has the fewest bends."""
    rows = {
        i: (layer, number) for layer in sheet.layers for number, i in enumerate(layer)
    }
    for chain in sheet.chains:
        turn = chain.turn if chain.turn > 0 else len(chain.items)
        _shift(sheet, chain.items[:turn], chain.hop.line, rows)
        if chain.turn > 0:
            _shift(sheet, chain.items[: turn - 1 : -1], chain.hop.line, rows)


def _shift(
    sheet: Sheet,
    ids: Sequence[int],
    line: int,
    rows: dict[int, tuple[list[int], int]],
) -> None:
    """Move the wires of one way from top to bottom."""
    items = sheet.items
    inner = [i for i in ids if items[i].block is None]
    now = [items[i].pos for i in inner]
    ends: list[Span | None] = [None, None]
    for number, i in enumerate((ids[0], ids[-1])):
        if items[i].block is not None:
            side = HI if items[i].layer < items[inner[0]].layer else LO
            ends[number] = reach(sheet, *rows[i], side, line)
    if _is_straight(now, ends):
        return
    spans = [room(sheet, *rows[i]) for i in inner]
    for i, column in zip(inner, straighten(spans, ends, now), strict=True):
        items[i].pos = column


def _is_straight(columns: Sequence[int], ends: Sequence[Span | None]) -> bool:
    at = columns[0]
    return all(column == at for column in columns) and all(
        end is None or end[0] <= at <= end[1] for end in ends
    )


def huddle(sheet: Sheet) -> None:
    """Move boxes without lines to their left neighbours."""
    for layer in sheet.layers:
        for number, index in enumerate(layer):
            item = sheet.items[index]
            if number and not item.ups and not item.downs:
                item.pos = room(sheet, layer, number)[0]
