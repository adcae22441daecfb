"""Which files a path means, and their text.

A folder means the files directly in it, in the order of their names; dot files
are none of them. Only regular files are opened: a pipe would block.
"""

from pathlib import Path
from typing import NamedTuple

from smtui.definition import Position, Problem
from smtui.dialects import MOST_CHARACTERS, decode

__all__ = ["SUFFIXES", "Found", "find", "read"]

SUFFIXES = frozenset({".yaml", ".yml", ".json", ".scxml", ".py"})
"""Endings of files that may be definitions."""

MOST_BYTES = 4 * MOST_CHARACTERS
"""A character of UTF-8 has at most 4 bytes."""


class Found(NamedTuple):
    """One file to look at."""

    path: Path
    is_named: bool
    """Named on the command line: then it must be a definition."""


def find(path: Path) -> list[Found] | Problem:
    """Return the files a path of the command line means, in order."""
    try:
        if path.is_dir():
            inside = sorted(path.iterdir(), key=lambda each: each.name)
            return [
                Found(each, is_named=False)
                for each in inside
                if not each.name.startswith(".") and not each.is_dir()
            ]
        if path.exists():
            return [Found(path, is_named=True)]
    except OSError as error:
        return _unreadable(path, error)
    return Problem(
        Position(str(path)),
        "no-such-file",
        f"found no file or folder {str(path)!r}",
        "give the definition of a machine, or a folder of them",
    )


def read(path: Path, name: str) -> str | Problem:
    """Return a file's text, or why there is none; `name` is for positions."""
    try:
        if not path.is_file():
            return Problem(
                Position(name),
                "not-a-file",
                "found no regular file (a broken link, a pipe or a device)",
            )
        if path.stat().st_size > MOST_BYTES:
            return Problem(
                Position(name, 1, 1),
                "too-big",
                f"found {path.stat().st_size} bytes, expected at most {MOST_BYTES}",
            )
        return decode(path.read_bytes(), name)
    except OSError as error:
        return _unreadable(path, error)


def _unreadable(path: Path, error: OSError) -> Problem:
    return Problem(
        Position(str(path)),
        "cannot-read",
        f"found {str(path)!r}, which cannot be read: {error.strerror or error}",
    )
