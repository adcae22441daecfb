"""The two examples of every command, run beside the demo in one order."""

import os
import pty
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.cli.command import Command
from smtui.cli.commands import COMMANDS
from smtui.supervisor import read_lock
from tests.support.cli import DEMO, Program

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("examples")]

NEEDS_A_TERMINAL = {"run", "attach"}
LAST = ("restart", "stop", "start", "down")
"""These change what the others look at."""

MAY_FAIL = {"jobs retry", "jobs cancel", "jobs release"}
"""Their last job may be running or ended: a plain refusal, exit 1."""


def every(
    commands: tuple[Command, ...], prefix: str = ""
) -> Iterator[tuple[str, Command]]:
    for command in commands:
        name = f"{prefix}{command.name}"
        yield name, command
        yield from every(command.parts, f"{name} ")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Run the demo until it has something to ask, printed and counted."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(DEMO, folder / "machines")
    with Program(folder) as program:
        assert program("run", "machines/", "--detach").code == 0
        asking = program("run", "machines/", "--until", "librarian=asking")
        assert asking.code == 0, asking.err
        yield program


ALL = dict(every(COMMANDS))
NAMES = [name for name in ALL if name not in LAST and name not in NEEDS_A_TERMINAL]


@pytest.mark.parametrize("name", [*NAMES, *LAST])
def test_both_examples_of_a_command_work(name: str, demo: Program) -> None:
    for example in ALL[name].examples:
        if name in LAST and read_lock(demo.folder / ".smtui") is None:
            demo("run", "machines/", "--detach")
        _, *words = shlex.split(example)
        done = demo(*words)

        allowed = {0, 1} if name in MAY_FAIL else {0}
        assert done.code in allowed, (example, done)
        assert "bug in smtui" not in done.err


def test_the_examples_of_run_work_without_a_terminal(demo: Program) -> None:
    screen, headless = ALL["run"].examples
    running = demo.begin(*shlex.split(screen)[1:])
    running.until("data in")
    running.signal(signal.SIGINT)
    ended = running.ends()
    done = demo(*shlex.split(headless)[1:])

    assert ended.code == 0
    assert done.code == 0, done.err


@pytest.mark.parametrize("example", ALL["attach"].examples)
def test_attach_shows_the_fleet_on_a_terminal(example: str, demo: Program) -> None:
    demo("run", "machines/", "--detach")
    screen, ours = pty.openpty(), Path(demo.folder)
    shown = b""
    with (
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "smtui", *shlex.split(example)[1:]],
            cwd=ours,
            env={**demo.env, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "36"},
            stdin=screen[1],
            stdout=screen[1],
            stderr=screen[1],
        ) as attached
    ):
        os.close(screen[1])
        while b"librarian" not in shown:
            shown += os.read(screen[0], 1 << 16)
        attached.send_signal(signal.SIGHUP)
        while _read(screen[0]):
            pass
        attached.wait(30)
    os.close(screen[0])

    assert read_lock(ours / ".smtui") is not None


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""
