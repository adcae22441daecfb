"""The values that go into the core and come out of it.

    step(chart, snapshot, event, answers=()) -> Step | Ask

The laws of this file: everything here is a value; nothing here knows a clock,
a file or a process. What will ever come back is an entry of
`Snapshot.pending` whose id is made from (instance, seq, n), so resuming means
performing again what is pending without a result, and an answer to an id no
longer pending is dropped.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from smtui.chart.effects import (
    CancelChild,
    CancelTimer,
    Effect,
    Finish,
    Log,
    Query,
    Run,
    StartChild,
    StartTimer,
    Status,
    Watch,
)
from smtui.chart.entries import (
    ChildEntry,
    Kind,
    Pending,
    RunEntry,
    Settle,
    Settlement,
    TimerEntry,
    WatchEntry,
)
from smtui.chart.instant import At
from smtui.chart.messages import Decision, Lineage, Message, Pause, Send
from smtui.definition import Failure, Json

__all__ = [
    "At",
    "CancelChild",
    "CancelTimer",
    "Cancelled",
    "ChildEntry",
    "Cursor",
    "Data",
    "Done",
    "Effect",
    "Event",
    "Finish",
    "Fired",
    "Given",
    "Go",
    "Ignored",
    "In",
    "Interrupted",
    "Kind",
    "Log",
    "Micro",
    "Outcome",
    "Patch",
    "Pending",
    "Query",
    "Raised",
    "Rejected",
    "Result",
    "Run",
    "RunEntry",
    "Send",
    "Settle",
    "Settlement",
    "Snapshot",
    "StartChild",
    "StartTimer",
    "Status",
    "Step",
    "Taken",
    "TimerEntry",
    "Watch",
    "WatchEntry",
    "Woken",
]

Data: TypeAlias = Mapping[str, Json]


class Given(NamedTuple):
    """What a run is born with; the core makes up nothing."""

    machine: str
    instance: str
    run: int
    id: str
    """Id of what caused the start; the first actions' keys come from it."""
    at: At
    reserved: Data = MappingProxyType({})
    """Keys the machine owns (machine_name): they win over initial data."""
    held: tuple[str, ...] = ()
    """Ids of jobs handed to this run by the machine that started it."""
    lineage: Lineage | None = None
    """Whose child this instance is, if a statechart invoked it."""


class Event(NamedTuple):
    """An event from the inbox."""

    name: str
    data: Json
    """The payload."""
    id: str
    at: At
    source: str = ""
    """Name of the machine that sent it; a statechart can reply to it."""
    job_id: str | None = None
    message: Message | None = None
    """Its SCXML fields, when a statechart sent it; `name` and `data` are those
    of the message then."""


class Fired(NamedTuple):
    """A pending timer is due."""

    id: str
    at: At


class Result(NamedTuple):
    """An action ended by itself; the value's shape belongs to its type."""

    value: Mapping[str, Json]
    counters: Mapping[str, int] = MappingProxyType({})
    """Change counters of the watched topics, read in the same transaction."""


class Raised(NamedTuple):
    """An action failed: an `error` event, with this message."""

    message: str
    kind: str = ""
    """The exception's class name, or `crashed` for the poison rule."""
    failure: Failure = Failure.FINAL


class Interrupted(NamedTuple):
    """An operator's act ended the action without a result."""

    why: str


class Patch(NamedTuple):
    """Changed and removed top-level keys of the data."""

    set: Data
    unset: tuple[str, ...] = ()


class Done(NamedTuple):
    """What a pending Run or Query gave."""

    id: str
    answer: Result | Raised | Interrupted
    at: At
    patch: Patch | None = None


class Woken(NamedTuple):
    """What a pending Watch waits for has changed, or its deadline has come."""

    id: str
    at: At


class Go(NamedTuple):
    """Nothing came in, and the action list wants to run on."""

    at: At


class Cancelled(NamedTuple):
    """The state that invoked this instance was left: exit all, and end."""

    at: At


In: TypeAlias = Event | Fired | Done | Woken | Go | Cancelled


class Cursor(NamedTuple):
    """The place in the action list an engine instance is in.

    It stays, at its end, until a real transition, so a pass number is never
    used twice for one entry.
    """

    transition: int | None
    """Index of the transition whose actions come first, or None."""
    state: str
    offset: int
    """Number of the action whose turn it is."""
    entry: str
    """Id of this entry of the state: owner of what the list asks for."""
    pass_: int
    took: bool
    looped: bool
    rearm: bool
    only: tuple[int, ...] | None
    """The indices that run in this pass; None for all."""
    cause: str
    since: Mapping[str, int]
    by: At | None
    then: "Cursor | None"
    """Where to go on after a self-loop's own actions."""


class Snapshot(NamedTuple):
    """All there is to know of an instance between macrosteps."""

    chart_hash: str
    instance: str
    run: int
    configuration: tuple[str, ...]
    data: Data
    history: Mapping[str, tuple[str, ...]]
    pending: Mapping[str, Pending]
    cursor: Cursor | None
    held: Mapping[str, str]
    """Job id -> `queue` or `claim`: how this run came to hold it."""
    seq: int
    """Number of the last journalled step."""
    status: Status
    since: At
    """When the present configuration was entered."""
    turn: int
    """Number of steps taken, idle ones included: pending ids come from it."""
    stepped: At
    """When the last step was taken."""
    gos: int = 0
    """Go steps since the last event, result, timer or wake-up."""
    pause: Pause | None = None
    """A macrostep that waits for an author's action."""
    lineage: Lineage | None = None
    bound: tuple[str, ...] = ()
    """States whose late-bound data has been bound."""


class Taken(NamedTuple):
    """The input changed something, as the author wrote."""

    why: str = ""
    """What went wrong all the same, behind the change."""


class Ignored(NamedTuple):
    """No transition wanted it; the data may have changed all the same."""

    why: str


class Rejected(NamedTuple):
    """It was refused."""

    code: str
    why: str
    details: tuple[str, ...] = ()
    """What is wrong, each by itself, where it is several things."""


Outcome: TypeAlias = Taken | Ignored | Rejected


class Micro(NamedTuple):
    """One transition that was taken."""

    source: str
    """'' for the initial entry."""
    event: str
    target: str
    transition: int
    """Index of the transition in the chart; -1 for the initial entry."""
    is_loop: bool = False
    """Targetless, as a self-loop of an engine list: nothing was left or entered."""
    exited: tuple[str, ...] = ()
    """The states its microstep left, in order; the same on each of its Micros."""
    entered: tuple[str, ...] = ()


class Step(NamedTuple):
    """What one input did."""

    snapshot: Snapshot
    effects: tuple[Effect, ...]
    outcome: Outcome
    micro: tuple[Micro, ...]
    is_idle: bool = False
    """A pass that looked and found nothing: counted, not journalled."""
    decided: tuple[Decision, ...] = ()
    """The guards of a statechart that were evaluated, in order."""
    is_open: bool = False
    """What becomes of the event is told by the step that ends the action it
    asked for; until then the event stays in the inbox."""
    settles: str = ""
    """Id of the event that stayed in the inbox: this step is its outcome."""
    event: str = ""
    """The event it is about, where neither the input nor a transition says."""
