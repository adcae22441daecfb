"""Machine processes born as a supervisor has them born, for many lives.

A start costs a third of a second of processor time, a birth next to nothing.
The test is in the supervisor's place: every newborn is its child, because
orphans fall to it, so it learns the exit codes.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from smtui.supervisor.guardian import become_subreaper
from smtui.wire.birth import Birth, ask, take_answer
from tests.support.runtime_harness import Harness
from tests.support.runtime_process import kill_marked

__all__ = ["Births", "BornProcess", "births"]

_WHERE = "BORN_FOR"
"""The data directory of a newborn: here one nursery serves many."""

_MAIN = f"""
import os
import sys
from pathlib import Path
from smtui.runtime import run_machine_process
from smtui.runtime.nursery import run_nursery

def body(_, child, epoch):
    return run_machine_process(Path(os.environ[{_WHERE!r}]), child, epoch)

sys.exit(run_nursery(Path(), body))
"""


class Births:
    """A nursery, asked by the test."""

    def __init__(self, door: socket.socket) -> None:
        self._door = door
        self._turn = asyncio.Lock()

    async def bear(self, harness: Harness, name: str = "m") -> "BornProcess":
        """Raise the epoch and have the next incarnation born."""
        with harness.writer() as writer:
            epoch = writer.raise_epoch(name, [name])
        env = {**os.environ, _WHERE: str(harness.data_dir)}
        birth = Birth(name, epoch, str(Path.cwd()), env)
        async with self._turn:
            pid = await asyncio.to_thread(self._ask, birth, harness.folder / "log")
        return BornProcess(pid, harness)

    def _ask(self, birth: Birth, file: Path) -> int:
        with file.open("ab") as log:
            ask(self._door, birth, log.fileno(), log.fileno())
            born = take_answer(self._door)
        assert born is not None, "the nursery has died"
        assert born.pid, born.why
        return born.pid


class BornProcess:
    """One incarnation."""

    def __init__(self, pid: int, harness: Harness) -> None:
        self.pid = pid
        self._harness = harness

    def kill(self) -> bool:
        """Kill -9 it and all it has started; return whether it was alive."""
        os.kill(self.pid, signal.SIGKILL)
        _, status = os.waitpid(self.pid, 0)
        kill_marked(self._harness.data_dir)
        return os.WIFSIGNALED(status)

    async def wait(self) -> int:
        """Return its exit code."""
        _, status = await asyncio.to_thread(os.waitpid, self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def output(self) -> str:
        """Return what all incarnations have printed."""
        return (self._harness.folder / "log").read_text()


@contextmanager
def births() -> Generator[Births, None, None]:
    """Keep a nursery; it ends with its door."""
    become_subreaper()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    program = [sys.executable, "-c", _MAIN]
    with theirs:
        nursery = subprocess.Popen(  # noqa: S603 - this Python
            program, stdin=theirs.fileno(), start_new_session=True
        )
    with nursery, ours:
        born = take_answer(ours)
        assert born is not None, "the nursery has died"
        yield Births(ours)
