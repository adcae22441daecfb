"""The workloads as one would write them by hand, without any engine: the floor."""

from collections.abc import Callable

from tests.bench.chart_workloads import DEPTH, REGIONS, RING, Loop

__all__ = ["HANDS"]

_TOGGLE = {"a": {"t": "b"}, "b": {"t": "a"}}


def _flat(row: dict[str, dict[str, str]], first: str) -> Loop:
    state = first

    def loop(n: int) -> None:
        nonlocal state
        for _ in range(n):
            state = row[state]["t"]

    return loop


def _ring() -> Loop:
    row = {f"s{i}": {"t": f"s{(i + 1) % RING}"} for i in range(RING)}
    return _flat(row, "s0")


def _guarded() -> Loop:
    state, data = "a", {"n": 0}

    def under() -> bool:
        return data["n"] < 10**9

    def count() -> None:
        data["n"] += 1

    def loop(n: int) -> None:
        nonlocal state
        for _ in range(n):
            if under():
                state = _TOGGLE[state]["t"]
                count()

    return loop


def _deep() -> Loop:
    data = {"n": 0}

    def count() -> None:
        data["n"] += 1

    acts: list[Callable[[], None]] = [count] * (2 * DEPTH)
    row = {"l5": {"t": ("r5", acts)}, "r5": {"t": ("l5", acts)}}
    state = "l5"

    def loop(n: int) -> None:
        nonlocal state
        for _ in range(n):
            state, todo = row[state]["t"]
            for act in todo:
                act()

    return loop


def _regions() -> Loop:
    states = ["a"] * REGIONS

    def loop(n: int) -> None:
        for _ in range(n):
            for region, state in enumerate(states):
                states[region] = _TOGGLE[state]["t"]

    return loop


def _linked() -> Loop:
    here = there = "a"

    def loop(n: int) -> None:
        nonlocal here, there
        for _ in range(n // 2):
            here = _TOGGLE[here]["t"]
            there = _TOGGLE[there]["t"]

    return loop


HANDS: dict[str, Callable[[], Loop]] = {
    "W1": lambda: _flat(_TOGGLE, "a"),
    "W2": _ring,
    "W3": _guarded,
    "W4": _deep,
    "W5": _regions,
    "W6": _linked,
}
