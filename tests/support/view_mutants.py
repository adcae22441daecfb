"""Drawings with one sign changed: what a checker must not let through."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from smtui.view.graph import Cell, Direction, Drawing, Options, check, draw
from tests.support.view_graphs import REFERENCE, random_graph

__all__ = ["Mutant", "changed", "missed", "mutants", "mutated_drawings"]

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


def mutated_drawings(randoms: int = 20) -> list[Drawing]:
    """Return all small reference charts and some random ones, in both directions."""
    chance = random.Random(11)  # noqa: S311 - no secret
    graphs = [graph for graph in REFERENCE.values() if len(graph.nodes) < _SMALL]
    graphs += [random_graph(chance, 12) for _ in range(randoms)]
    return [
        draw(graph, Options(direction=way, names_only=names_only))
        for graph in graphs
        for way in Direction
        for names_only in (False, True)
    ]


_SMALL = 30
"""States; a larger drawing takes long to check thousands of times."""


def missed(
    drawings: Sequence[Drawing], count: int, seed: int
) -> list[tuple[str, str, int, int]]:
    """Return the mutants the checker lets through: sign, other sign, x, y."""
    return [
        (mutant.before, mutant.after, *mutant.at)
        for mutant in mutants(drawings, count, seed)
        if not check(mutant.drawing)
    ]


def changed(drawing: Drawing, cell: Cell, sign: str) -> Drawing:
    """Return the drawing with another sign in one cell."""
    rows = list(drawing.cells)
    row = list(rows[cell.y])
    row[cell.x] = sign
    rows[cell.y] = tuple(row)
    return replace(drawing, cells=tuple(rows))
