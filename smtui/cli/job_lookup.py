"""Which job an operator means: by id, by number, or the last one."""

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.errors import UsageError
from smtui.store.rows import JobRow

if TYPE_CHECKING:
    from smtui.store.reader import Reader  # aiosqlite, for types only here

__all__ = ["find_job", "job_argument"]


def job_argument(parser: ArgumentParser) -> None:
    """Add the argument that names a job."""
    parser.add_argument("id", metavar="ID", help="its id or number, or `last`")


def find_job(data: Path, wanted: str) -> JobRow:
    """Return the job meant; raises UsageError when there is none."""
    from smtui.cli.records import read  # late: SQLite

    found = read(data, lambda reader: _look(reader, wanted))
    if found is None:
        raise UsageError(f"no job {wanted!r}", hint="`smtui jobs list` shows them")
    return found


async def _look(reader: "Reader", wanted: str) -> JobRow | None:
    exact = await reader.job(wanted)
    if exact is not None:
        return exact
    if wanted != "last" and not wanted.isdecimal():
        return None
    before = None if wanted == "last" else int(wanted) + 1
    rows = await reader.jobs_page(before=before, limit=1)
    is_meant = rows and (wanted == "last" or rows[0].seq == int(wanted))
    return rows[0] if is_meant else None
