"""What comes from env files is known to be secret before anything is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.cli.secrets import learn_from_files, learn_from_store
from smtui.clock import SystemClock
from smtui.store import ChildRow, Writer
from smtui.view.masks import learn, mask_text


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Leave no secrets to other tests."""
    yield
    learn([])


def test_the_values_of_the_files_are_masked(tmp_path: Path) -> None:
    file = tmp_path / "k.env"
    file.write_text("KEY='hunter-two'\nN=1\n")

    learn_from_files([str(file), None, str(tmp_path / "gone.env")])

    assert mask_text("hunter-two 1") == "*** 1"


def test_the_store_names_the_files(tmp_path: Path) -> None:
    file, database = tmp_path / "k.env", tmp_path / "smtui.db"
    file.write_text("KEY=hunter-two\n")
    with Writer(database, "normal", SystemClock()) as writer:
        writer.put_child(ChildRow("m", {"env_file": str(file)}))

    learn_from_store(database)

    assert mask_text("hunter-two") == "***"


def test_a_store_that_cannot_be_read_has_no_secrets(tmp_path: Path) -> None:
    learn_from_store(tmp_path / "gone.db")

    assert mask_text("hunter-two") == "hunter-two"
