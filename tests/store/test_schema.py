"""Making a store, and refusing what is none or too new."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from smtui.errors import StoreError
from smtui.store.schema import SCHEMA_VERSION
from tests.support.store import open_writer


def test_a_new_store_is_a_wal_database_only_its_owner_reads(tmp_path: Path) -> None:
    open_writer(tmp_path).close()

    path = tmp_path / "smtui.db"
    conn = sqlite3.connect(path)
    assert conn.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert conn.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert path.stat().st_mode & 0o777 == 0o600
    conn.close()


@pytest.mark.parametrize(("durability", "level"), [("normal", 1), ("full", 2)])
def test_durability_is_the_synchronous_level(
    tmp_path: Path, durability: str, level: int
) -> None:
    with open_writer(tmp_path, None, "full" if level == 2 else "normal") as writer:
        found = writer._db._conn.execute("PRAGMA synchronous").fetchone()

    assert found[0] == level, durability


def test_a_store_is_opened_again_as_it_is(tmp_path: Path) -> None:
    with open_writer(tmp_path) as first:
        first.accept("m", "go", None, source="t")

    with open_writer(tmp_path) as second:
        assert len(second.read_inbox("m")) == 1


def test_a_newer_schema_is_refused_with_what_to_do(tmp_path: Path) -> None:
    open_writer(tmp_path).close()
    conn = sqlite3.connect(tmp_path / "smtui.db")
    conn.execute("PRAGMA user_version = 99")
    conn.close()

    with pytest.raises(StoreError, match=r"schema 99.*upgrade smtui"):
        open_writer(tmp_path)


def test_somebody_elses_database_is_refused(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "smtui.db")
    conn.execute("CREATE TABLE other (x)")
    conn.close()

    with pytest.raises(StoreError, match="not made by smtui"):
        open_writer(tmp_path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "smtui.db").write_bytes(b"once upon a time " * 100)

    with pytest.raises(StoreError, match="not a healthy SQLite database"):
        open_writer(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match=r"cannot be opened .*--data DIR"):
        open_writer(tmp_path / "file")


def test_two_first_openers_make_one_store(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: _open_and_close(tmp_path), range(8)))

    assert made == [True] * 8


def _open_and_close(folder: Path) -> bool:
    with open_writer(folder) as writer:
        return writer.read_inbox("m") == []


def _forget_who_is_rung(conn: sqlite3.Connection) -> None:
    conn.execute("DROP INDEX watches_rung")
    conn.execute("ALTER TABLE watches DROP COLUMN rung")


def test_a_store_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    open_writer(tmp_path).close()
    conn = sqlite3.connect(tmp_path / "smtui.db")
    conn.execute("ALTER TABLE inbox DROP COLUMN message_json")
    _forget_who_is_rung(conn)
    conn.execute("PRAGMA user_version = 1")
    conn.close()

    with open_writer(tmp_path) as writer:
        writer.accept("m", "go", None, source="t")
        (row,) = writer.read_inbox("m")
        version = writer._db._conn.execute("PRAGMA user_version").fetchone()

    assert row.message is None
    assert tuple(version) == (SCHEMA_VERSION,)


def test_an_older_store_gets_the_indexes_of_a_new_one(tmp_path: Path) -> None:
    open_writer(tmp_path).close()
    conn = sqlite3.connect(tmp_path / "smtui.db")
    indexes = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name"
    names = [name for name, _ in conn.execute(indexes).fetchall()]
    _forget_who_is_rung(conn)
    conn.execute("DROP INDEX journal_event")
    conn.execute("DROP INDEX journal_move")
    conn.execute("PRAGMA user_version = 2")
    conn.close()

    open_writer(tmp_path).close()

    conn = sqlite3.connect(tmp_path / "smtui.db")
    assert names == [name for name, _ in conn.execute(indexes).fetchall()]
    conn.close()


def test_a_store_of_version_6_counts_moves_from_now_on(tmp_path: Path) -> None:
    open_writer(tmp_path).close()
    conn = sqlite3.connect(tmp_path / "smtui.db")
    _forget_who_is_rung(conn)
    conn.execute("ALTER TABLE instances DROP COLUMN moved")
    conn.execute(
        "INSERT INTO instances VALUES ('door', 'main', 1, 'running', '[\"open\"]',"
        " 3, 1.0, NULL, 0)"
    )
    conn.execute("PRAGMA user_version = 6")
    conn.commit()
    conn.close()

    with open_writer(tmp_path) as writer:
        sight = writer.where_is("door", "", "main")

    assert sight.configuration == ("open",)
    assert dict(sight.topics) == {"state/door/main": 0}


def test_an_older_store_gets_to_know_who_invoked_whom(tmp_path: Path) -> None:
    open_writer(tmp_path).close()
    conn = sqlite3.connect(tmp_path / "smtui.db")
    tables = "SELECT name, sql FROM sqlite_schema WHERE tbl_name = 'invocations'"
    before = dict(conn.execute(tables).fetchall())
    conn.execute("DROP TABLE invocations")
    _forget_who_is_rung(conn)
    conn.execute("ALTER TABLE instances DROP COLUMN moved")
    conn.execute("PRAGMA user_version = 5")
    conn.close()

    with open_writer(tmp_path) as writer:
        found = writer.invocation("m")

    conn = sqlite3.connect(tmp_path / "smtui.db")
    assert found is None
    assert before.keys() == dict(conn.execute(tables).fetchall()).keys()
    conn.close()
