"""A drawing as SVG: the same places as in the terminal, drawn with real lines.

Everything keeps its cell, so the picture and the terminal show the same thing.
Colours follow the reader's light or dark scheme; texts stay texts.
"""

from collections.abc import Iterable, Mapping
from html import escape

from smtui.view.graph.drawing import Box, Cell, Drawing, Stroke
from smtui.view.graph.light import Glow
from smtui.view.graph.model import Kind

__all__ = ["to_svg"]

_W, _H = 9, 18
"""Pixels of a cell: what most terminal fonts have, two to one."""
_HALF_W, _HALF_H = _W / 2, _H / 2
_NOWHERE: Mapping[str, Glow] = {}

_SHAPES = """
text{font:14px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;
white-space:pre}
.frame,.line{fill:none;stroke-width:1.4}
.region,.dashed{stroke-dasharray:4 3}
.title{font-weight:600}
.active.frame,.failed.frame,.lit.line{stroke-width:3}
.active.name,.failed.name{font-weight:700}
"""
_COLOURS = (
    "text,.name,.title,.initial{{fill:{ink}}}.frame,.line{{stroke:{soft}}}"
    ".frame.final,.frame.queue{{stroke:{ink}}}.head,.stub{{fill:{soft}}}"
    ".label,.row{{fill:{label}}}.ground{{fill:{paper}}}"
    ".active.frame{{stroke:{active}}}.active.name{{fill:{active}}}"
    ".failed.frame{{stroke:{failed}}}.failed.name{{fill:{failed}}}"
    ".lit.line{{stroke:{lit}}}.lit.head,.lit.label{{fill:{lit}}}"
)
"""Each colour is written out: many readers of SVG know no CSS variables."""

_LIGHT = _COLOURS.format(
    ink="#1f2328",
    soft="#59636e",
    paper="#ffffff",
    label="#0a5a8a",
    lit="#9a5b00",
    active="#0a6b2d",
    failed="#b3261e",
)
_DARK = _COLOURS.format(
    ink="#e6edf3",
    soft="#9aa4af",
    paper="#0d1117",
    label="#79c0ff",
    lit="#f0b429",
    active="#56d364",
    failed="#ff7b72",
)
_STYLE = f"{_SHAPES}{_LIGHT}\n@media(prefers-color-scheme:dark){{{_DARK}}}\n"


def to_svg(
    drawing: Drawing,
    states: Mapping[str, Glow] = _NOWHERE,
    edges: Mapping[str, Glow] = _NOWHERE,
) -> str:
    """Return a drawing as one SVG document.

    The styles of lit states and edges become classes: `active`, `lit` and
    `failed` have colours.
    """
    width, height = drawing.width * _W, drawing.height * _H
    title = escape(drawing.graph.name or "state machine")
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{title}">'
    )
    parts = [
        opening,
        f"<title>{title}</title><style>{_STYLE}</style>",
        f'<rect class="ground" width="{width}" height="{height}"/>',
    ]
    for node, box in drawing.boxes.items():
        kind = drawing.graph.by_id[node].kind
        parts += _frame(box, kind, _class(states.get(node)))
    for stroke in drawing.strokes:
        glow = next((edges[edge] for edge in stroke.edges if edge in edges), None)
        edges_of = [drawing.graph.by_edge[edge] for edge in stroke.edges]
        dashed = " dashed" if all(edge.is_dashed for edge in edges_of) else ""
        parts += _line(drawing, stroke, dashed + _class(glow))
    parts += _texts(drawing, states, edges)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _class(glow: Glow | None) -> str:
    return "" if glow is None else " " + escape(glow.style, quote=True)


_KINDS = frozenset({Kind.FINAL, Kind.REGION, Kind.QUEUE})


def _frame(box: Box, kind: Kind, lit: str) -> list[str]:
    if box.is_row:
        return []
    extra = f" {kind.value}" if kind in _KINDS else ""
    radius = 2 if kind is Kind.FINAL else 6
    found: list[str] = []
    for inset in (0, 3) if kind is Kind.FINAL else (0,):
        x, y = box.x * _W + _HALF_W + inset, box.y * _H + _HALF_H + inset
        width = (box.width - 1) * _W - 2 * inset
        height = (box.height - 1) * _H - 2 * inset
        found.append(
            f'<rect class="frame{extra}{lit}" x="{x:g}" y="{y:g}" '
            f'width="{width:g}" height="{height:g}" rx="{radius}"/>'
        )
    return found


def _line(drawing: Drawing, stroke: Stroke, lit: str) -> list[str]:
    points = " ".join(f"{x:g},{y:g}" for x, y in map(_centre, _corners(stroke.path)))
    sign = drawing.cells[stroke.path[-1].y][stroke.path[-1].x]
    x, y = _centre(stroke.path[-1])
    triangle = {
        "▼": ((-5, -6), (5, -6), (0, 2)),
        "▲": ((-5, 6), (5, 6), (0, -2)),
        "▶": ((-6, -5), (-6, 5), (2, 0)),
        "◀": ((6, -5), (6, 5), (-2, 0)),
    }[sign]
    head = " ".join(f"{x + dx:g},{y + dy:g}" for dx, dy in triangle)
    ends = (drawing.graph.by_id[end].name for end in (stroke.source, stroke.target))
    names = escape(" → ".join(ends))
    return [
        f'<polyline class="line{lit}" points="{points}"><title>{names}</title>',
        f'</polyline><polygon class="head{lit}" points="{head}"/>',
    ]


def _centre(cell: Cell) -> tuple[float, float]:
    return cell.x * _W + _HALF_W, cell.y * _H + _HALF_H


def _corners(path: tuple[Cell, ...]) -> Iterable[Cell]:
    """Return a path without the cells between its corners."""
    for number, cell in enumerate(path):
        if number in {0, len(path) - 1}:
            yield cell
            continue
        before, after = path[number - 1], path[number + 1]
        if before.x != after.x and before.y != after.y:
            yield cell


def _texts(
    drawing: Drawing, states: Mapping[str, Glow], edges: Mapping[str, Glow]
) -> list[str]:
    lit = {cell: _class(states[n]) for n in states for cell in drawing.names.get(n, ())}
    for edge, glow in edges.items():
        mark = drawing.marks.get(edge)
        lit.update(dict.fromkeys(mark.text if mark else (), _class(glow)))
    found: list[str] = []
    for y, runs in enumerate(drawing.runs):
        x = 0
        for text, style in runs:
            width = _cells_of(drawing, x, y, len(text))
            if style in {"name", "title", "row", "label", "stub", "initial"}:
                found += _text(text, style + lit.get(Cell(x, y), ""), x, y, width)
            x += width
    return found


def _cells_of(drawing: Drawing, x: int, y: int, signs: int) -> int:
    """Return how many cells so many characters take from a cell on."""
    row, at = drawing.cells[y], x
    while signs > 0 or (at < len(row) and not row[at]):
        signs -= len(row[at])
        at += 1
    return at - x


def _text(text: str, classes: str, x: int, y: int, width: int) -> list[str]:
    left, top, length = x * _W, y * _H, width * _W
    ground = (
        f'<rect class="ground" x="{left}" y="{top}" width="{length}" height="{_H}"/>'
    )
    shown = (
        f'<text class="{classes}" x="{left}" y="{top + 13.5:g}" '
        f'textLength="{length}" lengthAdjust="spacingAndGlyphs" '
        f'xml:space="preserve">{escape(text)}</text>'
    )
    return [ground, shown] if classes.startswith(("title", "label")) else [shown]
