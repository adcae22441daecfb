"""`submachine:` of a state: another definition's states, inside of it.

A state `pay` with a submachine whose states are `ask` and `paid` has the
children `pay.ask` and `pay.paid`; every name inside is made longer the same
way, places stay those of the file it is written in. The laws of this file: it
works on what was parsed, before anything is read from it; what the inner
definition says of itself as a machine is left behind, with a warning where
that changes what it does.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from smtui.definition import Json
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, plain
from smtui.dialects.notes import shown
from smtui.dialects.pystator.included import Files
from smtui.dialects.pystator.joining import join
from smtui.dialects.pystator.keys import Place
from smtui.dialects.pystator.reading import Reading
from smtui.dialects.pystator.renaming import Names

__all__ = ["compose"]

MOST_SUBMACHINES = 500
"""In one definition: a file that includes itself twice over ends somewhere."""

_CANNOT = {
    "parallel": "give one of its regions a state with a submachine",
    "terminal": "nothing is inside of a terminal state",
    "choice": "nothing is inside of a choice",
}
_LEFT = ("error_policy", "code", "peers")
_RULES: Mapping[str, Json] = {
    "strict_mode": True,
    "reject_invalid_events": None,
    "event_normalizer": None,
    "validate_context": False,
    "classification": None,
}
"""What `meta` decides of a machine, with what it is when nothing is said."""


def compose(reading: Reading, table: Table, files: Files) -> tuple[Reading, Table]:
    """Return a definition without submachines, and what reads it with its files."""
    if not any(_asked(state) for state in _states(table)):
        return reading, table
    composer = _Composer(reading, files, dict(reading.lines))
    whole = composer.composed(table, _Source("", ()))
    return reading._replace(lines=composer.lines), whole


class _Source(NamedTuple):
    """Where a definition stands."""

    name: str
    """Of its file, '' for the first."""
    stack: tuple[str, ...]
    """The files around it, itself included."""


class _Part(NamedTuple):
    """A state and its submachine, on the way to states of the whole."""

    states: tuple[Node, ...]
    transitions: tuple[Node, ...]
    rest: Table | None
    """The inner definition, names made longer; what else it says is joined."""


@dataclass(slots=True)
class _Composer:
    reading: Reading
    files: Files
    lines: dict[str, tuple[str, ...]]
    count: int = 0

    def composed(self, table: Table, source: _Source) -> Table:
        """Return a definition with the states of all submachines among its own."""
        states: list[Node] = []
        transitions: list[Node] = []
        whole = table
        for node in _items(table, "states"):
            ref = _asked(node)
            if ref is None or not isinstance(node, Table):
                states.append(node)
                continue
            part = self._part(node, ref, source, table)
            states += part.states
            transitions += part.transitions
            if part.rest is not None:
                whole = join(whole, part.rest)
        transitions += _items(table, "transitions")
        return _with(whole, states=states, transitions=transitions)

    def _part(self, state: Table, ref: Field, source: _Source, outer: Table) -> _Part:
        bare = replace(state, fields=tuple(f for f in state.fields if f is not ref))
        alone = _Part((bare,), (), None)
        name = _text(state, "name")
        if not name or not self._is_possible(state, ref, name):
            return alone
        inner = self._inner(ref, source)
        if inner is None:
            return alone
        found, inside = inner
        where = f"in the submachine of {shown(name)}"
        self.reading.fields(found, Place.SUBMACHINE, where)
        self._tell_left(found, outer, where)
        found = self.composed(found, inside)
        initial = self._initial(found, state, where)
        names = Names.of(name, found)
        states = tuple(names.state(each) for each in _items(found, "states"))
        ways = tuple(names.way(each) for each in _items(found, "transitions"))
        if initial is not None:
            first = Field("initial_child", initial.at, names.name(initial))
            kept = (f for f in bare.fields if f.key != "initial_child")
            bare = replace(bare, fields=(*kept, first))
        return _Part((bare, *states), ways, names.rest(found))

    def _is_possible(self, state: Table, ref: Field, name: str) -> bool:
        notes = self.reading.notes
        type_ = _text(state, "type")
        self.count += 1
        if type_ in _CANNOT:
            notes.error(
                ref.at,
                "bad-submachine",
                f"found a submachine of the {type_} state {shown(name)}",
                _CANNOT[type_],
            )
        elif self.count == MOST_SUBMACHINES + 1:
            notes.error(
                ref.at,
                "bad-submachine",
                f"found more than {MOST_SUBMACHINES} submachines in one definition",
            )
        return type_ not in _CANNOT and self.count <= MOST_SUBMACHINES

    def _inner(self, ref: Field, source: _Source) -> tuple[Table, _Source] | None:
        """Return the definition that is named, or written there."""
        node, notes = ref.value, self.reading.notes
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.text:
            file = self.files.read(node.text, source.name, node.at, notes)
            if file is None:
                return None
            if file.name in source.stack:
                notes.error(
                    node.at,
                    "circle",
                    f"found the submachine {shown(node.text)} inside of itself: "
                    + " -> ".join((*source.stack, file.name)),
                )
                return None
            self.lines[file.path] = file.lines
            source = _Source(file.name, (*source.stack, file.name))
            node = file.node
        if isinstance(node, Table) and isinstance(_value(node, "states"), Items):
            return node, source
        self.reading.reader.wrong(
            node,
            "at 'submachine' of a state",
            "a file, or a definition with `states`",
        )
        return None

    def _tell_left(self, inner: Table, outer: Table, where: str) -> None:
        """Note what the inner definition says and the outer one decides."""
        for key in _LEFT:
            field = inner.get(key)
            if field is not None and field.value != _value(outer, key):
                self._left(field, where)
        meta, around = _value(inner, "meta"), _value(outer, "meta")
        for field in meta.fields if isinstance(meta, Table) else ():
            other = around.get(field.key) if isinstance(around, Table) else None
            usual = _RULES.get(field.key)
            said = usual if other is None else plain(other.value)
            if field.key in _RULES and said != plain(field.value):
                self._left(field, where)

    def _left(self, field: Field, where: str) -> None:
        self.reading.notes.warning(
            field.at,
            "not-used",
            f"found {shown(field.key)} {where}, where that of the machine around "
            "it counts",
        )

    def _initial(self, inner: Table, state: Table, where: str) -> Scalar | None:
        """Return the name of the state an inner definition begins in."""
        notes = self.reading.notes
        named = [
            (table, name)
            for table in _states(inner)
            if _value(table, "parent") is None
            and isinstance(name := _value(table, "name"), Scalar)
        ]
        firsts = [name for table, name in named if _text(table, "type") == "initial"]
        if not firsts:
            notes.error(
                inner.at,
                "no-initial",
                f"found no state with `type: initial` {where}, expected one",
            )
            return named[0][1] if named else None
        for other in firsts[1:]:
            notes.error(
                other.at,
                "two-initials",
                f"found {shown(other.text)} with `type: initial` too {where}, "
                "expected one",
                f"{shown(firsts[0].text)} in line {firsts[0].at.line} is the other",
            )
        first = firsts[0]
        given = state.get("initial_child")
        fits = {first.text, f"{_text(state, 'name')}.{first.text}"}
        if given is not None and _text(state, "initial_child") not in fits:
            notes.error(
                given.at,
                "bad-initial",
                "found `initial_child` of a state with a submachine, "
                f"which begins in {shown(first.text)}",
            )
        return first


def _asked(node: Node) -> Field | None:
    """Return the `submachine` of a state, None for a state without one."""
    field = node.get("submachine") if isinstance(node, Table) else None
    is_nothing = field is not None and field.value == Scalar(field.value.at, "", None)
    return None if is_nothing else field


def _items(table: Table, key: str) -> tuple[Node, ...]:
    node = _value(table, key)
    return node.items if isinstance(node, Items) else ()


def _states(table: Table) -> Iterator[Table]:
    for node in _items(table, "states"):
        if isinstance(node, Table):
            yield node


def _value(table: Table, key: str) -> Node | None:
    field = table.get(key)
    return None if field is None else field.value


def _text(table: Table, key: str) -> str:
    node = _value(table, key)
    return node.text if isinstance(node, Scalar) and node.value is not None else ""


def _with(table: Table, **lists: list[Node]) -> Table:
    """Return a mapping with these lists in place of its own."""
    fields: list[Field] = []
    for field in table.fields:
        items = lists.pop(field.key, None)
        if items is not None and isinstance(field.value, Items):
            list_ = replace(field.value, items=tuple(items))
            fields.append(replace(field, value=list_))
        else:
            fields.append(field)
    for key, items in lists.items():
        if items:
            value = Items(table.at, tuple(items), len(items) + 1, 1)
            fields.append(Field(key, table.at, value))
    return replace(table, fields=tuple(fields))
