"""hat-stc, doing the workloads of the bench."""

from tests.bench.chart_peers.shared import (
    DEPTH,
    RING,
    SIDES,
    Foreign,
    Loop,
    Unable,
    each,
    keep,
    pairs,
)

__all__ = ["hat_stc"]


def hat_stc(workload: str) -> Loop:
    """States with actions and conditions by name; no regions, no histories."""
    from hat.stc import Event, State, Statechart, Transition  # type: ignore[import-not-found]  # in the peers' environment

    data = {"n": 0}

    def count(_: Foreign, __: Foreign) -> None:
        data["n"] += 1

    conditions = {"under": lambda _, __: data["n"] < 10**9}
    actions: dict[str, Foreign] = {"count": count}
    event = Event("t", None)
    if workload == "W2":
        states = [
            State(f"s{i}", transitions=[Transition("t", f"s{(i + 1) % RING}")])
            for i in range(RING)
        ]
    elif workload == "W4":
        states = [State("root", children=[_hat_branch(side) for side in SIDES])]
    elif workload in {"W1", "W3", "W6", "W7"}:
        more = {"W3": {"actions": ["count"], "conditions": ["under"]}}.get(workload, {})
        states = [
            State("a", transitions=[Transition("t", "b", **more)]),
            State("b", transitions=[Transition("t", "a", **more)]),
        ]
    else:
        raise Unable("no parallel states")
    if workload == "W6":
        other = Statechart(states, actions, conditions)
        linked = {**actions, "tell": lambda _, __: other.step(event)}
        states = [
            State("a", transitions=[Transition("t", "b", actions=["tell"])]),
            State("b", transitions=[Transition("t", "a", actions=["tell"])]),
        ]
        machine = Statechart(states, linked, conditions)
        return pairs(lambda: machine.step(event))
    if workload == "W7":

        def one() -> Foreign:
            made = Statechart(states, actions, conditions)
            made.step(event)
            return made

        return keep(one)
    machine = Statechart(states, actions, conditions)

    return each(lambda: machine.step(event))


def _hat_branch(side: str) -> Foreign:
    from hat.stc import State, Transition

    other = "r5" if side == "l" else "l5"
    state: Foreign = None
    for depth in range(DEPTH, 0, -1):
        state = State(
            f"{side}{depth}",
            children=[] if state is None else [state],
            transitions=[Transition("t", other)] if depth == DEPTH else [],
            entries=["count"],
            exits=["count"],
        )
    return state
