"""Machines that guards look at: whether they are there, and have the state.

A name that is wrong would never be an error when the machine runs: the guard
would say no for ever. So in a fleet that was read whole it is one here; of
files named one by one the others may run already.
"""

from collections.abc import Collection, Iterator, Sequence
from re import Pattern

from smtui.check.unit import Unit
from smtui.definition import (
    AnyDefinition,
    Definition,
    NodeKind,
    TreeDefinition,
    guards_on_peers,
)
from smtui.definition.guards import PeerGuard
from smtui.dialects import Dialect, shown
from smtui.errors import nearest

__all__ = ["check_peers"]

_HISTORIES = frozenset({NodeKind.HISTORY, NodeKind.DEEP_HISTORY})


def check_peers(
    units: Sequence[Unit], started: Collection[Pattern[str]], *, is_whole: bool
) -> None:
    """Check every machine that a guard looks at, and the states asked for.

    `started` are what the names of machines look like that others start.
    `is_whole`: the machines of the fleet are all among these.
    """
    for unit in units:
        if unit.definition is None:
            continue
        for use in guards_on_peers(unit.definition):
            guard = use.guard
            name = guard.machine.partition("#")[0]
            found = next((each for each in units if each.name == name), None)
            if found is unit and not guard.instance:
                _tell_itself(unit, guard)
            elif found is not None:
                _check_peer(unit, guard, found)
            elif not any(each.fullmatch(guard.machine) for each in started):
                _tell_unknown(unit, guard, units, is_whole=is_whole)


def _tell_unknown(
    unit: Unit, guard: PeerGuard, units: Sequence[Unit], *, is_whole: bool
) -> None:
    known = [*dict.fromkeys(each.name for each in units)]
    note = unit.notes.error if is_whole else unit.notes.warning
    note(
        guard.at,
        "unknown-peer",
        f"found the peer {shown(guard.machine)}, which is not among these files",
        nearest(guard.machine, known) or f"here are: {', '.join(known)}",
    )


def _tell_itself(unit: Unit, guard: PeerGuard) -> None:
    unit.notes.warning(
        guard.at,
        "peer-itself",
        f"found the machine itself as the peer {shown(guard.machine)}: it would see "
        "where it was before the step",
        "a transition knows its own state; in SCXML write In('STATE')",
    )


def _check_peer(unit: Unit, guard: PeerGuard, peer: Unit) -> None:
    if peer.settings.replicas > 1 and "#" not in guard.machine:
        unit.notes.error(
            guard.at,
            "unknown-peer",
            f"found the peer {shown(guard.machine)}, of which there are "
            f"{peer.settings.replicas}",
            f"name one of them: {guard.machine}#1",
        )
    definition = peer.definition
    if definition is None or unit.definition is None:
        return
    is_many = _has_many(definition) and not _has_many(unit.definition)
    if is_many and not guard.instance:
        unit.notes.warning(
            guard.at,
            "which-instance",
            f"found the peer {shown(guard.machine)}, which has an instance for "
            "each entity, and nothing that says which",
            'write `instance: ID`, or `instance: "{FIELD}"` of the data',
        )
    states = [*_states(definition)]
    # an orchestrator's states are made by Python; what its text shows is known
    is_sure = definition.dialect != Dialect.PYTHON
    note = unit.notes.error if is_sure else unit.notes.warning
    for state in guard.states:
        if state not in states:
            note(
                guard.at,
                "unknown-state",
                f"found the state {shown(state)} of the peer "
                f"{shown(guard.machine)}, which has no such state",
                nearest(state, states) or f"its states: {', '.join(states[:12])}",
            )


def _has_many(definition: AnyDefinition) -> bool:
    return isinstance(definition, TreeDefinition) and definition.semantics.is_many


def _states(definition: AnyDefinition) -> Iterator[str]:
    if isinstance(definition, Definition):
        yield from (state.id for state in definition.states)
        return
    for node in definition.nodes:
        if node.kind not in _HISTORIES:
            yield node.id
