"""Drawings with one sign changed: what a checker must not let through."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from smtui.view.graph import Cell, Drawing

__all__ = ["Mutant", "changed", "mutants"]

SIGNS = (
    *"│─╭╮╰╯├┤┬┴┼┆┄║═╔╗╚╝╟╢╤╧▲▶▼◀●◉◇↻·✱┃━┏┓┗┛╂┿",
    *"x0_ …",
)


class Mutant(NamedTuple):
    """A drawing with one sign changed."""

    drawing: Drawing
    at: Cell
    before: str
    after: str


def mutants(drawings: Sequence[Drawing], count: int, seed: int) -> Iterator[Mutant]:
    """Yield so many drawings, each with one sign that is no blank changed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    places = [
        [
            Cell(x, y)
            for y, row in enumerate(drawing.cells)
            for x, sign in enumerate(row)
            if sign not in {" ", ""}
        ]
        for drawing in drawings
    ]
    for _ in range(count):
        number = chance.randrange(len(drawings))
        drawing, cell = drawings[number], chance.choice(places[number])
        before = drawing.cells[cell.y][cell.x]
        after = chance.choice([sign for sign in SIGNS if sign != before])
        yield Mutant(changed(drawing, cell, after), cell, before, after)


def changed(drawing: Drawing, cell: Cell, sign: str) -> Drawing:
    """Return the drawing with another sign in one cell."""
    rows = list(drawing.cells)
    row = list(rows[cell.y])
    row[cell.x] = sign
    rows[cell.y] = tuple(row)
    return replace(drawing, cells=tuple(rows))
