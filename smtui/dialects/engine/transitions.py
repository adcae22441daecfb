"""`transitions:` and `events:` of the engine dialect."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from smtui.definition import ANY, EventSpec, Position, Transition
from smtui.dialects.engine.actions import read_actions
from smtui.dialects.engine.keys import (
    ANYWHERE,
    CURES,
    EVENT_KEYS,
    SYNONYMS,
    TRANSITION_KEYS,
)
from smtui.dialects.engine.whens import read_when
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, word
from smtui.dialects.notes import Notes, shown
from smtui.dialects.peers import Peers
from smtui.dialects.tables import MOST_SECONDS, Reader

__all__ = ["Arrow", "delay_of", "read_events", "read_transitions"]

_DELAY = re.compile(r"timeout\((\d+(?:\.\d+)?)\)\Z", re.ASCII)
_LIKE_DELAY = re.compile(r"timeout\s*\(", re.IGNORECASE)


class Arrow(NamedTuple):
    """A transition, and where the names of its two states stand."""

    transition: Transition
    source_at: Position
    target_at: Position


def delay_of(event: str) -> float | None:
    """Return N of `timeout(N)` in seconds, None for any other event."""
    found = _DELAY.match(event)
    return float(found.group(1)) if found else None


def read_transitions(
    node: Node, custom: frozenset[str], peers: Peers, notes: Notes
) -> tuple[Arrow, ...]:
    """Return the transitions in the order of the file."""
    found = [
        _transition(item, custom, peers, notes)
        for item in Reader(notes).items(node, "at 'transitions'")
    ]
    return tuple(arrow for arrow in found if arrow is not None)


def _transition(
    node: Node, custom: frozenset[str], peers: Peers, notes: Notes
) -> Arrow | None:
    if not isinstance(node, Table):
        notes.error(
            node.at,
            "wrong-type",
            f"found {word(node)} in 'transitions', expected a mapping",
            "a transition is written {from: a, to: b, event: go}",
        )
        return None
    fields = Reader(notes, CURES, SYNONYMS).fields(
        node, TRANSITION_KEYS, "in a transition", ANYWHERE
    )
    source = _state(node, fields.get("from"), "from", notes)
    target = _state(node, fields.get("to"), "to", notes)
    event = _event(node, fields.get("event"), notes)
    given = fields.get("actions")
    actions = (
        read_actions(given.value, "at 'actions' of a transition", custom, notes)
        if given is not None
        else ()
    )
    # What is missing is noted; the rest still says which states there are.
    transition = Transition(
        source=source or ANY,
        target=target or source or ANY,
        event=event or "",
        at=node.at,
        delay_s=delay_of(event or ""),
        actions=actions,
        guard=read_when(fields.get("when"), peers, notes),
    )
    return Arrow(transition, _place(fields, "from", node), _place(fields, "to", node))


def _place(fields: Mapping[str, Field], key: str, table: Table) -> Position:
    return fields[key].value.at if key in fields else table.at


def _state(table: Table, field: Field | None, key: str, notes: Notes) -> str | None:
    if field is None or _is_nothing(field.value):
        hint = "the name of a state"
        if key == "from":
            hint += ', or "*" for any'
        at = table.at if field is None else field.at
        Reader(notes).missing(at, key, "in a transition", hint)
        return None
    if isinstance(field.value, Items):
        notes.error(
            field.value.at,
            "wrong-type",
            f"found a list at {key!r} of a transition, expected one state",
            'write one transition for each, or "*" for any state'
            if key == "from"
            else "write one transition for each",
        )
        return None
    name = Reader(notes).name(
        field.value, f"at {key!r} of a transition", "the name of a state"
    )
    if name == ANY and key == "to":
        notes.error(
            field.value.at,
            "wrong-type",
            "found '*' at 'to' of a transition, expected the name of a state",
        )
        return None
    return name


def _event(table: Table, field: Field | None, notes: Notes) -> str | None:
    if field is None or _is_nothing(field.value):
        at = table.at if field is None else field.at
        Reader(notes).missing(
            at,
            "event",
            "in a transition",
            "the event that takes it, or timeout(SECONDS)",
        )
        return None
    name = Reader(notes).name(
        field.value, "at 'event' of a transition", "the name of an event"
    )
    if name is not None and not _is_good_delay(name):
        notes.error(
            field.value.at,
            "bad-timeout",
            f"found {shown(name)}, expected timeout(SECONDS)",
            "a number without a unit: timeout(5) or timeout(0.5)",
        )
    return name


def _is_good_delay(name: str) -> bool:
    if _LIKE_DELAY.match(name) is None:
        return True
    delay = delay_of(name)
    return delay is not None and delay < MOST_SECONDS


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def read_events(node: Node, notes: Notes) -> tuple[EventSpec, ...]:
    """Return the declared events: a list of names, or a mapping by name."""
    match node:
        case Items(items=items):
            return _listed(items, notes)
        case Table(fields=fields):
            return tuple(_mapped(field, notes) for field in fields)
        case Scalar(value=None):
            return ()
        case _:
            notes.error(
                node.at,
                "wrong-type",
                f"found {word(node)} at 'events', expected a list or a mapping",
            )
            return ()


def _listed(items: tuple[Node, ...], notes: Notes) -> tuple[EventSpec, ...]:
    found: dict[str, EventSpec] = {}
    for item in items:
        name = Reader(notes).name(item, "in 'events'", "the name of an event")
        if name is not None:
            found.setdefault(name, EventSpec(name, item.at))
    return tuple(found.values())


def _mapped(field: Field, notes: Notes) -> EventSpec:
    where = f"of the event {shown(field.key)}"
    table = Reader(notes).table(field.value, where)
    Reader(notes).key(field, "in 'events'")
    if table is None:
        return EventSpec(field.key, field.at)
    fields = Reader(notes).fields(table, EVENT_KEYS, where, ANYWHERE)
    given = fields.get("context_map")
    paths = _paths(given, where, notes) if given is not None else {}
    return EventSpec(field.key, field.at, paths)


def _paths(field: Field, where: str, notes: Notes) -> dict[str, str]:
    hint = "context_map: {key: payload.path}"
    table = Reader(notes).table(field.value, f"at 'context_map' {where}", hint)
    found: dict[str, str] = {}
    for entry in table.fields if table is not None else ():
        path = Reader(notes).name(
            entry.value,
            f"at {shown(entry.key)} of the context_map {where}",
            "a dotted path into the event, like payload.user",
        )
        if path is not None:
            found[entry.key] = path
    return found
