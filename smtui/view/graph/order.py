"""The order of items within each layer: as few crossings as can be found.

Start from the order of declaration, sweep with barycentres and medians in
turn, swap neighbours while that helps, keep the best. Only a strict gain
changes anything, so an edit that adds no crossing leaves the order as it was.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping

from smtui.view.graph.sheet import HI, LO, Is, Sheet
from smtui.view.graph.thread import rethread

__all__ = ["order_layers"]

_SWEEPS = 14
_STARTS = 4
_SMALL = 300
"""Items up to which everything is tried."""
_PATIENCE = 4
"""Sweeps without gain after which the search ends."""


def order_layers(sheet: Sheet, like: Mapping[str, int]) -> None:
    """Put the items of every layer in a good order.

    The search begins with the order of declaration, or where `like` knows the
    nodes with the order they have there.
    """
    if len(sheet.items) < 2:  # noqa: PLR2004 - one item has one order
        return
    search = _Search(sheet, like)
    begin = [list(layer) for layer in sheet.layers]
    best, kept = search.crossings(), begin
    for turn in range(_STARTS if len(sheet.items) < _SMALL else 1):
        search.restart(begin)
        idle = 0
        for sweep in range(_SWEEPS):
            if not best or idle == _PATIENCE:
                break
            is_down = sweep % 2 == turn % 2
            search.sweep(is_down=is_down, use_median=sweep % 4 > 1, flip=turn > 1)
            search.transpose()
            count = search.crossings()
            idle += 1
            if count < best:
                best, kept, idle = count, [list(layer) for layer in sheet.layers], 0
    search.restart(kept)
    if best and len(sheet.items) < _SMALL:
        rethread(sheet, search.end_of, search.recount)


class _Search:
    """The state of the search: layers are lists of item indices."""

    def __init__(self, sheet: Sheet, like: Mapping[str, int]) -> None:
        self.sheet = sheet
        self.rank = [0.0] * len(sheet.items)
        self.pinned = {2} if sheet.is_parallel else set[int]()
        self.notes = {i for i, item in enumerate(sheet.items) if item.what is Is.NOTE}
        # where on its item each link ends, as a fraction of the item
        self.upper = [self._fraction(link.upper, HI, link.line) for link in sheet.links]
        self.lower = [self._fraction(link.lower, LO, link.line) for link in sheet.links]
        self._seed(like)

    def _fraction(self, index: int, side: int, line: int) -> float:
        item = self.sheet.items[index]
        if item.block is None:
            return 0.5
        side = side if line in item.ports[side] else 1 - side
        fixed = item.block.fixed[side].get(line)
        return 0.5 if fixed is None else (fixed + 1) / (item.block.size + 2)

    def _seed(self, like: Mapping[str, int]) -> None:
        """Order everything by declaration: wires between what they join."""
        sheet = self.sheet
        seed = [0.0] * len(sheet.items)
        last = 0.0
        for number, (node, index) in enumerate(sheet.boxes.items()):
            if like:  # an unknown node stays with the one declared before it
                last = float(like.get(node, last))
                seed[index] = last
            else:
                seed[index] = float(number)
        for chain in sheet.chains:
            ends = [
                i for i in (chain.items[0], chain.items[-1]) if sheet.items[i].block
            ]
            middle = sum(seed[i] for i in ends) / max(1, len(ends))
            for i in chain.items:
                if not sheet.items[i].block:
                    seed[i] = middle
        for i in self.notes:
            seed[i] = -1.0
        for layer in sheet.layers:
            layer.sort(key=seed.__getitem__)
            self._number(layer)

    def restart(self, layers: list[list[int]]) -> None:
        """Go back to an order."""
        self.sheet.layers[:] = [list(layer) for layer in layers]
        for layer in self.sheet.layers:
            self._number(layer)

    def end_of(self, number: int, index: int) -> float:
        """Return where a link ends at an item, on the scale of its layer."""
        is_upper = self.sheet.links[number].upper == index
        return self.rank[index] + (self.upper if is_upper else self.lower)[number]

    def recount(self) -> int:
        """Return the crossings after numbering all layers again."""
        for layer in self.sheet.layers:
            self._number(layer)
        return self.crossings()

    def _number(self, layer: list[int]) -> None:
        for number, index in enumerate(layer):
            self.rank[index] = float(number)

    # ------------------------------------------------------------ counting
    def crossings(self) -> int:
        """Return the number of crossings of the present order."""
        return sum(self._crossings_below(layer) for layer in self.sheet.layers[:-1])

    def _crossings_below(self, layer: list[int]) -> int:
        links, items, rank = self.sheet.links, self.sheet.items, self.rank
        ends: list[tuple[float, float]] = []
        for index in layer:
            for n in items[index].downs:
                link = links[n]
                ends.append(
                    (
                        rank[link.upper] + self.upper[n],
                        rank[link.lower] + self.lower[n],
                    )
                )
        ends.sort()
        count, seen, waiting = 0, list[float](), list[float]()
        last = -1.0
        for upper, lower in ends:
            if upper != last:  # links that start together do not cross
                for value in waiting:
                    insort(seen, value)
                waiting.clear()
                last = upper
            count += len(seen) - bisect_right(seen, lower)
            waiting.append(lower)
        return count

    # ------------------------------------------------------------ sweeping
    def sweep(self, *, is_down: bool, use_median: bool, flip: bool) -> None:
        """Sort every layer by where its neighbours stand.

        Equal items keep their order, or turn it around with `flip`.
        """
        layers = self.sheet.layers
        numbers = range(1, len(layers)) if is_down else range(len(layers) - 2, -1, -1)
        for number in numbers:
            if number in self.pinned:
                continue
            layer = layers[number]
            wanted = {i: self._wish(i, is_down, use_median) for i in layer}
            movable = [
                i for i in layer if wanted[i] is not None and i not in self.notes
            ]
            if flip:
                movable.reverse()
            movable.sort(key=lambda i: wanted[i] or 0.0)
            places = iter(movable)
            fixed = {i for i in layer if wanted[i] is None or i in self.notes}
            layer[:] = [i if i in fixed else next(places) for i in layer]
            self._number(layer)

    def _wish(self, index: int, is_down: bool, use_median: bool) -> float | None:
        links, item = self.sheet.links, self.sheet.items[index]
        if is_down:
            at = sorted(self.rank[links[n].upper] + self.upper[n] for n in item.ups)
        else:
            at = sorted(self.rank[links[n].lower] + self.lower[n] for n in item.downs)
        if not at:
            return None
        if use_median:
            middle = len(at) // 2
            return at[middle] if len(at) % 2 else (at[middle - 1] + at[middle]) / 2
        return sum(at) / len(at)

    def transpose(self) -> None:
        """Swap neighbours as long as each swap saves a crossing."""
        for _ in range(_SWEEPS):
            swapped = False
            for number, layer in enumerate(self.sheet.layers):
                if number not in self.pinned and len(layer) > 1:
                    swapped |= self._transpose(layer)
            if not swapped:
                return

    def _transpose(self, layer: list[int]) -> bool:
        """Swap neighbours of one layer; the layers beside it stand still."""
        ends = {index: self._ends(index) for index in layer}
        swapped = False
        for k in range(len(layer) - 1):
            a, b = layer[k], layer[k + 1]
            if a in self.notes:
                continue
            (ups, downs), (other_ups, other_downs) = ends[a], ends[b]
            if _gain(ups, other_ups) + _gain(downs, other_downs) > 0:
                layer[k], layer[k + 1] = b, a
                self.rank[a], self.rank[b] = self.rank[b], self.rank[a]
                swapped = True
        return swapped

    def _ends(self, index: int) -> tuple[list[float], list[float]]:
        """Return where the lines up and down from an item end, in order."""
        links, item, rank = self.sheet.links, self.sheet.items[index], self.rank
        return (
            sorted([rank[links[n].upper] + self.upper[n] for n in item.ups]),
            sorted([rank[links[n].lower] + self.lower[n] for n in item.downs]),
        )


def _gain(first: list[float], second: list[float]) -> int:
    """Return the crossings saved when the second of two items stands first."""
    if not first or not second:
        return 0
    if len(first) == 1 and len(second) == 1:
        return (first[0] > second[0]) - (first[0] < second[0])
    gain = 0
    for value in first:
        gain += bisect_left(second, value)
        gain -= len(second) - bisect_right(second, value)
    return gain
