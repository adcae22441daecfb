"""Who has locked the store."""

import os
import sqlite3
from pathlib import Path

from smtui.supervisor.storelock import parse, writer_of

LOCKS = """\
1: POSIX  ADVISORY  READ  100 08:01:555 128 128
2: POSIX  ADVISORY  WRITE 200 08:01:777 120 120
3: FLOCK  ADVISORY  WRITE 300 08:01:555 0 EOF
4: POSIX  ADVISORY  WRITE 400 08:01:555 120 120
4: -> POSIX  ADVISORY  WRITE 500 08:01:555 120 120
5: POSIX  ADVISORY  WRITE 600 08:01:888 0 EOF
"""


def test_the_writer_is_found_by_inode_and_byte() -> None:
    assert parse(LOCKS, 555) == 400
    assert parse(LOCKS, 777) == 200
    assert parse(LOCKS, 888) == 600
    assert parse(LOCKS, 999) is None


def test_a_real_store_tells_its_writer(tmp_path: Path) -> None:
    path = tmp_path / "smtui.db"
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode = WAL")
    store.execute("CREATE TABLE t (x)")

    assert writer_of(path) is None
    store.execute("BEGIN IMMEDIATE")
    assert writer_of(path) == os.getpid()
    store.execute("COMMIT")
    assert writer_of(path) is None
    store.close()
