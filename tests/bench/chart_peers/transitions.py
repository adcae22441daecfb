"""transitions, doing the workloads of the bench."""

from tests.bench.chart_peers.shared import (
    DEPTH,
    REGIONS,
    RING,
    SIDES,
    Foreign,
    Loop,
    each,
    keep,
    pairs,
)

__all__ = ["transitions"]


def transitions(workload: str) -> Loop:
    """Call trigger methods of a model; W4 and W5 need its hierarchical machine."""
    from transitions import Machine  # type: ignore[import-not-found]  # in the peers' environment
    from transitions.extensions import HierarchicalMachine  # type: ignore[import-not-found]  # in the peers' environment

    class Model:
        n = 0

        def count(self) -> None:
            self.n += 1

        def under(self) -> bool:
            return self.n < 10**9

        def tell(self) -> None:
            """Be told what to do by W6."""

    ways: Foreign
    toggle: Foreign = [["t", "a", "b"], ["t", "b", "a"]]
    model: Foreign = Model()
    if workload == "W7":
        return keep(lambda: _transitions_one(Model, toggle))
    if workload == "W1":
        Machine(model, ["a", "b"], initial="a", transitions=toggle)
    elif workload == "W2":
        names = [f"s{i}" for i in range(RING)]
        ring = [["t", f"s{i}", f"s{(i + 1) % RING}"] for i in range(RING)]
        Machine(model, names, initial="s0", transitions=ring)
    elif workload == "W3":
        ways = [
            {
                "trigger": "t",
                "source": a,
                "dest": b,
                "conditions": "under",
                "after": "count",
            }
            for a, b in (("a", "b"), ("b", "a"))
        ]
        Machine(model, ["a", "b"], initial="a", transitions=ways)
    elif workload == "W4":
        leaves = ["_".join(f"{s}{d}" for d in range(1, DEPTH + 1)) for s in SIDES]
        ways = [["t", leaves[0], leaves[1]], ["t", leaves[1], leaves[0]]]
        branches = [_transitions_branch(side, 1) for side in SIDES]
        HierarchicalMachine(model, branches, initial=leaves[0], transitions=ways)
    elif workload == "W5":
        regions = [
            {
                "name": f"r{i}",
                "initial": "a",
                "children": ["a", "b"],
                "transitions": toggle,
            }
            for i in range(REGIONS)
        ]
        HierarchicalMachine(model, [{"name": "p", "parallel": regions}], initial="p")
    else:
        other: Foreign = Model()
        Machine(other, ["a", "b"], initial="a", transitions=toggle)
        ways = [
            {"trigger": "t", "source": a, "dest": b, "after": other.t}
            for a, b in (("a", "b"), ("b", "a"))
        ]
        Machine(model, ["a", "b"], initial="a", transitions=ways)
        return pairs(model.t)

    return each(model.t)


def _transitions_one(model: Foreign, toggle: Foreign) -> Foreign:
    from transitions import Machine

    made = model()
    Machine(made, ["a", "b"], initial="a", transitions=toggle)
    made.t()
    return made


def _transitions_branch(side: str, depth: int) -> dict[str, Foreign]:
    state: dict[str, Foreign] = {
        "name": f"{side}{depth}",
        "on_enter": "count",
        "on_exit": "count",
    }
    if depth < DEPTH:
        state["children"] = [_transitions_branch(side, depth + 1)]
    return state
