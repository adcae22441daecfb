"""What is lit: the same layout, other signs and styles for a few cells.

A `Lamp` knows for every state and every edge its cells and their heavy signs;
it is made once for a drawing. `highlight` then only looks up: the layout never
changes on a transition. Where a lit line crosses another or leaves a box that
is not lit, only its own arms get heavy, so it can be followed without colour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from smtui.view.graph.drawing import Cell, Drawing, Run, to_runs
from smtui.view.graph.glyphs import (
    ARMS,
    DASHED,
    HEADS,
    HEAVY,
    HEAVY_DASHED,
    ascii_of,
)
from smtui.view.graph.trace import borders, towards

__all__ = ["Glow", "Lamp", "Overlay", "Patch", "highlight", "lamp_of", "row_runs"]

_HEADS = frozenset(HEADS.values())
_ROW_MARKS = {"(": "[", ")": "]"}


class Glow(NamedTuple):
    """How something is lit."""

    style: str
    is_heavy: bool = True
    """Also drawn in heavy signs, so that it shows without colour."""


class Patch(NamedTuple):
    """What a cell shows instead."""

    sign: str
    style: str


Overlay: TypeAlias = Mapping[int, Mapping[int, Patch]]
"""Row -> column -> what is there instead."""

_Key: TypeAlias = tuple[str, str]
"""`state` or `line`, and the id of the node or of the line's first edge."""


class _Spot(NamedTuple):
    x: int
    y: int
    sign: str
    heavy: str
    """The sign when only its owner is lit."""
    is_shared: bool


@dataclass(frozen=True, slots=True)
class Lamp:
    """The cells of everything that can be lit."""

    states: Mapping[str, tuple[_Spot, ...]]
    edges: Mapping[str, tuple[_Spot, ...]]
    shared: Mapping[Cell, tuple[tuple[_Key, int], ...]]
    """Cells of two owners, and the arms of each."""
    line_of: Mapping[str, str]
    """Edge -> the first edge of its line."""


def lamp_of(drawing: Drawing) -> Lamp:
    """Return the cells of all states and edges of a drawing."""
    parts: dict[Cell, list[tuple[_Key, int]]] = {}
    own: dict[_Key, list[tuple[Cell, int]]] = {}

    def add(key: _Key, cell: Cell, arms: int) -> None:
        parts.setdefault(cell, []).append((key, arms))
        own.setdefault(key, []).append((cell, arms))

    for node, box in drawing.boxes.items():
        for cell, arms in () if box.is_row else borders(box).items():
            if drawing.styles[cell.y][cell.x] not in {"title", "stub", "initial"}:
                add(("state", node), cell, arms)
    for stroke in drawing.strokes:
        for number, cell in enumerate(stroke.path):
            near = stroke.path[max(0, number - 1) : number + 2]
            arms = 0
            for other in near:
                arms |= towards(cell, other) if other != cell else 0
            add(("line", stroke.edges[0]), cell, arms)
    shared = {cell: tuple(keys) for cell, keys in parts.items() if len(keys) > 1}
    spots = {
        key: tuple(_spot(drawing, cell, arms, cell in shared) for cell, arms in found)
        for key, found in own.items()
    }
    line_of = {edge: s.edges[0] for s in drawing.strokes for edge in s.edges}
    return Lamp(
        states={
            node: spots.get(("state", node), ()) + _texts(drawing, drawing.names[node])
            for node in drawing.boxes
        },
        edges={
            edge: spots.get(("line", line_of.get(edge, "")), ())
            + _texts(drawing, mark.text)
            for edge, mark in drawing.marks.items()
        },
        shared=shared,
        line_of=line_of,
    )


def _spot(drawing: Drawing, cell: Cell, arms: int, is_shared: bool) -> _Spot:
    sign = drawing.cells[cell.y][cell.x]
    if sign in _HEADS or sign not in ARMS:
        return _Spot(*cell, sign, sign, is_shared)
    return _Spot(*cell, sign, _heavy(sign, arms), is_shared)


def _heavy(sign: str, arms: int) -> str:
    """Return a sign with some of its arms heavy."""
    if sign in DASHED.values():
        return HEAVY_DASHED[ARMS[sign]]
    return HEAVY.get((ARMS[sign], arms & ARMS[sign]), sign)


def _texts(drawing: Drawing, cells: tuple[Cell, ...]) -> tuple[_Spot, ...]:
    found: list[_Spot] = []
    for x, y in cells:
        sign = drawing.cells[y][x]
        found.append(_Spot(x, y, sign, _ROW_MARKS.get(sign, sign), is_shared=False))
    return tuple(found)


def highlight(
    lamp: Lamp, states: Mapping[str, Glow], edges: Mapping[str, Glow]
) -> Overlay:
    """Return what is different while these states and edges are lit.

    Unknown ids are skipped. Where two overlap, edges win over states and the
    later over the earlier.
    """
    rows: dict[int, dict[int, Patch]] = {}
    heavy: set[_Key] = {("state", node) for node, glow in states.items() if glow[1]}
    heavy |= {
        ("line", lamp.line_of[edge])
        for edge, glow in edges.items()
        if glow[1] and edge in lamp.line_of
    }
    for spots, glows in ((lamp.states, states), (lamp.edges, edges)):
        for key, (style, is_heavy) in glows.items():
            for x, y, sign, own, is_shared in spots.get(key, ()):
                shown = own if is_heavy else sign
                if is_shared and heavy:
                    shown = _shared(lamp, Cell(x, y), sign, heavy)
                rows.setdefault(y, {})[x] = Patch(shown, style)
    return rows


def _shared(lamp: Lamp, cell: Cell, sign: str, heavy: set[_Key]) -> str:
    """Return the sign of a cell with several owners, some of them lit."""
    if sign not in ARMS:
        return sign
    arms = 0
    for key, own in lamp.shared[cell]:
        if key in heavy:
            arms |= own
    return _heavy(sign, arms) if arms else sign


def row_runs(
    drawing: Drawing,
    y: int,
    overlay: Overlay,
    span: tuple[int, int] | None = None,
    *,
    is_ascii: bool = False,
) -> tuple[Run, ...]:
    """Return a row as runs, with the overlay, cut to columns span[0] to span[1]-1.

    A wide sign that is cut in half is a blank. A row outside is empty.
    """
    if not 0 <= y < drawing.height:
        return ()
    patches = overlay.get(y)
    if not patches and span is None and not is_ascii:
        return drawing.runs[y]
    signs, styles = list(drawing.cells[y]), list(drawing.styles[y])
    for x, (sign, style) in (patches or {}).items():
        signs[x], styles[x] = sign, style
    if span is not None:
        first, last = max(0, span[0]), min(drawing.width, span[1])
        if first < last:
            if not signs[first]:
                signs[first] = " "
            if last < drawing.width and not signs[last]:
                signs[last - 1] = " "
        signs, styles = signs[first:last], styles[first:last]
    if is_ascii:
        signs = [ascii_of(sign) for sign in signs]
    return to_runs(signs, styles)
