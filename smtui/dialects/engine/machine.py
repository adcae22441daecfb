"""The `engine` dialect: YAML of statemachine-engine 1.0.91 -> Definition.

Everything the text can show is checked here, all at once. A file that runs
today keeps loading; where it would fail when it runs, it loads with a warning.
"""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import PurePath

from smtui.definition import Ask, Definition, Position, State
from smtui.dialects.asks import read_asks, read_stuck
from smtui.dialects.engine.keys import ANYWHERE, CURES, SYNONYMS, TOP_KEYS
from smtui.dialects.engine.states import (
    Spoken,
    listed_states,
    read_lists,
    read_states,
)
from smtui.dialects.engine.transitions import read_events, read_transitions
from smtui.dialects.loaded import Loaded
from smtui.dialects.names import name_problem
from smtui.dialects.nodes import Field, Scalar, Table
from smtui.dialects.notes import Notes
from smtui.dialects.peers import Peers, read_peers
from smtui.dialects.tables import Reader

__all__ = ["DEFAULT_INITIAL", "read_engine"]

DEFAULT_INITIAL = "waiting"
"""The state a machine begins in when the file names none."""


def read_engine(
    table: Table, text: str, file: str, custom: frozenset[str], notes: Notes
) -> Loaded:
    """Return what a mapping describes; its problems join those in `notes`."""
    fields = _top_fields(table, notes)
    peers = read_peers(fields.get("peers"), notes)
    spoken = _spoken(table, fields, text, custom, notes, peers=peers)
    states = read_states(spoken, notes)
    names = tuple(states)
    asks = read_asks(fields.get("asks"), spoken.taken, names, notes)
    stuck_after, stuck = read_stuck(fields.get("stuck_after"), names, notes)
    events = fields.get("events")
    template = fields.get("template")
    name, name_at = _name(fields.get("metadata"), file, notes)
    definition = Definition(
        dialect="engine",
        name=name,
        file=file,
        text=text,
        hash=sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16],
        initial=spoken.initial,
        states=tuple(_told(state, asks, stuck) for state in states.values()),
        transitions=spoken.transitions,
        events=read_events(events.value, notes) if events is not None else (),
        title=_label(table, "name"),
        description=_label(table, "description"),
        template=template is not None
        and Reader(notes).flag(template.value, "at 'template'"),
        stuck_after_s=stuck_after,
        name_at=name_at,
        peers=tuple(peers.known.values()),
    )
    actions_root = _actions_root(fields.get("actions_root"), notes)
    return Loaded(
        None if notes.has_errors() else definition,
        notes.sorted(),
        "engine",
        name,
        actions_root,
        definition,
    )


def _top_fields(table: Table, notes: Notes) -> dict[str, Field]:
    own = tuple(field for field in table.fields if not field.key.startswith("x-"))
    rest = replace(table, fields=own)
    return Reader(notes, CURES, SYNONYMS).fields(
        rest, TOP_KEYS, "at the top level", ANYWHERE
    )


def _spoken(
    table: Table,
    fields: dict[str, Field],
    text: str,
    custom: frozenset[str],
    notes: Notes,
    *,
    peers: Peers,
) -> Spoken:
    first, last = fields.get("transitions"), fields.get("actions")
    initial, at = DEFAULT_INITIAL, table.at
    given = fields.get("initial_state")
    if given is not None and not _is_nothing(given):
        at = given.value.at
        named = Reader(notes).name(
            given.value, "at 'initial_state'", "the name of a state"
        )
        initial = named or initial
    return Spoken(
        listed=listed_states(fields.get("states"), text, notes),
        initial=initial,
        initial_at=at,
        has_initial=given is not None,
        arrows=read_transitions(first.value, custom, peers, notes) if first else (),
        lists=read_lists(last.value, custom, notes) if last else {},
    )


def _is_nothing(field: Field) -> bool:
    return isinstance(field.value, Scalar) and field.value.value is None


def _told(state: State, asks: Mapping[str, Ask], stuck: Mapping[str, float]) -> State:
    """Return the state with what other parts of the file say of it."""
    return replace(state, ask=asks.get(state.id), stuck_after_s=stuck.get(state.id))


def _label(table: Table, key: str) -> str:
    field = table.get(key)
    if field is None or not isinstance(field.value, Scalar):
        return ""
    return "" if field.value.value is None else field.value.text


def _name(
    metadata: Field | None, file: str, notes: Notes
) -> tuple[str, Position | None]:
    """Return the machine's name: metadata.machine_name, else the file's stem."""
    stem = PurePath(file).stem
    if metadata is None:
        return stem, None
    table = Reader(notes).table(metadata.value, "at 'metadata'")
    given = table.get("machine_name") if table is not None else None
    if given is None or _is_nothing(given):
        return stem, None
    name = given.value.text if isinstance(given.value, Scalar) else ""
    problem = name_problem(name)
    if problem:
        notes.error(given.value.at, "bad-name", f"found the machine name {problem}", "")
    return name or stem, given.value.at


def _actions_root(field: Field | None, notes: Notes) -> str:
    if field is None or _is_nothing(field):
        return ""
    name = Reader(notes).name(
        field.value, "at 'actions_root'", "a folder, relative to this file"
    )
    return name or ""
