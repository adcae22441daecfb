"""A fleet for cases of the engine: `smtui run --headless --json`, from outside.

Its stream says which state each machine is in and what became of its process;
whoever waits for something is woken by every line of it.
"""

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from smtui.clock import SystemClock
from smtui.errors import NoSupervisorError, WireError
from smtui.store import Writer
from smtui.wire.client import ControlClient
from smtui.wire.doorbell import ring
from smtui.wire.paths import bell_path, run_dir

__all__ = ["EngineFleet", "a_run"]

END_S = 60.0
"""How long a fleet may take to go down, on a busy computer."""

LINE_BYTES = 4 * 1024 * 1024
"""The longest line: an event of 1 MiB may be shown in it, escaped."""

OVER = frozenset({"done", "stopped", "failed"})


class EngineFleet:
    """A run under way, and the store behind it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / ".smtui"
        self.states: dict[str, str] = {}
        """machine -> the state its last step came to"""
        self.errors = ""
        """What the run wrote on standard error, once it has ended."""
        self._lives: dict[str, str] = {}
        self._changed = asyncio.Condition()
        self._has_ended = False

    # --------------------------------------------------------------- the stream

    def life(self, name: str) -> str:
        """Return the state of a machine's process, '' before it has one."""
        return self._lives.get(name, "")

    def are_over(self, names: Sequence[str]) -> bool:
        """Say whether none of the machines will do anything any more."""
        return all(self.life(name) in OVER for name in names)

    async def until(
        self, what: str, is_true: Callable[[], bool], seconds: float
    ) -> None:
        """Wait until something is true, looking after every line.

        Raises TimeoutError, at once when the run has ended without it.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: is_true() or self._has_ended)
        if not is_true():
            seen = f"{self.states} {self._lives} {self.errors}"
            raise TimeoutError(f"{what}: {seen}")

    async def follow(self, process: asyncio.subprocess.Process) -> None:
        """Read all that a run says."""
        assert process.stdout is not None
        assert process.stderr is not None
        errors = asyncio.create_task(process.stderr.read())
        async for line in process.stdout:
            async with self._changed:
                self._note(json.loads(line))
                self._changed.notify_all()
        self.errors = (await errors).decode(errors="replace")
        async with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def _note(self, message: dict[str, Any]) -> None:
        name = message.get("machine") or ""
        if message["kind"] == "step" and message.get("to"):
            self.states[name] = message["to"][0]
        elif message["kind"] == "child":
            self._lives[name] = message["status"]

    # ---------------------------------------------------------------- the store

    def writer(self) -> Writer:
        """Open the store as `smtui send` does."""
        return Writer(self.data / "smtui.db", "normal", SystemClock())

    def sql(self, statement: str, *arguments: object) -> list[Any]:
        """Perform a statement beside all doors, as the observer did."""
        with contextlib.closing(sqlite3.connect(self.data / "smtui.db")) as db:
            db.execute("pragma busy_timeout = 5000")
            rows = db.execute(statement, arguments).fetchall()
            db.commit()
        return rows

    def ring(self, name: str) -> None:
        """Ring a machine's doorbell."""
        ring(bell_path(run_dir(self.data), name))

    async def stop(self, names: Sequence[str]) -> None:
        """Stop machines; with the last of them the fleet ends by itself."""
        with contextlib.suppress(NoSupervisorError, WireError):
            async with await ControlClient.connect(self.data) as client:
                await client.ask("stop", {"names": list(names)}, deadline_s=END_S)


@asynccontextmanager
async def a_run(
    fleet: EngineFleet, arguments: Sequence[str]
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the program in the fleet's folder; at the end nothing runs there."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "smtui",
        "run",
        *arguments,
        *("--headless", "--json", "--data", str(fleet.data)),
        cwd=fleet.folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LINE_BYTES,
        start_new_session=True,
    )
    following = asyncio.create_task(fleet.follow(process))
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(END_S):
                await process.wait()
                await following
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            raise
