"""The screen on a real pseudo-terminal: it comes, and it leaves when that goes."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

pytestmark = pytest.mark.acceptance

DEADLINE_S = 60.0

SCRIPT = """
import sys
from pathlib import Path
from smtui.tui import TuiArgs, run_app
sys.exit(run_app(TuiArgs(Path(sys.argv[1]))))
"""


@contextmanager
def on_a_terminal(
    data: Path, **env: str
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the screen of an empty data directory on a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-P", "-c", SCRIPT, str(data)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", **env},
    )
    os.close(slave)
    try:
        yield master, process
    finally:
        process.kill()
        process.wait()


def read_until(master: int, wanted: bytes) -> bytes:
    """Return what was written until `wanted` came."""
    seen = b""
    deadline = time.monotonic() + DEADLINE_S  # noqa: TID251 - outside the program
    while wanted not in seen:
        left = deadline - time.monotonic()  # noqa: TID251 - as above
        if left <= 0 or not select.select([master], [], [], left)[0]:
            pytest.fail(f"{wanted!r} never came: {seen[-2000:]!r}")
        seen += os.read(master, 1 << 16)
    return seen


def test_it_paints_and_leaves_the_terminal_as_it_was(tmp_path: Path) -> None:
    with on_a_terminal(tmp_path) as (master, process):
        read_until(master, b"No supervisor runs")
        os.write(master, b"q")
        read_until(master, b"quit?")
        os.write(master, b"y")
        tail = read_until(master, b"\x1b[?1049l")

        assert 0 == process.wait(DEADLINE_S)
    assert tail
    assert b"killed" not in tail


def test_without_colours_only_those_of_the_terminal_are_asked_for(
    tmp_path: Path,
) -> None:
    with on_a_terminal(tmp_path, NO_COLOR="1") as (master, _):
        seen = read_until(master, b"No supervisor runs")

    codes = {
        code
        for found in re.findall(rb"\x1b\[([\d;]*)m", seen)
        for code in found.split(b";")
    }
    assert codes <= {b"0", b"1", b"2", b"4", b"7", b"39", b"49"}


def test_a_terminal_that_is_closed_ends_the_screen(tmp_path: Path) -> None:
    with on_a_terminal(tmp_path) as (master, process):
        read_until(master, b"No supervisor runs")

        os.close(master)

        assert 0 == process.wait(DEADLINE_S)


def test_a_hangup_ends_the_screen_though_nobody_reads_it(tmp_path: Path) -> None:
    with on_a_terminal(tmp_path) as (master, process):
        read_until(master, b"No supervisor runs")
        for _ in range(200):
            os.write(master, b"?\x1b")  # more output than the terminal takes

        process.send_signal(signal.SIGHUP)

        assert 0 == process.wait(DEADLINE_S)


def test_a_screen_that_is_killed_leaves_a_usable_terminal(tmp_path: Path) -> None:
    with on_a_terminal(tmp_path) as (master, process):
        read_until(master, b"No supervisor runs")

        process.kill()

        tail = read_until(master, b"smtui attach shows")
        modes = termios.tcgetattr(master)[3]
    assert tail.index(b"\x1b[?1000l") < tail.index(b"\x1b[?1049l")
    assert modes & termios.ISIG
    assert modes & termios.ECHO
