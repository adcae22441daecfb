"""The files that `submachine:` names, and how a text is kept whole with them.

A definition is stored as one text, and read again from it on another day: so
what it took from other files stands behind it, a comment a file:

    #% {"submachine": "parts/pay.yaml", "text": "states: ..."}

The name is relative to the definition's own file. What stands there is used
instead of the file.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath, PurePosixPath
from posixpath import normpath
from typing import NamedTuple, cast

from smtui.definition import Position
from smtui.dialects.nodes import Node
from smtui.dialects.notes import Notes, shown
from smtui.dialects.pystator.variables import Expanded, expand, moved
from smtui.dialects.yaml_reader import MOST_CHARACTERS, decode, parse_yaml

__all__ = ["Files", "Included", "kept_in"]

_MARK = '#% {"submachine": '


class Included(NamedTuple):
    """A file that was read."""

    name: str
    """Relative to the definition's file, `/` between its parts."""
    node: Node
    path: str
    lines: tuple[str, ...]
    """As its author wrote it."""


class Files:
    """Reads the files of one definition, and remembers their texts."""

    def __init__(
        self, file: str, kept: Mapping[str, str], value_of: Callable[[str], str]
    ) -> None:
        """`kept` are the texts behind the definition's; `value_of` a variable's."""
        self.file = file
        self._kept = kept
        self._value_of = value_of
        self._texts: dict[str, str] = {}

    def read(
        self, ref: str, beside: str, at: Position, notes: Notes
    ) -> Included | None:
        """Return the file named in another, `beside` it; what is wrong is noted."""
        try:
            name, text = self._found(ref, beside)
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            notes.error(
                at,
                "no-submachine",
                f"found the submachine {shown(ref)}, which cannot be read: {why}",
                "name a file relative to this one, or write the definition itself",
            )
            return None
        path = str(PurePath(self.file).parent / name)
        if name in self._kept:
            expanded = Expanded(text, (), _as_it_is)
        else:
            expanded = expand(text, path, self._value_of)
        self._texts[name] = expanded.text
        parsed = parse_yaml(expanded.text, path)
        notes.extend(expanded.problems)
        notes.extend(replace(p, at=expanded.place(p.at)) for p in parsed.problems)
        if parsed.node is None:
            return None
        node = moved(parsed.node, expanded.place)
        return Included(name, node, path, tuple(text.splitlines()))

    def _found(self, ref: str, beside: str) -> tuple[str, str]:
        """Return name and text of a file: beside another, else beside the first.

        PyStator looks for all of them beside the first. Raises OSError, and
        ValueError for what is no text.
        """
        names = [_joined(PurePosixPath(beside).parent, ref), _joined("", ref)]
        for name in names:
            if name in self._kept:
                return name, self._kept[name]
        paths = [Path(self.file).parent / name for name in names]
        which = 0 if paths[0].is_file() or not paths[1].is_file() else 1
        raw = paths[which].read_bytes()
        if len(raw) > MOST_CHARACTERS:
            raise ValueError(f"it holds more than {MOST_CHARACTERS} bytes")
        match decode(raw, ref):
            case str(text):
                return names[which], text
            case problem:
                raise ValueError(problem.message)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the files that were read."""
        folder = PurePath(self.file).parent
        return tuple(str(folder / name) for name in self._texts)

    def behind(self, text: str) -> str:
        """Return a definition's text with those of its files behind it."""
        if not self._texts:
            return text
        own = text[: text.index(_MARK)] if _MARK in text else text
        lines = [
            f"{_MARK}{json.dumps(name)}, " + json.dumps({"text": each})[1:]
            for name, each in self._texts.items()
        ]
        return "\n".join([own.rstrip("\n"), *lines, ""])


def _as_it_is(place: Position) -> Position:
    return place


def _joined(folder: PurePosixPath | str, ref: str) -> str:
    return normpath(PurePosixPath(folder) / ref)


def kept_in(text: str) -> dict[str, str]:
    """Return the texts of files that stand behind a definition's, by name."""
    found: dict[str, str] = {}
    for line in text[text.index(_MARK) :].split("\n") if _MARK in text else ():
        if line.startswith(_MARK):
            each = cast("dict[str, str]", json.loads(line.removeprefix("#% ")))
            found[each["submachine"]] = each["text"]
    return found
