"""Drawing and lighting state graphs.

Peers that are installed (`termaid`, `mermaid-term`: the extra `bench`) draw the
same chart from its Mermaid text in the same run, in turns with ours; one that
is not is named and left out. They only turn a text into a picture; ours also
knows each cell's owner. Times are CPU milliseconds.
"""

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from time import process_time_ns
from typing import NamedTuple

from smtui.view.graph import (
    Direction,
    Drawing,
    Glow,
    Graph,
    Options,
    check,
    draw,
    highlight,
    lamp_of,
    mermaid,
    row_runs,
)
from tests.bench.figure import Figure
from tests.bench.graph_pane import painted
from tests.support.view_graphs import REFERENCE, many_states

__all__ = ["figures"]

_PANE = (60, 20)


class _Peer(NamedTuple):
    module: str
    most_states: int
    """Larger charts take it longer than a bench should."""


_PEERS = {
    "termaid": _Peer("termaid", 20),  # 60 states: nothing within a minute
    "mermaid-term": _Peer("mermaid_term", 200),
}
_SMALL = 20
"""States up to which a layout is timed more often."""

_LARGEST = "states-500"
_LINES = 100
"""Lines of a drawing that are lit, one after the other."""


def charts() -> Mapping[str, Graph]:
    """Return the reference charts and three larger ones."""
    sizes = ((120, 149, 3), (200, 249, 5), (500, 620, 7))
    large = [many_states(*size) for size in sizes]
    return {**REFERENCE, **{graph.name: graph for graph in large}}


async def figures() -> AsyncIterator[Figure]:
    """Measure everything."""
    peers = list(_peers())
    for name, graph in charts().items():
        rounds = 9 if len(graph.nodes) <= _SMALL else 3 if name != _LARGEST else 1
        for figure in _layout(name, graph, rounds, peers):
            yield figure
        drawing = draw(graph)
        yield _light(name, drawing)
        yield await painted(name, drawing)


def _layout(name: str, graph: Graph, rounds: int, peers: list[str]) -> Iterator[Figure]:
    doors: dict[str, Callable[[], object]] = {
        "smtui": partial(draw, graph),
        "smtui LR": partial(draw, graph, Options(direction=Direction.LR)),
        "smtui check": partial(check, draw(graph)),
    }
    source = mermaid(graph)
    for peer in peers:
        module, most_states = _PEERS[peer]
        if len(graph.nodes) <= most_states:
            doors[peer] = partial(import_module(module).render, source)
    times: dict[str, list[float]] = {door: [] for door in doors}
    for _ in range(rounds):
        for door, call in doors.items():
            times[door].append(_cpu_ms(call))
    ours = median(times["smtui"])
    for door, found in times.items():
        title = f"graph layout {name}, {door}"
        if door in _PEERS:
            ratio = round(median(found) / ours, 2)
            yield Figure(title, "ms", found, f"{door} {version(door)}", ratio)
        else:
            yield Figure(title, "ms", found)


def _light(name: str, drawing: Drawing) -> Figure:
    """Time lighting a state and a line, and the rows of a pane it changes."""
    lamp = lamp_of(drawing)
    pairs = [(one.target, one.edges[0]) for one in drawing.strokes][:_LINES]
    span = (0, _PANE[0])

    def step(node: str, edge: str) -> None:
        overlay = highlight(lamp, {node: Glow("active")}, {edge: Glow("lit")})
        for y in range(_PANE[1]):
            row_runs(drawing, y, overlay, span)

    found = [
        _cpu_ms(partial(step, node, edge)) for _ in range(20) for node, edge in pairs
    ]
    return Figure(f"graph highlight {name}, pane 60x20", "ms", found)


def _cpu_ms(call: Callable[[], object]) -> float:
    before = process_time_ns()
    call()
    return (process_time_ns() - before) / 1e6


def _peers() -> Iterator[str]:
    """Yield the peers that are here; name the others."""
    for peer in _PEERS:
        try:
            version(peer)
        except PackageNotFoundError:
            sys.stderr.write(f"{peer} is not here: pip install '.[bench]'\n")
            continue
        yield peer
