"""Events at the doors of the library, beside PyStator's.

`process` of both answers what an event leads to and which actions it plans;
ours also gives the data afterwards, which PyStator's caller works out itself.
A session is an entity in memory, a runner one in a store in memory: ours keeps
its delays, its version and the actions in hand too. CPU time, in turns, garbage
collection off while it counts; both PyStators are measured.
"""

import gc
import sys
from collections.abc import AsyncIterator, Mapping
from statistics import median
from time import process_time

from smtui.library import InMemoryStateStore, Machine, Runner
from tests.bench.chart import ENVIRONMENTS
from tests.bench.chart_env import Peers
from tests.bench.chart_workloads import Loop
from tests.bench.figure import Figure
from tests.bench.library_machines import (
    KINDS,
    context,
    first_state,
    is_positive,
    machine,
)

__all__ = ["figures"]

ROUNDS = 5
EVENTS = 3000
"""A batch of ours, and of a peer."""

_TITLES: Mapping[str, str] = {
    **{kind: f"process, {words}" for kind, words in KINDS.items()},
    "session": "an event of a session",
    "runner": "an event of a runner, store in memory",
}


async def figures() -> AsyncIterator[Figure]:
    """Yield microseconds an event, ours first."""
    module = "tests.bench.library_peer"
    peers = [
        Peers({"bench-chart": ENVIRONMENTS["bench-chart"]}, module),
        Peers({"bench-pystator": {"pystator==0.0.10": ()}}, module),
    ]
    try:
        for kind in _TITLES:
            for figure in _kind(peers, kind):
                yield figure
    finally:
        for each in peers:
            each.close()


def _kind(peers: list[Peers], kind: str) -> list[Figure]:
    loop = _loop(kind)
    loop(10)
    us: list[float] = []
    theirs: list[list[float]] = [[] for _ in peers]
    for _ in range(ROUNDS):
        us.append(_seconds(loop) / EVENTS * 1e6)
        for each, found in zip(peers, theirs, strict=True):
            said = each.ask("pystator", kind, EVENTS)
            if "seconds" in said:
                found.append(float(said["seconds"]) / EVENTS * 1e6)
            elif len(us) == 1:
                sys.stderr.write(f"{each.named('pystator')} {kind}: {said['why']}\n")
    figures = [Figure(_TITLES[kind], "us", us)]
    for each, found in zip(peers, theirs, strict=True):
        if found:
            ratio = round(median(found) / median(us), 1)
            name = each.named("pystator")
            figures.append(Figure(_TITLES[kind], "us", found, name, ratio))
    return figures


def _seconds(loop: Loop) -> float:
    gc.collect()
    gc.disable()
    before = process_time()
    loop(EVENTS)
    seconds = process_time() - before
    gc.enable()
    return seconds


def _loop(kind: str) -> Loop:
    made = Machine.from_dict(machine(kind))
    if kind == "session":
        session = made.create()

        def send(n: int) -> None:
            for _ in range(n):
                session.send("t")
            session.history.clear()

        return send
    if kind == "runner":
        runner = Runner(made, InMemoryStateStore())

        def run(n: int) -> None:
            for _ in range(n):
                runner.process_event("1", "t")

        return run
    if kind == "named":
        made.guard()(is_positive)
    state, data = first_state(kind), context()

    def process(n: int) -> None:
        nonlocal state
        for _ in range(n):
            state = made.process(state, "t", data).target_state or state

    return process
