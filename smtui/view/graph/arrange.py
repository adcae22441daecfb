"""One container, arranged: the best of a few ways to place its items.

The order of the layers is searched once. Then the same order is placed as it is
and mirrored (labels stand right of their lines, so a drawing and its mirror
image differ in width), with labels where there is room and where their layer
is emptiest. The smallest area wins. When the order of an earlier drawing is
given, the arrangement that keeps most of it wins instead.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from smtui.view.graph.flow import Flow, flow_of
from smtui.view.graph.order import order_layers
from smtui.view.graph.place import place_items
from smtui.view.graph.plan import Plan
from smtui.view.graph.sheet import Block, Is, Sheet, build_sheet

__all__ = ["arrange"]

_MANY = 150
"""Items from which on only one way is tried: it would take too long."""


def arrange(
    plan: Plan,
    container: str | None,
    blocks: dict[str, Block],
    least: int,
    like: Mapping[str, int],
) -> tuple[Sheet, Flow]:
    """Return a container's items in their places, and its extent.

    `least` is its least extent along the flow; `like` are cross positions of
    nodes in an earlier drawing.
    """
    sheet = build_sheet(plan, container, blocks)
    order_layers(sheet, like)
    layers = [list(layer) for layer in sheet.layers]
    has_choice = any(chain.label for chain in sheet.chains)
    best = _try(sheet, layers, least, like, is_packed=False)
    if len(sheet.items) > _MANY:
        return best.sheet, best.flow
    if not sheet.is_parallel and any(len(layer) > 1 for layer in layers):
        sheet = build_sheet(plan, container, blocks)
        mirrored = [_mirrored(sheet, layer) for layer in layers]
        other = _try(sheet, mirrored, least, like, is_packed=False)
        if other.cost < best.cost:
            best, layers = other, mirrored
    if has_choice:
        sheet = build_sheet(plan, container, blocks)
        other = _try(sheet, layers, least, like, is_packed=True)
        best = min(best, other, key=lambda one: one.cost)
    return best.sheet, best.flow


class _Try(NamedTuple):
    """One way to place a container, and what it costs."""

    sheet: Sheet
    flow: Flow
    cost: tuple[int, int]


def _try(
    sheet: Sheet,
    layers: Sequence[Sequence[int]],
    least: int,
    like: Mapping[str, int],
    *,
    is_packed: bool,
) -> _Try:
    sheet.layers[:] = [list(layer) for layer in layers]
    place_items(sheet, is_packed=is_packed)
    flow = flow_of(sheet, least)
    low, high = flow.span
    area = (high - low + 3) * (flow.length + 1)
    return _Try(sheet, flow, (_turned(sheet, like), area))


def _mirrored(sheet: Sheet, layer: Sequence[int]) -> list[int]:
    """Return a layer the other way round; the rows of a frame stay first."""
    turned = list(reversed(layer))
    return sorted(turned, key=lambda i: sheet.items[i].what is not Is.NOTE)


def _turned(sheet: Sheet, like: Mapping[str, int]) -> int:
    """Return how many neighbours changed sides since an earlier drawing."""
    names = {index: node for node, index in sheet.boxes.items() if node in like}
    count = 0
    for layer in sheet.layers:
        at = [like[names[index]] for index in layer if index in names]
        count += sum(a > b for n, a in enumerate(at) for b in at[n + 1 :])
    return count
