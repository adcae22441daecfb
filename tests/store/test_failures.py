"""What SQLite fails with becomes what an operator can do."""

import sqlite3
from pathlib import Path

import pytest

from smtui.errors import StoreError
from smtui.store import StoreBusyError, StoreFullError, Writer, failures
from smtui.store.failures import translate
from smtui.store.schema import migrate
from tests.support.store import open_writer, own, query, row, step


def test_a_lock_held_by_another_process_is_worth_waiting_for(
    tmp_path: Path, writer: Writer
) -> None:
    other = sqlite3.connect(tmp_path / "smtui.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    writer._db._conn.execute("PRAGMA busy_timeout = 1")

    with pytest.raises(StoreBusyError, match="another process has been writing"):
        writer.accept("m", "go", None, source="t")

    other.execute("ROLLBACK")
    assert writer.accept("m", "go", None, source="t").is_new
    other.close()


def test_a_full_disk_writes_nothing_and_is_worth_waiting_for(writer: Writer) -> None:
    pages = writer._db._conn.execute("PRAGMA page_count").fetchone()[0]
    writer._db._conn.execute(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        for _ in range(100):
            writer.accept("m", "go", "x" * 10_000, source="t")

    with pytest.raises(StoreFullError, match="disk is full"):
        fill()

    writer._db._conn.execute("PRAGMA max_page_count = 100000")
    n = len(writer.read_inbox("m", limit=1000))
    assert writer.accept("m", "go", None, source="t").seq == n + 1


def test_a_disk_that_fills_up_inside_an_action_fails_the_whole_commit(
    writer: Writer,
) -> None:
    owner = own(writer, "m")
    pages = writer._db._conn.execute("PRAGMA page_count").fetchone()[0]
    writer._db._conn.execute(f"PRAGMA max_page_count = {pages}")
    asked = query("add_job", job_type="t", data={"x": "y" * 500_000})

    with pytest.raises(StoreFullError):
        writer.commit(owner, [step(journal=row(), queries=(asked,))])

    writer._db._conn.execute("PRAGMA max_page_count = 100000")
    assert writer.load("m")[0].snapshot is None
    writer.commit(owner, [step(journal=row(), queries=(asked,))])


def test_a_disk_too_small_for_the_tables_is_full(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "smtui.db", isolation_level=None)
    conn.execute("PRAGMA max_page_count = 10")

    with pytest.raises(sqlite3.OperationalError, match="full"):
        migrate(conn, tmp_path / "smtui.db")

    conn.close()


def test_an_io_error_on_a_disk_without_room_is_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR | 19 << 8
    path = tmp_path / "smtui.db"

    assert not isinstance(translate(error, path), StoreFullError)
    monkeypatch.setattr(failures, "_NO_ROOM_BYTES", 1 << 60)
    assert isinstance(translate(error, path), StoreFullError)


def test_a_read_only_store_says_whose_it_is(writer: Writer) -> None:
    writer._db._conn.execute("PRAGMA query_only = ON")

    with pytest.raises(StoreError, match="read-only for this user"):
        writer.accept("m", "go", None, source="t")


def test_any_other_failure_keeps_its_words(tmp_path: Path) -> None:
    error = translate(sqlite3.OperationalError("odd"), tmp_path / "smtui.db")

    assert "the store failed (odd)" in str(error)


def test_text_that_is_no_utf8_is_refused_in_words(writer: Writer) -> None:
    with pytest.raises(StoreError, match="cannot be kept"):
        writer.accept("m", "go", None, source="t", key="\udcff")


def test_a_second_close_does_nothing(tmp_path: Path) -> None:
    writer = open_writer(tmp_path)
    writer.close()

    writer.close()
