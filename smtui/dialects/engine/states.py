"""Which states a file of the engine dialect has, and what is said of each.

A state exists because `states:` lists it, because a transition or an action
list names it, or because it is the initial one. When `states:` is given, a
name that only turns up elsewhere is a warning (files that run today have it),
and a target that leads nowhere at all is an error: hardly anything but a slip.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from smtui.definition import ANY, Action, Position, State, Transition
from smtui.dialects.engine.actions import read_actions
from smtui.dialects.engine.keys import FINAL_STATES
from smtui.dialects.engine.transitions import Arrow
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table
from smtui.dialects.notes import Notes, shown
from smtui.dialects.tables import Reader

__all__ = [
    "Listed",
    "Spoken",
    "listed_states",
    "read_lists",
    "read_states",
]

_GROUP = re.compile(r"\s*#+\s*===+\s*(\S.*?)\s*===+")
_LINES = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""Line ends as YAML counts them."""


class Listed(NamedTuple):
    """A state `states:` lists."""

    at: Position
    group: str


class Spoken(NamedTuple):
    """Everything a file says that has to do with states."""

    listed: Mapping[str, Listed] | None
    """None when there is no `states:`; then every name found is a state."""
    initial: str
    initial_at: Position
    has_initial: bool
    """False when the default was taken."""
    arrows: Sequence[Arrow]
    lists: Mapping[str, tuple[Position, tuple[Action, ...]]]
    """State -> its `actions:`."""

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Return the transitions in the order of the file."""
        return tuple(arrow.transition for arrow in self.arrows)

    def taken(self, state: str) -> list[str]:
        """Return the events a state takes, in the order of the file."""
        found = [t.event for t in self.transitions if t.source in {state, ANY}]
        return [event for event in dict.fromkeys(found) if event]


def read_lists(
    node: Node, custom: frozenset[str], notes: Notes
) -> dict[str, tuple[Position, tuple[Action, ...]]]:
    """Return the action list of each state under `actions:`."""
    hint = "actions: {STATE: [{type: log, message: hello}]}"
    table = Reader(notes).table(node, "at 'actions'", hint)
    found: dict[str, tuple[Position, tuple[Action, ...]]] = {}
    for field in table.fields if table is not None else ():
        where = f"at the actions of {shown(field.key)}"
        Reader(notes).key(field, "in 'actions'")
        if field.key == ANY:
            notes.error(
                field.at,
                "wrong-type",
                "found '*' in 'actions', expected the name of a state",
                "actions that belong to a transition stand under it",
            )
            continue
        actions = read_actions(field.value, where, custom, notes)
        found[field.key] = (field.at, actions)
    return found


def listed_states(
    field: Field | None, text: str, notes: Notes
) -> dict[str, Listed] | None:
    """Return the names under `states:` with their groups, None without it."""
    if field is None or (isinstance(field.value, Scalar) and field.value.value is None):
        return None
    if isinstance(field.value, Table):
        notes.error(
            field.value.at,
            "wrong-type",
            "found a mapping at 'states', expected a list of names",
            "write `- ` before each name",
        )
        return None
    groups = _Groups(text, field)
    found: dict[str, Listed] = {}
    for item in Reader(notes).items(field.value, "at 'states'"):
        name = Reader(notes).name(item, "in 'states'", "the name of a state")
        if name is None:
            continue
        if name in found:
            notes.warning(
                item.at,
                "listed-twice",
                f"found {shown(name)} a second time in 'states'",
                f"the first is in line {found[name].at.line}",
            )
            continue
        if name == ANY:
            notes.error(
                item.at,
                "wrong-type",
                "found '*' in 'states', expected the name of a state",
                "'*' means any state, in `from:` only",
            )
            continue
        found[name] = Listed(item.at, groups.at(item.at.line))
    return found


class _Groups:
    """The `# === NAME ===` comments of a list: a heading for what follows."""

    def __init__(self, text: str, field: Field) -> None:
        last = (
            max((item.at.line for item in field.value.items), default=field.at.line)
            if isinstance(field.value, Items)
            else field.at.line
        )
        lines = _LINES.split(text)[field.at.line : last]
        self._starts: list[tuple[int, str]] = []
        for number, line in enumerate(lines, field.at.line + 1):
            found = _GROUP.match(line)
            if found is not None:
                name = found.group(1).removesuffix(" STATES")
                self._starts.append((number, name))

    def at(self, line: int) -> str:
        """Return the heading a line stands under, or ''."""
        above = [name for number, name in self._starts if number < line]
        return above[-1] if above else ""


def read_states(spoken: Spoken, notes: Notes) -> dict[str, State]:
    """Return every state by name: those listed first, then as they turn up."""
    listed = spoken.listed or {}
    found = {
        name: State(name, it.at, _actions(spoken, name), it.group)
        for name, it in listed.items()
    }
    for name, at in _named(spoken):
        if name not in found:
            is_declared = spoken.listed is None
            found[name] = State(name, at, _actions(spoken, name), declared=is_declared)
            if not is_declared:
                _undeclared(name, at, spoken, notes)
    return found


def _actions(spoken: Spoken, name: str) -> tuple[Action, ...]:
    return spoken.lists[name][1] if name in spoken.lists else ()


def _named(spoken: Spoken) -> list[tuple[str, Position]]:
    """Return every name of a state with the places it stands, in order."""
    named = [(spoken.initial, spoken.initial_at)]
    for transition, source_at, target_at in spoken.arrows:
        if transition.source != ANY:
            named.append((transition.source, source_at))
        if transition.target != ANY:
            named.append((transition.target, target_at))
    named += [(name, at) for name, (at, _) in spoken.lists.items()]
    return named


def _undeclared(name: str, at: Position, spoken: Spoken, notes: Notes) -> None:
    """Note a name that `states:` lacks: once, as bad as it is."""
    if name in FINAL_STATES:
        return
    listed = list(spoken.listed or ())
    leads_on = name in spoken.lists or any(t.source == name for t in spoken.transitions)
    what = f"found the state {shown(name)}"
    if name == spoken.initial and not spoken.has_initial:
        what = f"found no 'initial_state', so it begins in {shown(name)}"
    if leads_on:
        notes.warning(
            at,
            "undeclared-state",
            f"{what}, which is not in 'states'",
            notes.hint(name, listed),
        )
    else:
        notes.error(
            at,
            "unknown-state",
            f"{what}, which is not in 'states', has no actions and no way out",
            notes.hint(name, listed),
        )
