"""xstate-statemachine, doing the workloads of the bench."""

from tests.bench.chart_peers.shared import (
    DEPTH,
    REGIONS,
    RING,
    SIDES,
    Foreign,
    Loop,
    Unable,
    each,
    keep,
)

__all__ = ["xstate"]


def xstate(workload: str) -> Loop:
    """Its synchronous interpreter of XState's JSON."""
    from xstate_statemachine import MachineLogic, SyncInterpreter, create_machine  # type: ignore[import-not-found]  # in the peers' environment

    def count(_: Foreign, context: Foreign, __: Foreign, ___: Foreign) -> None:
        context["n"] += 1

    logic: Foreign = MachineLogic(
        actions={"count": count}, guards={"under": lambda c, _: c["n"] < 10**9}
    )
    config: dict[str, Foreign] = {"id": "m", "context": {"n": 0}, "initial": "a"}
    config["states"] = {"a": {"on": {"t": "b"}}, "b": {"on": {"t": "a"}}}
    if workload == "W2":
        config["initial"] = "s0"
        config["states"] = {
            f"s{i}": {"on": {"t": f"s{(i + 1) % RING}"}} for i in range(RING)
        }
    elif workload == "W3":
        config["states"] = {
            a: {"on": {"t": {"target": b, "guard": "under", "actions": ["count"]}}}
            for a, b in (("a", "b"), ("b", "a"))
        }
    elif workload == "W4":
        config["initial"] = "l1"
        config["states"] = {f"{s}1": _xstate_branch(s, 1) for s in SIDES}
    elif workload == "W5":
        del config["initial"]
        config["type"] = "parallel"
        config["states"] = {
            f"r{i}": {
                "initial": "a",
                "states": {"a": {"on": {"t": "b"}}, "b": {"on": {"t": "a"}}},
            }
            for i in range(REGIONS)
        }
    elif workload == "W6":
        raise Unable("machines are linked by its actor system, another thing")
    if workload == "W7":

        def one() -> Foreign:
            made = SyncInterpreter(create_machine(config, logic=logic)).start()
            made.send("t")
            return made

        return keep(one)
    machine = SyncInterpreter(create_machine(config, logic=logic)).start()

    return each(lambda: machine.send("t"))


def _xstate_branch(side: str, depth: int) -> dict[str, Foreign]:
    state: dict[str, Foreign] = {"entry": ["count"], "exit": ["count"]}
    if depth == DEPTH:
        other = "r" if side == "l" else "l"
        path = ".".join(f"{other}{d}" for d in range(1, DEPTH + 1))
        state["on"] = {"t": f"#m.{path}"}
        return state
    below = f"{side}{depth + 1}"
    return {
        **state,
        "initial": below,
        "states": {below: _xstate_branch(side, depth + 1)},
    }
