"""`smtui replay FILE`: an exported journal, on the screen or as text.

Nothing runs: no supervisor, no machine, no author's code. The whole file is
checked before the first step of it is shown.
"""

import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from smtui.cli.command import Command
from smtui.cli.console import Console
from smtui.cli.history import print_steps
from smtui.errors import UsageError, nearest
from smtui.store.documents import step_document
from smtui.store.rows import DefinitionRow, JournalEntry
from smtui.wire.paths import DATABASE

if TYPE_CHECKING:
    from smtui.store.past_lines import Head
    from smtui.store.past_load import Life
    from smtui.view.facts import Facts

__all__ = ["REPLAY"]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="an exported journal")
    parser.add_argument("--at", metavar="STEP|TIME", help="how it was then: 57, 08:15")
    parser.add_argument("--name", metavar="NAME", help="of several machines, this one")
    parser.add_argument("--instance", metavar="ID", help="of several instances")
    parser.add_argument("--headless", action="store_true", help="print, no screen")
    parser.add_argument("--ascii", action="store_true", help="no marks beyond ASCII")


def _run(console: Console, found: Namespace) -> int:
    from smtui.store.past_file import verify  # late: not for --help

    has_screen = console.is_terminal and not (found.headless or console.json)
    if has_screen and found.at is None:
        console.note(f"reading {found.file}")  # a large one takes a while
    head = verify(found.file)
    if found.at is None and not has_screen:
        return _print(console, found, head)
    with TemporaryDirectory(prefix="smtui-replay-") as folder:
        return _with_store(console, found, head, Path(folder))


def _with_store(console: Console, found: Namespace, head: "Head", folder: Path) -> int:
    """Load the file into a store that is gone afterwards, and look at it there."""
    from smtui.cli.known import known_by  # late: only with --at
    from smtui.cli.link import run  # late: asyncio
    from smtui.cli.past import instant_at, show_instant  # late: only with --at
    from smtui.store.past import PastReader  # late: SQLite
    from smtui.store.past_load import load_export  # late: as above
    from smtui.view.timeline import wanted  # late: only with --at

    database = folder / DATABASE

    def tell(steps: int) -> None:
        if console.is_terminal and not console.json:
            console.err.write(f"\r{steps:,} steps ")
            console.err.flush()

    _, lives = load_export(found.file, database, tell)
    life = _chosen(found, lives)

    async def look() -> None:
        async with PastReader(database) as reader:
            meant = wanted(found.at, head.exported_at, console.zone)
            instant = await instant_at(reader, *life, meant)
            hash_ = instant.entry.row.definition_hash
            known = await known_by(reader, [hash_])
            show_instant(console, instant, known.get(hash_))

    if found.at is not None:
        run(look())
        return 0
    return _open_screen(console, found, head, folder, life)


def _open_screen(
    console: Console, found: Namespace, head: "Head", folder: Path, life: "Life"
) -> int:
    from smtui.tui import Replay, TuiArgs, needs_ascii, run_app  # late: Textual

    is_ascii = found.ascii or bool(os.environ.get("SMTUI_ASCII"))
    return run_app(
        TuiArgs(
            data_dir=folder,
            ascii=is_ascii or needs_ascii(),
            read_only=True,
            utc=console.utc,
            reveal=console.reveal,
            replay=Replay(found.file.name, *life, head.exported_at),
        )
    )


def _chosen(found: Namespace, lives: "Sequence[Life]") -> "Life":
    """Return whose past is meant; raises UsageError when that is not clear."""
    if not lives:
        raise UsageError(f"{found.file} has no steps")
    fits = [
        life
        for life in lives
        if found.name in (None, life.machine)
        and found.instance in (None, life.instance)
    ]
    if not fits:
        known = [life.machine for life in lives]
        raise UsageError(
            f"{found.file} has no steps of that",
            hint=nearest(found.name or "", known) or f"it has {_listed(lives)}",
        )
    machines = {life.machine for life in fits}
    if len(machines) > 1:
        raise UsageError(
            f"{found.file} has steps of {len(machines)} machines",
            hint=f"--name says which: {', '.join(sorted(machines))}",
        )
    if len(fits) > 1 and found.instance is None:
        raise UsageError(
            f"{found.file} has steps of {len(fits)} instances",
            hint=f"--instance says which: {_listed(fits)}",
        )
    return fits[0]


def _listed(lives: "Sequence[Life]") -> str:
    shown = [f"{life.machine} {life.instance}" for life in lives[:5]]
    return ", ".join(shown) + (", ..." if len(lives) > len(shown) else "")


def _print(console: Console, found: Namespace, head: "Head") -> int:
    """Print every step, one document or one line each, as it is read."""
    from smtui.view.masks import masked  # late: not for --help

    known: dict[str, Facts] = {}
    steps = _steps(found, known)
    if not console.json:
        with_names = len(head.machines) > 1
        print_steps(console, steps, with_names=with_names, known=known)
        return 0
    gap = ""
    console.out.write("[")
    for entry in steps:
        shown = masked(step_document(entry), reveal=console.reveal)
        console.out.write(gap + json.dumps(shown, ensure_ascii=False))
        gap = ",\n"
    console.out.write("]\n")
    return 0


def _steps(found: Namespace, known: "dict[str, Facts]") -> Iterator[JournalEntry]:
    """Yield the steps that are meant; `known` learns the definitions between."""
    from smtui.cli.known import facts_in  # late: not for --help
    from smtui.store.past_file import read_lines  # late: not for --help
    from smtui.store.past_lines import StepLine  # late: as above

    for line in read_lines(found.file):
        if isinstance(line, DefinitionRow):
            facts = facts_in(line)
            if facts is not None:
                known[line.hash] = facts
        if isinstance(line, StepLine):
            entry = line.entry
            is_meant = found.name in (None, entry.machine)
            if is_meant and found.instance in (None, entry.instance):
                yield entry


REPLAY = Command(
    name="replay",
    summary="Show an exported journal; nothing of it is run.",
    run=_run,
    arguments=_arguments,
    examples=("smtui replay scout.jsonl.gz --at 1", "smtui replay scout.jsonl.gz"),
    details="""\
With a terminal it opens the time slider, else it prints the steps. It adds up what
each step changed, as journalled; no step is taken again.""",
)
