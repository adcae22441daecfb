"""From text to nodes, through PyYAML's C parser. Never raises for a bad text."""

import re
from typing import NamedTuple

import yaml

from smtui.definition import Position, Problem
from smtui.dialects.nodes import Node
from smtui.dialects.notes import Notes
from smtui.dialects.yaml_builder import Builder, Stop
from smtui.dialects.yaml_syntax import syntax_problem

__all__ = ["Parsed", "decode", "parse_yaml"]

MOST_CHARACTERS = 4 * 1024 * 1024
"""A hundred times the longest definition seen; bounds time and memory."""

_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
"""What YAML 1.1 calls not printable."""


class Parsed(NamedTuple):
    """The root of a text, or None with the reason among the problems."""

    node: Node | None
    problems: tuple[Problem, ...]


def decode(raw: bytes, file: str) -> str | Problem:
    """Return the text of a file's bytes, or the problem with its place."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        return Problem(
            _place(file, before),
            "encoding",
            f"found the byte 0x{raw[error.start]:02x}, expected UTF-8 text",
            "save the file as UTF-8",
        )


def parse_yaml(text: str, file: str) -> Parsed:
    """Read a text that holds one document, YAML or JSON."""
    notes = Notes()
    node: Node | None = None
    first = _unreadable(text, file)
    if first is not None:
        return Parsed(None, (first,))
    try:
        node = Builder(file, notes).build(text)
    except Stop:
        node = None
    except yaml.YAMLError as error:
        notes.extend([syntax_problem(error, text, file)])
    return Parsed(node, notes.sorted())


def _unreadable(text: str, file: str) -> Problem | None:
    if len(text) > MOST_CHARACTERS:
        return Problem(
            Position(file, 1, 1),
            "too-big",
            f"found {len(text)} characters, expected at most {MOST_CHARACTERS}",
        )
    bad = _FORBIDDEN.search(text, 1 if text.startswith("\ufeff") else 0)
    if bad is None:
        return None
    return Problem(
        _place(file, text[: bad.start()]),
        "control-character",
        f"found {bad.group()!r}, expected printable text",
        'inside double quotes write it as an escape, "\\x1b"',
    )


def _place(file: str, before: str) -> Position:
    line = before.count("\n") + 1
    return Position(file, line, len(before) - (before.rfind("\n") + 1) + 1)
