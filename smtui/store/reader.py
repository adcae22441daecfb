"""The read side of the store for screens and commands, page by page.

The laws of this file: a page is one SELECT that is fetched whole, so the read
transaction has ended before the caller sees a row and nothing keeps the WAL
from being checkpointed; nothing here writes; every page has a limit. Newest
rows come first, except after a row (`after=`), which is how one follows.
"""

import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import aiosqlite

from smtui.errors import StoreError
from smtui.store import reading, schema
from smtui.store.connection import BUSY_TIMEOUT_S, NO_PARAMS, Params
from smtui.store.failures import translate
from smtui.store.rows import (
    ChildRow,
    Data,
    DefinitionRow,
    InboxRow,
    InboxStatus,
    InstanceRow,
    InstanceSize,
    JobCount,
    JobRow,
    JobState,
    JournalEntry,
    MachineRow,
    TimerRow,
)
from smtui.store.statements import Statements

__all__ = ["NEWEST", "PAGE_ROWS", "Reader"]

PAGE_ROWS = 200
"""A page fills the tallest terminal, and takes about a millisecond."""

NEWEST = (1 << 63) - 1
"""Before every row: larger than any rowid."""

_SQL = Statements("pages.sql")


class Reader:
    """A connection that only reads; use it as `async with Reader(path)`."""

    def __init__(self, path: Path) -> None:
        """Name the store; nothing is opened yet."""
        self._path = path
        self._opened: aiosqlite.Connection | None = None

    async def open(self) -> None:
        """Open the store; a second open does nothing.

        Raises StoreError if there is none, or it is newer than this program.
        """
        if self._opened is not None:
            return
        if not os.access(self._path, os.F_OK):
            raise self._none()
        if not os.access(self._path, os.R_OK):  # a thread would print a traceback
            raise StoreError(
                f"{self._path}: the store cannot be read",
                hint="it belongs to another user; --data DIR names another",
            )
        try:
            conn = await aiosqlite.connect(
                f"{self._path.resolve().as_uri()}?mode=rw",
                uri=True,
                timeout=BUSY_TIMEOUT_S,
                isolation_level=None,
            )
        except sqlite3.Error as error:
            raise translate(error, self._path) from error
        self._opened = conn
        conn.row_factory = sqlite3.Row
        try:
            await self._every("PRAGMA query_only = ON")
            await self._check()
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Close the connection; a second close does nothing."""
        if self._opened is not None:
            conn, self._opened = self._opened, None
            await conn.close()

    async def __aenter__(self) -> Self:
        """Open it."""
        await self.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        await self.aclose()

    # ------------------------------------------------------------ the fleet

    async def machines(self) -> list[MachineRow]:
        """Return all machines, by name."""
        return [reading.machine(row) for row in await self._every(_SQL["machines"])]

    async def children(self) -> list[ChildRow]:
        """Return all children, by name."""
        return [reading.child(row) for row in await self._every(_SQL["children"])]

    async def definition(self, hash_: str) -> DefinitionRow | None:
        """Return one version of a definition, or None."""
        row = await self._one(_SQL["definition"], {"hash": hash_})
        return None if row is None else reading.definition(row)

    async def instances(
        self,
        machine: str | None = None,
        *,
        status: str | None = None,
        after: str = "",
        name: str | None = None,
        since: float = 0.0,
        limit: int = PAGE_ROWS,
    ) -> list[InstanceRow]:
        """Return instances by id, of one machine after an id, or of all.

        `name` is a glob of ids and `since` when it moved last: with a machine only.
        """
        query = "instances_all" if machine is None else "instances"
        params = {
            "machine": machine,
            "status": status,
            "after": after,
            "name": name,
            "since": since,
            "limit": limit,
        }
        rows = await self._every(_SQL[query], params)
        return [reading.instance(row) for row in rows]

    async def instances_in(
        self,
        machine: str,
        configurations: Iterable[Sequence[str]],
        *,
        status: str | None = None,
        after: str = "",
        name: str | None = None,
        since: float = 0.0,
        limit: int = PAGE_ROWS,
    ) -> list[InstanceRow]:
        """Return the instances in any of these configurations, by id."""
        found: list[InstanceRow] = []
        for one in configurations:
            params = {
                "machine": machine,
                "configuration": reading.dumps(tuple(one)),
                "status": status,
                "after": after,
                "name": name,
                "since": since,
                "limit": limit,
            }
            rows = await self._every(_SQL["instances_in"], params)
            found += [reading.instance(row) for row in rows]
        return sorted(found, key=lambda row: row.id)[:limit]

    async def instances_count(
        self,
        machine: str,
        configurations: Iterable[Sequence[str]] | None = None,
        *,
        status: str | None = None,
        name: str | None = None,
        since: float = 0.0,
    ) -> int:
        """Return how many instances pass; with a glob or `since` each is looked at."""
        among = None
        if configurations is not None:
            texts = [reading.dumps(tuple(one)) for one in configurations]
            among = reading.dumps(texts)
        params = {
            "machine": machine,
            "status": status,
            "name": name,
            "since": since,
            "configurations": among,
        }
        row = await self._one(_SQL["instances_count"], params)
        return 0 if row is None else int(row["n"])

    async def instance_sizes(self, machine: str) -> list[InstanceSize]:
        """Return how many instances of a machine are where."""
        rows = await self._every(_SQL["instance_sizes"], {"machine": machine})
        return [reading.instance_size(row) for row in rows]

    async def instance(self, machine: str, id_: str) -> InstanceRow | None:
        """Return one instance, or None."""
        row = await self._one(_SQL["instance"], {"machine": machine, "id": id_})
        return None if row is None else reading.instance(row)

    async def snapshot(self, machine: str, instance: str) -> Data | None:
        """Return the present snapshot as smtui.chart encodes it, or None."""
        found = await self.instance(machine, instance)
        return None if found is None else found.snapshot

    async def timers(
        self, machine: str | None = None, *, limit: int = PAGE_ROWS
    ) -> list[TimerRow]:
        """Return delays under way, the next one first."""
        params = {"machine": machine, "limit": limit}
        return [reading.timer(row) for row in await self._every(_SQL["timers"], params)]

    # --------------------------------------------------------------- events

    async def event(self, id_: str) -> InboxRow | None:
        """Return one event, or None."""
        row = await self._one(_SQL["event"], {"id": id_})
        return None if row is None else reading.inbox_row(row)

    async def events_page(
        self,
        machine: str | None = None,
        *,
        status: InboxStatus | None = None,
        since: float = 0.0,
        before: int | None = None,
        after: int | None = None,
        limit: int = PAGE_ROWS,
    ) -> list[InboxRow]:
        """Return events, newest first; oldest first with `after`.

        `before` and `after` are the seq of a row, `since` is when it was
        accepted, in seconds since the epoch.
        """
        params = {
            "machine": machine,
            "status": status,
            "since": since,
            "before": NEWEST if before is None else before,
            "after": after,
            "limit": limit,
        }
        name = _events(machine, status, is_following=after is not None)
        return [reading.inbox_row(row) for row in await self._every(_SQL[name], params)]

    async def inbox_counts(self) -> dict[str, int]:
        """Return how many events wait, for machines that have any."""
        rows = await self._every(_SQL["inbox_counts"])
        return {row["machine"]: row["n"] for row in rows}

    # -------------------------------------------------------------- history

    async def journal_page(
        self,
        machine: str | None = None,
        *,
        instance: str | None = None,
        since: float = 0.0,
        before: int | None = None,
        after: int | None = None,
        limit: int = PAGE_ROWS,
    ) -> list[JournalEntry]:
        """Return steps, newest first; oldest first with `after`.

        `before` and `after` are the id of an entry; `instance` counts with a
        machine only.
        """
        params = {
            "machine": machine,
            "instance": instance,
            "since": since,
            "before": NEWEST if before is None else before,
            "after": after,
            "limit": limit,
        }
        name = "journal_newest" if after is None else "journal_after"
        sql = _SQL[name if machine is None else f"{name}_machine"]
        return [reading.journal_entry(row) for row in await self._every(sql, params)]

    async def journal_entry(self, id_: int) -> JournalEntry | None:
        """Return one step, or None."""
        row = await self._one(_SQL["journal_entry"], {"id": id_})
        return None if row is None else reading.journal_entry(row)

    async def cut_counts(self) -> dict[str, int]:
        """Return how many rows of `journal`, `inbox` and `jobs` were cut."""
        rows = await self._every(_SQL["cut_counts"])
        return {row["key"].removeprefix("cut/"): row["n"] for row in rows}

    # ----------------------------------------------------------------- jobs

    async def job(self, id_: str) -> JobRow | None:
        """Return one job, or None."""
        row = await self._one(_SQL["job"], {"id": id_})
        return None if row is None else reading.job(row)

    async def jobs_page(
        self,
        *,
        status: JobState | None = None,
        job_type: str | None = None,
        machine: str | None = None,
        before: int | None = None,
        limit: int = PAGE_ROWS,
    ) -> list[JobRow]:
        """Return jobs, newest first; `before` is the seq of a job."""
        params = {
            "status": status,
            "job_type": job_type,
            "machine": machine,
            "before": NEWEST if before is None else before,
            "limit": limit,
        }
        sql = _SQL["jobs" if status is None else "jobs_status"]
        return [reading.job(row) for row in await self._every(sql, params)]

    async def jobs_next(
        self, *, job_type: str | None = None, limit: int = PAGE_ROWS
    ) -> list[JobRow]:
        """Return available jobs in the order in which they will be claimed."""
        params = {"job_type": job_type, "limit": limit}
        sql = _SQL["jobs_next" if job_type is None else "jobs_next_type"]
        return [reading.job(row) for row in await self._every(sql, params)]

    async def job_counts(self) -> list[JobCount]:
        """Return how many jobs of each type are in each state."""
        rows = await self._every(_SQL["job_counts"])
        return [reading.job_count(row) for row in rows]

    async def jobs_held(self) -> dict[str, int]:
        """Return how many jobs each machine has in hand."""
        rows = await self._every(_SQL["jobs_held"])
        return {row["machine"]: row["n"] for row in rows}

    # -------------------------------------------------------------- changes

    async def data_version(self) -> int:
        """Return a number that differs when another process has written."""
        return await self._pragma("data_version")

    async def _check(self) -> None:
        application_id = await self._pragma("application_id")
        version = await self._pragma("user_version")
        if application_id == version == 0:
            raise self._none()
        schema.check(application_id, version, self._path)

    def _none(self) -> StoreError:
        return StoreError(
            f"no store at {self._path}",
            hint="`smtui run PATH` makes one, --data DIR names another",
        )

    async def _pragma(self, name: str) -> int:
        row = await self._one(f"PRAGMA {name}")
        return 0 if row is None else int(row[0])

    async def _one(self, sql: str, params: Params = NO_PARAMS) -> sqlite3.Row | None:
        rows = await self._every(sql, params)
        return rows[0] if rows else None

    async def _every(self, sql: str, params: Params = NO_PARAMS) -> list[sqlite3.Row]:
        if self._opened is None:
            raise StoreError(
                f"{self._path}: this reader is not open",
                hint="use `async with Reader(path)`",
            )
        try:
            rows = await self._opened.execute_fetchall(sql, dict(params))
        except sqlite3.Error as error:
            raise translate(error, self._path) from error
        return list(rows)


def _events(
    machine: str | None, status: InboxStatus | None, *, is_following: bool
) -> str:
    """Return the query whose index fits the filter."""
    if is_following:
        return "events_after" if machine is None else "events_after_machine"
    if status is InboxStatus.PARKED:
        return "events_newest_parked"
    if machine is None:
        return "events_newest"
    if status is InboxStatus.PENDING:
        return "events_newest_pending"
    return "events_newest_machine"
