"""What is pending: whatever will ever come back to an instance.

An entry's id is made from (instance, turn, n), so resuming means performing
again what is pending without a result.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from smtui.chart.instant import At
from smtui.chart.messages import Message
from smtui.definition import Json, Terms

__all__ = [
    "ChildEntry",
    "Kind",
    "Pending",
    "RunEntry",
    "Settle",
    "Settlement",
    "TimerEntry",
    "WatchEntry",
]


class Kind(StrEnum):
    """Who performs a pending Run, fixed by the action's type."""

    STORE = "store"
    """One transaction does it and writes its result."""
    WORLD = "world"
    """After the commit, at least once, under a stable key."""


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
    settle: tuple[Settle, ...] = ()
    """Store actions: held jobs to settle in the same transaction, before it."""
    tries: int = 0
    """Attempts that failed by themselves before this one (`error_policy`)."""
    invoke_id: str = ""
    """Set for the action of an invoke: its end is `done.invoke.ID`."""
    terms: Terms = Terms()


class TimerEntry(NamedTuple):
    """A delay under way."""

    due: At
    event: str
    cause: str
    owner: str
    """The state that made it; '' for a delayed send, and for a retry."""
    message: Message | None = None
    """What a delayed send will send; None for a delay of the chart's own."""
    to: str = ""
    """The target of the delayed send, as it was evaluated."""
    run: RunEntry | None = None
    """The action that has failed, and is asked for once more when it is due;
    what waits for the action waits for this."""


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
    """Of a child chart: its instance id, and its session id. Of a machine: what
    tells this invocation from any other of this machine's."""
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
    """A file to load the chart from, beside the definition; a machine's name."""
    content: Json = None
    """The text of the chart, where an expression gave it."""


Pending: TypeAlias = TimerEntry | RunEntry | WatchEntry | ChildEntry
