"""A drawing lit by a moment: active states, the last step, what is about to come.

Only signs and styles of cells change, so a transition costs no layout. Nothing
is told by colour alone: what is active or was just taken is drawn heavy, a
chosen name is in reverse, a count has its sign.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from smtui.view.graph.caption import caption, merged
from smtui.view.graph.drawing import Cell, Drawing
from smtui.view.graph.light import Glow, Lamp, Overlay, Patch, highlight, lamp_of
from smtui.view.graph.model import Direction, Graph
from smtui.view.graph.moment import Moment
from smtui.view.graph.width import cells, pieces
from smtui.view.times import age
from smtui.view.words import TIMES

__all__ = ["NOTHING_CHOSEN", "Chosen", "Sketch", "shine", "sketch_of"]

FRESH_S = 1.0
WARM_S = 3.0
"""A step fades in three looks: just now, a moment ago, the last one."""


class Chosen(NamedTuple):
    """What an operator has picked in a drawing: a state, or a line."""

    state: str = ""
    edges: tuple[str, ...] = ()
    """All transitions of the line, or the one whose text was picked."""


NOTHING_CHOSEN = Chosen()


class Sketch(NamedTuple):
    """A drawing with what it takes to light it, made once."""

    drawing: Drawing
    lamp: Lamp
    whole: Graph
    """The graph that the drawing shows all or a part of."""


def sketch_of(drawing: Drawing, whole: Graph | None = None) -> Sketch:
    """Return a drawing ready to be lit; large ones take their time here."""
    _ = drawing.runs, drawing.positions, drawing.edges_at(0, 0)
    return Sketch(drawing, lamp_of(drawing), whole or drawing.graph)


def shine(
    sketch: Sketch,
    moment: Moment,
    chosen: Chosen = NOTHING_CHOSEN,
    found: Collection[str] = (),
) -> Overlay:
    """Return what the drawing shows at a moment.

    `found` are states that a search has left: their names stand out.
    """
    drawing, lamp, _ = sketch
    active = _shown(sketch, moment.configuration)
    states = {state: Glow(moment.style) for state in active}
    if chosen.state and chosen.state not in states:
        states[chosen.state] = Glow("chosen-frame", is_heavy=False)
    edges = {edge: Glow("chosen-line", is_heavy=False) for edge in chosen.edges}
    edges |= {edge: Glow(_faded(moment)) for edge in moment.last}
    parts = [highlight(lamp, states, edges)]
    parts += [_countdown(drawing, e, due - moment.at) for e, due in _next(moment)]
    parts += _captions(drawing, moment, active)
    parts += [_name(drawing, state, "match") for state in found]
    parts.append(_name(drawing, chosen.state, "chosen"))
    parts += [_text(drawing, edge, "chosen") for edge in chosen.edges]
    return merged(*(part for part in parts if part))


def _shown(sketch: Sketch, configuration: tuple[str, ...]) -> tuple[str, ...]:
    """Return the active states, or the frames around those that are cut off."""
    boxes, whole = sketch.drawing.boxes, sketch.whole
    found: list[str] = []
    for state in configuration:
        around = whole.ancestors(state) if state in whole.by_id else ()
        found += [one for one in (state, *around) if one in boxes][:1]
    return tuple(dict.fromkeys(found))


def _faded(moment: Moment) -> str:
    passed = moment.at - (moment.last_at if moment.last_at is not None else moment.at)
    if passed < FRESH_S:
        return "lit"
    return "lit-warm" if passed < WARM_S else "lit-last"


def _next(moment: Moment) -> list[tuple[str, float]]:
    return sorted(moment.delays.items(), key=lambda item: -item[1])


def _countdown(drawing: Drawing, edge: str, left_s: float) -> Overlay:
    """Return the time left in the place of a delay's label: `in 12s`."""
    mark = drawing.marks.get(edge)
    if mark is None or not mark.text:
        return {}
    y = mark.text[0].y
    row = [cell for cell in mark.text if cell.y == y]
    text = f"in {age(left_s)}"
    room = len(row)
    if cells(text) > room:
        return {}
    patches = _patches(row, text.ljust(room), "countdown")
    if drawing.options.direction is Direction.LR:
        # the line goes on behind the text
        rest = {cell.x: Patch("─", "line") for cell in row[len(text) :]}
        return {y: {**patches, **rest}}
    return {y: patches}


def _captions(
    drawing: Drawing, moment: Moment, active: tuple[str, ...]
) -> list[Overlay]:
    spent = "" if moment.since is None else age(moment.at - moment.since)
    words: dict[str, list[str]] = {state: [moment.mark, spent] for state in active}
    for state, count in moment.counts.items():
        words.setdefault(state, []).insert(0, f"{TIMES}{count}")
    found: list[Overlay] = []
    for state, parts in words.items():
        style = moment.style if state in active else "count"
        box = drawing.boxes.get(state)
        if box is not None and box.is_row and moment.mark and state in active:
            found.append({box.y: {box.x: Patch(moment.mark, style)}})
        else:
            found.append(_caption(drawing, state, [p for p in parts if p], style))
    return found


def _caption(drawing: Drawing, state: str, words: list[str], style: str) -> Overlay:
    """Return as many of the words as the frame has room for, the first ones."""
    for count in range(len(words), 0, -1):
        overlay = caption(drawing, state, " ".join(words[:count]), style)
        signs = {patch.sign for row in overlay.values() for patch in row.values()}
        if "…" not in signs:
            return overlay
    return {}


def _name(drawing: Drawing, state: str, style: str) -> Overlay:
    return _restyled(drawing, drawing.names.get(state, ()), style)


def _text(drawing: Drawing, edge: str, style: str) -> Overlay:
    mark = drawing.marks.get(edge)
    return _restyled(drawing, mark.text if mark else (), style)


def _restyled(drawing: Drawing, where: tuple[Cell, ...], style: str) -> Overlay:
    rows: dict[int, dict[int, Patch]] = {}
    for x, y in where:
        rows.setdefault(y, {})[x] = Patch(drawing.cells[y][x], style)
    return rows


def _patches(row: list[Cell], text: str, style: str) -> Mapping[int, Patch]:
    signs = [s for piece in pieces(text) for s in (piece, *[""] * (cells(piece) - 1))]
    return {cell.x: Patch(sign, style) for cell, sign in zip(row, signs, strict=True)}
