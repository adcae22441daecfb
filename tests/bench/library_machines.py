"""The machines of `bench library`, as PyStator and we read them.

Values only: the peers' environments have no smtui.
"""

from collections.abc import Mapping
from typing import Any, TypeAlias

__all__ = ["KINDS", "context", "first_state", "is_positive", "machine"]

Foreign: TypeAlias = Any

KINDS: Mapping[str, str] = {
    "flat": "flat toggle",
    "named": "a guard of the author's",
    "check": "guard and counter",
    "expr": "a guard that is an expression",
    "deep": "five deep, 10 entry and exit actions",
}
DEPTH = 5


def machine(kind: str) -> dict[str, Foreign]:
    """Return a definition; its one trigger is `t`."""
    guards: dict[str, list[Foreign]] = {
        "named": ["is_positive"],
        "check": [{"check": {"field": "n", "op": "lt", "value": 10**9}}],
        "expr": [{"expr": "n < 1000000000"}],
    }
    more: dict[str, Foreign] = {}
    if kind in guards:
        more["guards"] = guards[kind]
    if kind == "check":
        more["actions"] = [{"increment": "n"}]
    states, ends = (_deep(), ("l5", "r5")) if kind == "deep" else (_flat(), ("a", "b"))
    ways = [
        {"trigger": "t", "source": source, "dest": dest, **more}
        for source, dest in (ends, ends[::-1])
    ]
    meta = {"machine_name": "m", "version": "1"}
    return {"meta": meta, "states": states, "transitions": ways}


def first_state(kind: str) -> str:
    """Return where a loop begins."""
    return "l5" if kind == "deep" else "a"


def context() -> dict[str, Foreign]:
    """Return the data of an event."""
    return {"n": 1}


def is_positive(data: Mapping[str, Foreign]) -> bool:
    """Say yes: the guard `named` asks."""
    return bool(data["n"] > 0)


def _flat() -> list[dict[str, Foreign]]:
    return [{"name": "a", "type": "initial"}, {"name": "b", "type": "stable"}]


def _deep() -> list[dict[str, Foreign]]:
    states: list[dict[str, Foreign]] = [
        {"name": "root", "type": "initial", "initial_child": "l1"}
    ]
    for side in "lr":
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
    return states
