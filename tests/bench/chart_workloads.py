"""The seven workloads as our statecharts: what each event makes them do.

W1 flat toggle, W2 ring of 100 states, W3 guard and counter, W4 five-deep
ancestors with 10 entry and exit actions, W5 eight parallel regions on one
event, W6 linked pair, W7 a new instance and its first event.
"""

from collections.abc import Callable, Mapping

from smtui.chart import StateChart
from smtui.chart.values import Event
from smtui.definition import Arrow, Node, NodeKind
from smtui.definition.content import Change, ChangeOp
from smtui.definition.guards import CheckOp, FieldGuard
from smtui.stepper import Ask, step
from tests.support.trees import AT, HERE, arrow, begin, chart, state

__all__ = ["CHARTS", "Loop", "cold", "kernel", "links", "steps"]

DEPTH, REGIONS, RING = 5, 8, 100
SIDES = ("l", "r")
_COUNT = Change(ChangeOp.INCREMENT, "n", HERE)
_EVENT = Event("t", None, "event-1", AT)

Loop = Callable[[int], None]


def toggle() -> StateChart:
    """Return W1, also the machines of W6 and W7."""
    return chart(state("a"), state("b"), arrow("a", "t", "b"), arrow("b", "t", "a"))


def ring() -> StateChart:
    """Return W2."""
    states = [state(f"s{i}") for i in range(RING)]
    ways = [arrow(f"s{i}", "t", f"s{(i + 1) % RING}") for i in range(RING)]
    return chart(*states, *ways)


def guarded() -> StateChart:
    """Return W3."""
    under = FieldGuard("n", CheckOp.LT, 10**9, HERE)
    more = {"guard": under, "content": (_COUNT,)}
    return chart(
        state("a"),
        state("b"),
        arrow("a", "t", "b", **more),
        arrow("b", "t", "a", **more),
    )


def deep() -> StateChart:
    """Return W4."""
    parts: list[Node | Arrow] = [state("root", initial="l1")]
    for side in SIDES:
        for depth in range(1, DEPTH + 1):
            parent = "root" if depth == 1 else f"{side}{depth - 1}"
            below = f"{side}{depth + 1}" if depth < DEPTH else ""
            parts.append(
                state(
                    f"{side}{depth}",
                    parent,
                    initial=below,
                    entry=(_COUNT,),
                    exit_=(_COUNT,),
                )
            )
    return chart(*parts, arrow("l5", "t", "r5"), arrow("r5", "t", "l5"))


def regions() -> StateChart:
    """Return W5."""
    parts: list[Node | Arrow] = [state("p", kind=NodeKind.PARALLEL)]
    for i in range(REGIONS):
        a, b = f"r{i}a", f"r{i}b"
        parts += [state(f"r{i}", "p", initial=a), state(a, f"r{i}"), state(b, f"r{i}")]
        parts += [arrow(a, "t", b), arrow(b, "t", a)]
    return chart(*parts)


CHARTS: Mapping[str, Callable[[], StateChart]] = {
    "W1": toggle,
    "W2": ring,
    "W3": guarded,
    "W4": deep,
    "W5": regions,
    "W6": toggle,
    "W7": toggle,
}


def kernel(made: StateChart) -> Loop:
    """Return the loop of the kernel door: move, and carry out its edits."""
    first = made.kernel.initial()
    configuration, data = first.configuration, first.apply({"n": 0})

    def loop(n: int) -> None:
        nonlocal configuration, data
        move = made.kernel.move
        for _ in range(n):
            taken = move(configuration, "t", data)
            configuration = taken.configuration
            if taken.edits:
                data = taken.apply(data)

    return loop


def cold(made: StateChart) -> Loop:
    """Return the same loop with everything forgotten before each event."""
    first = made.kernel.initial()
    configuration, data = first.configuration, first.apply({"n": 0})

    def loop(n: int) -> None:
        nonlocal configuration, data
        for _ in range(n):
            made.kernel.forget()
            taken = made.kernel.move(configuration, "t", data)
            configuration = taken.configuration
            if taken.edits:
                data = taken.apply(data)

    return loop


def steps(made: StateChart) -> Loop:
    """Return the loop of `stepper.step`."""
    snapshot = begin(made, n=0).snapshot

    def loop(n: int) -> None:
        nonlocal snapshot
        for _ in range(n):
            taken = step(made, snapshot, _EVENT)
            if not isinstance(taken, Ask):
                snapshot = taken.snapshot

    return loop


def links(one: StateChart, other: StateChart) -> Loop:
    """Return W6: each transition of the one is an event for the other."""
    here = one.kernel.initial().configuration
    there = other.kernel.initial().configuration

    def loop(n: int) -> None:
        nonlocal here, there
        move, answer = one.kernel.move, other.kernel.move
        for _ in range(n // 2):
            taken = move(here, "t", {})
            here = taken.configuration
            for _ in taken.micro:
                there = answer(there, "t", {}).configuration

    return loop
