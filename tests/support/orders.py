"""Machines for tests of the library, and what they call."""

from collections.abc import Mapping
from typing import Any

from smtui.library import Context, FSMError, Machine, TransitionResult
from smtui.testing import ManualClock

__all__ = ["ORDER", "WAITING", "failures", "machine_of", "order"]

ORDER: Mapping[str, Any] = {
    "meta": {"machine_name": "order", "version": "1.0.0"},
    "states": [
        {"name": "PENDING", "type": "initial", "on_exit": ["leave"]},
        {"name": "OPEN", "on_enter": ["notify", {"increment": "opened"}]},
        {"name": "FILLED", "type": "terminal"},
    ],
    "transitions": [
        {"trigger": "ack", "source": "PENDING", "dest": "OPEN", "actions": ["log"]},
        {
            "trigger": "fill",
            "source": "OPEN",
            "dest": "FILLED",
            "guards": ["is_full_fill"],
        },
        {"trigger": "note", "source": "OPEN", "dest": "OPEN", "internal": True},
    ],
}

WAITING: Mapping[str, Any] = {
    "meta": {"machine_name": "waiting"},
    "states": [
        {"name": "idle", "type": "initial"},
        {"name": "wait", "timeout": {"seconds": 60, "destination": "late"}},
        {"name": "late"},
    ],
    "transitions": [
        {"trigger": "go", "source": "idle", "dest": "wait"},
        {"trigger": "back", "source": "wait", "dest": "idle"},
    ],
}


def machine_of(config: Mapping[str, Any], clock: ManualClock | None = None) -> Machine:
    """Return a machine on a clock that stands still."""
    return Machine.from_dict(config, clock=clock or ManualClock())


def order(calls: list[Context] | None = None) -> Machine:
    """Return the order machine; its actions note the context they were given."""
    machine = machine_of(ORDER)
    noted: list[Context] = [] if calls is None else calls
    machine.guard("is_full_fill")(
        lambda ctx: ctx.get("fill_qty", 0) >= ctx["order_qty"]
    )
    for name in machine.action_names():

        def note(ctx: Context, name: str = name) -> None:
            noted.append({"action": name, **ctx})

        machine.action(name)(note)
    return machine


def failures(result: TransitionResult) -> list[FSMError]:
    """Return what a result tells of actions that failed."""
    found = result.metadata.get("action_errors", [])
    assert isinstance(found, list)
    return found
