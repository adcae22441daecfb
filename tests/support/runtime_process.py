"""A machine process of its own, with the test in the supervisor's place.

The test proves the old process and all it started gone (by the data directory
in their environment), raises the epoch and starts the next one.
"""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from smtui.runtime.actions.family import marked
from tests.support.runtime_harness import Harness

_MAIN = """
import sys
from pathlib import Path
from smtui.runtime import run_machine_process
sys.exit(run_machine_process(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
"""


class MachineProcess:
    """One incarnation."""

    def __init__(self, harness: Harness, name: str = "m") -> None:
        """Raise the epoch and start."""
        with harness.writer() as writer:
            epoch = writer.raise_epoch(name, [name])
        self.log = harness.folder / "log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - this Python
                [sys.executable, "-c", _MAIN, str(harness.data_dir), name, str(epoch)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=Path.cwd(),
            )
        self._data_dir = harness.data_dir
        self.pid = self.process.pid

    def kill(self) -> None:
        """Kill -9 it and all it has started, as the supervisor does."""
        self.process.kill()
        self.process.wait()
        kill_marked(self._data_dir)

    async def wait(self, limit_s: float = 20.0) -> int:
        """Return its exit code."""
        return await asyncio.to_thread(self.process.wait, limit_s)

    def output(self) -> str:
        """Return what all incarnations have printed."""
        return self.log.read_text()

    def voluntary_switches(self) -> int:
        """Return how often its threads have waited, all together."""
        total = 0
        for status in Path(f"/proc/{self.pid}/task").glob("*/status"):
            for line in status.read_text().splitlines():
                if line.startswith("voluntary_ctxt_switches"):
                    total += int(line.split()[1])
        return total


def kill_marked(data_dir: Path) -> None:
    """Kill -9 all that machines of a data directory have started."""
    mark = f"SMTUI_DATA={data_dir.resolve()}"
    while left := marked(mark):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
