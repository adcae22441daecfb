"""Parser events -> nodes, on a stack of our own.

The laws of this file:

- The tree is built from the parser's events on an explicit stack, so the depth
  of a text is bounded by us and not by the C stack.
- An alias is the node itself. Its size counts as often as it is used, so a
  text that would unfold to billions of nodes is refused when its size passes
  `MOST_NODES`, before anything unfolds.
- A key that occurs twice is an error: YAML forbids it, PyYAML keeps the last
  without a word, and the author never learns that the first was dropped.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from smtui.definition import Position
from smtui.dialects.nodes import Field, Items, Node, Scalar, Table
from smtui.dialects.notes import Notes, shown
from smtui.dialects.yaml_scalars import Refused, scalar_value

__all__ = ["DEEPEST", "MOST_NODES", "Builder", "Stop"]

MOST_NODES = 100_000
"""Values and keys of one text, aliases unfolded."""

DEEPEST = 64
"""Levels of nesting; the same as for a payload."""

_PLAIN_TAGS = ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq")


class Stop(Exception):  # noqa: N818 - not an error: it ends the reading
    """The rest of the text is not worth reading; the problem is noted."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been seen."""

    at: Position
    anchor: str | None
    is_table: bool
    items: list[Node] = field(default_factory=list[Node])
    fields: list[Field] = field(default_factory=list[Field])
    merged: list[Node] = field(default_factory=list[Node])
    key: Scalar | None = None
    skip: bool = False
    """The next value belongs to a key that cannot be used."""


class Builder:
    """Turns parser events into nodes."""

    def __init__(self, file: str, notes: Notes) -> None:
        self._file = file
        self._notes = notes
        self._stack: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}
        self._root: Node | None = None
        self._read = 0
        """Events so far: a flat text is refused as early as a deep one."""

    def build(self, text: str) -> Node | None:
        """Return the root; None when the text holds nothing or stops early."""
        documents = 0
        for event in _events(text):
            at = self._at(event)
            self._read += 1
            if self._read > MOST_NODES:
                self._too_many(at)
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self._stop(
                            at,
                            "second-document",
                            "found a second document ('---'), expected one",
                            "write each machine in a file of its own",
                        )
                case yaml.AliasEvent():
                    self._take(self._alias(at, str(event.anchor)))
                case yaml.ScalarEvent():
                    self._scalar(event, at)
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    self._open(event, at)
                case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                    self._close()
                case _:
                    pass
        return self._root

    def _at(self, event: yaml.Event) -> Position:
        mark = event.start_mark
        if mark is None:  # the C parser always sets it
            return Position(self._file)
        return Position(self._file, mark.line + 1, mark.column + 1)

    def _stop(self, at: Position, code: str, message: str, hint: str = "") -> None:
        self._notes.error(at, code, message, hint)
        raise Stop

    def _too_many(self, at: Position) -> None:
        self._stop(
            at,
            "too-many-values",
            f"found more than {MOST_NODES} values, aliases unfolded",
        )

    def _alias(self, at: Position, anchor: str) -> Node:
        node = self._anchors.get(anchor)
        if node is None:
            inside = anchor in self._anchors
            self._stop(
                at,
                "bad-alias",
                f"found '*{anchor}' "
                + ("inside what it names" if inside else "and no '&' of that name"),
                "" if inside else f'for the text write "*{anchor}" in quotes',
            )
            raise Stop
        return node

    def _scalar(self, event: yaml.ScalarEvent, at: Position) -> None:
        is_plain = bool(event.implicit[0])
        text = str(event.value)
        value = scalar_value(text, event.tag, is_plain=is_plain)
        if isinstance(value, Refused):
            self._notes.error(at, "bad-value", value.message, value.hint)
            value = text
        node = Scalar(at, text, value)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        if is_plain and text == "<<" and self._wants_key():
            self._stack[-1].key = Scalar(at, "<<", None)
            return
        self._take(node)

    def _wants_key(self) -> bool:
        if not self._stack:
            return False
        top = self._stack[-1]
        return top.is_table and top.key is None and not top.skip

    def _open(
        self, event: yaml.SequenceStartEvent | yaml.MappingStartEvent, at: Position
    ) -> None:
        if len(self._stack) >= DEEPEST:
            self._stop(at, "too-deep", f"found nesting deeper than {DEEPEST} levels")
        if event.tag not in {None, "!", *_PLAIN_TAGS}:
            self._notes.error(
                at,
                "bad-value",
                f"found the tag {shown(event.tag)}, expected plain YAML",
                "leave the tag out",
            )
        is_table = isinstance(event, yaml.MappingStartEvent)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(_Open(at, event.anchor, is_table))

    def _close(self) -> None:
        top = self._stack.pop()
        fields = _with_merged(top, self._notes) if top.is_table else []
        below: list[Node] = [f.value for f in fields] if top.is_table else top.items
        size = 1 + len(fields) + sum(_size(node) for node in below)
        depth = 1 + max((_depth(node) for node in below), default=0)
        if size > MOST_NODES:
            self._too_many(top.at)
        if depth > DEEPEST:
            self._stop(
                top.at, "too-deep", f"found nesting deeper than {DEEPEST} levels"
            )
        node: Node = (
            Table(top.at, tuple(fields), size, depth)
            if top.is_table
            else Items(top.at, tuple(top.items), size, depth)
        )
        if top.anchor is not None:
            self._anchors[top.anchor] = node
        self._take(node)

    def _take(self, node: Node) -> None:
        """Put a finished node where it belongs."""
        if not self._stack:
            self._root = node
            return
        top = self._stack[-1]
        if not top.is_table:
            top.items.append(node)
        elif top.skip:
            top.skip = False
        elif top.key is None:
            self._key(top, node)
        elif top.key.text == "<<" and top.key.value is None:
            top.merged.append(node)
            top.key = None
        else:
            top.fields.append(Field(top.key.text, top.key.at, node))
            top.key = None

    def _key(self, top: _Open, node: Node) -> None:
        if isinstance(node, Scalar):
            # An alias as key stands where it is used; a null key is its text.
            value = node.value if node.value is not None else ""
            top.key = Scalar(node.at, node.text, value)
            return
        top.skip = True
        self._notes.error(
            node.at,
            "bad-key",
            "found a list or mapping as a key, expected text",
            'a text that begins with { or [ needs quotes: "{name}"',
        )


class _Parser(Protocol):
    """libyaml's parser, as far as it is used here."""

    def check_event(self) -> bool:
        """Say whether there is another event."""
        ...

    def get_event(self) -> yaml.Event | None:
        """Return the next event."""
        ...

    def dispose(self) -> None:
        """Give its memory back."""
        ...


def _parser(text: str) -> _Parser:
    return yaml.CSafeLoader(text)


def _events(text: str) -> Iterator[yaml.Event]:
    parser = _parser(text)
    try:
        while parser.check_event():
            event = parser.get_event()
            if event is not None:
                yield event
    finally:
        parser.dispose()


def _size(node: Node) -> int:
    return 1 if isinstance(node, Scalar) else node.size


def _depth(node: Node) -> int:
    return 0 if isinstance(node, Scalar) else node.depth


def _with_merged(top: _Open, notes: Notes) -> list[Field]:
    """Return a mapping's own fields, then those `<<` brings that it lacks."""
    found: dict[str, Field] = {}
    for own in top.fields:
        if own.key in found:
            notes.error(
                own.at,
                "duplicate-key",
                f"found {shown(own.key)} a second time in this mapping",
                f"the first is in line {found[own.key].at.line}; keep one",
            )
        found[own.key] = own
    for node in top.merged:
        sources = node.items if isinstance(node, Items) else (node,)
        for source in sources:
            if not isinstance(source, Table):
                notes.error(source.at, "bad-merge", "found no mapping after '<<'", "")
                continue
            for theirs in source.fields:
                found.setdefault(theirs.key, theirs)
    return list(found.values())
