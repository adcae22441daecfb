"""The edge of the process: no traceback ever."""

import os
import subprocess
import sys
from argparse import Namespace
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from smtui.cli import entry, main
from smtui.cli.console import Console
from smtui.cli.help import HELP


def test_an_unexpected_error_is_one_line_and_a_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def break_down(console: Console, _: list[str]) -> int:
        console.opened = tmp_path
        raise ZeroDivisionError("seven by none")

    monkeypatch.setattr(entry, "_run", break_down)

    code = main(["ps"])

    first, second = capsys.readouterr().err.splitlines()
    (report,) = (tmp_path / "crashes").iterdir()
    assert code == 1
    assert first == "smtui: unexpected ZeroDivisionError: seven by none"
    assert second == f"  this is a bug in smtui; details in {report}"
    assert "seven by none" in report.read_text("utf-8")
    assert report.read_text("utf-8").startswith("smtui ps\n")


def test_a_crash_that_cannot_be_kept_is_still_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def break_down(console: Console, _: list[str]) -> int:
        console.opened = tmp_path / "file"
        raise ZeroDivisionError

    (tmp_path / "file").write_text("no folder", "utf-8")
    monkeypatch.setattr(entry, "_run", break_down)

    code = main(["ps"])

    assert code == 1
    assert "no crash file written" in capsys.readouterr().err


def test_ctrl_c_ends_a_command_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "_run", interrupt)

    code = main(["ps"])

    assert (code, capsys.readouterr().err) == (130, "")


@pytest.mark.acceptance
def test_a_reader_that_goes_away_ends_a_command_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "smtui", "help", "actions"],
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (0, b"")


def test_what_a_terminal_cannot_show_is_shown_in_ascii(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(raw, encoding="ascii"))
    console = Console.of_process()

    console.line("● ready ─▶ open")
    console.text("a ─▶ b")
    console.document({"key": "é"})

    assert raw.getvalue() == b'* ready -> open\na -> b\n{"key": "\\u00e9"}\n'


def test_a_page_of_the_guide_is_json_when_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console = Console.of_process()
    console.json = True

    code = HELP.run(console, Namespace(topic="files"))

    assert code == 0
    assert capsys.readouterr().out.startswith('{"topic": "files", "text": "# Files')
