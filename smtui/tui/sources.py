"""Where the screen gets its data and leaves its acts: three seams.

Widgets never see these; the app's workers do, and hand values to the desk.
The real ones are in `smtui.tui.live`; tests have fakes of the same shape.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from smtui.definition import Json
from smtui.store.past_rows import PastState, Place, RunSpan
from smtui.store.rows import (
    SOLE_INSTANCE,
    DefinitionRow,
    InboxRow,
    InstanceRow,
    InstanceSize,
    JobCount,
    JobRow,
    JournalEntry,
)
from smtui.wire.messages import Fleet, Update

__all__ = [
    "Acts",
    "FleetLink",
    "News",
    "PastRecords",
    "Receipt",
    "Records",
    "Seen",
    "Sources",
]


class Seen(NamedTuple):
    """How far the screen has read; 0 means the newest page."""

    journal_id: int = 0
    inbox_seq: int = 0


class News(NamedTuple):
    """What is new in the store, and its queue as it is now."""

    steps: Sequence[JournalEntry]
    mail: Sequence[InboxRow]
    jobs: Sequence[JobRow]
    """What the queue pane shows: trouble and work, then the newest of the rest."""
    job_counts: Sequence[JobCount]
    parked: Sequence[InboxRow]
    seen: Seen


class Receipt(NamedTuple):
    """An event is in an inbox."""

    id: str
    seq: int
    machine: str
    """Who got it: of replicas, one."""
    took_s: float


class FleetLink(Protocol):
    """The supervisor, as far as it can be reached."""

    def watch(self) -> AsyncIterator[Fleet | Update]:
        """Connect and yield the fleet, then its changes; end when it goes.

        Raises NoSupervisorError or WireError when nobody is there.
        """
        ...

    async def ask(self, op: str, args: Mapping[str, Json]) -> Json:
        """Ask the supervisor; raises SmtuiError when it says no or is gone."""
        ...

    async def revive(self, paths: Sequence[str]) -> None:
        """Start a supervisor for these paths; raises SmtuiError if it cannot."""
        ...


class PastRecords(Protocol):
    """A journal to go about in, by place."""

    async def past_runs(self, machine: str, instance: str) -> list[RunSpan]:
        """Return the runs it has rows of, the oldest first."""
        ...

    async def past_state(
        self, machine: str, instance: str, place: Place
    ) -> PastState | None:
        """Return what to fold to know the instance after a step."""
        ...

    async def past_steps(
        self,
        machine: str,
        instance: str,
        place: Place,
        *,
        before: int = 0,
        after: int = 0,
    ) -> list[JournalEntry]:
        """Return steps around a place, oldest first."""
        ...

    async def past_event(
        self, machine: str, instance: str, place: Place, event: str, *, back: bool
    ) -> Place | None:
        """Return where an event comes next, or came last."""
        ...

    async def past_visit(
        self, machine: str, instance: str, place: Place, state: str, *, back: bool
    ) -> Place | None:
        """Return where a state is entered next, or was last."""
        ...

    async def past_moment(self, machine: str, instance: str, at: float) -> Place | None:
        """Return the last step taken at or before an instant."""
        ...


class Records(Protocol):
    """The store, read page by page."""

    async def version(self) -> int:
        """Return a number that differs whenever the store was written."""
        ...

    async def news(self, seen: Seen) -> News:
        """Return what came after `seen`, oldest first."""
        ...

    async def steps(
        self, machine: str, *, before: int | None = None, limit: int = 500
    ) -> list[JournalEntry]:
        """Return steps of a machine, newest first."""
        ...

    async def mail(self, machine: str, *, limit: int = 500) -> list[InboxRow]:
        """Return the machine's inbox, newest first."""
        ...

    async def event(self, id_: str) -> InboxRow | None:
        """Return one row of an inbox."""
        ...

    async def step(self, journal_id: int) -> JournalEntry | None:
        """Return one row of the journal."""
        ...

    async def sizes(self, machine: str) -> list[InstanceSize]:
        """Return how many instances of a machine are where."""
        ...

    async def cards(
        self,
        machine: str,
        configuration: Sequence[str],
        *,
        limit: int,
        name: str | None = None,
    ) -> list[InstanceRow]:
        """Return the first instances in a configuration, by id; `name` is a glob."""
        ...

    async def count(self, machine: str, size: InstanceSize, name: str) -> InstanceSize:
        """Return how many of those somewhere have an id that fits a glob."""
        ...

    async def instance(
        self, machine: str, id_: str = SOLE_INSTANCE
    ) -> InstanceRow | None:
        """Return the machine's sole instance with its snapshot."""
        ...

    async def past(self) -> PastRecords:
        """Return the journal, to go about in; raises StoreError without a store."""
        ...

    async def definition(self, hash_: str) -> DefinitionRow | None:
        """Return one version of a definition's text."""
        ...

    async def custom_types(self, machine: str) -> frozenset[str]:
        """Return the action types an author's file defines for the machine."""
        ...

    async def job(self, id_: str) -> JobRow | None:
        """Return a job."""
        ...


class Acts(Protocol):
    """What an operator may write; every act carries who it was."""

    async def accept(
        self, target: str, event: str, payload: Json, if_state: str | None
    ) -> list[Receipt]:
        """Put an event into the inbox of the machine(s) a target names."""
        ...

    async def retry_job(self, id_: str, data: Mapping[str, Json] | None) -> str:
        """Make a job available again, with other data; return what it is now."""
        ...

    async def cancel_job(self, id_: str, *, force: bool) -> str:
        """Cancel a job, a running one only by force; return what it is now."""
        ...

    async def drop_event(self, id_: str) -> None:
        """Drop an event that waits or is parked."""
        ...

    async def requeue_event(self, id_: str, machine: str) -> int:
        """Put an event at the end of its inbox again; return its new number."""
        ...

    async def edit_event(self, id_: str, machine: str, payload: Json) -> int:
        """Do so with another payload."""
        ...


class Sources(NamedTuple):
    """The three together."""

    link: FleetLink
    records: Records
    acts: Acts
