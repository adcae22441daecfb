"""Drawing and lighting state graphs: one JSON object a line.

Peers that are installed (`termaid`, `mermaid-term`) draw the same chart from
its Mermaid text in the same run, in turns with ours; a peer that is not is left
out. They only turn a text into a picture; ours also knows each cell's owner.
Times are CPU milliseconds. Charts on which a peer takes longer than a few
seconds are not given to it.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from time import process_time_ns

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
from tests.support.view_graphs import REFERENCE, many_states

__all__ = ["main", "measurements"]

_PANE = (60, 20)
_PEERS = {"termaid": "termaid", "mermaid-term": "mermaid_term"}
_PEER_STATES = 20
"""More states than that are too slow for one of the peers."""


def charts() -> Mapping[str, Graph]:
    """Return the reference charts and two larger ones."""
    large = [many_states(120, 149, 3), many_states(200, 249, 5)]
    return {**REFERENCE, **{graph.name: graph for graph in large}}


def measurements() -> Iterator[dict[str, object]]:
    """Yield every figure as name, value, unit, n, min, median, max."""
    for name, graph in charts().items():
        rounds = 9 if len(graph.nodes) < _PEER_STATES else 3
        yield from _layout(name, graph, rounds)
        yield from _light(name, draw(graph))


def _layout(name: str, graph: Graph, rounds: int) -> Iterator[dict[str, object]]:
    doors: dict[str, Callable[[], object]] = {
        "smtui": partial(draw, graph),
        "smtui LR": partial(draw, graph, Options(direction=Direction.LR)),
        "smtui check": partial(check, draw(graph)),
    }
    source = mermaid(graph)
    for peer in _peers() if len(graph.nodes) < _PEER_STATES else ():
        doors[peer] = _peer(peer, source)
    times: dict[str, list[float]] = {door: [] for door in doors}
    for _ in range(rounds):
        for door, call in doors.items():
            times[door].append(_cpu_ms(call))
    ours = median(times["smtui"])
    for door, found in times.items():
        line = _line(f"graph layout {name}, {door}", found)
        if door in _PEERS:
            line |= {"peer": version(door), "ratio": round(median(found) / ours, 2)}
        yield line


def _light(name: str, drawing: Drawing) -> Iterator[dict[str, object]]:
    """Time lighting a state and a line, and the rows of a pane it changes."""
    lamp = lamp_of(drawing)
    pairs = [(one.target, one.edges[0]) for one in drawing.strokes]
    span = (0, _PANE[0])

    def step(node: str, edge: str) -> None:
        overlay = highlight(lamp, {node: Glow("active")}, {edge: Glow("lit")})
        for y in range(_PANE[1]):
            row_runs(drawing, y, overlay, span)

    found = [
        _cpu_ms(partial(step, node, edge)) for _ in range(20) for node, edge in pairs
    ]
    yield _line(f"graph highlight {name}, pane 60x20", found)


def _line(name: str, found: list[float]) -> dict[str, object]:
    return {
        "name": name,
        "value": round(median(found), 3),
        "unit": "ms",
        "n": len(found),
        "min": round(min(found), 3),
        "median": round(median(found), 3),
        "max": round(max(found), 3),
    }


def _cpu_ms(call: Callable[[], object]) -> float:
    before = process_time_ns()
    call()
    return (process_time_ns() - before) / 1e6


def _peers() -> Iterator[str]:
    for peer in _PEERS:
        try:
            version(peer)
        except PackageNotFoundError:
            continue
        yield peer


def _peer(peer: str, source: str) -> Callable[[], object]:
    return partial(import_module(_PEERS[peer]).render, source)


def main() -> None:
    """Print all figures."""
    for line in measurements():
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
