"""The store as commands use it: read a few pages, write one thing."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from smtui.cli.console import Console
from smtui.cli.link import run
from smtui.store import PastReader, Reader, Writer
from smtui.wire.paths import DATABASE

__all__ = ["database", "last_step", "read", "writer"]

_T = TypeVar("_T")


def database(data: Path) -> Path:
    """Return where the store of a data directory is."""
    return data / DATABASE


def read(data: Path, work: Callable[[PastReader], Awaitable[_T]]) -> _T:
    """Open a reader, let `work` use it, close it, return what it gave."""

    async def reading() -> _T:
        async with PastReader(database(data)) as reader:
            return await work(reader)

    return run(reading())


def last_step(data: Path) -> int:
    """Return the journal id of the newest step, 0 when there is none."""

    async def newest(reader: Reader) -> int:
        rows = await reader.journal_page(limit=1)
        return rows[0].id if rows else 0

    return read(data, newest)


def writer(console: Console, data: Path) -> Writer:
    """Return a writer of this process, to be used as a context manager."""
    return Writer(database(data), "normal", console.clock)
