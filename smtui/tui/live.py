"""The real sources: the supervisor's socket, the store, and its one writer.

Link      control.sock, a connection for the stream and one for each ask
Pages     a Reader of smtui.db, opened when there is one
Hands     a StoreThread; after each write the right doorbells are rung
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryFile

from smtui.check.actions import custom_types
from smtui.clock import Clock
from smtui.definition import Json
from smtui.errors import SupervisorError
from smtui.store import PastReader, Reader, StoreThread, Writer
from smtui.store.rows import (
    SOLE_INSTANCE,
    ChildRow,
    DefinitionRow,
    InboxRow,
    InboxStatus,
    InstanceRow,
    InstanceSize,
    JobRow,
    JobState,
    JournalEntry,
)
from smtui.tui.sources import News, Receipt, Seen
from smtui.wire import Fleet, Update
from smtui.wire.client import ControlClient
from smtui.wire.doorbell import ring
from smtui.wire.paths import DATABASE, SUPERVISOR, bell_path, run_dir

__all__ = ["DATABASE", "Hands", "Link", "Pages"]


ACT_DEADLINE_S = 120.0
"""A stop may wait for the stop_timeout of machine after machine."""

FIRST_ROWS = 500
"""Of the journal and the inbox on opening: enough to learn what is usual."""

MORE_ROWS = 1_000
"""At most, of each look: a burst is read in pages."""

QUEUE_ROWS = 50
"""Of each status: nobody scrolls further, the title has the counts."""


class Link:
    """The supervisor of a data directory."""

    def __init__(self, data_dir: Path, who: str) -> None:
        self._data_dir = data_dir
        self._who = who

    async def watch(self) -> AsyncIterator[Fleet | Update]:
        """Connect and yield what the supervisor streams."""
        async with await ControlClient.connect(self._data_dir, who=self._who) as client:
            async for message in client.watch():
                yield message

    async def ask(self, op: str, args: Mapping[str, Json]) -> Json:
        """Ask on a connection of its own, so that the stream never waits."""
        async with await ControlClient.connect(self._data_dir, who=self._who) as client:
            return await client.ask(op, args, deadline_s=ACT_DEADLINE_S)

    async def revive(self, paths: Sequence[str]) -> None:
        """Start the fleet again, as `smtui run PATH... --detach` does.

        Through the front door and in a process of its own: a supervisor is
        started from a main thread, not from inside a screen.
        """
        words = ("-P", "-m", "smtui", "run", *paths, "--detach")
        with TemporaryFile() as said:  # a pipe would be waited for, whoever has it
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *words,
                "--data",
                str(self._data_dir),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=said,
            )
            code = await process.wait()
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").strip().splitlines()
        if code:
            raise SupervisorError(
                lines[-1].strip() if lines else "the fleet did not start",
                hint="smtui run PATH",
            )


class Pages:
    """The store, read page by page."""

    def __init__(self, data_dir: Path) -> None:
        self._reader = PastReader(data_dir / DATABASE)
        self._opening = asyncio.Lock()

    async def aclose(self) -> None:
        """Close the store."""
        await self._reader.aclose()

    async def version(self) -> int:
        """Return a number that differs whenever the store was written."""
        return await (await self._open()).data_version()

    async def news(self, seen: Seen) -> News:
        """Return what came after `seen`; the newest page when that is nothing."""
        reader = await self._open()
        steps = await _newest_steps(reader, seen.journal_id)
        mail = await _newest_mail(reader, seen.inbox_seq)
        parked = await reader.events_page(status=InboxStatus.PARKED)
        return News(
            steps=steps,
            mail=mail,
            jobs=await _queue(reader),
            job_counts=await reader.job_counts(),
            parked=parked,
            seen=Seen(
                max([seen.journal_id, *(row.id for row in steps)]),
                max([seen.inbox_seq, *(row.seq for row in mail)]),
            ),
        )

    async def steps(
        self, machine: str, *, before: int | None = None, limit: int = 500
    ) -> list[JournalEntry]:
        """Return steps of a machine, newest first."""
        reader = await self._open()
        return await reader.journal_page(machine, before=before, limit=limit)

    async def mail(self, machine: str, *, limit: int = 500) -> list[InboxRow]:
        """Return the machine's inbox, newest first."""
        return await (await self._open()).events_page(machine, limit=limit)

    async def event(self, id_: str) -> InboxRow | None:
        """Return one row of an inbox."""
        return await (await self._open()).event(id_)

    async def step(self, journal_id: int) -> JournalEntry | None:
        """Return one row of the journal."""
        return await (await self._open()).journal_entry(journal_id)

    async def sizes(self, machine: str) -> list[InstanceSize]:
        """Return how many instances of a machine are where."""
        return await (await self._open()).instance_sizes(machine)

    async def cards(
        self,
        machine: str,
        configuration: Sequence[str],
        *,
        limit: int,
        name: str | None = None,
    ) -> list[InstanceRow]:
        """Return the first instances in a configuration, by id."""
        reader = await self._open()
        return await reader.instances_in(
            machine, [configuration], name=name, limit=limit
        )

    async def count(self, machine: str, size: InstanceSize, name: str) -> InstanceSize:
        """Return how many of those somewhere have an id that fits a glob."""
        reader = await self._open()
        n = await reader.instances_count(
            machine, [size.configuration], status=size.status, name=name
        )
        return size._replace(n=n)

    async def instance(
        self, machine: str, id_: str = SOLE_INSTANCE
    ) -> InstanceRow | None:
        """Return one instance of a machine with its snapshot."""
        return await (await self._open()).instance(machine, id_)

    async def definition(self, hash_: str) -> DefinitionRow | None:
        """Return one version of a definition's text."""
        return await (await self._open()).definition(hash_)

    async def custom_types(self, machine: str) -> frozenset[str]:
        """Return the action types an author's file defines for the machine."""
        children = await (await self._open()).children()
        folder = _actions_dir(children, machine)
        if folder is None:
            return frozenset()
        return await asyncio.to_thread(custom_types, Path(folder))

    async def job(self, id_: str) -> JobRow | None:
        """Return a job."""
        return await (await self._open()).job(id_)

    async def past(self) -> PastReader:
        """Return the journal, to go about in."""
        return await self._open()

    async def _open(self) -> PastReader:
        async with self._opening:
            await self._reader.open()
        return self._reader


class Hands:
    """The operator's writes."""

    def __init__(self, data_dir: Path, clock: Clock, who: str) -> None:
        self._data_dir = data_dir
        self._clock = clock
        self._who = who
        self._store = StoreThread(data_dir / DATABASE, "normal", clock)

    async def aclose(self) -> None:
        """Finish what was asked for and close the store."""
        await self._store.aclose()

    async def accept(
        self, target: str, event: str, payload: Json, if_state: str | None
    ) -> list[Receipt]:
        """Put an event into the inbox of the machine(s) a target names."""
        receipts: list[Receipt] = []
        target, _, instance = target.partition("/")
        for machine in await self._store.call(Writer.resolve, target):
            began = self._clock.elapsed()
            accepted = await self._store.call(
                Writer.accept,
                machine,
                event,
                payload,
                source=self._who,
                instance=instance or None,
                if_state=if_state,
            )
            took_s = self._clock.elapsed() - began
            self._ring([machine])
            receipts.append(Receipt(accepted.id, accepted.seq, machine, took_s))
        return receipts

    async def retry_job(self, id_: str, data: Mapping[str, Json] | None) -> str:
        """Make a job available again, with other data; return what it is now."""
        given = None if data is None else dict(data)
        changed = await self._store.call(Writer.retry_job, id_, self._who, given)
        self._ring(changed.bells)
        return changed.status.value

    async def cancel_job(self, id_: str, *, force: bool) -> str:
        """Cancel a job, a running one only by force; return what it is now."""
        changed = await self._store.call(Writer.cancel_job, id_, self._who, force=force)
        self._ring(changed.bells)
        return changed.status.value

    async def drop_event(self, id_: str) -> None:
        """Drop an event that waits or is parked."""
        row = await self._store.call(Writer.drop_event, id_, self._who)
        self._ring([row.machine])

    async def requeue_event(self, id_: str, machine: str) -> int:
        """Put an event at the end of its inbox again; return its new number."""
        again = await self._store.call(Writer.requeue_event, id_, self._who)
        self._ring([machine])
        return again.seq

    async def edit_event(self, id_: str, machine: str, payload: Json) -> int:
        """Do so with another payload."""
        again = await self._store.call(Writer.edit_event, id_, payload, self._who)
        self._ring([machine])
        return again.seq

    def _ring(self, names: Iterable[str]) -> None:
        folder = run_dir(self._data_dir)
        for name in names:
            ring(bell_path(folder, name))
        ring(bell_path(folder, SUPERVISOR))


async def _newest_steps(reader: Reader, after: int) -> list[JournalEntry]:
    if not after:
        return (await reader.journal_page(limit=FIRST_ROWS))[::-1]
    return await reader.journal_page(after=after, limit=MORE_ROWS)


async def _newest_mail(reader: Reader, after: int) -> list[InboxRow]:
    if not after:
        return (await reader.events_page(limit=FIRST_ROWS))[::-1]
    return await reader.events_page(after=after, limit=MORE_ROWS)


async def _queue(reader: Reader) -> list[JobRow]:
    """Return what is worth seeing: trouble, work in hand, what is next, what ended."""
    jobs: dict[str, JobRow] = {}
    for status in (
        JobState.DISCARDED,
        JobState.RETRYABLE,
        JobState.RUNNING,
        JobState.SCHEDULED,
    ):
        page = await reader.jobs_page(status=status, limit=QUEUE_ROWS)
        jobs.update((job.id, job) for job in page)
    for page in (
        await reader.jobs_next(limit=QUEUE_ROWS),
        await reader.jobs_page(limit=QUEUE_ROWS),
    ):
        jobs.update((job.id, job) for job in page)
    return list(jobs.values())


def _actions_dir(children: Sequence[ChildRow], machine: str) -> str | None:
    for child in children:
        machines = child.spec.get("machines")
        for one in machines if isinstance(machines, list) else []:
            if isinstance(one, dict) and one.get("name") == machine:
                folder = one.get("actions_dir")
                return folder if isinstance(folder, str) else None
    return None
