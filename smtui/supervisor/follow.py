"""Follow the store: what is wanted of children, and jobs whose time comes.

Woken by the supervisor's doorbell (somebody committed a start_fsm or a job
with a delay) and by the sweep, should the ring have been lost.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import cast

from smtui.chart.values import At
from smtui.clock import Clock
from smtui.definition import Json
from smtui.errors import SmtuiError, StoreError
from smtui.store import ChildRow, Desired, StoreThread, Writer
from smtui.supervisor.fleet import Fleet
from smtui.supervisor.logs import OWN_LOG, LogPump
from smtui.supervisor.orders import Start, Stop
from smtui.supervisor.plan import Planned
from smtui.supervisor.records import Records
from smtui.supervisor.sources import Sources
from smtui.wire import ProblemView
from smtui.wire.doorbell import ring
from smtui.wire.paths import bell_path

__all__ = ["Follower"]

_AGAIN_S = 1.0
"""After a StoreError: locked or full, so it is worth another look."""


class Follower:
    """Makes children follow their rows, and jobs their clock."""

    def __init__(
        self,
        *,
        fleet: Fleet,
        sources: Sources,
        store: StoreThread,
        records: Records,
        pump: LogPump,
        clock: Clock,
        run_dir: Path,
    ) -> None:
        self._fleet = fleet
        self._sources = sources
        self._store = store
        self._records = records
        self._pump = pump
        self._clock = clock
        self._run_dir = run_dir
        self._bell = asyncio.Event()

    def wake(self) -> None:
        """Look at the store soon."""
        self._bell.set()

    async def follow(self) -> None:
        """Look whenever woken or a job is due, for ever."""
        pause: float | None = 0.0
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._bell.wait()
            self._bell.clear()
            try:
                await self._look_at_children()
                pause = await self._promote()
            except StoreError as error:
                self._pump.note(OWN_LOG, f"the store cannot be read: {error}")
                pause = _AGAIN_S

    async def _promote(self) -> float | None:
        """Make due jobs available; return when to come again, in seconds."""
        due = await self._store.call(Writer.next_job_due)
        if due is not None and self._left(due) <= 0:
            promoted = await self._store.call(Writer.promote_due)
            for machine in promoted.bells:
                ring(bell_path(self._run_dir, machine))
            due = promoted.next_due
        # never at once again: what is due now and stays due is nobody's
        return None if due is None else max(0.01, self._left(due))

    def _left(self, due: At) -> float:
        """Return seconds from now; boot time decides inside one boot."""
        if due.boot_id == self._clock.boot_id():
            return due.boot - self._clock.elapsed()
        return due.wall - self._clock.now()

    async def _look_at_children(self) -> None:
        for row in await self._store.call(Writer.children):
            if self._fleet.is_leaving:
                return
            if self._fleet.versions.get(row.name) == row.version:
                continue
            try:
                await self._follow(row)
            except StoreError:
                raise
            except SmtuiError as error:
                self._refuse(row, str(error))

    async def _follow(self, row: ChildRow) -> None:
        child = self._fleet.children.get(row.name)
        is_up = row.desired is Desired.UP
        if child is None and not (is_up and row.spec.get("started_by")):
            # of paths that nobody gave this time
            self._fleet.versions[row.name] = row.version
            return
        if is_up and _file_not_read(row.spec) is not None:
            row = await self._complete(row)
            is_up = row.desired is Desired.UP
        is_new = child is None
        before = "" if child is None else child.spec.invocation
        child = self._fleet.take(row)
        asked = row.spec.get("invocation") or before
        if is_up and child.is_wanted and asked != before:
            # invoked again: what runs still belongs to the time before
            child.tell(Stop(row.reason))
        if not is_up:
            if child.is_wanted:
                child.tell(Stop(row.reason))
        elif is_new and await self._records.are_over(child.spec.names):
            child.rest_as_done()
        else:
            child.tell(Start(row.reason))

    async def _complete(self, row: ChildRow) -> ChildRow:
        """Read the file of a start_fsm that nobody has read yet."""
        file = _file_not_read(row.spec) or ""
        planned = await self._sources.definition_of(Path(file))
        return await self._store.call(_complete, row, planned)

    def _refuse(self, row: ChildRow, why: str) -> None:
        """Show that a row cannot be followed; the next version may."""
        self._fleet.versions[row.name] = row.version
        code = f"cannot-run {row.name}"
        problem = ProblemView(
            file=_file_not_read(row.spec) or "",
            line=0,
            column=0,
            code="cannot-run",
            severity="error",
            message=f"{row.name} ({row.reason}) cannot be run: {why}",
        )
        self._fleet.set_problem(problem, code)


def _file_not_read(spec: Mapping[str, Json]) -> str | None:
    """Return the file of a machine whose hash nobody knows, None when known."""
    machines = cast("list[dict[str, Json]]", spec.get("machines") or [])
    for machine in machines:
        if not machine.get("hash"):
            return str(machine.get("file") or "")
    return None


def _complete(writer: Writer, row: ChildRow, planned: Planned) -> ChildRow:
    """Put what a file defines into the row of a child that was asked for."""
    found, read = planned.machines[0], planned.spec.machines[0]
    for definition in planned.definitions:
        writer.put_definition(*definition)
    machines = cast("list[dict[str, Json]]", row.spec["machines"])
    for machine in machines:
        machine["dialect"] = found.dialect
        machine["hash"] = found.definition_hash
        machine["folder"] = found.folder
        machine["asks"] = dict(read.asks)
        machine["stuck_after_s"] = dict(read.stuck_after_s)
        name = str(machine["name"])
        writer.put_machine(found._replace(name=name, child=row.name, template=False))
    now = writer.child(row.name) or row  # it may be wanted no more by now
    writer.put_child(replace(now, spec={**row.spec, "machines": [*machines]}))
    kept = {each.name: each for each in writer.children()}
    return kept[row.name]
