"""The file of entities: saved by version, found by what is due."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.errors import StoreError
from smtui.store.entities import EntityFile, EntityRow
from smtui.testing import ManualClock

NEW = EntityRow("a", {"n": 1}, None)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[EntityFile]:
    found = EntityFile(tmp_path / "deep" / "entities.db", ManualClock())
    yield found
    found.close()


def test_an_entity_comes_back_with_its_version(file: EntityFile) -> None:
    first = file.save("m", "1", NEW)
    second = file.save("m", "1", NEW._replace(state="b", due=5.0, version=1))

    assert (True, 1) == first
    assert (True, 2) == second
    assert EntityRow("b", {"n": 1}, 5.0, 2) == file.load("m", "1")
    assert file.load("other", "1") is None


def test_a_save_that_comes_second_changes_nothing(file: EntityFile) -> None:
    file.save("m", "1", NEW)

    again = file.save("m", "1", NEW._replace(state="b"), ("k", 1))
    ahead = file.save("m", "1", NEW._replace(state="b", version=7))
    unknown = file.save("m", "2", NEW._replace(version=1))

    assert [(False, 1), (False, 1), (False, 0)] == [again, ahead, unknown]
    assert ["1"] == file.ids("m", "a")
    assert file.reply("m", "1", "k") is None


def test_a_reply_is_kept_with_the_save(file: EntityFile) -> None:
    file.save("m", "1", NEW, ("k", {"a": 1}))

    assert {"a": 1} == file.reply("m", "1", "k")
    assert file.reply("m", "2", "k") is None


def test_what_is_due_is_found_earliest_first(file: EntityFile) -> None:
    for id_, due in (("late", 9.0), ("now", 2.0), ("soon", 1.0), ("never", None)):
        file.save("m", id_, NEW._replace(due=due))

    assert ["soon", "now"] == file.due("m", 2.0, 10)
    assert ["soon"] == file.due("m", 2.0, 1)
    assert 1.0 == file.next_due("m")
    assert file.next_due("other") is None
    assert ["late", "never", "now", "soon"] == file.ids("m")


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "entities.db"
    path.write_text("no database" * 200, "utf-8")

    with pytest.raises(StoreError, match="not a healthy SQLite database"):
        EntityFile(path, ManualClock())
