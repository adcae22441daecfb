"""A fleet that exists only in memory, behind the three seams of the screen.

What is sent to it is really stepped by the core, on snapshots kept here, so a
preview can be compared with what happened.
"""

import asyncio
import math
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from smtui.chart import compile_chart, decode, encode
from smtui.chart.values import At, Event, Given, Ignored, Rejected
from smtui.definition import Definition, Json
from smtui.dialects import load_text
from smtui.errors import NoSupervisorError, StoreError
from smtui.stepper import accepts, start
from smtui.store import PastReader
from smtui.store.rows import (
    DefinitionRow,
    InboxRow,
    InboxStatus,
    InstanceRow,
    InstanceSize,
    JobRow,
    JobState,
    JournalEntry,
)
from smtui.tui.sources import News, Receipt, Seen, Sources
from smtui.wire.messages import Fleet, Update
from tests.support.steps import step
from tests.support.view_fleet import NOW, night_fleet
from tests.support.view_rows import (
    counts_of,
    definition_rows,
    entry,
    mail,
    night_jobs,
    night_mail,
    night_steps,
)


@dataclass
class FakeFleet:
    """Supervisor, store and hands at once."""

    fleet: Fleet = field(default_factory=night_fleet)
    steps_kept: list[JournalEntry] = field(default_factory=lambda: [*night_steps()])
    mail_kept: list[InboxRow] = field(default_factory=lambda: [*night_mail()])
    jobs: list[JobRow] = field(default_factory=lambda: [*night_jobs()])
    parked: list[InboxRow] = field(default_factory=list[InboxRow])
    definitions: dict[str, DefinitionRow] = field(default_factory=definition_rows)
    snapshots: dict[str, dict[str, Json]] = field(
        default_factory=dict[str, dict[str, Json]]
    )
    asked: list[tuple[str, dict[str, Json]]] = field(
        default_factory=list[tuple[str, dict[str, Json]]]
    )
    lives: dict[str, list[InstanceRow]] = field(
        default_factory=dict[str, list[InstanceRow]]
    )
    """Instances of machines that have several."""
    is_there: bool = True
    handles: bool = True
    """What is sent is stepped at once; else it stays in the inbox."""
    refusal: str = ""
    journal: PastReader | None = None
    """What `[` goes back in; opened when it is asked for."""

    def __post_init__(self) -> None:
        self._news: asyncio.Queue[Fleet | Update | None] = asyncio.Queue()
        self._version = 1

    def sources(self) -> Sources:
        """Return the three seams."""
        return Sources(self, self, self)

    # ------------------------------------------------------------- the fleet

    def put(self, message: Fleet | Update) -> None:
        """Let the supervisor say something."""
        self._news.put_nowait(message)

    def hang_up(self) -> None:
        """Let the supervisor go away."""
        self.is_there = False
        self._news.put_nowait(None)

    async def watch(self) -> AsyncIterator[Fleet | Update]:
        """Yield the fleet, then what is put."""
        if not self.is_there:
            raise NoSupervisorError("no supervisor runs")
        yield self.fleet
        while (message := await self._news.get()) is not None:
            yield message

    async def ask(self, op: str, args: Mapping[str, Json]) -> Json:
        """Note what was asked."""
        if self.refusal:
            raise NoSupervisorError(self.refusal)
        self.asked.append((op, dict(args)))
        return None

    async def revive(self, paths: Sequence[str]) -> None:
        """Be there again."""
        self.asked.append(("revive", {"paths": list(paths)}))
        self.is_there = True

    # ------------------------------------------------------------- the store

    async def version(self) -> int:
        """Return a number that grows with every change."""
        return self._version

    async def news(self, seen: Seen) -> News:
        """Return what came after."""
        steps = [row for row in self.steps_kept if row.id > seen.journal_id]
        letters = [row for row in self.mail_kept if row.seq > seen.inbox_seq]
        jobs = tuple(self.jobs)
        return News(
            steps=steps,
            mail=letters,
            jobs=jobs,
            job_counts=counts_of(jobs),
            parked=self.parked,
            seen=Seen(
                max([seen.journal_id, *(row.id for row in steps)]),
                max([seen.inbox_seq, *(row.seq for row in letters)]),
            ),
        )

    async def steps(
        self, machine: str, *, before: int | None = None, limit: int = 500
    ) -> list[JournalEntry]:
        """Return steps of a machine, newest first."""
        end = math.inf if before is None else before
        found = [
            row for row in self.steps_kept if row.machine == machine and row.id < end
        ]
        return sorted(found, key=lambda row: -row.id)[:limit]

    async def mail(self, machine: str, *, limit: int = 500) -> list[InboxRow]:
        """Return the inbox, newest first."""
        found = [row for row in self.mail_kept if row.machine == machine]
        return sorted(found, key=lambda row: -row.seq)[:limit]

    async def event(self, id_: str) -> InboxRow | None:
        """Return one event."""
        return next((row for row in self.mail_kept if row.id == id_), None)

    async def step(self, journal_id: int) -> JournalEntry | None:
        """Return one step."""
        return next((row for row in self.steps_kept if row.id == journal_id), None)

    async def past(self) -> PastReader:
        """Return the journal a test has brought."""
        if self.journal is None:
            raise StoreError("no store")
        await self.journal.open()
        return self.journal

    async def sizes(self, machine: str) -> list[InstanceSize]:
        """Return how many of a machine's instances are where."""
        counts = Counter(
            (row.status, row.configuration) for row in self.lives.get(machine, ())
        )
        return [InstanceSize(*where, n) for where, n in counts.items()]

    async def cards(
        self,
        machine: str,
        configuration: Sequence[str],
        *,
        limit: int,
        name: str | None = None,
    ) -> list[InstanceRow]:
        """Return the first instances in a configuration."""
        found = [
            row
            for row in self.lives.get(machine, ())
            if row.configuration == tuple(configuration)
            and fnmatchcase(row.id, name or "*")
        ]
        return found[:limit]

    async def count(self, machine: str, size: InstanceSize, name: str) -> InstanceSize:
        """Return how many of those somewhere have an id that fits a glob."""
        where, total = size.configuration, size.n
        found = await self.cards(machine, where, limit=total, name=name)
        return size._replace(n=len(found))

    async def instance(self, machine: str, id_: str = "main") -> InstanceRow | None:
        """Return the instance with its snapshot, in the state its frame says."""
        if machine in self.lives:
            return next((row for row in self.lives[machine] if row.id == id_), None)
        snapshot = self.snapshots.get(machine) or self._first_snapshot(machine)
        if snapshot is None:
            return None
        self.snapshots[machine] = snapshot
        found = decode(snapshot)
        return InstanceRow(
            machine, "main", 1, "running", found.configuration, 10, NOW - 3, snapshot
        )

    async def definition(self, hash_: str) -> DefinitionRow | None:
        """Return a definition's text."""
        return self.definitions.get(hash_)

    async def custom_types(self, machine: str) -> frozenset[str]:
        """Return no types: no file defines any."""
        del machine
        return frozenset()

    async def job(self, id_: str) -> JobRow | None:
        """Return a job."""
        return next((row for row in self.jobs if row.id == id_), None)

    # -------------------------------------------------------------- the acts

    async def accept(
        self, target: str, event: str, payload: Json, if_state: str | None
    ) -> list[Receipt]:
        """Store an event, and step it when the machine is quiet."""
        if self.refusal:
            raise StoreError(self.refusal)
        seq = max((row.seq for row in self.mail_kept), default=0) + 1
        row = mail(seq, target, event, payload=payload, status=InboxStatus.PENDING)
        self.mail_kept.append(replace(row, if_state=if_state))
        if self.handles:
            self._handle(target, self.mail_kept.pop())
        self._version += 1
        return [Receipt(row.id, seq, target, 0.0006)]

    async def retry_job(self, id_: str, data: Mapping[str, Json] | None) -> str:
        """Make a job available."""
        if data is not None:
            self.jobs = [
                replace(row, data=dict(data)) if row.id == id_ else row
                for row in self.jobs
            ]
        return self._set_job(id_, JobState.AVAILABLE)

    async def cancel_job(self, id_: str, *, force: bool) -> str:
        """Cancel a job."""
        row = await self.job(id_)
        if row is not None and row.status is JobState.RUNNING and not force:
            raise StoreError(f"job {id_} is running", hint="use force")
        return self._set_job(id_, JobState.CANCELLED)

    async def drop_event(self, id_: str) -> None:
        """Note that it was dropped."""
        self.asked.append(("drop", {"id": id_}))

    async def requeue_event(self, id_: str, machine: str) -> int:
        """Note that it waits again."""
        self.asked.append(("requeue", {"id": id_, "machine": machine}))
        return 99

    async def edit_event(self, id_: str, machine: str, payload: Json) -> int:
        """Note that it waits again with that payload."""
        given: dict[str, Json] = {"id": id_, "machine": machine, "payload": payload}
        self.asked.append(("edit", given))
        return 99

    # ---------------------------------------------------------------- inside

    def _set_job(self, id_: str, status: JobState) -> str:
        self.jobs = [
            replace(row, status=status) if row.id == id_ else row for row in self.jobs
        ]
        return status.value

    def _definition_of(self, machine: str) -> DefinitionRow | None:
        view = next((m for m in self.fleet.machines if m.name == machine), None)
        return self.definitions.get(view.definition) if view else None

    def _first_snapshot(self, machine: str) -> dict[str, Json] | None:
        row = self._definition_of(machine)
        view = next((m for m in self.fleet.machines if m.name == machine), None)
        if row is None or view is None or view.frame is None:
            return None
        definition = load_text(row.text, row.file).definition
        assert definition is not None
        chart = compile_chart(definition)
        at = At(NOW - 30, 1000.0, "boot")
        begun = start(chart, {}, Given(machine, "main", 1, "birth", at)).snapshot
        placed = begun._replace(
            configuration=view.frame.configuration, pending={}, cursor=None
        )
        return encode(placed)

    def _handle(self, machine: str, row: InboxRow) -> None:
        snapshot = self.snapshots.get(machine) or self._first_snapshot(machine)
        kept = self._definition_of(machine)
        if snapshot is None or kept is None:
            self.mail_kept.append(row)
            return
        definition = load_text(kept.text, kept.file).definition
        assert isinstance(definition, Definition)
        chart, before = compile_chart(definition), decode(snapshot)
        if not accepts(chart, before).takes(row.event):
            self.mail_kept.append(row)
            return
        done = step(
            chart, before, Event(row.event, row.payload, row.id, before.stepped)
        )
        self.snapshots[machine] = encode(done.snapshot)
        why = done.outcome.why if isinstance(done.outcome, Ignored | Rejected) else ""
        outcome = type(done.outcome).__name__.lower()
        number = len(self.steps_kept) + 1
        self.steps_kept.append(
            entry(
                number,
                machine,
                before.configuration[0],
                row.event,
                done.snapshot.configuration[0],
                at=NOW,
                outcome=outcome,
                why=why,
            )
        )
        self.mail_kept.append(
            replace(
                row,
                status=InboxStatus(outcome),
                why=why,
                journal_id=number,
                handled_at=NOW,
            )
        )
