"""One supervisor per data directory."""

import os
from pathlib import Path

import pytest

from smtui.clock import SystemClock
from smtui.errors import SupervisorError
from smtui.supervisor.args import MachineOptions, SupervisorArgs
from smtui.supervisor.lock import Lock, read_lock
from smtui.wire.paths import LOCK_NAME, run_dir


def test_who_holds_the_lock_can_be_read(tmp_path: Path) -> None:
    with Lock(tmp_path) as lock:
        info = lock.announce(SystemClock(), Path("/run/x"))

        assert read_lock(tmp_path) == info
        assert (info.pid, info.run_dir) == (os.getpid(), Path("/run/x"))
        assert run_dir(tmp_path) == Path("/run/x")
        assert lock.is_ours()


def test_a_lock_that_was_given_back_is_nobodys(tmp_path: Path) -> None:
    with Lock(tmp_path) as lock:
        lock.announce(SystemClock(), Path("/run/x"))

    assert read_lock(tmp_path) is None
    assert (tmp_path / LOCK_NAME).exists()


def test_a_second_supervisor_is_told_the_pid_of_the_first(
    tmp_path: Path,
) -> None:
    with Lock(tmp_path) as lock:
        lock.announce(SystemClock(), Path("/run/x"))

        with pytest.raises(SupervisorError, match=f"already: pid {os.getpid()}"):
            Lock(tmp_path)


def test_a_longer_line_of_an_earlier_holder_leaves_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / LOCK_NAME).write_text("x" * 1000)
    with Lock(tmp_path) as lock:
        info = lock.announce(SystemClock(), Path("/run/x"))

        assert read_lock(tmp_path) == info


@pytest.mark.parametrize("text", ["", "garbage", "{}", '{"pid": "x"}'])
def test_a_held_lock_with_nothing_to_read_is_passed_over(
    text: str, tmp_path: Path
) -> None:
    with Lock(tmp_path):
        (tmp_path / LOCK_NAME).write_text(text)

        assert read_lock(tmp_path) is None


def test_a_directory_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "no") is None
    with pytest.raises(SupervisorError, match="cannot be opened"):
        Lock(tmp_path / "no")


def test_a_removed_lock_file_is_noticed(tmp_path: Path) -> None:
    with Lock(tmp_path) as lock:
        (tmp_path / LOCK_NAME).unlink()

        assert not lock.is_ours()


def test_args_survive_their_way_through_argv() -> None:
    args = SupervisorArgs(
        data_dir=Path("/d"),
        paths=(Path("/a"), Path("/b")),
        options=MachineOptions(("x",), "n", {"k": [1, None]}, "/act"),
        who="ann@pts/0",
        is_guarded=True,
    )

    assert SupervisorArgs.from_json(args.to_json()) == args


def test_relative_paths_become_absolute_on_the_way() -> None:
    args = SupervisorArgs(Path("d"), paths=(Path("m"),), cwd=Path("/here"))

    found = SupervisorArgs.from_json(args.to_json())

    assert (found.data_dir, found.paths) == (Path("/here/d"), (Path("/here/m"),))


def test_a_working_directory_that_is_gone_is_no_reason_to_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    assert SupervisorArgs(Path("/d")).cwd == Path("/")
