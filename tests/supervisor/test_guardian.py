"""The guardian by itself: what it imports, starts and leaves behind."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from smtui.supervisor import GUARDIAN
from smtui.supervisor.guardian import children_of, parent_of, scan, subtree


def guard(*command: str) -> subprocess.CompletedProcess[str]:
    """Run a command under a guardian to its end."""
    return subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-I", str(GUARDIAN), *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,
        check=False,
    )


def test_it_imports_nothing_that_could_break() -> None:
    tree = ast.parse(GUARDIAN.read_text())
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert names == {"ctypes", "os", "signal", "sys"}


@pytest.mark.parametrize(("script", "code"), [("exit 7", 7), ("kill -9 $$", 137)])
def test_it_ends_as_its_supervisor_did(script: str, code: int) -> None:
    assert guard("/bin/sh", "-c", script).returncode == code


def test_a_command_that_is_not_there_is_said() -> None:
    ended = guard("/no/such/supervisor")

    assert ended.returncode == 127
    assert ended.stderr == "/no/such/supervisor: No such file or directory\n"


def test_the_supervisors_input_ends_with_the_guardian(tmp_path: Path) -> None:
    fifo = tmp_path / "over"
    os.mkfifo(fifo)
    # read blocks as long as the guardian lives, so only the kill ends it
    script = f"kill -9 $PPID; read x; echo over > {fifo}"

    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-I", str(GUARDIAN), "/bin/sh", "-c", script]
    ) as guardian:
        said = fifo.read_text()

    assert (said, guardian.returncode) == ("over\n", -9)


def test_the_tree_below_a_process_is_found() -> None:
    script = "sleep 60 & sh -c 'sleep 60 & wait' & echo up; wait"
    with subprocess.Popen(  # noqa: S603 - ours
        ["/bin/sh", "-c", script], stdout=subprocess.PIPE
    ) as shell:
        assert shell.stdout is not None
        shell.stdout.readline()
        below = subtree(shell.pid)
        for _ in range(1000):
            if len(below) == 3:
                break
            below = subtree(shell.pid)
        assert shell.pid in children_of(os.getpid())
        assert parent_of(below[0]) == shell.pid
        assert sorted(scan(shell.pid)) == sorted(children_of(shell.pid))
        for pid in (shell.pid, *below):
            os.kill(pid, 9)

    assert len(below) == 3
