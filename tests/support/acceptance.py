"""A place where smtui is used for real: the installed program, nothing else.

Every process that is started here, directly or not, has this place's
XDG_RUNTIME_DIR in its environment: by that it is found at the end, and none
may be left.
"""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.store import Accepted, Reader, Writer
from smtui.store.documents import step_document
from smtui.supervisor import LockInfo, read_lock
from smtui.supervisor.procs import facts
from smtui.wire import ChildState, Fleet, MachineView, Update
from smtui.wire.client import ControlClient
from smtui.wire.doorbell import ring
from smtui.wire.paths import bell_path, log_path, run_dir
from tests.support.acceptance_processes import kill, left_after, marked, parent, pause
from tests.support.acceptance_stream import LIMIT_S, Headless

__all__ = ["PROGRAM", "Outcome", "Place", "a_place"]

PROGRAM = Path(sys.executable).with_name("smtui")
"""What `pip install` made."""

END_S = 15.0
"""How long the last processes may take to go after their order to end."""

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command did."""

    code: int
    out: str
    err: str

    def document(self) -> Json:
        """Return standard output as one JSON document."""
        value: Json = json.loads(self.out)
        return value

    def rows(self) -> list[dict[str, Json]]:
        """Return standard output as a list of JSON objects."""
        value = self.document()
        assert isinstance(value, list)
        return [row for row in value if isinstance(row, dict)]


@dataclass(slots=True)
class Place:
    """A folder with `machines/`, and the program in it."""

    folder: Path
    data: Path
    """The data directory, beside `machines/` as `run` chooses it."""
    more_env: dict[str, str] = field(default_factory=dict[str, str])
    _runs: list[Headless] = field(default_factory=list[Headless])

    @property
    def machines(self) -> Path:
        """Return the folder that is run."""
        return self.folder / "machines"

    @property
    def work(self) -> Path:
        """Return the folder in which shell actions run."""
        return self.machines

    @property
    def env(self) -> dict[str, str]:
        """Return the environment of every command."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SMTUI_")}
        return {
            **kept,
            "XDG_RUNTIME_DIR": str(self.folder),
            "SMTUI_DATA": str(self.data),
            **self.more_env,
        }

    def define(self, name: str, text: str) -> Path:
        """Write a machine, or another file, into the folder."""
        file = self.machines / (name if "." in name else f"{name}.yaml")
        file.write_text(text, "utf-8")
        return file

    def project(self, text: str) -> None:
        """Write smtui.yaml."""
        self.define("smtui.yaml", text)

    # ------------------------------------------------------------ programs

    def __call__(
        self, *words: str, given: str | None = None, limit_s: float = LIMIT_S
    ) -> Outcome:
        """Run one command to its end."""
        done = subprocess.run(  # noqa: S603 - the program under test
            [str(PROGRAM), *words],
            cwd=self.folder,
            env=self.env,
            input=given,
            stdin=None if given is not None else subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit_s,
            check=False,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def headless(self, *words: str, path: Path | None = None) -> Headless:
        """Begin `smtui run machines --headless --json`."""
        return self.begin(
            "run", str(path or self.machines), "--headless", "--json", *words
        )

    def begin(self, *words: str) -> Headless:
        """Begin a command that prints JSON lines."""
        errors = self.folder / f"errors-{len(self._runs)}.txt"
        with errors.open("wb") as file:
            popen = subprocess.Popen(  # noqa: S603 - the program under test
                [str(PROGRAM), *words],
                cwd=self.folder,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=file,
            )
        run = Headless(popen, errors)
        self._runs.append(run)
        return run

    # ----------------------------------------------------------- processes

    @property
    def lock(self) -> LockInfo:
        """Return who supervises this place."""
        found = read_lock(self.data)
        assert found is not None, "no supervisor runs"
        return found

    @property
    def guardian(self) -> int:
        """Return the pid of the guardian."""
        return parent(self.lock.pid)

    @property
    def mark(self) -> str:
        """Return what all processes of this place have in their environment."""
        return f"XDG_RUNTIME_DIR={self.folder}"

    def ps(self) -> dict[str, dict[str, Json]]:
        """Return what `smtui ps` says, by machine."""
        return {str(row["name"]): row for row in self("ps", "--json").rows()}

    def pid(self, machine: str) -> int:
        """Return the process of a machine."""
        found = self.view(machine).pid
        assert found is not None, f"{machine} has no process"
        return found

    def one(self, word: str) -> int:
        """Wait for the one process with a word in its command line."""
        deadline = time.perf_counter() + LIMIT_S
        while len(found := self._with(word)) != 1:  # its birth rings no bell
            assert time.perf_counter() < deadline, f"{word}: {found}"
            pause(0.01)
        return found[0]

    def _with(self, word: str) -> list[int]:
        found = {pid: Path(f"/proc/{pid}/cmdline") for pid in marked(self.mark)}
        return [
            pid
            for pid, file in found.items()
            if word.encode() in file.read_bytes().split(b"\0")
        ]

    def signal(self, pid: int, number: signal.Signals) -> None:
        """Send a process of this place a signal."""
        assert pid in marked(self.mark)
        os.kill(pid, number)

    def view(self, machine: str) -> MachineView:
        """Return what the supervisor says of a machine now."""
        return self.views(lambda rows: machine in rows)[machine]

    def ready_pid(self, machine: str, other_than: int = 0) -> int:
        """Wait until a machine is ready in another process; return its pid.

        0 when it is done.
        """

        def is_it(rows: Mapping[str, MachineView]) -> bool:
            if machine not in rows:
                return False
            state, pid = rows[machine].state, rows[machine].pid
            is_new = state is ChildState.READY and pid not in {None, other_than}
            return is_new or state is ChildState.DONE

        return self.views(is_it)[machine].pid or 0

    def views(
        self, what: Callable[[Mapping[str, MachineView]], object]
    ) -> dict[str, MachineView]:
        """Watch the running supervisor until something is true of its machines."""
        return asyncio.run(self._watch(what))

    async def _watch(
        self, what: Callable[[Mapping[str, MachineView]], object]
    ) -> dict[str, MachineView]:
        rows: dict[str, MachineView] = {}
        async for news in self._news():
            _fold(rows, news)
            if what(rows):
                return rows
        raise AssertionError(f"the supervisor ended: {rows}")

    def until_no_problem(self) -> None:
        """Watch the running supervisor until it has no problem to show."""
        asyncio.run(self._no_problem())

    async def _no_problem(self) -> None:
        async for news in self._news():
            if news.problems == ():
                return

    async def _news(self) -> AsyncIterator[Fleet | Update]:
        async with (
            asyncio.timeout(LIMIT_S),
            await ControlClient.connect(self.data) as client,
        ):
            async for news in client.watch():
                yield news

    # --------------------------------------------------------------- store

    @contextmanager
    def writer(self) -> Generator[Writer, None, None]:
        """Open the store as `smtui send` does."""
        with Writer(self.data / "smtui.db", "normal", SystemClock()) as writer:
            yield writer

    def send(self, machine: str, event: str, payload: Json = None) -> Accepted:
        """Do what `smtui send` does: the row, then the bell."""
        with self.writer() as writer:
            row = writer.accept(machine, event, payload, source="test")
        self.ring(machine)
        return row

    def ring(self, machine: str) -> bool:
        """Ring a machine's doorbell."""
        return ring(bell_path(run_dir(self.data), machine))

    def read(self, work: Callable[[Reader], Awaitable[_T]]) -> _T:
        """Read from the store."""

        async def reading() -> _T:
            async with Reader(self.data / "smtui.db") as reader:
                return await work(reader)

        return asyncio.run(reading())

    def steps(self, machine: str) -> list[dict[str, Json]]:
        """Return what `smtui history --json` says, the oldest step first."""
        rows = self.read(
            lambda reader: reader.journal_page(machine, after=0, limit=999)
        )
        return [step_document(row) for row in rows]

    def values_set(self, machine: str, key: str) -> list[Json]:
        """Return every value a key of a machine's data was set to, in order."""
        found: list[Json] = []
        for row in self.steps(machine):
            patch = row["data_patch"]
            changes = patch["set"] if isinstance(patch, dict) else {}
            if isinstance(changes, dict) and key in changes:
                found.append(changes[key])
        return found

    def data_of(self, machine: str) -> Mapping[str, Json]:
        """Return a machine's data as it was committed last."""
        found = self.read(lambda reader: reader.instance(machine, "main"))
        assert found is not None
        return found.data

    def log(self, name: str = "supervisor") -> str:
        """Return a log file of the place."""
        return log_path(self.data, name).read_text("utf-8", "replace")

    def text(self, name: str) -> str:
        """Return what machines wrote into a file, '' when there is none."""
        file = self.work / name
        return file.read_text("utf-8") if file.exists() else ""

    # ----------------------------------------------------------------- end

    def end(self) -> list[str]:
        """End what is left; return the processes that would not go."""
        for run in self._runs:
            if run.popen.poll() is None:
                run.stop()
        if read_lock(self.data) is not None:
            self("down")
        left = left_after(marked(self.mark), END_S)
        names = [f"{pid} {facts(pid)}" for pid in left]
        for pid in left:
            kill(pid)
        return names


def _fold(rows: dict[str, MachineView], news: Fleet | Update) -> None:
    if isinstance(news, Fleet):
        rows.clear()
    else:
        for name in news.gone:
            rows.pop(name, None)
    rows.update((row.name, row) for row in news.machines)


@contextmanager
def a_place() -> Generator[Place, None, None]:
    """Make a place; at its end no process of it may be left."""
    # short, because the path of a socket has to be
    folder = Path(tempfile.mkdtemp(prefix="sm"))
    try:
        place = Place(folder, folder / ".smtui")
        place.machines.mkdir()
        try:
            yield place
        finally:
            left = place.end()
        assert left == [], "processes are left"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
