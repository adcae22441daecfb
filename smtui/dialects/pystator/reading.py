"""What reading any part of a definition needs, and the values all parts share."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from smtui.definition import PERFORMED_HERE, Expression, Json, Language, Position
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, plain
from smtui.dialects.notes import Notes, shown
from smtui.dialects.peers import Peers
from smtui.dialects.pystator.keys import CURES, SYNONYMS, TABLES, Place
from smtui.dialects.tables import Reader
from smtui.expr import fault_in_braces, fault_in_pyexpr

__all__ = ["NAME", "Named", "Reading", "is_nothing", "literal"]

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]*\Z", re.ASCII)
"""Names of states and regions: what 0.0.10 allows, and what 0.0.47 does."""

_CONDITION = re.compile(r"[<>=!]=?|\s(and|or|not|in|is)\s")


class Named(NamedTuple):
    """A name, and where it stands."""

    text: str
    at: Position


def is_nothing(node: Node) -> bool:
    """Say whether a key is there without a value."""
    return isinstance(node, Scalar) and node.value is None


def literal(text: str, at: Position) -> Expression:
    """Return a text as the expression that gives it."""
    return Expression(Language.LITERAL, text, at, text)


class Reading(NamedTuple):
    """Reads parts of one definition, and notes what is wrong with them."""

    notes: Notes
    lines: Mapping[str, tuple[str, ...]]
    """Of the texts as the author wrote them, by file."""
    peers: Peers = Peers({}, is_declared=False)
    """Other machines that guards may look at."""

    @property
    def reader(self) -> Reader:
        """Return what reads single values."""
        return Reader(self.notes, CURES, SYNONYMS)

    def fields(self, table: Table, place: Place, where: str) -> dict[str, Field]:
        """Return the fields of a mapping by key, without those that say nothing."""
        is_top = place in {Place.TOP, Place.SUBMACHINE}
        own = (f for f in table.fields if not (is_top and f.key.startswith("x-")))
        rest = Table(table.at, tuple(own), table.size, table.depth)
        keys = TABLES[place]
        found = {
            key: field
            for key, field in self.reader.fields(rest, tuple(keys), where).items()
            if not is_nothing(field.value) or key in {"value", "default"}
        }
        for key, wanted in keys.items():
            is_internal = key == "dest" and "internal" in found
            if wanted.required and key not in found and not is_internal:
                self.reader.missing(table.at, key, where, wanted.says)
        return found

    def is_strange(self, table: Table, place: Place) -> bool:
        """Say whether a mapping has keys that are noted as unknown."""
        return any(field.key not in TABLES[place] for field in table.fields)

    def text(self, field: Field | None, where: str) -> str:
        """Return a text as it is written, '' for none."""
        if field is None:
            return ""
        if isinstance(field.value, Scalar):
            return field.value.text
        self.reader.wrong(field.value, f"at {field.key!r} {where}", "text")
        return ""

    def name(self, node: Node, where: str, what: str = "the name of a state") -> str:
        """Return a name of a state or region, '' for what is none."""
        text = self.reader.name(node, where, what)
        if text is not None and NAME.match(text) is None:
            self.notes.error(
                node.at,
                "bad-name",
                f"found the name {shown(text)} {where}, expected letters, digits, "
                "'_' and '.', no '.' first",
            )
            return ""
        return text or ""

    def named(self, field: Field | None, where: str) -> Named | None:
        """Return the name of a state at a key, with its place."""
        if field is None:
            return None
        text = self.name(field.value, f"at {field.key!r} {where}")
        return Named(text, field.value.at) if text else None

    def names(self, field: Field | None, where: str) -> tuple[Named, ...]:
        """Return a list of names of states; one alone counts as a list."""
        if field is None:
            return ()
        at = f"at {field.key!r} {where}"
        if isinstance(field.value, Scalar):
            nodes: tuple[Node, ...] = (field.value,)
        else:
            nodes = self.reader.items(field.value, at)
        found = [Named(self.name(node, at), node.at) for node in nodes]
        return tuple(name for name in found if name.text)

    def event(self, node: Node, where: str) -> str:
        """Return the name of an event, without blanks around it."""
        if isinstance(node, Scalar) and node.value is not None:
            text = node.text.strip()
            if text and text.isprintable():
                return text
        self.reader.wrong(node, where, "the name of an event")
        return ""

    def flag(self, field: Field | None, where: str, *, usual: bool = False) -> bool:
        """Return true or false."""
        if field is None:
            return usual
        return self.reader.flag(field.value, f"at {field.key!r} {where}")

    def whole(self, field: Field | None, where: str, *, least: int | None) -> int:
        """Return a whole number, 0 for none."""
        if field is None:
            return 0
        node = field.value
        if isinstance(node, Scalar) and isinstance(node.value, int):
            is_flag = isinstance(node.value, bool)
            if not is_flag and (least is None or node.value >= least):
                return node.value
        what = "a whole number" + ("" if least is None else f", {least} or more")
        self.reader.wrong(node, f"at {field.key!r} {where}", what)
        return 0

    def choice(self, field: Field | None, where: str, known: tuple[str, ...]) -> str:
        """Return one of some words, '' for none of them."""
        if field is None:
            return ""
        text = field.value.text if isinstance(field.value, Scalar) else ""
        if text in known:
            return text
        self.reader.wrong(
            field.value,
            f"at {field.key!r} {where}",
            f"one of {', '.join(known)}",
            CURES.get(text, "") or self.notes.hint(text, known),
        )
        return ""

    def table(self, field: Field | None, where: str) -> dict[str, Json]:
        """Return a mapping with any keys."""
        if field is None:
            return {}
        found = self.reader.table(field.value, f"at {field.key!r} {where}")
        if found is None:
            return {}
        return {each.key: plain(each.value) for each in found.fields}

    @staticmethod
    def listed(field: Field | None) -> tuple[Node, ...]:
        """Return the items of a list; a single one counts as a list."""
        if field is None:
            return ()
        if isinstance(field.value, Items):
            return field.value.items
        return (field.value,)

    def tables(self, field: Field | None, where: str) -> tuple[Table, ...]:
        """Return a list of mappings."""
        if field is None:
            return ()
        at = f"at {field.key!r} {where}".rstrip()
        found: list[Table] = []
        for item in self.reader.items(field.value, at, "write `- ` before each"):
            if isinstance(item, Table):
                found.append(item)
            else:
                self.reader.wrong(item, at, "a mapping")
        return tuple(found)

    def expression(self, node: Node, where: str) -> Expression | None:
        """Return an inline expression; its syntax is checked."""
        if not isinstance(node, Scalar):
            self.reader.wrong(node, where, "an expression, in quotes")
            return None
        text = node.text
        fault = fault_in_pyexpr(text)
        if fault is None:
            return Expression(Language.PYEXPR, text, node.at)
        self.notes.error(
            self._inside(node, fault.line, fault.column),
            "bad-expression",
            f"found {shown(text)} {where}: {fault.message}",
            fault.hint,
        )
        return None

    def check_braces(self, node: Scalar, where: str) -> None:
        """Check the expressions in a text with `{{ }}`."""
        fault = fault_in_braces(node.text) if isinstance(node.value, str) else None
        if fault is not None:
            self.notes.error(
                self._inside(node, fault.line, fault.column),
                "bad-expression",
                f"found {shown(node.text)} {where}: {fault.message}",
                fault.hint,
            )

    def _inside(self, node: Scalar, line: int, column: int) -> Position:
        """Return the place of a character of a scalar, as near as can be told."""
        at = node.at
        lines = self.lines.get(at.file, ())
        row = lines[at.line - 1] if 0 < at.line <= len(lines) else ""
        first = row[at.column - 1 : at.column]
        if line > 1 or first in {"|", ">"}:
            return at
        start = at.column + (1 if first in {'"', "'"} else 0)
        return Position(at.file, at.line, start + column - 1)

    def function(self, node: Node, where: str) -> str:
        """Return the name of a function of the Python file, '' for none."""
        if isinstance(node, Scalar) and _may_name(node):
            name = node.text.strip()
            if name in PERFORMED_HERE:
                key = name.removeprefix("_")
                self.notes.error(
                    node.at,
                    "bad-name",
                    f"found the name {shown(name)} {where}, which is not to be bound",
                    f"write `{key}:` and what it is to do",
                )
            if _CONDITION.search(name):
                self.notes.error(
                    node.at,
                    "bad-name",
                    f"found {shown(name)} {where}, expected a name",
                    f'a condition is written {{expr: "{name}"}}',
                )
            return name
        self.reader.wrong(node, where, "a name, or a mapping")
        return ""


def _may_name(node: Scalar) -> bool:
    """Say whether a value is a text; YAML takes some names for yes and no."""
    return isinstance(node.value, str | bool) and bool(node.text.strip())
