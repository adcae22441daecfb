"""The values that go into the core and come out of it.

    step(chart, snapshot, event, answers=()) -> Step | Ask

The laws of this file: everything here is a value; nothing here knows a clock,
a file or a process. What will ever come back is an entry of
`Snapshot.pending` whose id is made from (instance, seq, n), so resuming means
performing again what is pending without a result, and an answer to an id no
longer pending is dropped.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from smtui.chart.messages import Decision, Lineage, Message, Pause, Send
from smtui.definition import Json

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


class At(NamedTuple):
    """An instant on both clocks: records use `wall`, delays use `boot`."""

    wall: float
    """Seconds since the epoch."""
    boot: float
    """Seconds since boot, sleep included; compares only inside one boot_id."""
    boot_id: str

    def plus(self, seconds: float) -> "At":
        """Return the instant that many seconds later on both clocks."""
        return At(self.wall + seconds, self.boot + seconds, self.boot_id)

    def is_due(self, now: "At") -> bool:
        """Say whether this instant has come: boot time decides inside a boot."""
        if self.boot_id == now.boot_id:
            return self.boot <= now.boot
        return self.wall <= now.wall

    def seconds_left(self, now: "At") -> float:
        """Return seconds from now until this instant, never below 0."""
        same = self.boot_id == now.boot_id
        left = self.boot - now.boot if same else self.wall - now.wall
        return max(0.0, left)


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


# --------------------------------------------------------------- what goes in


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


# -------------------------------------------------------------- what is kept


class Status(StrEnum):
    """Where an instance is in its life."""

    RUNNING = "running"
    ENDING = "ending"
    """A final state's list still runs; nothing is accepted any more."""
    FINAL = "final"
    FAILED = "failed"


class Kind(StrEnum):
    """Who performs a pending Run, fixed by the action's type."""

    STORE = "store"
    """One transaction does it and writes its result."""
    WORLD = "world"
    """After the commit, at least once, under a stable key."""


class TimerEntry(NamedTuple):
    """A delay under way."""

    due: At
    event: str
    cause: str
    owner: str
    """The state that made it; '' for a delayed send."""
    message: Message | None = None
    """What a delayed send will send; None for a delay of the chart's own."""
    to: str = ""
    """The target of the delayed send, as it was evaluated."""


class RunEntry(NamedTuple):
    """An action that was asked for and has no result yet."""

    kind: Kind
    action: str
    """The interpolated action type."""
    args: Mapping[str, Json]
    """Interpolated; a bash `command` is already quoted for the shell."""
    key: str
    """Idempotency key: same cause, same key, whatever was forgotten."""
    owner: str
    """The cursor's entry that asked."""
    attempt: int = 1
    since: At | None = None
    on_crash: str = "rerun"
    topics: tuple[str, ...] = ()
    """Store actions: the change counters to read in the same transaction."""
    settle: tuple["Settle", ...] = ()
    """Store actions: held jobs to settle in the same transaction, before it."""
    tries: int = 0
    """Attempts that failed by themselves before this one (`error_policy`)."""
    invoke_id: str = ""
    """Set for the action of an invoke: its end is `done.invoke.ID`."""


class WatchEntry(NamedTuple):
    """A list waits for a change instead of polling."""

    on: tuple[str, ...]
    """Topics of the change counters, `inbox/EVENT`, and `data/KEY`."""
    since: Mapping[str, int]
    """The counters when the pass began: a later change wakes at once."""
    by: At | None
    cause: str
    owner: str


class ChildEntry(NamedTuple):
    """A child chart, or a machine, that a statechart invoked."""

    instance: str
    """Of a child chart: its instance id, and its session id."""
    invoke_id: str
    owner: str
    """The state whose invoke it is."""
    site: str
    """`STATE#N`, the N-th invoke of the state: where the chart describes it."""
    data: Mapping[str, Json]
    """What the child's declared data begins with."""
    type: str = ""
    """'' is a child chart; `machine` a machine of the fleet, named by `src`."""
    src: str = ""
    """A file to load the chart from, beside the definition."""
    content: Json = None
    """The text of the chart, where an expression gave it."""


Pending: TypeAlias = TimerEntry | RunEntry | WatchEntry | ChildEntry


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


# ------------------------------------------------------------ what comes out


class Run(NamedTuple):
    """Perform a World action after the commit."""

    id: str
    entry: RunEntry


class Query(NamedTuple):
    """Perform a Store action in one transaction that keeps its result."""

    id: str
    entry: RunEntry


class StartTimer(NamedTuple):
    """Fire the event when it is due."""

    id: str
    entry: TimerEntry


class CancelTimer(NamedTuple):
    """Forget the timer."""

    id: str


class StartChild(NamedTuple):
    """Begin an invoked child, with this instance as its parent."""

    id: str
    entry: ChildEntry


class CancelChild(NamedTuple):
    """End an invoked child, or stop the invoked action, of this pending id."""

    id: str
    instance: str = ""
    """The child's; '' for an action."""


class Watch(NamedTuple):
    """Wake the list when one of the topics has changed."""

    id: str
    entry: WatchEntry


class Log(NamedTuple):
    """A line for the machine's log."""

    level: str
    message: str


class Settlement(StrEnum):
    """What becomes of a held job."""

    COMPLETED = "completed"
    FAILED = "failed"
    """The attempt failed: retryable while attempts are left, else discarded."""
    RELEASED = "released"
    """Given back: available again, the attempt does not count."""


class Settle(NamedTuple):
    """Change a held job in the step's own transaction."""

    job_id: str
    how: Settlement
    error: str = ""


class Finish(NamedTuple):
    """The run has ended."""

    status: Status
    state: str
    data: Json = None
    """What the final state gives: the data of the parent's done.invoke."""
    is_cancelled: bool = False
    """The parent left it: there is no done.invoke."""


Effect: TypeAlias = (
    Run
    | Query
    | Send
    | StartTimer
    | CancelTimer
    | StartChild
    | CancelChild
    | Watch
    | Log
    | Settle
    | Finish
)


class Taken(NamedTuple):
    """The input changed something, as the author wrote."""


class Ignored(NamedTuple):
    """No transition wanted it; the data may have changed all the same."""

    why: str


class Rejected(NamedTuple):
    """It was refused."""

    code: str
    why: str


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
