"""statemachines-orchestrator, doing the one workload it is for: W6."""

from tests.bench.chart_peers.shared import Foreign, Loop, Unable, pairs

__all__ = ["orchestrator"]


def orchestrator(workload: str) -> Loop:
    """Two linked classes; the one's callback sends through the orchestrator."""
    if workload != "W6":
        raise Unable("a single machine needs no orchestrator")
    from statemachine import State, StateMachine
    from statemachines_orchestrator.orchestrator import Orchestrator  # type: ignore[import-not-found]  # in the peers' environment

    def toggle(**more: Foreign) -> dict[str, Foreign]:
        a, b = State(initial=True), State()
        return {"a": a, "b": b, "t": a.to(b, **more) | b.to(a, **more)}

    def tell(self: Foreign, orc: Foreign) -> None:
        del self
        orc.other.send("t")

    first = type("First", (StateMachine,), {**toggle(on="tell"), "tell": tell})
    other = type("Other", (StateMachine,), toggle())
    hints = {"first": first, "other": other}
    linked: Foreign = type("Linked", (Orchestrator,), {"__annotations__": hints})
    orc = linked(first=first(), other=other(state_field="other_state"))
    return pairs(lambda: orc.first.send("t"))
