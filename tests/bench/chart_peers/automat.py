"""automat, doing the workloads of the bench."""

from tests.bench.chart_peers.shared import RING, Foreign, Loop, Unable, each, keep

__all__ = ["automat"]


def automat(workload: str) -> Loop:
    """Flat machines only; an input is a method."""
    from typing import Protocol

    from automat import TypeMachineBuilder  # type: ignore[import-not-found]  # in the peers' environment

    class Inputs(Protocol):
        def toggle(self) -> None: ...

    if workload not in {"W1", "W2", "W7"}:
        raise Unable("flat machines without guards only")
    builder: Foreign = TypeMachineBuilder(Inputs, dict)
    count = RING if workload == "W2" else 2
    states = [builder.state(f"s{number}") for number in range(count)]
    for number, state in enumerate(states):
        after = states[(number + 1) % count]
        state.upon(Inputs.toggle).to(after).returns(None)
    make = builder.build()
    if workload == "W7":
        return keep(lambda: _first(make({})))
    machine = make({})

    return each(machine.toggle)


def _first(machine: Foreign) -> Foreign:
    machine.toggle()
    return machine
