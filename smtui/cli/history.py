"""`smtui history`: the steps a machine took, from its journal."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.members import members
from smtui.cli.moments import count, since
from smtui.errors import SmtuiError
from smtui.store.documents import step_document
from smtui.store.rows import JournalEntry

if TYPE_CHECKING:
    from smtui.store.reader import Reader

__all__ = ["HISTORY", "step_line"]

DEFAULT_ROWS = 50
PAGE_ROWS = 500
SHORTEST_S = 0.0001
"""A step that took less did nothing but step."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a machine")
    parser.add_argument("--instance", metavar="ID", help="only of this instance")
    parser.add_argument("--since", metavar="WHEN", help="10m, 08:15, a date")
    parser.add_argument(
        "--limit", metavar="N", type=count, default=DEFAULT_ROWS, help="the newest N"
    )
    parser.add_argument(
        "--export", metavar="FILE", help="write all of it as JSON lines into a new file"
    )


def _run(console: Console, found: Namespace) -> int:
    from smtui.cli.records import read  # late: SQLite

    data = datadir.existing(console)
    if found.export:
        return _export(data, console, found)
    rows = read(data, lambda reader: _newest(reader, console, found))
    if console.json:
        console.document([step_document(row) for row in rows])
    elif not rows:
        console.line(f"{found.name} has taken no step yet")
    else:
        _print(console, rows)
    return 0


async def _newest(
    reader: "Reader", console: Console, found: Namespace
) -> list[JournalEntry]:
    """Return the last steps, oldest first; of replicas, in the order they came."""
    rows: list[JournalEntry] = []
    for name in await members(reader, found.name):
        rows += await reader.journal_page(
            name,
            instance=found.instance,
            since=_start(console, found),
            limit=found.limit,
        )
    return sorted(rows, key=lambda entry: entry.id)[-found.limit :]


def _start(console: Console, found: Namespace) -> float:
    if not found.since:
        return 0.0
    return since(found.since, console.clock.now(), console.zone)


def _print(console: Console, rows: list[JournalEntry]) -> None:
    runs: dict[str, int] = {}
    is_one = len({entry.machine for entry in rows}) == 1
    for entry in rows:
        name = "" if is_one else f"{entry.machine}  "
        if entry.row.run > runs.setdefault(entry.machine, entry.row.run):
            console.line(f"--- {name}run {entry.row.run} ---")
        runs[entry.machine] = entry.row.run
        console.line(f"{console.moment(entry.row.at)}  {name}{step_line(entry)}")


def step_line(entry: JournalEntry) -> str:
    """Return what a step did, on one line."""
    row = entry.row
    source, target = "+".join(row.from_), "+".join(row.to)
    if row.outcome != "taken":
        return f"{source}  {row.event} {row.outcome}: {row.why}"
    move = f"{source} -> {target}" if source and source != target else target
    if not source:
        move = f"begins in {target}"
    took = f"{row.duration_s * 1000:.1f} ms" if row.duration_s >= SHORTEST_S else ""
    parts = [move, row.event, _work(entry), took]
    return "  ".join(part for part in parts if part)


def _work(entry: JournalEntry) -> str:
    """Return which action has ended and which is to run now."""
    ended = entry.row.answers
    words: list[str] = []
    if isinstance(ended, dict) and ended.get("action"):
        words.append(f"{ended['action']} ended")
    words += [
        f"runs {effect['action']}"
        for effect in entry.row.effects
        if isinstance(effect, dict) and "action" in effect
    ]
    return f"({', '.join(words)})" if words else ""


def _export(data: Path, console: Console, found: Namespace) -> int:
    """Write every step, oldest first, page by page."""
    file = Path(found.export)
    start = _start(console, found)
    try:
        with file.open("x", encoding="utf-8") as target:
            count = 0
            for entry in _all_steps(data, found):
                if entry.row.at >= start:
                    text = json.dumps(step_document(entry), ensure_ascii=False)
                    target.write(text + "\n")
                    count += 1
    except FileExistsError:
        raise SmtuiError(f"{file} is there already", hint="name a new file") from None
    except OSError as error:
        raise SmtuiError(f"{file} cannot be written: {error.strerror}") from error
    console.note(f"{count} steps of {found.name} written to {file}, in clear")
    return 0


def _all_steps(data: Path, found: Namespace) -> Iterator[JournalEntry]:
    from smtui.cli.records import read  # late: SQLite

    for name in read(data, lambda reader: members(reader, found.name)):
        last = 0
        while True:
            rows = read(data, _page_after(name, found.instance, last))
            yield from rows
            if len(rows) < PAGE_ROWS:
                break
            last = rows[-1].id


def _page_after(
    name: str, instance: str | None, last: int
) -> Callable[["Reader"], Awaitable[list[JournalEntry]]]:
    def page(reader: "Reader") -> Awaitable[list[JournalEntry]]:
        return reader.journal_page(name, instance=instance, after=last, limit=PAGE_ROWS)

    return page


HISTORY = Command(
    name="history",
    summary="Show the steps a machine took.",
    run=_run,
    arguments=_arguments,
    examples=("smtui history scout", "smtui history librarian --since 10m --json"),
)
