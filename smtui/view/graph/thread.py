"""Leading a long line anew through the layers between its ends.

Swaps of neighbours cannot take a line from one side of a box to the other when
every single swap costs a crossing. So each line is taken out and put back
where, over all layers at once, it crosses least: a shortest path through the
gaps of the layers, exact for one line among the others.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from smtui.view.graph.sheet import Chain, Sheet

__all__ = ["rethread"]


def rethread(
    sheet: Sheet,
    end_of: Callable[[int, int], float],
    crossings: Callable[[], int],
) -> int:
    """Lead every line where it crosses least; return the crossings left.

    `end_of(link, item)` is where on its layer's scale a link ends at an item;
    `crossings` renumbers the layers and counts.
    """
    best = crossings()
    for chain in sheet.chains:
        if not best:
            break
        inner = [i for i in chain.items if sheet.items[i].block is None]
        if chain.turn > 0 or len(inner) < 2:  # noqa: PLR2004 - nothing to lead
            continue
        before = {i: list(sheet.layers[sheet.items[i].layer]) for i in inner}
        _lead(sheet, chain, inner, end_of)
        count = crossings()
        if count < best:
            best = count
        else:
            for i in inner:
                sheet.layers[sheet.items[i].layer][:] = before[i]
            crossings()
    return best


def _lead(
    sheet: Sheet,
    chain: Chain,
    inner: Sequence[int],
    end_of: Callable[[int, int], float],
) -> None:
    """Put the wires of a chain into the gaps of their layers."""
    line = chain.hop.line

    def table(
        lower: int, above: Sequence[float], below: Sequence[float]
    ) -> list[list[int]]:
        ends = _others(sheet, lower, line, end_of)
        return [[_crossed(ends, a, b) for a in above] for b in below]

    places = [_gaps(sheet, i) for i in inner]
    costs = [0] * len(places[0])
    first, last = chain.items[0], chain.items[-1]
    if sheet.items[first].block is not None:
        at = end_of(sheet.link_between(first, inner[0], line), first)
        costs = [row[0] for row in table(inner[0], [at], places[0])]
    origins: list[list[int]] = []
    for lower, (above, below) in zip(inner[1:], pairwise(places), strict=True):
        rows = table(lower, above, below)
        sums = [[costs[a] + row[a] for a in range(len(above))] for row in rows]
        costs = [min(row) for row in sums]
        origins.append([row.index(cost) for row, cost in zip(sums, costs, strict=True)])
    if sheet.items[last].block is not None:
        at = end_of(sheet.link_between(inner[-1], last, line), last)
        row = table(last, places[-1], [at])[0]
        costs = [cost + more for cost, more in zip(costs, row, strict=True)]
    gap = min(range(len(costs)), key=costs.__getitem__)
    gaps = [gap]
    for origin in reversed(origins):
        gap = origin[gap]
        gaps.append(gap)
    for i, gap in zip(inner, reversed(gaps), strict=True):
        layer = sheet.layers[sheet.items[i].layer]
        layer.remove(i)
        layer.insert(gap, i)


def _gaps(sheet: Sheet, index: int) -> list[float]:
    """Return the gaps of a layer without one of its items, on its scale."""
    layer = sheet.layers[sheet.items[index].layer]
    at = layer.index(index)
    return [float(gap if gap <= at else gap + 1) for gap in range(len(layer))]


def _others(
    sheet: Sheet, lower: int, line: int, end_of: Callable[[int, int], float]
) -> list[tuple[float, float]]:
    """Return the ends of all other lines between a layer and the one above."""
    layer = sheet.layers[sheet.items[lower].layer]
    return [
        (end_of(n, sheet.links[n].upper), end_of(n, sheet.links[n].lower))
        for i in layer
        for n in sheet.items[i].ups
        if sheet.links[n].line != line
    ]


def _crossed(ends: Sequence[tuple[float, float]], above: float, below: float) -> int:
    """Return how many lines one from above to below would cross."""
    return sum(
        (upper < above and lower > below) or (upper > above and lower < below)
        for upper, lower in ends
    )
