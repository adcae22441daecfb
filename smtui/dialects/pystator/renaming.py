"""The names of a submachine's states, as the machine around it knows them.

Every place where a definition names a state is listed here; anything else is
left as it is written.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from smtui.definition import PYSTATOR
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table
from smtui.dialects.pystator.arrows import ANY, HISTORY

__all__ = ["Names"]

_NOT_ANY = frozenset({"terminal", "choice"})


@dataclass(frozen=True, slots=True)
class Names:
    """Makes names longer: `ask` inside of `pay` is `pay.ask`."""

    outer: str
    known: frozenset[str]
    """The states inside."""
    any: tuple[str, ...]
    """Those that `*` means."""
    in_regions: frozenset[str]
    """Those whose parent is a region, which names them."""

    @classmethod
    def of(cls, outer: str, inner: Table) -> "Names":
        """Return what renames the states of an inner definition."""
        found: dict[str, str] = {}
        members: set[str] = set()
        for table in _tables(inner, "states"):
            found.setdefault(_text(table, "name"), _text(table, "type"))
            for region in _tables(table, "regions"):
                members.update(_texts(region, "initial", "final", "states"))
        for way in _tables(inner, "transitions"):
            if way.get("region") is not None:
                members.update(_texts(way, "source"))
        return cls(
            outer,
            frozenset(found),
            tuple(name for name, type_ in found.items() if type_ not in _NOT_ANY),
            frozenset(members),
        )

    # ---------------------------------------------------------------- scalars

    def name(self, node: Node) -> Node:
        """Return the name of a state made longer."""
        return self._changed(node, self._longer)

    def _changed(self, node: Node, change: Callable[[str], str]) -> Node:
        if not isinstance(node, Scalar) or node.value is None or not node.text:
            return node
        text = change(node.text.strip())
        return Scalar(node.at, text, text)

    def _longer(self, name: str) -> str:
        return f"{self.outer}.{name}"

    def _target(self, text: str) -> str:
        """Return a `dest` made longer: STATE, H(STATE) or STATE:POINT."""
        history = HISTORY.match(text)
        if history is not None:
            return f"H{history[1]}({self._longer(history[2])})"
        state, colon, point = text.partition(":")
        return self._longer(state) + (colon + self._longer(point) if colon else "")

    def _event(self, text: str) -> str:
        prefix = PYSTATOR.done_prefix
        state = text.removeprefix(prefix)
        if text.startswith(prefix) and state in self.known:
            return prefix + self._longer(state)
        return text

    def _each(self, node: Node, change: Callable[[Node], Node]) -> Node:
        """Return a node changed, or a list with each of its items changed."""
        if isinstance(node, Items):
            return replace(node, items=tuple(map(change, node.items)))
        return change(node)

    def _names(self, node: Node) -> Node:
        return self._each(node, self.name)

    def _dest(self, node: Node) -> Node:
        return self._changed(node, self._target)

    def _sources(self, node: Node) -> Node:
        """Return a `source` made longer; `*` is all states inside."""
        nodes = node.items if isinstance(node, Items) else (node,)
        found: list[Node] = []
        for each in nodes:
            if isinstance(each, Scalar) and each.text == ANY:
                names = map(self._longer, self.any)
                found += (Scalar(each.at, name, name) for name in names)
            else:
                found.append(self._dest(each))
        if isinstance(node, Items) or len(found) != 1:
            return Items(node.at, tuple(found), len(found) + 1, 1)
        return found[0]

    # ----------------------------------------------------------------- tables

    def _with(self, node: Node, changes: Mapping[str, Callable[[Node], Node]]) -> Node:
        """Return a mapping with some of its values changed."""
        if not isinstance(node, Table):
            return node
        fields = tuple(
            replace(field, value=changes[field.key](field.value))
            if field.key in changes
            else field
            for field in node.fields
        )
        return replace(node, fields=fields)

    def state(self, node: Node) -> Node:
        """Return a state, inside of the outer one."""
        renamed = self._with(
            node,
            {
                "name": self.name,
                "parent": self.name,
                "initial_child": self.name,
                "entry_points": self._names,
                "exit_points": self._names,
                "regions": lambda each: self._each(each, self._region),
                "timeout": lambda each: self._with(each, {"destination": self._dest}),
            },
        )
        if not isinstance(renamed, Table):
            return renamed
        fields = [
            field
            for field in renamed.fields
            if not (field.key == "type" and _is_initial(field.value))
        ]
        is_inner = isinstance(node, Table) and _text(node, "name") in self.in_regions
        if renamed.get("parent") is None and not is_inner:
            outer = Scalar(renamed.at, self.outer, self.outer)
            fields.append(Field("parent", renamed.at, outer))
        return replace(renamed, fields=tuple(fields))

    def _region(self, node: Node) -> Node:
        changes = {"initial": self.name, "final": self.name, "states": self._names}
        return self._with(node, changes)

    def way(self, node: Node) -> Node:
        """Return a transition between states inside."""
        return self._with(
            node,
            {
                "source": self._sources,
                "dest": self._dest,
                "trigger": lambda each: self._changed(each, self._event),
            },
        )

    def rest(self, inner: Table) -> Table:
        """Return an inner definition with what it says by state made longer."""

        def by_state(node: Node) -> Node:
            if not isinstance(node, Table):
                return node
            fields = tuple(
                replace(field, key=self._longer(field.key)) for field in node.fields
            )
            return replace(node, fields=fields)

        found = self._with(inner, {"asks": by_state, "stuck_after": by_state})
        return found if isinstance(found, Table) else inner


def _is_initial(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text == "initial"


def _tables(table: Table, key: str) -> Iterator[Table]:
    """Yield the mappings of a list; one alone counts as a list."""
    for node in _nodes(table, key):
        if isinstance(node, Table):
            yield node


def _texts(table: Table, *keys: str) -> Iterator[str]:
    """Yield the names that stand at some keys, alone or in lists."""
    for key in keys:
        for node in _nodes(table, key):
            if isinstance(node, Scalar):
                yield node.text


def _nodes(table: Table, key: str) -> tuple[Node, ...]:
    field = table.get(key)
    if field is None:
        return ()
    return field.value.items if isinstance(field.value, Items) else (field.value,)


def _text(table: Table, key: str) -> str:
    field = table.get(key)
    node = None if field is None else field.value
    return node.text if isinstance(node, Scalar) else ""
