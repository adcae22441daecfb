"""What our library gives, in the form of PyStator's cases."""

from typing import Any

from smtui.definition import Arrow, NodeKind, TreeDefinition
from smtui.library import Machine, Part, PlannedAction, TransitionResult

__all__ = ["brief", "summary", "told", "told_error", "transitions"]


def told(result: TransitionResult) -> dict[str, Any]:
    """Return a result."""
    found: dict[str, Any] = {
        "success": result.success,
        "source": result.source_state,
        "target": result.target_state,
        "trigger": result.trigger,
        "exit_actions": [_planned(one) for one in result.exit_actions],
        "transition_actions": [_planned(one) for one in result.transition_actions],
        "enter_actions": [_planned(one) for one in result.enter_actions],
        "all_actions": [*result.all_actions],
        "metadata": dict(result.metadata),
    }
    if result.error is not None:
        found["error"] = told_error(result.error)
    return found


def told_error(error: Exception) -> dict[str, Any]:
    """Return an error: all classes it is of, its code and what it says."""
    code = getattr(error, "code", None)
    return {
        "type": [kind.__name__ for kind in type(error).__mro__],
        "code": None if code is None else str(code),
        "message": str(error),
    }


def _planned(one: PlannedAction) -> object:
    return {one.name: dict(one.params)} if one.params else one.name


def brief(part: Part) -> list[Any]:
    """Return a microstep: source, trigger, target and the names of its actions."""
    return [part.source, part.trigger, part.target, [a.name for a in part.actions]]


def summary(machine: Machine) -> dict[str, Any]:
    """Return what a machine is, in a few words."""
    nodes = machine.definition.nodes
    return {
        "states": [*machine.states],
        "triggers": [name for name in machine.triggers if not name.startswith("_")],
        "terminal": sorted(n.id for n in nodes if n.kind is NodeKind.FINAL),
        "initial": machine.definition.initial.targets[0],
        "name": machine.name,
        "version": machine.version,
        "meta": dict(machine.meta),
    }


def transitions(definition: TreeDefinition) -> list[dict[str, Any]]:
    """Return the transitions as written, several sources of one together."""
    groups: dict[int, list[Arrow]] = {}
    for arrow in definition.arrows:
        groups.setdefault(arrow.origin, []).append(arrow)
    return [_written(arrows) for origin, arrows in groups.items() if origin >= 0]


def _written(arrows: list[Arrow]) -> dict[str, Any]:
    first = arrows[0]
    return {
        "trigger": first.events[0] if first.events else first.trigger,
        "source": [arrow.source for arrow in arrows],
        "dest": first.targets[0] if first.targets else first.source,
        "after": None if first.delay_s is None else round(first.delay_s * 1000),
        "auto": bool(first.trigger),
        "internal": not first.targets,
        "priority": first.priority or None,
    }
