"""`smtui history`: the steps a machine took, from its journal."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from smtui.cli import datadir
from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.members import members, split_instance
from smtui.cli.moments import count, since
from smtui.errors import UsageError
from smtui.store.documents import step_document
from smtui.store.rows import SOLE_INSTANCE, JournalEntry

if TYPE_CHECKING:
    from smtui.store.past import PastReader
    from smtui.store.reader import Reader
    from smtui.view.facts import Facts
    from smtui.view.past import Instant

__all__ = ["HISTORY", "print_steps", "step_line"]

DEFAULT_ROWS = 50
SHORTEST_S = 0.0001
"""A step that took less did nothing but step."""


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="a machine, or NAME/ID")
    parser.add_argument("--instance", metavar="ID", help="only of this instance")
    parser.add_argument("--since", metavar="WHEN", help="10m, 08:15, a date")
    parser.add_argument(
        "--limit", metavar="N", type=count, default=DEFAULT_ROWS, help="the newest N"
    )
    parser.add_argument(
        "--export", metavar="FILE", help="write all of it into a new file, for replay"
    )
    parser.add_argument(
        "--at", metavar="STEP|TIME", help="how it was then: 57, 2/57, 10m, 08:15"
    )


def _run(console: Console, found: Namespace) -> int:
    from smtui.cli.records import read  # late: SQLite

    data = datadir.existing(console)
    split_instance(found)
    if found.export and found.at:
        raise UsageError("--at and --export: one of them")
    if found.export:
        return _export(data, console, found)
    if found.at:
        return _at(data, console, found)
    rows = read(data, lambda reader: _newest(reader, console, found))
    if console.json:
        console.document([step_document(row) for row in rows])
    elif not rows:
        whose = f"{found.name}, instance {found.instance}," if found.instance else ""
        console.line(f"{whose or found.name} has taken no step yet")
    else:
        from smtui.cli.known import known_by  # late: only for people

        hashes = [entry.row.definition_hash for entry in rows]
        known = read(data, lambda reader: known_by(reader, hashes))
        is_one = len({entry.machine for entry in rows}) == 1
        print_steps(console, rows, with_names=not is_one, known=known)
    return 0


def _at(data: Path, console: Console, found: Namespace) -> int:
    from smtui.cli.entities import refuse_nobody  # late: only here
    from smtui.cli.known import known_by  # late: only here
    from smtui.cli.past import instant_at, show_instant  # late: only here
    from smtui.cli.records import read  # late: SQLite
    from smtui.view.timeline import wanted  # late: only here

    meant = wanted(found.at, console.clock.now(), console.zone)

    async def look(reader: "PastReader") -> "tuple[Instant, Facts | None]":
        names = await members(reader, found.name)
        if len(names) > 1:
            raise UsageError(
                f"{found.name} has {len(names)} replicas",
                hint=f"one of {', '.join(names)}",
            )
        instance = found.instance or SOLE_INSTANCE
        if found.instance is None:
            await refuse_nobody(reader, names[0])
        instant = await instant_at(reader, names[0], instance, meant)
        hash_ = instant.entry.row.definition_hash
        return instant, (await known_by(reader, [hash_])).get(hash_)

    instant, facts = read(data, look)
    show_instant(console, instant, facts)
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


def print_steps(
    console: Console,
    rows: Iterable[JournalEntry],
    *,
    with_names: bool,
    known: "Mapping[str, Facts]",
) -> None:
    """Print steps, one a line, with a line between runs.

    Each begins with its run and number, as `--at` takes them. `known` has the facts of
    definitions by their hash.
    """
    runs: dict[tuple[str, str], int] = {}
    for entry in rows:
        name = f"{entry.machine}  " if with_names else ""
        if entry.instance != SOLE_INSTANCE:
            name += f"{entry.instance}  "
        life = (entry.machine, entry.instance)
        if entry.row.run > runs.setdefault(life, entry.row.run):
            console.line(f"--- {name}run {entry.row.run} ---")
        runs[life] = entry.row.run
        line = step_line(entry, known.get(entry.row.definition_hash))
        place = f"{entry.row.run}/{entry.row.seq}"
        console.line(f"{place:<5} {console.moment(entry.row.at)}  {name}{line}")


def step_line(entry: JournalEntry, facts: "Facts | None" = None) -> str:
    """Return what a step did, on one line."""
    from smtui.view.facts import NOTHING_KNOWN  # late: most commands show no step
    from smtui.view.moves import move_of  # late: as above
    from smtui.view.peers import seen_in  # late: as above

    row, facts = entry.row, facts or NOTHING_KNOWN
    source, target = move_of(row, facts.leaves)
    event = facts.told(row.event)
    if row.outcome != "taken":
        return f"{source}  {event} {row.outcome}: {row.why}"
    move = f"{source} -> {target}" if source and source != target else target
    if not source:
        move = f"begins in {target}"
    took = f"{row.duration_s * 1000:.1f} ms" if row.duration_s >= SHORTEST_S else ""
    seen = "; ".join(seen_in(row))
    parts = [move, event, f"({seen})" if seen else "", _work(entry), took]
    return "  ".join(part for part in parts if part)


def _work(entry: JournalEntry) -> str:
    """Return which action has ended and which is to run now.

    A step that did neither and had no event was the next stretch of a list.
    """
    ended = entry.row.answers
    words: list[str] = []
    if isinstance(ended, dict) and ended.get("action"):
        gave = ended.get("gave")
        has_failed = isinstance(gave, dict) and "raised" in gave
        words.append(f"{ended['action']} {'failed' if has_failed else 'ended'}")
    words += [
        f"runs {effect['action']}"
        for effect in entry.row.effects
        if isinstance(effect, dict) and "action" in effect
    ]
    words += [
        f"{effect['again']} again in {float(str(effect['due'])) - entry.row.at:.3g} s"
        for effect in entry.row.effects
        if isinstance(effect, dict) and "again" in effect
    ]
    if not (words or entry.row.event or entry.row.micro):
        words = ["its list went on"]
    return f"({', '.join(words)})" if words else ""


def _export(data: Path, console: Console, found: Namespace) -> int:
    """Write every step into a file that `smtui replay` reads."""
    from smtui.cli.exporting import export  # late: only an export needs it
    from smtui.cli.records import read  # late: SQLite

    file = Path(found.export)
    start = _start(console, found)

    async def write(reader: "PastReader") -> int:
        names = await members(reader, found.name)
        return await export(
            reader, console, file, names, instance=found.instance, since=start
        )

    count = read(data, write)
    clear = "secrets in clear" if console.reveal else "secrets masked"
    console.note(f"{count} steps of {found.name} written to {file}, {clear}")
    return 0


HISTORY = Command(
    name="history",
    summary="Show the steps a machine took.",
    run=_run,
    arguments=_arguments,
    examples=(
        "smtui history librarian --since 10m --json",
        "smtui history scout --export scout.jsonl.gz",
    ),
)
