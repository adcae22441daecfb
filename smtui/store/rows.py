"""The rows of the store as values, and the words that are kept in them.

The laws of this file: no SQL, no connection, no clock; times are seconds since
the epoch; JSON columns arrive parsed. A row is made in one place only, the
function beside the query that reads it (`smtui.store.reading`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from smtui.definition import Json

__all__ = [
    "SOLE_INSTANCE",
    "ChildRow",
    "Data",
    "DefinitionRow",
    "Desired",
    "InboxKind",
    "InboxRow",
    "InboxStatus",
    "InstanceRow",
    "InstanceSize",
    "Invocation",
    "InvocationStatus",
    "JobCount",
    "JobRow",
    "JobState",
    "JournalEntry",
    "JournalRow",
    "MachineRow",
    "TimerRow",
]

Data: TypeAlias = Mapping[str, Json]

SOLE_INSTANCE = "main"
"""The instance of a machine that has only one."""


class InboxKind(StrEnum):
    """What a row of the inbox asks for."""

    EVENT = "event"
    MOVE = "move"
    """An operator moves the machine to a state; its owner carries it out."""
    CREATE = "create"
    """An operator makes an instance; the payload is its first data."""
    SET = "set"
    """An operator sets a key of the data; its owner carries it out."""
    AUDIT = "audit"
    """Nothing: something that happened and is kept beside the events."""


class InboxStatus(StrEnum):
    """What has become of a row of the inbox."""

    PENDING = "pending"
    TAKEN = "taken"
    IGNORED = "ignored"
    REJECTED = "rejected"
    DROPPED = "dropped"
    """By clear_events or an operator."""
    REQUEUED = "requeued"
    """A newer row, named in `why`, took its place."""
    PARKED = "parked"
    """Its step ended the process three times; an operator decides."""
    LOGGED = "logged"
    """An audit row: there was nothing to do."""


class JobState(StrEnum):
    """Where a job is in its life, in the words of river and oban."""

    AVAILABLE = "available"
    RUNNING = "running"
    RETRYABLE = "retryable"
    """Failed, and waits for its next attempt."""
    SCHEDULED = "scheduled"
    """Was given a delay when it was added."""
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"
    """Failed as often as it may."""


class Desired(StrEnum):
    """What an operator, a machine or the project file wants of a child."""

    UP = "up"
    DOWN = "down"


class InvocationStatus(StrEnum):
    """What has become of a machine that was invoked."""

    ACTIVE = "active"
    """Its invoker is in the state, and waits for its end."""
    CANCELLED = "cancelled"
    """Its invoker has left the state, or has ended."""
    OVER = "over"
    """It came to its end, and its invoker was told."""


class Invocation(NamedTuple):
    """How a machine was invoked, last."""

    machine: str
    token: str
    """Which invocation it is: a later one of the same machine has another."""
    parent: str
    """The machine that invoked it, and the instance of it that did."""
    parent_instance: str
    invoke_id: str
    src: str
    """As the invoke names it: a machine, a template or a file."""
    data: Data
    """What its run begins with."""
    status: InvocationStatus
    at: float
    """When it was invoked."""


class MachineRow(NamedTuple):
    """A machine and the child that hosts it."""

    name: str
    child: str
    dialect: str
    definition_hash: str
    file: str
    folder: str
    template: bool = False
    epoch: int = 0
    """Number of its present owner; `put_machine` leaves it as it is."""


@dataclass(frozen=True, slots=True)
class ChildRow:
    """A child: how to run it, what is wanted, what was seen last."""

    name: str
    spec: Data
    """The supervisor's own JSON; its `machines` are a list of mappings."""
    desired: Desired = Desired.UP
    reason: str = ""
    """Why this is desired."""
    who: str = ""
    """user@tty, or the machine that started it."""
    desired_at: float = 0.0
    state: str = "stopped"
    """A word of smtui.wire.ChildState, as the supervisor last saw it."""
    state_reason: str = ""
    state_since: float = 0.0
    pid: int | None = None
    restarts: int = 0
    version: int = 0
    """Grows with each change of spec or desired state, never goes back."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An event that was accepted, and what became of it."""

    seq: int
    """Order of acceptance over all machines."""
    id: str
    machine: str
    instance: str
    kind: InboxKind
    event: str
    payload: Json
    source: str
    job_id: str | None
    key: str | None
    """A second accept with this key to this machine makes no second row."""
    if_state: str | None
    """Takes effect only while this state is active."""
    status: InboxStatus
    why: str
    at: float
    """When it was accepted."""
    handled_at: float | None
    crashes: int
    """How often its step is held to have ended the process."""
    journal_id: int | None
    """The journal entry of the step that handled it."""
    message: Data | None = None
    """What a statechart said with it, as smtui.chart encodes it."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """A unit of queued work."""

    seq: int
    """Order of enqueueing: the age of a job."""
    id: str
    job_type: str
    machine_type: str | None
    status: JobState
    priority: int
    """1 before 5 before 9."""
    data: Json
    result: Json
    error: str
    """Of the last failed attempt."""
    key: str | None
    """A second enqueue with this key makes no second job."""
    attempts: int
    max_attempts: int
    source_job_id: str | None
    source: str
    """Who added it: a machine, or user@tty."""
    created_at: float
    due_at: float | None
    """While scheduled or retryable: when it becomes available."""
    claimed_at: float | None
    ended_at: float | None
    machine: str | None
    """While running and after: who claimed it."""
    instance: str | None
    epoch: int | None


class JobCount(NamedTuple):
    """How many jobs of a type are in a state."""

    job_type: str
    machine_type: str | None
    status: JobState
    n: int


@dataclass(frozen=True, slots=True)
class JournalRow:
    """What one step did; the driver makes it, the store keeps it."""

    seq: int
    run: int
    at: float
    cause: str
    """Inbox id, timer id or action key that led to it."""
    event: str
    from_: tuple[str, ...]
    to: tuple[str, ...]
    outcome: str
    """taken | ignored | rejected"""
    why: str = ""
    micro: tuple[Json, ...] = ()
    """The transitions taken, in order."""
    answers: Json = None
    """What author's guards said, so that a replay never calls them."""
    data_patch: Mapping[str, Json] | None = None
    """{"set": {key: value}, "unset": [key]}; None when unchanged."""
    effects: tuple[Json, ...] = ()
    duration_s: float = 0.0
    definition_hash: str = ""


class JournalEntry(NamedTuple):
    """A journal row with its place."""

    id: int
    """Order of committing over all machines."""
    machine: str
    instance: str
    row: JournalRow


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """One life of a machine, as its owner committed it last."""

    machine: str
    id: str
    run: int
    status: str
    """A word of smtui.chart Status; `ended` after an operator started over."""
    configuration: tuple[str, ...]
    seq: int
    """Its last journalled step."""
    updated_at: float
    snapshot: Data | None
    """As smtui.chart encodes it; None when the next run has not begun."""

    @property
    def data(self) -> Data:
        """Return the instance's data, {} before its first commit."""
        value = (self.snapshot or {}).get("data")
        return value if isinstance(value, dict) else {}


class InstanceSize(NamedTuple):
    """How many instances of a machine are in one configuration."""

    status: str
    configuration: tuple[str, ...]
    n: int


class TimerRow(NamedTuple):
    """A delay under way."""

    machine: str
    instance: str
    id: str
    event: str
    due_at: float


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One version of a definition's text."""

    hash: str
    dialect: str
    name: str
    file: str
    text: str = field(repr=False)
    added_at: float = 0.0
