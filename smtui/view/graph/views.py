"""Which picture of a graph a pane shows: by its size, or as an operator wants.

From far to near: the names only, the whole drawing, the states within three,
two, one hop of the active one, and at last no drawing at all but the card. A
drawing that is not made yet is asked for and not waited for, so choosing one
costs nothing.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from smtui.view.graph.draw import overflow
from smtui.view.graph.model import Direction, Graph
from smtui.view.graph.options import Options
from smtui.view.graph.shine import Sketch

__all__ = [
    "BY_SIZE",
    "NOW",
    "VAST_STATES",
    "Draw",
    "Pane",
    "Picture",
    "View",
    "Wanted",
    "closer",
    "keeps_centre",
    "next_view",
    "pick",
]


class View(StrEnum):
    """How a graph is shown."""

    WHOLE = "whole"
    NAMES = "names"
    NEAR = "near"
    NOW = "now"


class Wanted(NamedTuple):
    """What an operator has chosen; without a view the size decides."""

    view: View | None = None
    hops: int = 1

    @property
    def words(self) -> str:
        """Return what a title says of it."""
        if self.view is None:
            return "by size"
        return _words(self.view, self.hops)


class Picture(NamedTuple):
    """What a pane shows."""

    view: View
    hops: int = 0
    sketch: Sketch | None = None
    """None for the card."""

    @property
    def words(self) -> str:
        """Return what a title says of it."""
        return _words(self.view, self.hops)


class Pane(NamedTuple):
    """The room for a drawing, in cells."""

    width: int
    height: int


BY_SIZE = Wanted()
NOW = Picture(View.NOW)

Draw: TypeAlias = Callable[[str, int, Options], Sketch | None]
"""Gives the drawing of what lies so many hops around a state, 0 for everything;
None if it is not there yet, and sees to it that it will be."""

LEAST = Pane(40, 10)
"""In less room only a drawing that fits says more than the card."""

MOST_STATES = 25
"""A larger chart is a map, not something to read in a pane."""

VAST_STATES = 100
"""One layout of that many takes seconds: no second one is made to compare."""

MOST_PANES = 3.0
"""A drawing that takes more panes than that is scrolled more than read."""

MOST_HOPS = 3

PLAIN = Options()
NAMES = Options(names_only=True)
NARROW = Options(name_cells=18, name_lines=3, label_cells=16, label_lines=3, stretch=12)
"""Breaks names and labels: for panes in which the usual drawing is too wide."""


def pick(
    graph: Graph, centre: str | None, pane: Pane, wanted: Wanted, draw: Draw
) -> Picture | None:
    """Return the picture for a pane; None while a drawing for it is being made.

    `centre` is the state around which a neighbourhood is shown.
    """
    around = centre or graph.initial or next((n.id for n in graph.nodes), "")
    is_vast = len(graph.nodes) >= VAST_STATES
    match wanted.view:
        case View.NOW:
            return NOW
        case View.WHOLE:
            whole = draw("", 0, PLAIN) if is_vast else _best(draw, pane)
            return _picture(View.WHOLE, 0, whole)
        case View.NAMES:
            names = draw("", 0, NAMES) if is_vast else _best(draw, pane, options=NAMES)
            return _picture(View.NAMES, 0, names)
        case View.NEAR:
            near = _best(draw, pane, around, wanted.hops)
            return _picture(View.NEAR, wanted.hops, near)
        case None:
            return _by_size(graph, around, pane, draw)


def _by_size(graph: Graph, around: str, pane: Pane, draw: Draw) -> Picture | None:
    """Return the first that fits of the whole and its parts, else the card."""
    is_small = pane.width < LEAST.width or pane.height < LEAST.height
    is_map = len(graph.nodes) > MOST_STATES
    for hops in () if is_small and is_map else (0, 2, 1):
        if (is_map and hops == 0) or (is_small and hops > 0):
            continue
        sketch = _best(draw, pane, around, hops)
        if sketch is None:
            return None
        is_read = hops != 2 and not is_small and _panes(sketch, pane) <= MOST_PANES  # noqa: PLR2004 - it has to fit, for there is 1
        if _over(sketch, pane) == 0 or is_read:
            return Picture(View.NEAR if hops else View.WHOLE, hops, sketch)
    return NOW


def _best(
    draw: Draw, pane: Pane, around: str = "", hops: int = 0, options: Options = PLAIN
) -> Sketch | None:
    """Return the drawing that fits best, None unless all it is chosen from are there.

    One that is too wide is tried once more with its names and labels broken.
    """
    across = replace(options, direction=Direction.LR)
    found = [draw(around, hops, options), draw(around, hops, across)]
    there = [sketch for sketch in found if sketch is not None]
    if len(there) < len(found):
        return None
    best = min(there, key=lambda sketch: _rank(sketch, pane))
    if best.drawing.width <= pane.width or options.names_only:
        return best
    narrow = draw(around, hops, NARROW)
    return None if narrow is None else min(best, narrow, key=lambda s: _rank(s, pane))


def _rank(sketch: Sketch, pane: Pane) -> tuple[int, int]:
    drawing = sketch.drawing
    return _over(sketch, pane), drawing.width * drawing.height


def _over(sketch: Sketch, pane: Pane) -> int:
    return overflow(sketch.drawing, pane.width, pane.height)


def _panes(sketch: Sketch, pane: Pane) -> float:
    drawing = sketch.drawing
    wide = max(1.0, drawing.width / max(1, pane.width))
    return wide * max(1.0, drawing.height / max(1, pane.height))


def _picture(view: View, hops: int, sketch: Sketch | None) -> Picture | None:
    return None if sketch is None else Picture(view, hops, sketch)


def next_view(wanted: Wanted) -> Wanted:
    """Return what comes after it: each view once, then by size again."""
    order: list[View | None] = [None, *View]
    view = order[(order.index(wanted.view) + 1) % len(order)]
    return Wanted(view, wanted.hops)


def closer(shown: Picture, steps: int) -> Wanted:
    """Return the view that is so many steps nearer than the one shown."""
    scale = [
        Wanted(View.NAMES),
        Wanted(View.WHOLE),
        *(Wanted(View.NEAR, hops) for hops in range(MOST_HOPS, 0, -1)),
        Wanted(View.NOW),
    ]
    at = next(
        number
        for number, one in enumerate(scale)
        if one.view is shown.view
        and (shown.view is not View.NEAR or one.hops == shown.hops)
    )
    return scale[min(max(0, at + steps), len(scale) - 1)]


def keeps_centre(picture: Picture | None, active: Collection[str]) -> bool:
    """Say whether a neighbourhood still shows all ways from the active states.

    So it is drawn anew only when the machine walks out of it, not at each step.
    """
    if picture is None or picture.sketch is None or picture.view is not View.NEAR:
        return False
    by_id = picture.sketch.drawing.graph.by_id
    return bool(active) and all(
        state in by_id and not by_id[state].badge for state in active
    )


def _words(view: View, hops: int) -> str:
    if view is not View.NEAR:
        return view.value
    return f"{view.value} {hops} hop" + ("s" if hops > 1 else "")
