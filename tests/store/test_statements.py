"""SQL by name: what a block needs, and that each one is there for a reason."""

import re
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest

from smtui.errors import InternalError
from smtui.store.schema import migrate
from smtui.store.statements import Statements, parse, preload

ROOM = Path(str(files("smtui.store")))
TABLES = {"entity_tables.sql", "schema.sql", "upgrades.sql"}
"""They make what the others ask."""
QUERIES = sorted(p.name for p in ROOM.glob("*.sql") if p.name not in TABLES)


def test_a_block_has_a_name_a_reason_and_a_statement() -> None:
    text = "-- file\n\n-- name: one\n-- Why.\nSELECT 1;\n\n-- name: two\n-- Why.\nB\n"

    found = parse(text, "x.sql")

    assert found == {"one": "SELECT 1", "two": "B"}


@pytest.mark.parametrize(
    "text",
    [
        "-- name: silent\nSELECT 1;\n",
        "-- name: empty\n-- Why.\n",
        "-- name: a\n-- Why.\nA;\n-- name: a\n-- Why.\nB;\n",
    ],
)
def test_a_silent_empty_or_repeated_block_is_our_mistake(text: str) -> None:
    with pytest.raises(InternalError, match=r"x\.sql"):
        parse(text, "x.sql")


@pytest.mark.parametrize("file", QUERIES)
def test_every_statement_fits_the_schema(file: str, tmp_path: Path) -> None:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    migrate(conn, tmp_path / "smtui.db")
    for table in Statements("entity_tables.sql").values():
        conn.execute(table)

    for sql in Statements(file).values():
        names = dict.fromkeys(re.findall(r":(\w+)", sql))
        conn.execute("EXPLAIN " + sql, names).close()

    conn.close()


@pytest.mark.parametrize("file", QUERIES)
def test_every_statement_is_used(file: str) -> None:
    modules = [p.read_text("utf-8") for p in ROOM.glob("*.py")]
    text = "".join(m for m in modules if f'Statements("{file}")' in m)

    # claims, peeks and pages append what the filter needs to a name
    used = set(re.findall(r'"(\w+)"', text)) | {
        stem + end
        for stem in ("claim", "peek", "journal_newest", "journal_after")
        for end in ("_any", "_type", "_machine_type", "_machine")
    }

    assert set(Statements(file)) - used == set()


def test_what_is_preloaded_is_read_once_for_all_who_use_the_file() -> None:
    preload()

    first, second = Statements("jobs.sql"), Statements("jobs.sql")

    assert first["claim_any"] is second["claim_any"]
