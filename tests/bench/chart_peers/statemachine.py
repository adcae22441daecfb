"""python-statemachine, doing the workloads of the bench."""

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

__all__ = ["statemachine"]


def statemachine(workload: str) -> Loop:
    """Classes; W5 is a parallel state of compound ones."""
    made = _statemachine_class(workload)
    if workload == "W7":

        def one() -> Foreign:
            machine = made()
            machine.send("t")
            return machine

        return keep(one)
    machine = made()
    if workload == "W6":
        return pairs(lambda: machine.send("t"))

    return each(lambda: machine.send("t"))


def _statemachine_class(workload: str) -> Foreign:
    from statemachine import State, StateChart, StateMachine

    def toggle(**more: Foreign) -> dict[str, Foreign]:
        a, b = State(initial=True), State()
        return {"a": a, "b": b, "t": a.to(b, **more) | b.to(a, **more)}

    if workload == "W2":
        ring = [State(initial=i == 0) for i in range(RING)]
        ways: Foreign = None
        for number, state in enumerate(ring):
            way = state.to(ring[(number + 1) % RING])
            ways = way if ways is None else ways | way
        named = {f"s{i}": state for i, state in enumerate(ring)}
        return type("Ring", (StateMachine,), {**named, "t": ways})
    if workload == "W3":

        def count(self: Foreign) -> None:
            self.n += 1

        def under(self: Foreign) -> bool:
            return bool(self.n < 10**9)

        body = {**toggle(cond="under", on="count"), "n": 0}
        return type(
            "Guarded", (StateMachine,), {**body, "count": count, "under": under}
        )
    if workload == "W6":
        other = type("Other", (StateMachine,), toggle())()

        def tell(self: Foreign) -> None:
            del self
            other.send("t")

        return type("Linked", (StateMachine,), {**toggle(on="tell"), "tell": tell})
    if workload in {"W4", "W5"}:
        return _statemachine_tree(workload, State, StateChart)
    return type("Toggle", (StateMachine,), toggle())


def _statemachine_tree(workload: str, state: Foreign, base: Foreign) -> Foreign:
    def count(self: Foreign) -> None:
        self.n += 1

    if workload == "W5":
        regions = {}
        for i in range(REGIONS):
            a, b = state(initial=True), state()
            body = {f"a{i}": a, f"b{i}": b, "t": a.to(b) | b.to(a)}
            regions[f"r{i}"] = type(f"R{i}", (state.Compound,), body)
        return type("Regions", (base,), {"p": type("P", (state.Parallel,), regions)})
    leaves, tops = [], {}
    for side in SIDES:
        inner: Foreign = None
        for depth in range(DEPTH, 0, -1):
            if inner is None:
                inner = state(initial=True, enter="count", exit="count")
                leaves.append(inner)
            else:
                name = f"{side}{depth + 1}"
                options: dict[str, Foreign] = {"enter": "count", "exit": "count"}
                if depth > 1 or side == "l":
                    options["initial"] = True
                inner = type(
                    f"{side}{depth}", (state.Compound,), {name: inner}, **options
                )
        tops[f"{side}1"] = inner
    ways = leaves[0].to(leaves[1]) | leaves[1].to(leaves[0])
    return type("Deep", (base,), {**tops, "t": ways, "n": 0, "count": count})
