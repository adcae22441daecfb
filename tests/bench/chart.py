"""Events of the statechart core, beside eight Python peers.

Every workload runs in turns: our kernel door, each peer, our `stepper.step`,
and so on, five times; CPU time, garbage collection off while it counts. Peers
live in environments of their own (`chart_env`).
A figure is nanoseconds an event; a peer's ratio is how many times ours (the
kernel door) it takes.
"""

import gc
import sys
import tracemalloc
from collections.abc import AsyncIterator, Iterator, Mapping
from statistics import median
from time import process_time

from smtui.definition import Json
from tests.bench.chart_env import Peers
from tests.bench.chart_hand import HANDS
from tests.bench.chart_workloads import CHARTS, Loop, cold, kernel, links, steps, toggle
from tests.bench.figure import Figure
from tests.support.trees import begin, take

__all__ = ["ENVIRONMENTS", "figures"]

ROUNDS = 5
BATCH_S = 0.15
"""CPU seconds of one measured batch, about."""

INSTANCES = 10_000
WORKLOADS: Mapping[str, str] = {
    "W1": "flat toggle",
    "W2": "ring of 100 states",
    "W3": "guard and counter",
    "W4": "five deep, 10 entry and exit actions",
    "W5": "eight regions on one event",
    "W6": "linked pair, an event delivered",
    "W7": "new instance and first event",
}
COLD = ("W1", "W4", "W5")
"""Workloads also measured with the memo cleared at every event."""

ENVIRONMENTS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "bench-chart": {
        "automat": (),
        "hat-stc": (),
        "transitions": (),
        "xstate-statemachine": (),
        "sismic": (),
        "python-statemachine": (),
        # what its import needs and its package does not name
        "pystator": ("pydantic", "sqlalchemy", "fastapi", "pyjwt"),
    },
    # it cannot live with python-statemachine 3
    "bench-orchestrator": {
        "statemachines-orchestrator==0.0.4": ("python-statemachine==2.5.0",)
    },
}


# ------------------------------------------------------------------- measuring


def _seconds(loop: Loop, count: int) -> float:
    gc.collect()
    gc.disable()
    before = process_time()
    loop(count)
    seconds = process_time() - before
    gc.enable()
    return seconds


def _births(count: int) -> None:
    """Begin instances and give each its first event; keep them all."""
    made = _TOGGLE
    first = made.kernel.initial()
    move = made.kernel.move
    _ALIVE[:] = [
        (move(first.configuration, "t", _NO_DATA).configuration, _NO_DATA)
        for _ in range(count)
    ]


_TOGGLE = toggle()
_NO_DATA: dict[str, Json] = {}
_ALIVE: list[tuple[object, object]] = []


def _ours(workload: str) -> Mapping[str, Loop]:
    """Return our doors to a workload, and a loop written by hand."""
    if workload == "W7":
        return {"kernel": _births}
    if workload == "W6":
        return {"kernel": links(toggle(), toggle()), "hand": HANDS["W6"]()}
    make = CHARTS[workload]
    doors = {"kernel": kernel(make()), "hand": HANDS[workload](), "step": steps(make())}
    if workload in COLD:
        doors["cold"] = cold(make())
    return doors


def _count(loop: Loop, workload: str) -> int:
    """Return how many events fill a batch."""
    if workload == "W7":
        return INSTANCES
    tried = 64
    while True:
        seconds = _seconds(loop, tried)
        if seconds > BATCH_S / 10:
            return max(2, int(tried * BATCH_S / seconds) // 2 * 2)
        tried *= 4


def _peer_count(peers: Peers, peer: str, workload: str) -> int:
    """Return how many events fill a batch of a peer; 0 when it has none."""
    if workload == "W7":
        found = peers.ask(peer, workload, 100)
        return 1000 if "seconds" in found else 0
    found = peers.ask(peer, workload, 100)
    if "seconds" not in found:
        sys.stderr.write(f"{peer} {workload}: {found.get('why')}\n")
        return 0
    each = float(found["seconds"]) / 100
    return max(2, int(BATCH_S / max(each, 1e-8)) // 2 * 2)


async def figures() -> AsyncIterator[Figure]:
    """Yield nanoseconds an event of each workload, ours first."""
    peers = Peers(ENVIRONMENTS)
    try:
        for workload in WORKLOADS:
            for figure in _workload(peers, workload):
                yield figure
        for figure in _bytes(peers):
            yield figure
    finally:
        peers.close()


def _workload(peers: Peers, workload: str) -> Iterator[Figure]:
    doors = _ours(workload)
    counts = {name: _count(loop, workload) for name, loop in doors.items()}
    theirs = {peer: _peer_count(peers, peer, workload) for peer in peers.names}
    ns: dict[str, list[float]] = {name: [] for name in (*doors, *theirs)}
    for _ in range(ROUNDS):
        for name, loop in doors.items():
            ns[name].append(_seconds(loop, counts[name]) / counts[name] * 1e9)
        for peer, count in theirs.items():
            if count:
                seconds = float(peers.ask(peer, workload, count)["seconds"])
                ns[peer].append(seconds / count * 1e9)
    title = f"{workload} {WORKLOADS[workload]}"
    words = {"kernel": "", "step": ", by stepper.step", "cold": ", memo cleared"}
    for name in doors:
        if name in words:
            yield Figure(title + words[name], "ns", ns[name])
    ours = median(ns["kernel"])
    if "hand" in doors:
        ratio = round(median(ns["hand"]) / ours, 2)
        yield Figure(title, "ns", ns["hand"], peer="a loop by hand", ratio=ratio)
    for peer, count in theirs.items():
        if count:
            ratio = round(median(ns[peer]) / ours, 1)
            yield Figure(title, "ns", ns[peer], peer=peers.named(peer), ratio=ratio)


def _bytes(peers: Peers) -> Iterator[Figure]:
    """Yield what an instance takes after its first event."""
    title = "W7 memory of an instance"
    _ALIVE.clear()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    _births(INSTANCES)
    used = (tracemalloc.get_traced_memory()[0] - before) / INSTANCES
    made = toggle()
    begun = begin(made)
    before = tracemalloc.get_traced_memory()[0]
    kept = [take(made, begun.snapshot, "t").snapshot for _ in range(INSTANCES)]
    snapshots = (tracemalloc.get_traced_memory()[0] - before) / len(kept)
    tracemalloc.stop()
    yield Figure(title, "bytes", [round(used, 1)])
    yield Figure(f"{title}, as a snapshot", "bytes", [round(snapshots, 1)])
    for peer in peers.names:
        found = peers.ask(peer, "W7", -1000)
        if "bytes" in found:
            theirs = round(float(found["bytes"]), 1)
            ratio = round(theirs / used, 1)
            yield Figure(title, "bytes", [theirs], peer=peers.named(peer), ratio=ratio)
