"""Lines of log files, also while they grow and turn."""

import os
from pathlib import Path

from smtui.cli.logfiles import (
    Follower,
    LogLine,
    last_lines,
    log_names,
    log_sizes,
    parse,
)

STAMP = "2026-11-22T08:00:00.500Z"
AT = 1795334400.5


def log(data: Path, name: str, *texts: str) -> Path:
    file = data / "logs" / name
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as target:
        target.writelines(f"{STAMP} out {text}\n" for text in texts)
    return file


def texts(lines: list[LogLine]) -> list[str]:
    return [line.text for line in lines]


def test_a_line_has_its_time_stream_and_text() -> None:
    line = parse("door", f"{STAMP} err~ not a  newline".encode())

    assert line == LogLine(AT, "door", "err", "not a  newline")


def test_a_line_of_somebody_else_stays_readable() -> None:
    assert parse("door", b"what \xff") == LogLine(0.0, "door", "out", "what \ufffd")


def test_a_name_means_its_log_or_those_of_its_replicas(tmp_path: Path) -> None:
    log(tmp_path, "door.log")
    log(tmp_path, "reader%231.log")
    log(tmp_path, "reader%232.log")
    log(tmp_path, "readers.log")

    assert list(log_names(tmp_path, "reader")) == ["reader#1", "reader#2"]
    assert list(log_names(tmp_path, "reader#2")) == ["reader#2"]
    assert list(log_names(tmp_path, "door")) == ["door"]
    assert log_names(tmp_path, "window") == {}


def test_older_files_come_first(tmp_path: Path) -> None:
    file = log(tmp_path, "door.log", "three")
    log(tmp_path, "door.log.1", "two")
    log(tmp_path, "door.log.2", "one")

    found = list(last_lines("door", file, None))

    assert texts(found) == ["one", "two", "three"]


def test_since_leaves_out_what_was_before(tmp_path: Path) -> None:
    file = log(tmp_path, "door.log", "old")
    os.utime(file, (AT, AT))

    assert texts(list(last_lines("door", file, AT - 1))) == ["old"]
    assert list(last_lines("door", file, AT + 1)) == []


def test_a_follower_gives_what_comes_after_it(tmp_path: Path) -> None:
    file = log(tmp_path, "door.log", "before")
    follower = Follower("door", file)
    nothing_yet = follower.new_lines()
    log(tmp_path, "door.log", "one", "two")

    assert nothing_yet == []
    assert texts(follower.new_lines()) == ["one", "two"]
    assert follower.new_lines() == []


def test_a_follower_waits_for_the_end_of_a_line(tmp_path: Path) -> None:
    file = log(tmp_path, "door.log")
    follower = Follower("door", file)
    with file.open("a", encoding="utf-8") as target:
        target.write(f"{STAMP} out ha")
        target.flush()
        half = follower.new_lines()
        target.write("lf\n")

    assert half == []
    assert texts(follower.new_lines()) == ["half"]


def test_a_follower_loses_nothing_when_the_log_turns(tmp_path: Path) -> None:
    file = log(tmp_path, "door.log", "before")
    follower = Follower("door", file)
    log(tmp_path, "door.log", "last of the old")
    file.rename(file.with_name("door.log.1"))
    log(tmp_path, "door.log", "first of the new")

    assert texts(follower.new_lines()) == ["last of the old", "first of the new"]


def test_a_follower_takes_a_log_that_does_not_exist_yet(tmp_path: Path) -> None:
    follower = Follower("door", tmp_path / "logs" / "door.log")
    log(tmp_path, "door.log", "first")

    assert texts(follower.new_lines()) == ["first"]


def test_a_follower_begins_where_it_is_told(tmp_path: Path) -> None:
    file = log(tmp_path, "door.log", "before")
    size = log_sizes(tmp_path)["door.log"]
    log(tmp_path, "door.log", "since")

    assert texts(Follower("door", file, size).new_lines()) == ["since"]
