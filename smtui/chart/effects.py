"""What a step asks of the outside, as values."""

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from smtui.chart.entries import ChildEntry, RunEntry, Settle, TimerEntry, WatchEntry
from smtui.chart.messages import Send
from smtui.definition import Json

__all__ = [
    "CancelChild",
    "CancelTimer",
    "Effect",
    "Finish",
    "Log",
    "Query",
    "Run",
    "StartChild",
    "StartTimer",
    "Status",
    "Watch",
]


class Status(StrEnum):
    """Where an instance is in its life."""

    RUNNING = "running"
    ENDING = "ending"
    """A final state's list still runs; nothing is accepted any more."""
    FINAL = "final"
    FAILED = "failed"


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
    is_machine: bool = False
    """It is a machine of the fleet, and `instance` says which invocation."""


class Watch(NamedTuple):
    """Wake the list when one of the topics has changed."""

    id: str
    entry: WatchEntry


class Log(NamedTuple):
    """A line for the machine's log."""

    level: str
    message: str


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
