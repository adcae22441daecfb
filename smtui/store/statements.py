"""SQL lives in *.sql files; this finds a statement by its name.

A file is a list of blocks: `-- name: x`, at least one comment line that says
why, the statement. Text before the first block introduces the file. A file is
read when its first statement is asked for, so importing reads nothing.
"""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files

from smtui.errors import InternalError

__all__ = ["Statements", "parse", "preload"]

_MARK = "-- name: "


class Statements(Mapping[str, str]):
    """The statements of one file of this room, by name, in file order."""

    def __init__(self, file: str) -> None:
        """Name the file; nothing is read yet."""
        self.file = file

    @cached_property
    def _found(self) -> dict[str, str]:
        return _read(self.file)

    def __getitem__(self, name: str) -> str:
        """Return the SQL of that name."""
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names in file order."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return the number of statements."""
        return len(self._found)


def preload() -> None:
    """Read all files, for processes that are forked from this one."""
    for file in files("smtui.store").iterdir():
        if file.name.endswith(".sql"):
            _read(file.name)


@cache
def _read(file: str) -> dict[str, str]:
    return parse(files("smtui.store").joinpath(file).read_text("utf-8"), file)


def parse(text: str, file: str) -> dict[str, str]:
    """Return name -> SQL; raise InternalError for a nameless or silent block."""
    found: dict[str, str] = {}
    for block in ("\n" + text).split("\n" + _MARK)[1:]:
        name, _, body = block.partition("\n")
        lines = body.strip().splitlines()
        sql = "\n".join(line for line in lines if not line.startswith("--"))
        name = name.strip()
        if name in found or not sql.strip() or not lines[0].startswith("--"):
            raise InternalError(
                f"{file}: {name!r} is there twice, empty, or does not say why"
            )
        found[name] = sql.strip().removesuffix(";")
    return found
