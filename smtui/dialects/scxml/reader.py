"""From text to elements, with the place of every element and attribute.

Declarations of entities are refused, so no text grows when it is read, and
nothing is fetched. Never raises for a bad text.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import NamedTuple, NoReturn, TypeAlias
from xml.parsers import expat

from smtui.definition import Position
from smtui.dialects.notes import Notes
from smtui.dialects.yaml_reader import MOST_CHARACTERS

__all__ = ["NAMESPACE", "Attribute", "Element", "Text", "read_xml"]

NAMESPACE = "http://www.w3.org/2005/07/scxml"

MOST_DEEP = 100
"""Elements inside elements: far more than anybody draws."""


class Attribute(NamedTuple):
    """The value of an attribute, or another text with a place."""

    value: str
    at: Position
    """Of the first character between the quotes."""
    raw: str = ""
    """As written: with its entities, and newlines that the value has as blanks."""
    name_at: Position | None = None
    """Of the name's first character, where it has one."""

    def place(self, offset: int) -> Position:
        """Return where a character of the value stands."""
        pieces = _PIECE.findall(self.raw or self.value)
        return _moved(self.at, "".join(pieces[:offset]))

    def place_at(self, line: int, column: int) -> Position:
        """Return where a line and column of the value stand, both from 1."""
        above = self.value.split("\n")[: line - 1]
        return self.place(sum(len(each) + 1 for each in above) + column - 1)


class Text(NamedTuple):
    """Characters between elements."""

    text: str
    at: Position
    """Of the first that is no blank."""


@dataclass(slots=True)
class Element:
    """An element; filled while it is read, then left alone."""

    name: str
    """Without prefix."""
    is_ours: bool
    """In the namespace of SCXML, or in none."""
    at: Position
    attributes: dict[str, Attribute]
    """Without those of other namespaces."""
    parts: list["Part"] = field(default_factory=list["Part"])
    inner: str = ""
    """What stands between its tags, as written."""
    outer: str = ""
    """The same with its tags."""

    @property
    def elements(self) -> list["Element"]:
        """Return the elements right inside this one."""
        return [part for part in self.parts if isinstance(part, Element)]

    @property
    def text(self) -> str:
        """Return the characters right inside this one, of its own only."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))

    @property
    def text_at(self) -> Position:
        """Return where its first characters that are no blanks stand."""
        found = (p.at for p in self.parts if isinstance(p, Text) and p.text.strip())
        return next(found, self.at)


Part: TypeAlias = Element | Text


def read_xml(text: str, file: str, notes: Notes) -> Element | None:
    """Return the root of a document; None when a note says why there is none."""
    if len(text) > MOST_CHARACTERS:
        notes.error(
            Position(file),
            "too-large",
            f"found {len(text)} characters, expected at most {MOST_CHARACTERS}",
        )
        return None
    reader = _Reader(text, file)
    try:
        return reader.read()
    except _Refused as refused:
        notes.error(refused.at, "bad-xml", refused.message, refused.hint)
    except expat.ExpatError as error:
        notes.error(
            reader.place(reader.at_error(error)),
            "bad-xml",
            f"found XML that is not well formed: {expat.ErrorString(error.code)}",
            "every element needs its end tag, every value its quotes",
        )
    return None


class _Refused(Exception):  # noqa: N818 - the text is at fault
    def __init__(self, at: Position, message: str, hint: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message
        self.hint = hint


class _Reader:
    """Turns what expat tells into elements."""

    def __init__(self, text: str, file: str) -> None:
        self._raw = text.encode("utf-8", "replace")
        self._file = file
        self._lines = [0, *(m.end() for m in re.finditer(b"\n", self._raw))]
        self._open: list[tuple[Element, int, int]] = []
        """The elements that are open, where they begin and their content begins."""
        self._root: Element | None = None
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.EntityDeclHandler = self._refuse_entity
        self._parser.ExternalEntityRefHandler = self._refuse_entity

    def read(self) -> Element | None:
        self._parser.Parse(self._raw, True)
        return self._root

    def place(self, offset: int) -> Position:
        """Return line and column of a byte."""
        line = bisect_right(self._lines, offset)
        before = self._raw[self._lines[line - 1] : offset]
        return Position(self._file, line, len(before.decode("utf-8", "ignore")) + 1)

    def at_error(self, error: expat.ExpatError) -> int:
        """Return the byte expat stopped at."""
        line = min(max(1, error.lineno), len(self._lines))
        return self._lines[line - 1] + error.offset

    def _start(self, name: str, found: dict[str, str]) -> None:
        begin = self._parser.CurrentByteIndex
        at = self.place(begin)
        if len(self._open) >= MOST_DEEP:
            raise _Refused(
                at,
                f"found elements nested deeper than {MOST_DEEP}",
                "invoke a part of it as a machine of its own",
            )
        namespace, _, local = name.rpartition(" ")
        end, raws = self._tag(begin)
        attributes = {
            key: Attribute(value, *raws.get(key, (at, "", at)))
            for key, value in found.items()
            if " " not in key
        }
        element = Element(local, namespace in {"", NAMESPACE}, at, attributes)
        if self._open:
            self._open[-1][0].parts.append(element)
        else:
            self._root = element
        self._open.append((element, begin, end))

    def _tag(self, begin: int) -> tuple[int, dict[str, tuple[Position, str, Position]]]:
        """Return where a start tag ends; of its values where, as written, and names."""
        places: dict[str, tuple[Position, str, Position]] = {}
        tag = _START_TAG.match(self._raw, begin)
        if tag is None:  # pragma: no cover - expat has read it already
            return begin, places
        for match in _BYTES_ATTRIBUTE.finditer(self._raw, begin, tag.end()):
            at, name_at = self.place(match.start(3)), self.place(match.start(1))
            places[match[1].decode()] = at, match[3].decode(), name_at
        return tag.end(), places

    def _end(self, _: str) -> None:
        element, begin, content = self._open.pop()
        here = self._parser.CurrentByteIndex
        closing = self._raw.find(b">", here) + 1
        element.outer = self._raw[begin : max(closing, content)].decode()
        element.inner = self._raw[content : max(here, content)].decode()

    def _characters(self, text: str) -> None:
        if not self._open:  # pragma: no cover - expat tells none outside
            return
        parts = self._open[-1][0].parts
        begun = parts.pop() if parts and isinstance(parts[-1], Text) else None
        if begun is not None and begun.text.strip():
            parts.append(Text(begun.text + text, begun.at))
            return
        blanks = text[: len(text) - len(text.lstrip())]
        at = _moved(self.place(self._parser.CurrentByteIndex), blanks)
        parts.append(Text((begun.text if begun is not None else "") + text, at))

    def _refuse_entity(self, *_: object) -> NoReturn:
        raise _Refused(
            self.place(self._parser.CurrentByteIndex),
            "found the declaration of an entity, which is not read",
            "write the text itself",
        )


def _moved(at: Position, text: str) -> Position:
    """Return the place behind a text that begins at a place."""
    lines = text.count("\n")
    if not lines:
        return Position(at.file, at.line, at.column + len(text))
    return Position(at.file, at.line + lines, len(text) - text.rfind("\n"))


_PIECE = re.compile(r"&[^;]*;|\r\n|.", re.DOTALL)
"""What stands for one character of a value."""

_START_TAG = re.compile(
    rb"""<[^\s/>]+(?:\s+[^\s=/>]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>"""
)
_BYTES_ATTRIBUTE = re.compile(rb"""\s([^\s=/>]+)\s*=\s*(["'])([^"']*)""")
