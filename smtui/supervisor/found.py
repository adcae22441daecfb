"""What `run` has read already, handed to the supervisor it starts.

The supervisor never reads a definition; whoever starts it has just done so,
to say what is wrong. That need not be done twice, unless a file was written
in between: then the stamps differ, and the files are read again.
"""

import json
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, Self, cast

from smtui.definition import Json

__all__ = ["Found", "Stamps", "is_definition", "stamps_of", "stamps_of_files"]

Stamps = dict[str, tuple[int, int]]
"""File -> time of the last change in ns, and size."""

_SUFFIXES = frozenset({".json", ".py", ".scxml", ".yaml", ".yml"})


class Found(NamedTuple):
    """What a check has found, and how the files were when it began."""

    report: Json
    """As `smtui _check` prints it."""
    stamps: Stamps

    def to_json(self) -> str:
        """Return this as one line."""
        return json.dumps(self._asdict())

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what to_json wrote; raises ValueError for anything else."""
        try:
            found = cast("dict[str, Json]", json.loads(text))
            stamps = cast("dict[str, list[int]]", found["stamps"])
            known = {file: (at, size) for file, (at, size) in stamps.items()}
            return cls(found["report"], known)
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"no report and stamps: {error!r}") from error


def stamps_of(paths: Sequence[Path]) -> Stamps:
    """Return what changes when a file of these paths is written.

    Without dot files: the data directory may be among them.
    """
    files: list[Path] = []
    for path in paths:
        folder = path if path.is_dir() else path.parent
        try:
            files += folder.iterdir()
        except OSError:
            continue
    found: Stamps = {}
    for file in files:
        if is_definition(file):
            found |= stamps_of_files([file])
    return found


def stamps_of_files(files: Iterable[Path]) -> Stamps:
    """Return what changes when one of these files is written."""
    found: Stamps = {}
    for file in files:
        try:
            known = file.stat()
        except OSError:
            continue
        if stat.S_ISREG(known.st_mode):
            found[str(file)] = (known.st_mtime_ns, known.st_size)
    return found


def is_definition(file: Path) -> bool:
    """Return whether a file may be one that a check reads."""
    return file.suffix in _SUFFIXES and not file.name.startswith(".")
