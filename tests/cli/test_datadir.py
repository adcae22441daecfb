"""Which data directory a command works on."""

import os
from pathlib import Path

import pytest

from smtui.cli import datadir
from smtui.cli.console import Console
from smtui.errors import NoSupervisorError, SmtuiError, UsageError


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMTUI_DATA", raising=False)


def store_in(folder: Path) -> Path:
    data = folder / ".smtui"
    data.mkdir(parents=True)
    (data / "smtui.db").touch()
    return data


def test_run_keeps_its_data_beside_the_first_path(tmp_path: Path) -> None:
    (tmp_path / "machines").mkdir()

    found = datadir.for_run(Console.of_process(), Path("machines"))

    assert found == tmp_path / ".smtui"


def test_run_of_a_file_keeps_its_data_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()

    found = datadir.for_run(Console.of_process(), Path("a/door.yaml"))

    assert found == tmp_path / "a" / ".smtui"


@pytest.mark.parametrize("path", [".", "..", "../."])
def test_run_of_where_one_is_writes_nothing_above_it(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")

    found = datadir.for_run(Console.of_process(), Path(path))

    inside = tmp_path / "inner" if path == "." else tmp_path
    assert found == inside / ".smtui"


def test_the_option_wins_over_the_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTUI_DATA", str(tmp_path / "b"))
    console = Console.of_process()
    by_variable = datadir.for_run(console, Path("x"))
    console.data = tmp_path / "a"

    by_option = datadir.for_run(console, Path("x"))

    assert (by_variable, by_option) == (tmp_path / "b", tmp_path / "a")


def test_other_commands_find_the_nearest_one_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = store_in(tmp_path)
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")

    assert datadir.existing(Console.of_process()) == data


def test_without_one_a_command_says_what_makes_one(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        datadir.existing(Console.of_process())

    assert str(tmp_path) in caught.value.message
    assert "smtui run PATH makes one" in caught.value.hint


def test_a_command_for_a_running_fleet_says_that_none_runs() -> None:
    with pytest.raises(NoSupervisorError):
        datadir.existing(Console.of_process(), needs_fleet=True)


def test_a_folder_without_a_store_is_none(tmp_path: Path) -> None:
    console = Console.of_process()
    console.data = tmp_path

    with pytest.raises(UsageError, match="no data directory of smtui"):
        datadir.existing(console)


def test_a_store_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "smtui.db").symlink_to("smtui.db")
    console = Console.of_process()
    console.data = tmp_path

    with pytest.raises(SmtuiError, match=r"smtui\.db cannot be read: Too many"):
        datadir.existing(console)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may use every folder")
def test_one_that_may_not_be_used_is_refused(tmp_path: Path) -> None:
    console = Console.of_process()
    console.data = tmp_path / "data"
    console.data.mkdir(mode=0)

    with pytest.raises(SmtuiError, match="cannot be used: permission denied"):
        datadir.for_run(console, None)


def test_a_new_one_is_hidden_from_git(tmp_path: Path) -> None:
    datadir.prepare(tmp_path / "d" / ".smtui")

    assert (tmp_path / "d" / ".smtui" / ".gitignore").read_text("utf-8") == "*\n"


def test_one_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(SmtuiError) as caught:
        datadir.prepare(tmp_path / "file" / ".smtui")

    assert "Not a directory" in caught.value.message
    assert "--data DIR" in caught.value.hint


def test_the_way_back_names_only_what_would_not_be_found(tmp_path: Path) -> None:
    near, far = store_in(tmp_path), store_in(tmp_path / "b c")

    assert datadir.option_for(near) == ""
    assert datadir.option_for(far) == f" --data '{far}'"


def test_a_file_of_a_folder_that_ran_as_a_whole_finds_its_data(tmp_path: Path) -> None:
    (tmp_path / "cafe").mkdir()
    data = store_in(tmp_path)

    found = datadir.of_path(Console.of_process(), Path("cafe/till.py"))

    assert found == data


def test_a_file_that_ran_by_itself_finds_its_own_data(tmp_path: Path) -> None:
    own = store_in(tmp_path / "cafe")
    store_in(tmp_path)

    found = datadir.of_path(Console.of_process(), Path("cafe/till.py"))

    assert found == own


def test_a_data_directory_that_is_named_is_the_one(tmp_path: Path) -> None:
    store_in(tmp_path)
    console = Console.of_process()
    console.data = tmp_path / "other"

    assert datadir.of_path(console, Path("cafe/till.py")) == tmp_path / "other"
