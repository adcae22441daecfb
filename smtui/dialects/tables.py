"""Reading a mapping against a table of known keys.

An unknown key is noted with the nearest known one. When it is hardly anything
but a slip of one that is missing, the value is read as that: one slip gives one
problem, not a second one about what is then missing.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from smtui.definition import Position
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table, word
from smtui.dialects.notes import Notes, shown

__all__ = ["Reader"]


SURE = 0.75
"""difflib's ratio of `form` to `from`."""


class Reader(NamedTuple):
    """Reads values of the expected shape, and notes the others."""

    notes: Notes
    cures: Mapping[str, str] = {}
    """Unknown key -> what to do about it, when no known name is near."""
    synonyms: Mapping[str, str] = {}
    """Unknown key -> the known one that is surely meant."""

    def fields(
        self,
        table: Table,
        known: Collection[str],
        where: str,
        free: Collection[str] = (),
    ) -> dict[str, Field]:
        """Return the fields by key; `free` ones are allowed and left out."""
        found: dict[str, Field] = {}
        strange: list[Field] = []
        for field in table.fields:
            if field.key in known:
                found[field.key] = field
            elif field.key not in free:
                strange.append(field)
        for field in strange:
            meant = self._meant(field.key, known)
            near = meant or self.notes.closest(field.key, known)
            self.notes.error(
                field.at,
                "unknown-key",
                f"found the key {shown(field.key)} {where}, "
                f"expected one of {', '.join([*known, *free])}",
                f"did you mean {near!r}?" if near else self.cures.get(field.key, ""),
            )
            if meant and meant not in found:
                found[meant] = Field(meant, field.at, field.value)
        return found

    def _meant(self, key: str, known: Collection[str]) -> str:
        """Return the known key that is surely meant, or ''."""
        synonym = self.synonyms.get(key, "")
        return synonym if synonym in known else self.notes.closest(key, known, SURE)

    def table(self, node: Node, where: str, hint: str = "") -> Table | None:
        """Return a mapping; nothing at all is an empty one."""
        match node:
            case Table():
                return node
            case Scalar(value=None):
                return Table(node.at, (), 1, 0)
            case _:
                self.wrong(node, where, "a mapping", hint)
                return None

    def items(self, node: Node, where: str, hint: str = "") -> tuple[Node, ...]:
        """Return a list's items; nothing at all is an empty list."""
        match node:
            case Items(items=items):
                return items
            case Scalar(value=None):
                return ()
            case _:
                self.wrong(node, where, "a list", hint)
                return ()

    def name(self, node: Node, where: str, expected: str) -> str | None:
        """Return a name as it is written; unquoted on/off/yes/no are text."""
        match node:
            case Scalar(value=None) | Scalar(text=""):
                self.wrong(node, where, expected, "")
            case Scalar(text=text) if not _is_neat(text):
                self.wrong(node, where, expected, _NEAT)
            case Scalar(text=text):
                return text
            case Table():
                self.wrong(
                    node, where, expected, "a text that begins with { needs quotes"
                )
            case Items():
                self.wrong(node, where, expected, "")
        return None

    def key(self, field: Field, where: str) -> None:
        """Check a key that is a name its author made up."""
        if not field.key or not _is_neat(field.key):
            self.notes.error(
                field.at,
                "bad-name",
                f"found the name {shown(field.key)} {where}, expected text",
                _NEAT,
            )

    def seconds(self, node: Node, where: str) -> float | None:
        """Return a number above 0, in seconds."""
        match node:
            case Scalar(value=bool()):
                pass
            case Scalar(value=(int() | float()) as number) if 0 < number < MOST_SECONDS:
                return float(number)
            case _:
                pass
        self.wrong(node, where, "a number of seconds above 0", "")
        return None

    def flag(self, node: Node, where: str) -> bool:
        """Return true or false; nothing at all is false."""
        match node:
            case Scalar(value=bool() as value):
                return value
            case Scalar(value=None):
                return False
            case _:
                self.wrong(node, where, "true or false", "")
                return False

    def missing(self, at: Position, key: str, where: str, hint: str = "") -> None:
        """Note that a key nobody can do without is not there."""
        self.notes.error(at, "missing-key", f"found no {key!r} {where}", hint)

    def wrong(self, node: Node, where: str, expected: str, hint: str = "") -> None:
        """Note that something else stands here than what belongs here."""
        self.notes.error(
            node.at,
            "wrong-type",
            f"found {word(node)} {where}, expected {expected}",
            hint,
        )


_NEAT = "no blanks at the ends, nothing that cannot be printed"


def _is_neat(text: str) -> bool:
    return text == text.strip() and text.isprintable()


MOST_SECONDS = 1e9
"""Thirty years; beyond it clocks and databases overflow."""
