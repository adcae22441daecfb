"""What a YAML or JSON text holds, with the place of every key and value.

`Scalar.text` is what the author wrote and `Scalar.value` what YAML 1.1 makes
of it. Names of events and states are read as text, so an unquoted `on`, `off`,
`yes` or `no` stays the word that was written; data is read as the value, as
every YAML file that runs today expects.
"""

from dataclasses import dataclass
from typing import TypeAlias, assert_never

from smtui.definition import Json, Position

__all__ = ["Field", "Items", "Node", "Scalar", "Table", "plain", "word"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value."""

    at: Position
    text: str
    """As written, without quotes."""
    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    at: Position
    items: tuple["Node", ...]
    size: int
    """Nodes below and including this one, aliases counted as often as used."""
    depth: int


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a mapping; its text is as written, whatever YAML thinks."""

    key: str
    at: Position
    value: "Node"


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; no key occurs twice."""

    at: Position
    fields: tuple[Field, ...]
    size: int
    depth: int

    def get(self, key: str) -> "Field | None":
        """Return the field of that name, or None."""
        return next((field for field in self.fields if field.key == key), None)


Node: TypeAlias = Scalar | Items | Table


def plain(node: Node) -> Json:
    """Return the node as JSON; keys are the text that was written."""
    match node:
        case Scalar(value=value):
            return value
        case Items(items=items):
            return [plain(item) for item in items]
        case Table(fields=fields):
            return {field.key: plain(field.value) for field in fields}
        case _:
            assert_never(node)


def word(node: Node) -> str:
    """Return what the node is, for a message: `text 'x'`, `a list`, `nothing`."""
    match node:
        case Scalar(value=None):
            return "nothing"
        case Scalar(text=text):
            longest = 60
            return repr(text if len(text) <= longest else text[: longest - 3] + "...")
        case Items():
            return "a list"
        case Table():
            return "a mapping"
        case _:
            assert_never(node)
