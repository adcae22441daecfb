"""One set of words: what a machine is doing, with its mark, in one table.

Shape, word and colour always come together, and the order of the table is the
order of attention: what an operator must look at first stands first.
"""

from enum import StrEnum
from typing import NamedTuple

from smtui.wire.messages import ChildState

__all__ = [
    "JOB_MARKS",
    "MARKS",
    "OUTCOME_STYLES",
    "TIMES",
    "Mark",
    "Standing",
    "attention",
    "of_child",
]

TIMES = "\N{MULTIPLICATION SIGN}"
"""Before the number of replicas."""


class Standing(StrEnum):
    """What the list says of a machine: its child's state, or stuck, or asks."""

    FAILED = "failed"
    HUNG = "hung"
    STUCK = "stuck"
    ASKS = "asks"
    BACKOFF = "backoff"
    BLOCKED = "blocked"
    STARTING = "starting"
    STOPPING = "stopping"
    READY = "ready"
    STOPPED = "stopped"
    DONE = "done"


class Mark(NamedTuple):
    """How a standing looks."""

    glyph: str
    """One cell wide; `to_ascii` knows its ASCII form."""
    word: str
    """What the machine list says, at most 7 characters."""
    counted: str
    """The word of the header's counts."""
    style: str
    """Class of app.tcss."""
    help: str


MARKS: dict[Standing, Mark] = {
    Standing.FAILED: Mark("✖", "failed", "failed", "failed", "gave up: says why"),
    Standing.HUNG: Mark("⧗", "hung", "hung", "stuck", "process does not answer"),
    Standing.STUCK: Mark("⧗", "stuck", "stuck", "stuck", "too long in this state"),
    Standing.ASKS: Mark("◆", "asks", "asks", "asks", "a human must answer"),
    Standing.BACKOFF: Mark("▲", "retry", "retry", "backoff", "starts again soon"),
    Standing.BLOCKED: Mark(
        "◇", "blocked", "blocked", "blocked", "waits for a dependency or a decision"
    ),
    Standing.STARTING: Mark("◐", "start", "start", "starting", "is being started"),
    Standing.STOPPING: Mark("◑", "stop", "stopping", "stopping", "is being stopped"),
    Standing.READY: Mark("●", "ready", "ready", "ready", "runs and answers"),
    Standing.STOPPED: Mark("○", "stopped", "ended", "stopped", "by an operator"),
    Standing.DONE: Mark("✓", "done", "ended", "done", "its definition ended"),
}
"""In order of attention."""

_RANKS = {standing: rank for rank, standing in enumerate(MARKS)}

_OF_CHILD = {
    ChildState.STOPPED: Standing.STOPPED,
    ChildState.BLOCKED: Standing.BLOCKED,
    ChildState.STARTING: Standing.STARTING,
    ChildState.READY: Standing.READY,
    ChildState.BACKOFF: Standing.BACKOFF,
    ChildState.STOPPING: Standing.STOPPING,
    ChildState.FAILED: Standing.FAILED,
    ChildState.DONE: Standing.DONE,
    ChildState.HUNG: Standing.HUNG,
}

JOB_MARKS: dict[str, tuple[str, str]] = {
    "running": ("●", "ready"),
    "available": ("·", "quiet"),
    "scheduled": ("◇", "blocked"),
    "retryable": ("▲", "backoff"),
    "completed": ("✓", "done"),
    "cancelled": ("○", "stopped"),
    "discarded": ("✖", "failed"),
}
"""Job status -> (glyph, style)."""

OUTCOME_STYLES = {
    "taken": "done",
    "ignored": "backoff",
    "rejected": "failed",
    "waits": "asks",
    "depends": "asks",
    "stored": "quiet",
}


def of_child(state: ChildState) -> Standing:
    """Return the standing of a machine whose child is in that state."""
    return _OF_CHILD[state]


def attention(standing: Standing) -> int:
    """Return the rank of a standing: 0 must be looked at first."""
    return _RANKS[standing]
