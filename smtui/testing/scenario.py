"""A scenario as its author wrote it: a machine, stubs, and steps to take.

Values only, each with its place. `reading` makes them of a text, `playing`
plays them, `writing` writes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from smtui.definition import Json, Position

__all__ = [
    "Act",
    "AddJob",
    "After",
    "Elsewhere",
    "Expect",
    "Move",
    "Ran",
    "Scenario",
    "SendEvent",
    "Sent",
    "Stub",
    "Stubs",
]

_EMPTY: Mapping[str, Json] = {}


class Stub(NamedTuple):
    """How an action ends, instead of being run."""

    exit: int | None = None
    """Exit code of a shell action; 0 when it is not said."""
    output: str = ""
    """Its standard output: the last line is what `store_as` keeps."""
    stderr: str = ""
    timed_out: bool = False
    event: str = ""
    """The event that an author's action gives."""
    result: Mapping[str, Json] | None = None
    """What any other action answers."""
    data: Mapping[str, Json] = _EMPTY
    """Keys it sets in the machine's data."""
    error: str = ""
    """It fails with this message."""
    takes_s: float = 0.0
    """Virtual seconds."""


@dataclass(frozen=True, slots=True)
class Stubs:
    """Answers for what is not run: of several one after the other, the last stays."""

    guards: Mapping[str, tuple[bool, ...]] = field(
        default_factory=dict[str, tuple[bool, ...]]
    )
    peers: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    """Machine -> the state it is in, for guards that ask for it."""
    actions: Mapping[str, tuple[Stub | None, ...]] = field(
        default_factory=dict[str, tuple[Stub | None, ...]]
    )
    """None: it is not stubbed this time."""
    states: Mapping[str, tuple[Stub | None, ...]] = field(
        default_factory=dict[str, tuple[Stub | None, ...]]
    )
    """For shell and author's actions run in a state; stronger than by name."""
    places: Mapping[tuple[str, str], Position] = field(
        default_factory=dict[tuple[str, str], Position]
    )
    """(`guards`, name) -> where it is written."""

    def over(self, below: "Stubs") -> "Stubs":
        """Return these, and those of `below` that these do not name."""
        return Stubs(
            {**below.guards, **self.guards},
            {**below.peers, **self.peers},
            {**below.actions, **self.actions},
            {**below.states, **self.states},
            {**below.places, **self.places},
        )


class SendEvent(NamedTuple):
    """Send the machine an event."""

    event: str
    payload: Json = None


class After(NamedTuple):
    """Let virtual time pass."""

    seconds: float


class AddJob(NamedTuple):
    """Put a job into the queue."""

    type: str
    data: Mapping[str, Json] = _EMPTY


class Elsewhere(NamedTuple):
    """Let other machines move: who waits for that looks again."""

    peers: Mapping[str, str]
    """Machine -> where it is from now on; '' as the stubs say."""


Act: TypeAlias = SendEvent | After | AddJob | Elsewhere


class Sent(NamedTuple):
    """An event the machine is expected to send."""

    event: str
    to: str | None = None
    payload: Json = None
    """None: any."""


class Ran(NamedTuple):
    """An action the machine is expected to ask for."""

    action: str
    args: Mapping[str, Json] = _EMPTY
    """These among its arguments."""


@dataclass(frozen=True, slots=True)
class Expect:
    """What must be so after a step; None is not looked at."""

    at: Position
    states: tuple[str, ...] | None = None
    """All of them active."""
    data: Mapping[str, Json] | None = None
    """These keys with these values; null for one that is not there."""
    sends: tuple[Sent, ...] | None = None
    """All that the last thing done made it send to other machines, in order."""
    runs: tuple[Ran, ...] | None = None
    """All shell and author's actions that the last thing done made it ask for."""
    status: str | None = None
    outcome: str | None = None
    """Of the event that was sent: taken, ignored, rejected or waits."""
    places: Mapping[str, Position] = field(default_factory=dict[str, Position])
    """`state`, `data.KEY` and so on -> where it is written."""


class Move(NamedTuple):
    """One step: something to do, something to expect, or both."""

    at: Position
    act: Act | None
    expect: Expect | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One test."""

    name: str
    at: Position
    definition: str
    """A file, relative to that of the scenario."""
    definition_at: Position
    machine: str = ""
    """Which one of a file that defines several."""
    data: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """What the machine begins with."""
    stubs: Stubs = field(default_factory=Stubs)
    moves: tuple[Move, ...] = ()
