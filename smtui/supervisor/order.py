"""Who waits for whom: dependencies as pure functions over specs and states.

A dependency names a child, a machine it hosts, or a machine with replicas
(then all of them are meant). Once started, a child does not stop because what
it depends on stopped; when it starts again the dependency counts again.
"""

from collections.abc import Mapping, Sequence

from smtui.errors import nearest
from smtui.supervisor.spec import ChildSpec, Until
from smtui.wire import ChildState

__all__ = ["blocked_by", "children_named", "dependants", "stop_order"]

_ENOUGH = {
    # who ended had been ready before; waiting for more would be for ever
    Until.READY: {ChildState.READY, ChildState.HUNG, ChildState.DONE},
    Until.DONE: {ChildState.DONE},
}


def children_named(name: str, specs: Mapping[str, ChildSpec]) -> list[str]:
    """Return the children that `name` means; [] when nobody has this name."""
    if name in specs:
        return [name]
    return [
        child
        for child, spec in specs.items()
        if name in spec.names or name == spec.replica_of
    ]


def blocked_by(
    spec: ChildSpec,
    specs: Mapping[str, ChildSpec],
    states: Mapping[str, ChildState],
) -> str:
    """Return what `spec` still waits for in words, or ''."""
    missing: list[str] = []
    for name, until in spec.depends_on.items():
        children = children_named(name, specs)
        if not children:
            hint = nearest(name, [*specs])
            missing.append(f"{name}, which is not in this fleet {hint}".strip())
        for child in children:
            state = states.get(child, ChildState.STOPPED)
            if state not in _ENOUGH[until]:
                missing.append(f"{child} to be {until} (it is {state})")
    return f"waits for {'; '.join(missing)}" if missing else ""


def dependants(child: str, specs: Mapping[str, ChildSpec]) -> list[str]:
    """Return the children that name `child` in depends_on."""
    return [
        other
        for other, spec in specs.items()
        if any(child in children_named(name, specs) for name in spec.depends_on)
    ]


def stop_order(specs: Mapping[str, ChildSpec]) -> list[Sequence[str]]:
    """Return the children in levels: a level stops when the one before has.

    Who depends on somebody stops before them. Children in a circle, which
    `check` refuses, stop together in the last level.
    """
    waits_for = {child: set(dependants(child, specs)) for child in specs}
    levels: list[Sequence[str]] = []
    left = dict.fromkeys(specs)
    while left:
        level = [child for child in left if not waits_for[child] & left.keys()]
        if not level:
            level = [*left]
        levels.append(level)
        for child in level:
            del left[child]
    return levels
