"""Which file a start_fsm means: found before the commit that asks for it.

As given from the folder the program was started in, then from the folder of
the definition that asks, then the only file of that name in the fleet.
"""

from collections.abc import Iterable
from pathlib import Path

from smtui.chart.values import Query, Raised

__all__ = ["is_start", "resolved"]


def is_start(query: Query) -> bool:
    """Say whether the query starts a machine from a file."""
    return query.entry.action == "start_fsm"


def resolved(
    query: Query, folders: Iterable[Path], fleet: Iterable[str]
) -> Query | Raised:
    """Return the query with its absolute `file`, or why there is none.

    `fleet` has the files of all machines and templates.
    """
    given = str(query.entry.args.get("yaml_path", ""))
    looked = [folder / given for folder in folders]
    found = next((path for path in looked if path.is_file()), None)
    if found is None:
        named = {file for file in fleet if Path(file).name == Path(given).name}
        if len(named) != 1:
            return Raised(_why(given, looked, named), "FileNotFoundError")
        found = Path(named.pop())
    args = {**query.entry.args, "file": str(found.resolve())}
    return query._replace(entry=query.entry._replace(args=args))


def _why(given: str, looked: list[Path], named: set[str]) -> str:
    places = ", ".join(str(path) for path in looked)
    if named:
        return (
            f"no file {places}; several of that name are in the fleet:"
            f" {', '.join(sorted(named))}"
        )
    return f"no file {given!r}: looked for {places} and in the fleet"
