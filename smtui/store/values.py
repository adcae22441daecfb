"""What goes into a write of the store and what comes out of it.

The laws of this file: values only; no SQL, no connection, no clock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from smtui.chart.messages import Send
from smtui.chart.values import (
    At,
    CancelChild,
    Finish,
    Query,
    Raised,
    Result,
    Settle,
    StartChild,
)
from smtui.store.rows import Data, InboxRow, InboxStatus, JobState, JournalRow

__all__ = [
    "MAX_STEPS",
    "MOST_RUNG",
    "Accepted",
    "Added",
    "Changed",
    "Claimant",
    "Committed",
    "Due",
    "Durability",
    "Handled",
    "Loaded",
    "Look",
    "Owner",
    "Promoted",
    "Seen",
    "Sight",
    "StepWrite",
    "Trimmed",
]

Durability: TypeAlias = Literal["normal", "full"]
"""normal: a crash of any process loses nothing. full: nor does a power cut."""

MAX_STEPS = 64
"""Steps in one transaction: the longest time one machine keeps others waiting
(about 3 ms), while a commit's cost is already spread thin."""


class Owner(NamedTuple):
    """The process that may commit for a machine."""

    machine: str
    epoch: int


class Claimant(NamedTuple):
    """The owner of an instance, as a job remembers it."""

    machine: str
    instance: str
    epoch: int


class Handled(NamedTuple):
    """What a step did with a row of the inbox."""

    seq: int
    status: InboxStatus
    """taken, ignored or rejected; pending: it still waits, and must"""
    why: str = ""


@dataclass(frozen=True, slots=True)
class StepWrite:
    """All that one step changes; it is committed whole or not at all."""

    instance: str
    snapshot: Data
    """As smtui.chart encodes it."""
    status: str
    configuration: tuple[str, ...]
    journal: JournalRow | None = None
    """None for an idle pass."""
    inbox: tuple[Handled, ...] = ()
    consumed: tuple[str, ...] = ()
    """Pending ids whose stored result was stepped."""
    queries: tuple[Query, ...] = ()
    """Store actions to perform in this transaction."""
    settles: tuple[Settle, ...] = ()
    sends: tuple[Send, ...] = ()
    """Messages for inboxes, accepted in this transaction."""
    machines: tuple[StartChild | CancelChild, ...] = ()
    """Machines it invokes and leaves, in this order, after the messages."""
    finish: Finish | None = None


class Committed(NamedTuple):
    """What a commit gave."""

    answers: Mapping[tuple[str, str], Result | Raised]
    """(instance, pending id) -> what the query gave; kept in the store until
    a step consumes it."""
    bells: frozenset[str]
    """Machines to ring: they got an event, or a topic they watch changed."""
    wake_supervisor: bool
    """A child was asked for, or a job got a due time."""
    counters: Mapping[str, int]
    """The present counters of every topic the committed instances watch."""


class Loaded(NamedTuple):
    """An instance as its new owner finds it."""

    instance: str
    run: int
    """Of the snapshot, or of the run to begin when there is none."""
    snapshot: Data | None
    results: Mapping[str, Result | Raised]
    """pending id -> the result that no step has consumed yet."""
    handed: tuple[str, ...] = ()
    """Jobs given to this machine before its run began (start_fsm)."""


class Due(NamedTuple):
    """Which instances' delays are over, and when the next one is."""

    instances: tuple[str, ...]
    next: At | None
    """Of those that are not over; None when there is none."""
    is_more: bool = False
    """More are over than one look gives."""


class Look(NamedTuple):
    """What the owner wants to know in one look."""

    after: int
    """Seq of the inbox after which to read on."""
    limit: int
    """Rows of the inbox, 0 for none."""
    at: At | None
    """Also what is due at this instant."""
    knows: Callable[[str], bool]
    """Whether an instance is in memory."""
    wanted: Sequence[str] = ()
    """Instances to load whatever comes in."""


class Seen(NamedTuple):
    """What there was."""

    rows: list[InboxRow]
    due: Due | None
    loaded: dict[str, Loaded | None]
    """Those that were not in memory; None: there is no such instance."""


MOST_RUNG = 256
"""Watches that a look tells of at a time: a page, as of an inbox."""


class Sight(NamedTuple):
    """Where an instance of a machine was at its last commit."""

    configuration: tuple[str, ...] | None
    """None where it has not begun."""
    instance: str
    is_known: bool
    """The store knows a machine of that name."""
    topics: Mapping[str, int]
    """What changes when it moves, with the number it was seen at."""


class Accepted(NamedTuple):
    """An event is in the inbox."""

    id: str
    seq: int
    is_new: bool
    """False when the key was used before: id and seq are the first one's."""


class Added(NamedTuple):
    """A job is in the queue."""

    id: str
    is_new: bool
    """False when the key or id was used before."""
    bells: frozenset[str]
    due: At | None = None
    """When it becomes available; the supervisor wants to know."""


class Changed(NamedTuple):
    """A job was changed by hand."""

    id: str
    status: JobState
    bells: frozenset[str]


class Promoted(NamedTuple):
    """Jobs whose time had come are available."""

    n: int
    bells: frozenset[str]
    next_due: At | None


class Trimmed(NamedTuple):
    """Rows of the past that were removed."""

    journal: int
    inbox: int
    jobs: int
    is_done: bool
    """False when another call has more to remove."""
