"""Short texts on the frames of states: counts, time in state, countdowns.

They are overlays: they take the place of plain cells of a border, so they come
and go without a new layout.
"""

from smtui.view.graph.drawing import Cell, Drawing
from smtui.view.graph.light import Overlay, Patch
from smtui.view.graph.width import cells, clean, pieces, shorten

__all__ = ["caption", "merged", "noted"]

_PLAIN = frozenset("─═┄")
_LEAST = 3
"""Plain cells needed: one for a sign, one on each side."""


def caption(drawing: Drawing, node: str, text: str, style: str) -> Overlay:
    """Return a text on the border of a state, or nothing where there is no room.

    It goes to the right end of the longest plain run, below rather than above,
    and is shortened to fit.
    """
    box = drawing.boxes.get(node)
    if box is None or box.is_row:
        return {}
    runs = [
        run for y in (box.y + box.height - 1, box.y) for run in _runs(drawing, node, y)
    ]
    longest = max(runs, key=len)
    if len(longest) < _LEAST:
        return {}
    shown = shorten(clean(text), len(longest) - 2)
    at = longest[-1].x - cells(shown)
    row: dict[int, Patch] = {}
    for piece in pieces(shown):
        for number in range(cells(piece)):
            row[at] = Patch("" if number else piece, style)
            at += 1
    return {longest[0].y: row}


def noted(drawing: Drawing, node: str, text: str, style: str) -> Overlay:
    """Return a text in the cells kept for a node's note, shortened to fit."""
    kept = drawing.notes.get(node, ())
    if not kept:
        return {}
    shown = shorten(clean(text), len(kept))
    row: dict[int, Patch] = {}
    signs = [
        sign for piece in pieces(shown) for sign in (piece, *[""] * (cells(piece) - 1))
    ]
    for number, cell in enumerate(kept):
        row[cell.x] = (
            Patch(signs[number], style) if number < len(signs) else Patch(" ", "")
        )
    return {kept[0].y: row}


def _runs(drawing: Drawing, node: str, y: int) -> list[list[Cell]]:
    """Return the runs of plain cells in a horizontal side of a frame."""
    box = drawing.boxes[node]
    found: list[list[Cell]] = [[]]
    for x in range(box.x + 1, box.x + box.width - 1):
        is_plain = drawing.cells[y][x] in _PLAIN and drawing.styles[y][x] == "frame"
        if is_plain:
            found[-1].append(Cell(x, y))
        elif found[-1]:
            found.append([])
    return found


def merged(*overlays: Overlay) -> Overlay:
    """Return all overlays as one; later ones win."""
    rows: dict[int, dict[int, Patch]] = {}
    for overlay in overlays:
        for y, row in overlay.items():
            rows.setdefault(y, {}).update(row)
    return rows
