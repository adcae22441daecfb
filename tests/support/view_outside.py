"""A drawing checked from outside: by its JSON alone, as a stranger would.

Nothing of the layout or of our own checker is used: lines are followed from
sign to sign, by a table of arms of its own.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TypeAlias
from unicodedata import category, east_asian_width

from smtui.definition import Json

__all__ = ["faults"]

Point: TypeAlias = tuple[int, int]
Grid: TypeAlias = Mapping[Point, str]

_UP, _RIGHT, _DOWN, _LEFT = (0, -1), (1, 0), (0, 1), (-1, 0)
_ARMS: Mapping[str, frozenset[Point]] = {
    sign: frozenset(arms)
    for signs, arms in (
        ("│┆║", (_UP, _DOWN)),
        ("─┄═", (_LEFT, _RIGHT)),
        ("╭╔", (_RIGHT, _DOWN)),
        ("╮╗", (_LEFT, _DOWN)),
        ("╰╚", (_UP, _RIGHT)),
        ("╯╝", (_UP, _LEFT)),
        ("├╟", (_UP, _RIGHT, _DOWN)),
        ("┤╢", (_UP, _LEFT, _DOWN)),
        ("┬╤", (_LEFT, _RIGHT, _DOWN)),
        ("┴╧", (_LEFT, _RIGHT, _UP)),
        ("┼", (_UP, _RIGHT, _DOWN, _LEFT)),
    )
    for sign in signs
}
_HEADS = {"▲": _UP, "▶": _RIGHT, "▼": _DOWN, "◀": _LEFT}


def faults(document: Mapping[str, Json], *, names_only: bool = False) -> list[str]:
    """Return what is wrong with a drawing; nothing when it is right."""
    grid = _grid(document)
    texts = () if names_only else _texts(document, grid)
    return [*_boxes(document, grid), *_lines(document, grid), *texts]


def _grid(document: Mapping[str, Json]) -> Grid:
    grid: dict[Point, str] = {}
    lines = document["lines"]
    assert isinstance(lines, list)
    for y, line in enumerate(lines):
        x = 0
        for sign in str(line):
            if category(sign) in {"Mn", "Me", "Mc"}:
                continue
            grid[x, y] = sign
            x += 2 if east_asian_width(sign) in "WF" else 1
    return grid


def _mapping(value: Json) -> dict[str, Json]:
    assert isinstance(value, dict)
    return value


def _points(value: Json) -> list[Point]:
    assert isinstance(value, list)
    found: list[Point] = []
    for point in value:
        assert isinstance(point, list)
        x, y = point
        assert isinstance(x, int)
        assert isinstance(y, int)
        found.append((x, y))
    return found


def _box(state: Json) -> tuple[int, int, int, int]:
    box = _mapping(state)["box"]
    assert isinstance(box, list)
    x, y, width, height = (value for value in box if isinstance(value, int))
    return x, y, width, height


def _border(state: Json) -> set[Point]:
    """Return the cells of a frame; of a row those around it."""
    x, y, width, height = _box(state)
    if _mapping(state)["drawn"] == "row":
        x, y, width, height = x - 1, y - 1, width + 2, height + 2
    right, bottom = x + width - 1, y + height - 1
    return {
        *((column, row) for column in range(x, right + 1) for row in (y, bottom)),
        *((column, row) for row in range(y, bottom + 1) for column in (x, right)),
    }


def _boxes(document: Mapping[str, Json], grid: Grid) -> Iterator[str]:
    states = _mapping(document["states"])
    for name, state in states.items():
        x, y, width, height = _box(state)
        if _mapping(state)["drawn"] == "row":
            if grid.get((x, y)) != "(" or grid.get((x + width - 1, y)) != ")":
                yield f"{name} is no row"
            continue
        ends = {(x, y), (x + width - 1, y + height - 1)}
        if any(grid.get(end) not in {*"╭╔╯╝"} for end in ends):
            yield f"{name} has no corners"
        parent = _mapping(state)["parent"]
        if parent is not None:
            left, top, wide, high = _box(states[str(parent)])
            if not (left < x and top < y and x + width < left + wide):
                yield f"{name} is not in {parent}"
            if y + height >= top + high:
                yield f"{name} is not in {parent}"


def _lines(document: Mapping[str, Json], grid: Grid) -> Iterator[str]:
    states = _mapping(document["states"])
    transitions = document["transitions"]
    assert isinstance(transitions, list)
    texts = _text_cells(transitions)
    used: dict[Point, list[str]] = {}
    for one in map(_mapping, transitions):
        name = str(one["id"])
        path = _points(one["cells"])
        if one["drawn"] != "line":
            continue
        if path[0] not in _border(states[str(one["source"])]):
            yield f"{name} does not begin at {one['source']}"
        if path[-1] not in _border(states[str(one["target"])]):
            yield f"{name} does not end at {one['target']}"
        yield from _connected(name, path, grid, texts)
        for cell in path:
            used.setdefault(cell, []).append(name)
    for cell, names in used.items():
        if len(names) > 1 and grid.get(cell) != "┼":
            yield f"{' and '.join(names)} meet at {cell}"


def _texts(document: Mapping[str, Json], grid: Grid) -> Iterator[str]:
    """See that labels can be read where they are said to be."""
    transitions = document["transitions"]
    assert isinstance(transitions, list)
    for one in map(_mapping, transitions):
        label = "".join(str(one["label"]).split())
        shown = "".join(grid.get(cell, "") for cell in _points(one["text"]))
        is_whole = "…" in shown or not label.isascii()
        if not is_whole and label not in shown.replace(" ", ""):
            yield f"{one['id']} reads {shown!r} and not {label!r}"


def _text_cells(transitions: list[Json]) -> set[Point]:
    return {cell for one in transitions for cell in _points(_mapping(one)["text"])}


def _connected(
    name: str, path: list[Point], grid: Grid, texts: set[Point]
) -> Iterator[str]:
    """Follow a line by its signs; a label may stand in its way, left to right."""
    last = (0, 0)
    for here, there in pairwise(path):
        step = there[0] - here[0], there[1] - here[1]
        sign, beyond = grid.get(here, " "), grid.get(there, " ")
        if here not in texts and step not in _ARMS.get(sign, ()):
            yield f"{name} has {sign!r} at {here}"
        if sign == "┼" and last not in {(0, 0), step}:
            yield f"{name} turns in a crossing at {here}"
        back = (-step[0], -step[1])
        is_joined = there in texts or back in _ARMS.get(beyond, ())
        if there != path[-1] and not is_joined:
            yield f"{name} has {beyond!r} at {there}"
        last = step
    if _HEADS.get(grid.get(path[-1], " ")) != last and len(path) > 1:
        yield f"{name} has no arrowhead"
