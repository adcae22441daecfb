"""The peers of `bench chart`, each doing the same seven workloads its own way.

Run by the Python of the bench's own environment, which has the peers and not
smtui: `python -m tests.bench.chart_peers` reads lines `PEER WORKLOAD COUNT` and answers
each with one JSON object: `{"seconds": CPU seconds}`, for W7 `bytes` too, or
`{"why": ...}` where the peer has no such thing. Garbage collection is off
while it counts. What a peer does differently is said where it is built.
"""

import gc
import json
import sys
import tracemalloc
from collections.abc import Callable
from time import process_time

from tests.bench.chart_peers.automat import automat
from tests.bench.chart_peers.hat_stc import hat_stc
from tests.bench.chart_peers.orchestrator import orchestrator
from tests.bench.chart_peers.pystator import pystator
from tests.bench.chart_peers.shared import Foreign, Loop, Unable, let_go
from tests.bench.chart_peers.sismic import sismic
from tests.bench.chart_peers.statemachine import statemachine
from tests.bench.chart_peers.transitions import transitions
from tests.bench.chart_peers.xstate import xstate

PEERS: dict[str, Callable[[str], Loop]] = {
    "automat": automat,
    "hat-stc": hat_stc,
    "transitions": transitions,
    "xstate-statemachine": xstate,
    "sismic": sismic,
    "python-statemachine": statemachine,
    "pystator": pystator,
    "statemachines-orchestrator": orchestrator,
}
_loops: dict[tuple[str, str], Loop] = {}


def measure(peer: str, workload: str, count: int) -> dict[str, Foreign]:
    """Return CPU seconds of a workload, or why there are none."""
    key = (peer, workload)
    try:
        if key not in _loops:
            _loops[key] = PEERS[peer](workload)
            _loops[key](2)  # what is made at the first event is not counted
    except Unable as problem:
        return {"why": str(problem)}
    except Exception as problem:  # noqa: BLE001 - a peer's own mistake is its row
        return {"why": f"{type(problem).__name__}: {problem}"}
    loop = _loops[key]
    if workload == "W7" and count < 0:
        let_go()
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        loop(-count)
        used = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        return {"bytes": used / -count}
    gc.collect()
    gc.disable()
    began = process_time()
    loop(count)
    seconds = process_time() - began
    gc.enable()
    return {"seconds": seconds}


def main() -> None:
    """Answer every line of the input."""
    for line in sys.stdin:
        peer, workload, count = line.split()
        sys.stdout.write(json.dumps(measure(peer, workload, int(count))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
