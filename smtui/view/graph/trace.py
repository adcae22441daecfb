"""Reading a drawing back: where each line goes, from its signs alone.

Given the boxes of the states, every sign of their frames is looked at; each
place where a line leaves a frame is followed, arm by arm and straight on at
`┼`, to the arrowhead it ends in. Nothing the layout knows about lines is used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smtui.view.graph.drawing import Box, Cell
from smtui.view.graph.glyphs import (
    ARMS,
    CROSSING,
    HEADS,
    OPPOSITE,
    STEPS,
    E,
    N,
    S,
    W,
)

__all__ = ["Page", "Trace", "away", "borders", "follow", "starts", "towards"]

_DIRECTION = {sign: arm for arm, sign in HEADS.items()}


@dataclass(slots=True)
class Page:
    """The signs of a drawing, and what each was already explained as."""

    rows: Sequence[Sequence[str]]
    texts: dict[Cell, str] = field(default_factory=dict[Cell, str])
    """Cells that belong to a text, and to which one."""
    frames: dict[Cell, str] = field(default_factory=dict[Cell, str])
    """Cells that belong to a node's frame."""

    def sign(self, cell: Cell) -> str:
        """Return the sign in a cell; a blank outside the drawing."""
        if 0 <= cell.y < len(self.rows) and 0 <= cell.x < len(self.rows[cell.y]):
            return self.rows[cell.y][cell.x]
        return " "


@dataclass(slots=True)
class Trace:
    """A line as it was followed."""

    source: str
    path: list[Cell]
    is_inward: bool
    """Whether it leaves its source's frame towards the inside."""
    target: str = ""
    """'' when it ends nowhere."""
    fault: str = ""
    enters_outward: bool = False
    """Whether the arrowhead was reached from inside the target."""


def borders(box: Box) -> Mapping[Cell, int]:
    """Return the cells of a frame with their arms, without any line."""
    right, bottom = box.x + box.width - 1, box.y + box.height - 1
    found: dict[Cell, int] = {}
    for x in range(box.x + 1, right):
        found[Cell(x, box.y)] = found[Cell(x, bottom)] = E | W
    for y in range(box.y + 1, bottom):
        found[Cell(box.x, y)] = found[Cell(right, y)] = N | S
    found[Cell(box.x, box.y)] = E | S
    found[Cell(right, box.y)] = S | W
    found[Cell(box.x, bottom)] = N | E
    found[Cell(right, bottom)] = N | W
    return found


def outward(box: Box, cell: Cell) -> int:
    """Return the arm that leads from a frame's side to the outside, or 0."""
    right, bottom = box.x + box.width - 1, box.y + box.height - 1
    if box.x < cell.x < right:
        return N if cell.y == box.y else S if cell.y == bottom else 0
    if box.y < cell.y < bottom:
        return W if cell.x == box.x else E if cell.x == right else 0
    return 0


def starts(page: Page, boxes: Mapping[str, Box]) -> list[Trace]:
    """Return the beginnings of all lines, by the signs of the frames."""
    found: list[Trace] = []
    for node, box in boxes.items():
        if box.is_row:
            found += _row_starts(page, node, box)
            continue
        for cell, arms in borders(box).items():
            sign = page.sign(cell)
            extra = ARMS.get(sign, 0) & ~arms
            out = outward(box, cell)
            if cell in page.texts or sign == CROSSING or not extra or not out:
                continue
            found.append(Trace(node, [cell], is_inward=extra != out))
    return found


def _row_starts(page: Page, node: str, box: Box) -> list[Trace]:
    """Return the lines that begin beside a `( name )`."""
    around = [
        *((Cell(x, box.y + box.height), N) for x in range(box.x, box.x + box.width)),
        *((Cell(x, box.y - 1), S) for x in range(box.x, box.x + box.width)),
        *((Cell(box.x + box.width, y), W) for y in range(box.y, box.y + box.height)),
        *((Cell(box.x - 1, y), E) for y in range(box.y, box.y + box.height)),
    ]
    return [
        Trace(node, [cell], is_inward=False)
        for cell, towards in around
        if cell not in page.texts
        and cell not in page.frames
        and (
            ARMS.get(page.sign(cell), 0) & towards
            or page.sign(cell) == HEADS[OPPOSITE[towards]]
        )
    ]


def follow(
    page: Page, boxes: Mapping[str, Box], begin: Trace, inline: Sequence[str] = ()
) -> Trace:
    """Follow a line to its end.

    `inline` are texts that may stand on the line itself, read along it.
    """
    trace = Trace(begin.source, list(begin.path), begin.is_inward)
    cell = begin.path[0]
    arm = _first_arm(page, boxes[begin.source], cell)
    if boxes[begin.source].is_row and page.sign(cell) == HEADS.get(arm):
        return _arrive(page, boxes, trace, arm)
    seen: set[tuple[Cell, int]] = set()
    while arm in STEPS and (cell, arm) not in seen:
        seen.add((cell, arm))
        cell = _next(cell, arm)
        skipped = _skip(page, cell, arm, inline)
        if skipped:
            trace.path += skipped
            cell = skipped[-1]
            continue
        trace.path.append(cell)
        sign = "" if cell in page.texts else page.sign(cell)
        if _DIRECTION.get(sign) == arm:
            return _arrive(page, boxes, trace, arm)
        arms = ARMS.get(sign, 0)
        if not arms & OPPOSITE[arm]:
            break
        if sign != CROSSING:
            arm = arms & ~OPPOSITE[arm]
    trace.fault = f"breaks off at {cell.x},{cell.y}"
    return trace


def _first_arm(page: Page, box: Box, cell: Cell) -> int:
    """Return the direction in which a line leaves its first cell."""
    sign = page.sign(cell)
    if not box.is_row:
        return ARMS[sign] & ~borders(box)[cell]
    out = away(box, cell)
    if sign in {CROSSING, HEADS[out]}:
        return out
    return ARMS[sign] & ~OPPOSITE[out]


def _next(cell: Cell, arm: int) -> Cell:
    step = STEPS[arm]
    return Cell(cell.x + step[0], cell.y + step[1])


def towards(here: Cell, there: Cell) -> int:
    """Return the arm that leads from a cell to its neighbour."""
    if here.x == there.x:
        return S if there.y > here.y else N
    return E if there.x > here.x else W


def away(box: Box, cell: Cell) -> int:
    """Return the arm that leads from a row to a cell beside it."""
    if cell.y < box.y:
        return N
    if cell.y >= box.y + box.height:
        return S
    return W if cell.x < box.x else E


def _skip(page: Page, cell: Cell, arm: int, inline: Sequence[str]) -> list[Cell]:
    """Return the cells of a text that stands on the line here, if any."""
    if arm not in (E, W) or page.sign(cell) in ARMS or page.sign(cell) in _DIRECTION:
        return []
    step = 1 if arm == E else -1
    found: list[Cell] = []
    text = ""
    while len(found) < _LONGEST:
        sign = page.sign(cell)
        if sign in ARMS or sign in _DIRECTION:
            break
        text = text + sign if step > 0 else sign + text
        found.append(cell)
        cell = Cell(cell.x + step, cell.y)
    return found if text in inline else []


_LONGEST = 400


def _arrive(page: Page, boxes: Mapping[str, Box], trace: Trace, arm: int) -> Trace:
    """Note which node an arrowhead points at."""
    cell = trace.path[-1]
    beyond = _next(cell, arm)
    owner = page.frames.get(cell)
    if owner is not None:
        trace.target = owner
        out = outward(boxes[owner], cell)
        trace.enters_outward = out == arm
        if out not in (arm, OPPOSITE[arm]):
            trace.target, trace.fault = "", f"ends in a corner of {owner!r}"
        return trace
    for node, box in boxes.items():
        if box.is_row and box.has(beyond):
            trace.target = node
            return trace
    trace.fault = f"points at nothing at {cell.x},{cell.y}"
    return trace
