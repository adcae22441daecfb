"""How SQLite answers: by walking an index that has the order asked for.

A sort of everything that waits, at every claim, is what makes a queue slow
when it is long. The plans are SQLite's own words (EXPLAIN QUERY PLAN); what a
claim costs is counted in instructions of its virtual machine, which no other
load on the computer changes.
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.store import Writer
from smtui.store.statements import Statements
from tests.support.store import HandClock, open_writer, own, query, step

FILES = (
    "children.sql",
    "commits.sql",
    "counters.sql",
    "epochs.sql",
    "history.sql",
    "inbox.sql",
    "invocations.sql",
    "jobs.sql",
    "machines.sql",
    "pages.sql",
    "past.sql",
    "lives.sql",
)

SORTS = frozenset({"by_file"})
"""Over a handful of machines, when one of them starts another."""

LARGE = frozenset({"inbox", "instances", "jobs", "journal", "snapshots", "timers"})
"""Tables that grow without end."""


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with open_writer(tmp_path) as writer:
        yield writer._db._conn


def plan(conn: sqlite3.Connection, sql: str) -> list[str]:
    names = dict.fromkeys(re.findall(r":(\w+)", sql))
    rows = conn.execute("EXPLAIN QUERY PLAN " + sql, names).fetchall()
    return [row["detail"] for row in rows]


@pytest.mark.parametrize("file", FILES)
def test_no_statement_sorts(conn: sqlite3.Connection, file: str) -> None:
    sorting = {
        name
        for name, sql in Statements(file).items()
        if any("TEMP B-TREE" in line for line in plan(conn, sql))
    }

    assert sorting <= SORTS


@pytest.mark.parametrize("file", FILES)
def test_large_tables_are_walked_by_an_index_or_from_an_end(
    conn: sqlite3.Connection, file: str
) -> None:
    walking = {
        name
        for name, sql in Statements(file).items()
        for line in plan(conn, sql)
        if re.fullmatch(r"SCAN (\w+)", line)
        and line.split()[1] in LARGE
        and "LIMIT" not in sql
    }

    assert walking == set()


@pytest.mark.parametrize(
    ("file", "name", "index"),
    [
        ("jobs.sql", "claim_type", "jobs_type"),
        ("jobs.sql", "claim_machine_type", "jobs_machine_type"),
        ("jobs.sql", "claim_any", "jobs_any"),
        ("jobs.sql", "peek_type", "jobs_type"),
        ("jobs.sql", "peek_machine_type", "jobs_machine_type"),
        ("jobs.sql", "peek_any", "jobs_any"),
        ("jobs.sql", "due", "jobs_due"),
        ("jobs.sql", "next_due", "jobs_due"),
        ("jobs.sql", "held", "jobs_held"),
        ("inbox.sql", "read", "inbox_pending"),
        ("inbox.sql", "oldest", "inbox_waiting"),
        ("inbox.sql", "by_key", "inbox_key"),
        ("inbox.sql", "suspect", "inbox_pending"),
        ("pages.sql", "events_newest_machine", "inbox_machine"),
        ("pages.sql", "events_newest_pending", "inbox_pending"),
        ("pages.sql", "events_newest_parked", "inbox_parked"),
        ("pages.sql", "journal_newest_machine", "journal_machine"),
        ("pages.sql", "jobs_status", "jobs_status"),
        ("pages.sql", "jobs_next", "jobs_any"),
        ("pages.sql", "jobs_next_type", "jobs_type"),
        ("pages.sql", "jobs_held", "jobs_held"),
        ("lives.sql", "busy", "instances_busy"),
        ("lives.sql", "due", "timers_next"),
        ("lives.sql", "next", "timers_next"),
        ("lives.sql", "is_old", "timers_next"),
        ("lives.sql", "due_old", "timers_due"),
        ("pages.sql", "instances_in", "instances_in"),
        ("past.sql", "runs", "sqlite_autoindex_journal_1"),
        ("past.sql", "step", "sqlite_autoindex_journal_1"),
        ("past.sql", "before", "sqlite_autoindex_journal_1"),
        ("past.sql", "after", "sqlite_autoindex_journal_1"),
        ("past.sql", "patches", "sqlite_autoindex_journal_1"),
        ("past.sql", "base", "sqlite_autoindex_snapshots_1"),
        ("past.sql", "event_after", "journal_event"),
        ("past.sql", "event_before", "journal_event"),
        ("past.sql", "configurations", "journal_move"),
        ("past.sql", "moves_after", "journal_move"),
        ("past.sql", "moves_before", "journal_move"),
    ],
)
def test_a_hot_statement_uses_the_index_made_for_it(
    conn: sqlite3.Connection, file: str, name: str, index: str
) -> None:
    used = {
        found
        for line in plan(conn, Statements(file)[name])
        for found in re.findall(r"INDEX (\w+)", line)
    }

    assert index in used
    assert used <= {index, "sqlite_autoindex_blobs_1"}


def fill(conn: sqlite3.Connection, n: int) -> None:
    """Let n jobs wait, half of them for another machine type."""
    conn.execute(
        """
        WITH RECURSIVE numbers (n) AS (
          SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :n
        )
        INSERT INTO jobs (
          id, job_type, machine_type, status, priority, data_json, max_attempts,
          source, created_at
        ) SELECT 'J' || n, 't', CASE WHEN n % 2 THEN 'other' END, 'available',
          n % 9, '{}', 3, 'me', 0.0 FROM numbers
        """,
        {"n": n},
    )


def work_of_a_claim(writer: Writer, machine_type: str | None) -> int:
    """Return the instructions of ten claims, in hundreds."""
    owner = own(writer, "m")
    hundreds = 0

    def count() -> int:
        nonlocal hundreds
        hundreds += 1
        return 0

    writer._db._conn.set_progress_handler(count, 100)
    for n in range(10):
        asked = query(
            "check_database_queue", f"c.{n}", job_type="t", machine_type=machine_type
        )
        writer.commit(owner, [step(queries=(asked,))])
    writer._db._conn.set_progress_handler(None, 100)
    return hundreds


@pytest.mark.acceptance
@pytest.mark.parametrize("machine_type", [None, "mine"])
def test_a_claim_is_no_more_work_with_100_000_jobs_waiting(
    tmp_path: Path, machine_type: str | None
) -> None:
    work: dict[int, int] = {}
    for n in (20, 100_000):
        folder = tmp_path / str(n)
        with open_writer(folder, HandClock()) as writer:
            fill(writer._db._conn, n)
            work[n] = work_of_a_claim(writer, machine_type)

    assert work[100_000] <= work[20] * 1.2
