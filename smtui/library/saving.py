"""A session as JSON, and back, checked.

    {"current_state", "context", "machine_name", "machine_version",
     "deferred_events"?, "core"}

The first fields are PyStator's. `core` is the core's own snapshot: history,
delays, what a macrostep waits for.
"""

from collections.abc import Iterable, Mapping

from smtui.chart import decode, encode
from smtui.chart.values import Snapshot, TimerEntry
from smtui.definition import Json
from smtui.errors import SmtuiError
from smtui.library.bound import BoundMachine
from smtui.library.errors import InvalidStateError, UndefinedStateError
from smtui.library.registry import Context
from smtui.library.states import text_of

__all__ = ["adopted", "at_rest", "fitted", "restored", "saved", "timers_of"]

_CORE = "core"


def at_rest(snapshot: Snapshot, *, keeps_runs: bool) -> Snapshot:
    """Return a snapshot without the actions that are only planned."""
    if keeps_runs or not snapshot.pending:
        return snapshot
    pending = {
        id_: entry
        for id_, entry in snapshot.pending.items()
        if isinstance(entry, TimerEntry)
    }
    return snapshot._replace(pending=pending)


def timers_of(snapshot: Snapshot) -> dict[str, TimerEntry]:
    """Return the delays under way, by id."""
    return {
        id_: entry
        for id_, entry in snapshot.pending.items()
        if isinstance(entry, TimerEntry)
    }


def saved(
    machine: BoundMachine, snapshot: Snapshot, waiting: Iterable[tuple[str, Context]]
) -> dict[str, Json]:
    """Return an entity as JSON."""
    document: dict[str, Json] = {
        "current_state": text_of(machine.chart, snapshot.configuration),
        "context": dict(snapshot.data),
        "machine_name": machine.name,
        "machine_version": machine.version,
        "core": encode(snapshot),
    }
    deferred: list[Json] = [
        {"trigger": trigger, "payload": payload} for trigger, payload in waiting
    ]
    if deferred:
        document["deferred_events"] = deferred
    return document


def restored(
    machine: BoundMachine, document: Mapping[str, Json]
) -> tuple[Snapshot, list[tuple[str, Context]]]:
    """Return the entity of a document, and the events that wait.

    Raises InvalidStateError, UndefinedStateError.
    """
    name = document.get("machine_name", machine.name)
    if name != machine.name:
        raise InvalidStateError(
            f"the snapshot is of machine {name!r}, this is {machine.name!r}",
            hint="restore it with the machine it was made of",
            machine_name=name,
        )
    state, context = document.get("current_state"), document.get("context", {})
    if not isinstance(state, str) or not isinstance(context, dict):
        raise InvalidStateError(
            "the snapshot has no `current_state` or no `context`",
            hint="Session.snapshot() makes one with both",
        )
    core = document.get(_CORE)
    if isinstance(core, dict):
        found = adopted(machine, core)
    else:
        found = machine.snapshot_in(state, context, "session")
    return found, [*_deferred(document.get("deferred_events"))]


def adopted(machine: BoundMachine, core: Mapping[str, Json]) -> Snapshot:
    """Return a core's snapshot, made one of this version of the machine.

    What was made by another version keeps state, context, history and delays
    where all its states are still there and no action was in hand. Raises
    UndefinedStateError where a state is gone, InvalidStateError for the rest.
    """
    return fitted(machine, _decoded(core))


def fitted(machine: BoundMachine, found: Snapshot) -> Snapshot:
    """Do the same with a snapshot."""
    if found.chart_hash == machine.chart.hash:
        return found
    if found.pause is not None:
        raise InvalidStateError(
            f"an action of another version of {machine.name!r} is still in hand",
            hint="let the version that began it finish it",
            machine_name=machine.name,
        )
    gone = [id_ for id_ in found.configuration if id_ not in machine.chart.states]
    if gone:
        raise UndefinedStateError(
            f"State {gone[-1]!r} is not defined",
            hint=f"this version of {machine.name!r} has no such state any more:"
            " move the entity to one that is there",
            state_name=gone[-1],
        )
    kept = {
        id_: states
        for id_, states in found.history.items()
        if {id_, *states} <= machine.chart.tree.numbers.keys()
    }
    return found._replace(chart_hash=machine.chart.hash, history=kept)


def _decoded(core: Mapping[str, Json]) -> Snapshot:
    try:
        return decode(core)
    except (SmtuiError, KeyError, TypeError, ValueError) as error:
        raise InvalidStateError(
            f"the snapshot's `core` cannot be read: {error}",
            hint="leave `core` out to keep only the state and the context",
        ) from None


def _deferred(found: Json) -> Iterable[tuple[str, Context]]:
    for each in found if isinstance(found, list) else []:
        if isinstance(each, dict) and isinstance(each.get("payload"), dict):
            payload = each["payload"]
            assert isinstance(payload, dict)  # noqa: S101 - seen above
            yield str(each.get("trigger", "")), payload
