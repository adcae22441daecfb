"""PyStator, answering the events of `bench library`.

Run by the Python of an environment that has it: reads lines `pystator KIND
COUNT` and answers each with one JSON object, `{"seconds": CPU seconds}` or
`{"why": ...}`. `session` is its entity in memory, `runner` its orchestrator.
"""

import gc
import json
import sys
from collections.abc import Callable
from time import process_time

from tests.bench.library_machines import (
    Foreign,
    context,
    first_state,
    is_positive,
    machine,
)

_loops: dict[str, Callable[[int], None]] = {}


def _loop(kind: str) -> Callable[[int], None]:
    from pystator import (  # type: ignore[import-not-found]  # in the peers' environment
        ActionRegistry,
        GuardRegistry,
        InMemoryStateStore,
        Orchestrator,
        StateMachine,
    )

    made: Foreign = StateMachine.from_dict(machine(kind))
    if kind == "session":
        entity = made.create()

        def send(n: int) -> None:
            for _ in range(n):
                entity.send("t")

        return send
    if kind == "runner":
        store = InMemoryStateStore()
        runner = Orchestrator(made, store, GuardRegistry(), ActionRegistry())

        def run(n: int) -> None:
            for _ in range(n):
                runner.process_event("1", "t", {})

        return run
    if kind == "named":
        guards = GuardRegistry()
        guards.register("is_positive", is_positive)
        made.bind_guards(guards)
    state, data = first_state(kind), context()

    def process(n: int) -> None:
        nonlocal state
        for _ in range(n):
            state = made.process(state, "t", data).target_state

    return process


def measure(kind: str, count: int) -> dict[str, Foreign]:
    """Return CPU seconds of a kind, or why there are none."""
    try:
        if kind not in _loops:
            loop = _loop(kind)
            loop(10)  # what is made at the first event is not counted
            _loops[kind] = loop
    except Exception as problem:  # noqa: BLE001 - a peer's own mistake is its row
        return {"why": f"{type(problem).__name__}: {problem}"}
    gc.collect()
    gc.disable()
    began = process_time()
    _loops[kind](count)
    seconds = process_time() - began
    gc.enable()
    return {"seconds": seconds}


def main() -> None:
    """Answer every line of the input."""
    for line in sys.stdin:
        _, kind, count = line.split()
        sys.stdout.write(json.dumps(measure(kind, int(count))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
