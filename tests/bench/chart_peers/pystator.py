"""PyStator, doing the workloads of the bench."""

from tests.bench.chart_peers.shared import (
    DEPTH,
    REGIONS,
    RING,
    SIDES,
    Foreign,
    Loop,
    Unable,
    keep,
)

__all__ = ["pystator"]


def pystator(workload: str) -> Loop:  # noqa: C901 - a loop of its own for some
    """Loop over its pure `process`; actions are planned by it, carried out here."""
    from pystator import StateMachine  # type: ignore[import-not-found]  # in the peers' environment

    if workload == "W6":
        raise Unable("machines are linked by its orchestrator and a store")
    machine: Foreign = StateMachine.from_dict(_pystator_config(workload))
    if workload == "W5":
        config = machine.enter_parallel_state("p")

        def regions(n: int) -> None:
            nonlocal config
            for _ in range(n):
                config = machine.process_parallel(config, "t", {})[0]

        return regions
    if workload == "W7":

        def one() -> Foreign:
            made = machine.create()
            made.send("t")
            return made

        return keep(one)
    state = {"W2": "s0", "W4": "l5"}.get(workload, "a")
    context = {"n": 0}
    acts = workload in {"W3", "W4"}

    def loop(n: int) -> None:
        nonlocal state
        for _ in range(n):
            result = machine.process(state, "t", context)
            state = result.target_state
            if acts:
                for _ in result.all_actions:
                    context["n"] += 1

    return loop


def _pystator_config(workload: str) -> dict[str, Foreign]:
    def way(source: str, dest: str, **more: Foreign) -> dict[str, Foreign]:
        return {"trigger": "t", "source": source, "dest": dest, **more}

    states: list[dict[str, Foreign]] = [
        {"name": "a", "type": "initial"},
        {"name": "b", "type": "stable"},
    ]
    ways = [way("a", "b"), way("b", "a")]
    if workload == "W2":
        states = [
            {"name": f"s{i}", "type": "initial" if i == 0 else "stable"}
            for i in range(RING)
        ]
        ways = [way(f"s{i}", f"s{(i + 1) % RING}") for i in range(RING)]
    elif workload == "W3":
        under = {"check": {"field": "n", "op": "lt", "value": 10**9}}
        ways = [
            way(a, b, guards=[under], actions=[{"increment": "n"}])
            for a, b in (("a", "b"), ("b", "a"))
        ]
    elif workload == "W4":
        states = [{"name": "root", "type": "initial", "initial_child": "l1"}]
        for side in SIDES:
            for depth in range(1, DEPTH + 1):
                state = {
                    "name": f"{side}{depth}",
                    "type": "stable",
                    "parent": "root" if depth == 1 else f"{side}{depth - 1}",
                    "on_enter": [{"increment": "n"}],
                    "on_exit": [{"increment": "n"}],
                }
                if depth < DEPTH:
                    state["initial_child"] = f"{side}{depth + 1}"
                states.append(state)
        ways = [way("l5", "r5"), way("r5", "l5")]
    elif workload == "W5":
        regions = [
            {"name": f"r{i}", "initial": f"r{i}a", "states": [f"r{i}a", f"r{i}b"]}
            for i in range(REGIONS)
        ]
        states = [{"name": "idle", "type": "initial"}]
        states.append({"name": "p", "type": "parallel", "regions": regions})
        ways = [way("idle", "p")]
        for i in range(REGIONS):
            states += [{"name": f"r{i}{x}", "type": "stable"} for x in "ab"]
            ways.append(way(f"r{i}a", f"r{i}b", region=f"r{i}"))
            ways.append(way(f"r{i}b", f"r{i}a", region=f"r{i}"))
    return {"meta": {"machine_name": "m"}, "states": states, "transitions": ways}
