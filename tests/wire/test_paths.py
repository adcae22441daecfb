"""The sockets are short, private and in the same place for everyone."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.errors import WireError
from smtui.wire.paths import (
    LOCK_NAME,
    SUPERVISOR,
    bell_path,
    control_path,
    default_run_dir,
    encode_name,
    events_path,
    log_path,
    make_run_dir,
    run_dir,
)

names = st.text(min_size=1, max_size=100)


def test_the_run_directory_is_below_the_runtime_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run")
    directory = default_run_dir(tmp_path)

    assert directory.parent == Path("/run/smtui")
    assert len(directory.name) == 12


@pytest.mark.parametrize("named", ["", "relative", "/nowhere", "/usr/" + "x" * 80])
def test_an_unusable_runtime_directory_gives_way_to_tmp(
    named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", named)

    assert default_run_dir(tmp_path).parts[:2] == ("/", "tmp")
    assert default_run_dir(tmp_path).parts[2].startswith("smtui-")


def test_two_ways_to_one_folder_have_one_run_directory(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")

    assert run_dir(tmp_path / "real") == run_dir(tmp_path / "link")


def test_the_lock_file_wins_over_the_environment(tmp_path: Path) -> None:
    lock = {"pid": 1, "run_dir": "/run/elsewhere"}
    (tmp_path / LOCK_NAME).write_text(json.dumps(lock))

    assert run_dir(tmp_path) == Path("/run/elsewhere")


@pytest.mark.parametrize("text", ["", "garbage", "[]", '{"run_dir": "x"}'])
def test_a_broken_lock_file_is_passed_over(text: str, tmp_path: Path) -> None:
    (tmp_path / LOCK_NAME).write_text(text)

    assert run_dir(tmp_path) == default_run_dir(tmp_path)


def test_a_run_directory_is_ours_alone(tmp_path: Path) -> None:
    directory = tmp_path / "smtui" / "abc"
    make_run_dir(directory)
    directory.chmod(0o755)
    make_run_dir(directory)

    assert directory.stat().st_mode & 0o777 == 0o700
    assert directory.parent.stat().st_mode & 0o777 == 0o700


def test_a_link_in_place_of_the_run_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "smtui").symlink_to("target")

    with pytest.raises(WireError, match="is not a directory of user"):
        make_run_dir(tmp_path / "smtui" / "abc")


@given(names, names)
def test_bells_are_short_and_no_two_machines_share_one(a: str, b: str) -> None:
    directory = Path("/run/user/1000/smtui/0123456789ab")
    bells = {bell_path(directory, name) for name in (a, b, SUPERVISOR)}

    assert len(bells) == len({a, b, SUPERVISOR})
    for bell in (*bells, control_path(directory), events_path(directory)):
        assert len(str(bell)) <= 103
        assert bell.parent == directory


@given(names, names)
def test_logs_have_names_every_file_system_takes(a: str, b: str) -> None:
    files = {log_path(Path("/d"), name).name for name in (a, b)}

    assert len(files) == len({a, b})
    for file in files:
        assert file.isascii()
        assert len(file) <= 220
        assert "/" not in file


def test_a_plain_name_stays_readable() -> None:
    assert encode_name("order_flow-2.x") == "order_flow-2.x"
    assert encode_name("worker#1") == "worker%231"
