"""The sizes of boxes and frames."""

from smtui.view.graph.flow import Flow
from smtui.view.graph.model import Direction
from smtui.view.graph.plan import BORDER, Plan, Run
from smtui.view.graph.sheet import (
    HI,
    LO,
    Block,
    Sheet,
    Spacing,
    is_parallel,
    spacing_of,
)
from smtui.view.graph.width import cells

__all__ = ["frame_block", "leaf_block", "least_length"]


def leaf_block(plan: Plan, node: str) -> Block:
    """Return the box of a node without children."""
    shape, spacing = plan.shapes[node], spacing_of(plan.options)
    texts = [*shape.names, *(row for label in shape.rows for row in label.rows)]
    width = max(shape.node.note_cells, *map(cells, texts)) + 4
    height = max(len(texts), len(shape.stubs)) + 2
    stub = max((cells(row) for label in shape.stubs for row in label.rows), default=0)
    low, high = (len(lines) for lines in _lines_at(plan, node))
    if is_row(plan, low + min(1, len(shape.stubs)), high):
        return _row_block(plan, node, low, high)
    limit = plan.options.stretch
    if plan.options.direction is Direction.TB:
        size = max(width, spacing.port * max(low, high) + 1)
        return Block(node, size, height, lead=stub, limit=limit)
    first = 1 + len(shape.stubs)
    size = max(height, low + first + 1, high + 2)
    return Block(node, size, width, ahead=stub, first=first, limit=limit // 4)


def is_row(plan: Plan, low: int, high: int) -> bool:
    """Return whether a node with so many lines is drawn as `( name )`.

    From left to right a single row has one cell on each side: for one line, or
    on the left for a stub.
    """
    is_tb = plan.options.direction is Direction.TB
    return plan.options.names_only and (is_tb or max(low, high) <= 1)


def _row_block(plan: Plan, node: str, low: int, high: int) -> Block:
    shape, spacing = plan.shapes[node], spacing_of(plan.options)
    width = cells(shape.names[0]) + 4
    stub = 2 if shape.stubs else 0
    tips = (min(low, 1), min(high, 1))
    if plan.options.direction is Direction.TB:
        size = max(width, spacing.port * max(low, high) - 1)
        length = 1 + sum(tips)
        return Block(node, size, length, lead=stub, first=0, corner=0, tips=tips)
    length = width + sum(tips)
    return Block(node, 1, length, ahead=stub, first=0, corner=0, tips=tips)


def least_length(plan: Plan, node: str) -> int:
    """Return the least flow cells of a frame: room for its stubs or its title."""
    shape = plan.shapes[node]
    if plan.options.direction is Direction.TB:
        return 2 + max(1, len(shape.stubs))
    return cells(shape.names[0]) + 6


def frame_block(
    plan: Plan, node: str, sheet: Sheet, flow: Flow
) -> tuple[Block, int, int]:
    """Return the frame around a laid-out container.

    Also what to add to a cross coordinate within it to count from its frame,
    and the offset of its title.
    """
    shape, spacing = plan.shapes[node], spacing_of(plan.options)
    is_tb = plan.options.direction is Direction.TB
    stub = max((cells(row) for label in shape.stubs for row in label.rows), default=0)
    low, high = flow.span
    first = 1 if is_tb else 1 + len(shape.stubs)
    pad = 0 if is_parallel(plan, node) else spacing.pad
    shift = first + pad - low
    block = Block(
        node,
        size=high + shift + pad + 2,
        length=flow.length,
        lead=stub if is_tb else 0,
        ahead=0 if is_tb else stub,
        first=first,
        limit=plan.options.stretch if is_tb else plan.options.stretch // 4,
    )
    for chain in sheet.chains:
        for end, side in ((chain.items[0], LO), (chain.items[-1], HI)):
            if (chain.hop.upper, chain.hop.lower)[side] != BORDER:
                continue
            line, at = plan.lines[chain.hop.line], sheet.items[end].pos + shift
            if node in {line.source, line.target}:
                block.taken[side].add(at)
            else:
                block.fixed[side][line.index] = at
    title = 2
    if is_tb:
        title = _title(block, cells(shape.names[0]))
    _widen(plan, block, spacing)
    return block, shift, title


def _lines_at(plan: Plan, node: str) -> tuple[set[int], set[int]]:
    """Return the lines that reach a node from outside, on LO and on HI."""
    found: tuple[set[int], set[int]] = (set(), set())
    for hop in plan.hops[plan.graph.by_id[node].parent]:
        if hop.upper == node:
            found[HI].add(hop.line)
        if hop.lower == node:
            found[HI if hop.run is Run.UNDER else LO].add(hop.line)
    return found


def _title(block: Block, width: int) -> int:
    """Find a free run for the title in the top border; return its offset."""
    used = block.taken[LO] | set(block.fixed[LO].values())
    needed = width + 4
    start = 1
    for at in [*sorted(used), block.size - 1]:
        if at - start >= needed:
            break
        start = max(start, at + 1)
    else:
        start = max(used, default=0) + 1
        block.size = max(block.size, start + needed + 1)
    block.taken[LO].update(range(start, start + needed))
    return start + 1


def _widen(plan: Plan, block: Block, spacing: Spacing) -> None:
    """Grow the frame until every line that ends at it has a cell."""
    for side, lines in enumerate(_lines_at(plan, block.node)):
        count = len(lines - block.fixed[side].keys())
        while _capacity(block, side, spacing) < count:
            block.size += 1


def _capacity(block: Block, side: int, spacing: Spacing) -> int:
    """Return how many lines can end on a side of the frame."""
    near = spacing.port
    taken = set(block.taken[side])
    for at in block.fixed[side].values():
        taken.update(range(at - near + 1, at + near))
    count, last = 0, -near
    for at in range(block.first if side == LO else 1, block.size - 1):
        if at not in taken and at - last >= near:
            count, last = count + 1, at
    return count
