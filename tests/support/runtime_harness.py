"""A machine from YAML text, run in this process against a real store.

    async with running(tmp_path, text) as machine:
        await machine.send("go")
        await machine.until_state("b")

Everything is real but the supervisor: the harness puts the rows it would have
put, raises the epoch and orders the stop. Waiting listens to the frames the
machine shows, so no test sleeps.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from smtui.chart import decode
from smtui.chart.values import Snapshot
from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.dialects import load_text
from smtui.runtime.actions import Outlet
from smtui.runtime.library import Library
from smtui.runtime.process import DATABASE, Assignment, work
from smtui.runtime.stop import Stop
from smtui.store import (
    ChildRow,
    InboxRow,
    JournalEntry,
    MachineRow,
    Reader,
    StoreThread,
    Writer,
)
from smtui.wire import Decoder, Frame, Message
from smtui.wire.doorbell import ring
from smtui.wire.paths import bell_path, events_path, make_run_dir, run_dir

LIMIT_S = 10.0
"""Longer than anything a test waits for."""


def put_machine(
    writer: Writer,
    folder: Path,
    text: str,
    *,
    name: str = "m",
    context: Mapping[str, Json] | None = None,
    spec: Mapping[str, Json] | None = None,
) -> None:
    """Put the rows of one machine, as the supervisor does; XML is SCXML."""
    file = folder / f"{name}.{'scxml' if text.startswith('<') else 'yaml'}"
    file.write_text(text)
    actions = folder / "actions"
    definition = load_text(text, str(file), custom=_types(actions)).definition
    assert definition is not None, load_text(text, str(file)).problems
    hash_ = definition.hash
    writer.put_definition(hash_, "engine", name, str(file), text)
    writer.put_machine(MachineRow(name, name, "engine", hash_, str(file), str(folder)))
    machine: dict[str, Json] = {
        "name": name,
        "file": str(file),
        "folder": str(folder),
        "dialect": "engine",
        "hash": hash_,
        "context": dict(context or {}),
        "actions_dir": str(actions) if actions.is_dir() else None,
    }
    writer.put_child(ChildRow(name, {"machines": [machine], **(spec or {})}))


def _types(actions: Path) -> frozenset[str]:
    files = actions.rglob("*_action.py") if actions.is_dir() else ()
    return frozenset(file.stem.replace("_action", "") for file in files)


class Supervisor:
    """The other end of events.sock: keeps what is reported, wakes who waits."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.frame: Frame | None = None
        self._came = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []
        self._serving = set[asyncio.Task[None]]()

    async def listen(self, path: Path) -> None:
        """Bind the socket."""
        self._server = await asyncio.start_unix_server(self._accept, str(path))

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """Return the first frame from now on, or the present one, that fits."""
        async with asyncio.timeout(LIMIT_S):
            while self.frame is None or not wanted(self.frame):
                self._came.clear()
                await self._came.wait()
        return self.frame

    async def poke(self) -> None:
        """Ring through the stream, as when doorbells cannot be reached."""
        for writer in self._writers:
            writer.write(b"\n")
            await writer.drain()

    async def aclose(self) -> None:
        """Hang up."""
        for writer in self._writers:
            writer.close()
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._serving.add(asyncio.ensure_future(self._serve(reader, writer)))

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._writers.append(writer)
        decoder = Decoder()
        while data := await reader.read(65536):
            for message in decoder.feed(data):
                self.messages.append(message)
                if isinstance(message, Frame):
                    self.frame = message
            self._came.set()
        writer.close()


class AheadClock(SystemClock):
    """The computer's clocks, put forward by a test."""

    ahead_s = 0.0

    def now(self) -> float:
        """Return wall time, ahead."""
        return super().now() + self.ahead_s

    def elapsed(self) -> float:
        """Return seconds since boot, ahead."""
        return super().elapsed() + self.ahead_s


class Harness:
    """A data directory with one machine in it, and the machine while it runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data_dir = folder / "data"
        self.clock = AheadClock()
        self.supervisor = Supervisor()
        self.run_dir = run_dir(self.data_dir)
        self.stop: Stop | None = None
        self._working: asyncio.Task[None] | None = None

    def writer(self) -> Writer:
        """Return a new writer on the store, to be used in a `with`."""
        return Writer(self.data_dir / DATABASE, "normal", self.clock)

    def reader(self) -> Reader:
        """Return a new reader on the store, to be used in an `async with`."""
        return Reader(self.data_dir / DATABASE)

    async def begin(self, *, stop_timeout_s: float = 3.0) -> None:
        """Start the machine as the owner of a new epoch."""
        store = StoreThread(self.data_dir / DATABASE, "normal", self.clock)
        spec = await Library(store).spec("m")
        names = [machine.name for machine in spec.machines]
        with self.writer() as writer:
            epoch = writer.raise_epoch("m", names)
        job = Assignment(self.data_dir, "m", epoch, spec, self.folder)
        self.stop = Stop(stop_timeout_s - 1)
        self.supervisor.frame = None
        self._working = asyncio.ensure_future(_work(job, store, self.stop))

    async def end(self) -> None:
        """Order the stop and wait for it; raise what the machine raised."""
        if self.stop is not None:
            self.stop.tell()
        await self.ended()

    async def ended(self) -> None:
        """Wait until the machine has ended by itself."""
        assert self._working is not None
        async with asyncio.timeout(LIMIT_S):
            await self._working

    async def crash(self) -> None:
        """Drop the machine without a word, as kill -9 does to a process."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.wait([self._working])
            if not self._working.cancelled():
                self._working.exception()  # it is dead of something else: seen

    # ------------------------------------------------------------- acting

    async def send(
        self, event: str, payload: Json = None, *, if_state: str | None = None
    ) -> str:
        """Put an event into the inbox and ring; return its id."""
        with self.writer() as writer:
            accepted = writer.accept(
                "m", event, payload, source="test", if_state=if_state
            )
        self.ring()
        return accepted.id

    def ring(self) -> None:
        """Ring the machine's doorbell."""
        ring(bell_path(self.run_dir, "m"))

    # ------------------------------------------------------------- looking

    async def until_state(self, state: str) -> Frame:
        """Wait until the machine shows that it is in a state."""
        return await self.supervisor.until(lambda f: f.configuration == (state,))

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """Wait until the machine shows a frame that fits."""
        return await self.supervisor.until(wanted)

    async def until_handled(self, id_: str) -> InboxRow:
        """Wait until an event has been handled; return its row."""
        async with self.reader() as reader:
            while True:
                row = await reader.event(id_)
                assert row is not None
                if row.handled_at is not None:
                    return row
                before = self.supervisor.frame
                await self.until(lambda f, b=before: f is not b)  # type: ignore[misc]

    async def journal(self) -> list[JournalEntry]:
        """Return all steps, oldest first."""
        async with self.reader() as reader:
            return await reader.journal_page("m", after=0, limit=10_000)

    async def path(self) -> list[tuple[str, str, str]]:
        """Return the transitions taken: from, event, to."""
        return [
            (str(m["from"]), str(m["event"]), str(m["to"]))
            for entry in await self.journal()
            for m in entry.row.micro
            if isinstance(m, dict)
        ]

    async def snapshot(self) -> Snapshot:
        """Return what was committed last."""
        async with self.reader() as reader:
            found = await reader.snapshot("m", "main")
        assert found is not None
        return decode(found)

    def text(self, name: str) -> str:
        """Return a file the machine's commands wrote, '' if there is none."""
        file = self.folder / name
        return file.read_text() if file.exists() else ""


async def _work(job: Assignment, store: StoreThread, stop: Stop) -> None:
    async with store:
        await work(job, store, stop, Outlet())


@asynccontextmanager
async def harness(
    folder: Path,
    text: str,
    *,
    context: Mapping[str, Json] | None = None,
    actions: Mapping[str, str] | None = None,
    spec: Mapping[str, Json] | None = None,
) -> AsyncIterator[Harness]:
    """Prepare a data directory with one machine, not started yet."""
    found = Harness(folder)
    for type_, code in (actions or {}).items():
        (folder / "actions").mkdir(exist_ok=True)
        (folder / "actions" / f"{type_}_action.py").write_text(code)
    with found.writer() as writer:
        put_machine(writer, folder, text, context=context, spec=spec)
    make_run_dir(found.run_dir)
    await found.supervisor.listen(events_path(found.run_dir))
    try:
        yield found
    finally:
        await found.crash()
        await found.supervisor.aclose()
        shutil.rmtree(found.run_dir, ignore_errors=True)


@asynccontextmanager
async def running(
    folder: Path,
    text: str,
    *,
    context: Mapping[str, Json] | None = None,
    actions: Mapping[str, str] | None = None,
) -> AsyncIterator[Harness]:
    """Run a machine until the block ends; its failure fails the test."""
    async with harness(folder, text, context=context, actions=actions) as found:
        await found.begin()
        await found.until(lambda _: True)
        yield found
        await found.end()
