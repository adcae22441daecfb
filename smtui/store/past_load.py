"""An exported journal as a store of its own, for whoever wants to go about in it.

Only what a slider reads is in it: definitions, steps and snapshots. Nothing in
it is asked of, or owned by, any process.
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from smtui.errors import StoreError
from smtui.store.failures import translate
from smtui.store.past_file import read_lines
from smtui.store.past_lines import End, Head, SnapshotLine, StepLine
from smtui.store.reading import dumps, plain
from smtui.store.rows import DefinitionRow, JournalEntry
from smtui.store.schema import migrate
from smtui.store.statements import Statements

__all__ = ["Life", "load_export"]

_SQL = Statements("past.sql")


_TOLD_STEPS = 10_000


class Life(NamedTuple):
    """An instance of which a file has steps."""

    machine: str
    instance: str


def _tell_nobody(steps: int) -> None:
    del steps


def load_export(
    file: Path, database: Path, tell: Callable[[int], None] = _tell_nobody
) -> tuple[Head, Sequence[Life]]:
    """Make a new store of a file; return its head and whose lives it tells.

    `tell` hears now and then how many steps were read. Raises StoreError for a
    file that is damaged, cut or newer, and when the store cannot be written.
    """
    try:
        conn = sqlite3.connect(database, isolation_level=None)
        try:
            # a copy that is thrown away needs no safety, only speed
            conn.execute("PRAGMA journal_mode = OFF")
            conn.execute("PRAGMA synchronous = OFF")
            migrate(conn, database)
            conn.execute("BEGIN")
            found = _fill(conn, file, tell)
            conn.execute("COMMIT")
        finally:
            conn.close()
    except sqlite3.IntegrityError as error:
        raise StoreError(f"{file} is damaged: a step is in it twice") from error
    except sqlite3.Error as error:
        raise translate(error, database) from error
    return found


def _fill(
    conn: sqlite3.Connection, file: Path, tell: Callable[[int], None]
) -> tuple[Head, Sequence[Life]]:
    lines = read_lines(file)
    head = next(lines)
    if not isinstance(head, Head):
        raise StoreError(f"{file}: this is no exported journal")
    lives: dict[Life, None] = {}
    last = 0
    for line in lines:
        match line:
            case StepLine(entry):
                last += 1
                if last % _TOLD_STEPS == 0:
                    tell(last)
                lives[Life(entry.machine, entry.instance)] = None
                conn.execute(_SQL["put_step"], _step(entry, last))
            case SnapshotLine():
                params = line._asdict() | {
                    "journal_id": last,
                    "snapshot_json": dumps(line.snapshot),
                }
                conn.execute(_SQL["put_snapshot"], params)
            case DefinitionRow():
                conn.execute(_SQL["put_definition"], _definition(line))
            case Head() | End():
                raise StoreError(f"{file} is damaged: it begins twice")
    return head, tuple(lives)


def _definition(row: DefinitionRow) -> dict[str, object]:
    return {
        "hash": row.hash,
        "dialect": row.dialect,
        "name": row.name,
        "file": plain(row.file),
        "text": plain(row.text),
    }


def _step(entry: JournalEntry, id_: int) -> dict[str, object]:
    row = entry.row
    return {
        "id": id_,
        "machine": entry.machine,
        "instance": entry.instance,
        "run": row.run,
        "seq": row.seq,
        "at": row.at,
        "cause": row.cause,
        "event": plain(row.event),
        "from_json": dumps(row.from_),
        "to_json": dumps(row.to),
        "outcome": row.outcome,
        "why": plain(row.why),
        "micro_json": dumps(row.micro),
        "answers_json": None if row.answers is None else dumps(row.answers),
        "patch_json": None if row.data_patch is None else dumps(dict(row.data_patch)),
        "effects_json": dumps(row.effects),
        "duration_s": row.duration_s,
        "definition_hash": row.definition_hash,
    }
