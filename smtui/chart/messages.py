"""What statecharts say to each other, and what they ask of an author's code.

Values only. A Message is an event with its SCXML fields (5.10.1); a Question
is a guard the core cannot decide: it is answered outside, journalled, and the
same step is taken again with all answers so far.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from smtui.definition import Json

__all__ = [
    "Address",
    "AddressKind",
    "Answer",
    "Ask",
    "Decision",
    "Lineage",
    "Message",
    "MessageKind",
    "Pause",
    "Question",
    "QuestionKind",
    "Send",
]


class MessageKind(StrEnum):
    """The `type` of an SCXML event."""

    PLATFORM = "platform"
    """error.*, made by the core."""
    INTERNAL = "internal"
    """Raised, or sent to #_internal."""
    EXTERNAL = "external"


class Message(NamedTuple):
    """An event between sessions, or one on a session's internal queue."""

    name: str
    data: Json = None
    """None also where the author gave none."""
    send_id: str = ""
    """As the author gave it; a made-up one is told only where it is stored."""
    origin: str = ""
    """Where a reply goes: `#_scxml_SESSION`, or a machine's name."""
    invoke_id: str = ""
    """The invoke of the receiver that the sender is the child of."""
    kind: MessageKind = MessageKind.EXTERNAL


class AddressKind(StrEnum):
    """Who a message is for."""

    SELF = "self"
    """This instance's own external queue: its inbox."""
    PARENT = "parent"
    CHILD = "child"
    MACHINE = "machine"
    INVOKED = "invoked"
    """A machine of the fleet that this instance has invoked."""
    INVOKER = "invoker"
    """The instance of another machine that has invoked this one."""


class Address(NamedTuple):
    """Where a message goes."""

    kind: AddressKind
    name: str
    """An instance's id; of a MACHINE its name; else what tells one invocation
    from another."""


class Send(NamedTuple):
    """Put a message into an inbox, in the step's own transaction."""

    id: str
    """Made from (instance, turn, n): the row's id, so it is accepted once."""
    to: Address
    message: Message


class Lineage(NamedTuple):
    """Whose child an instance is."""

    parent: str
    """Instance id of the session that invoked it."""
    invoke_id: str
    token: str = ""
    """Set where that session is another machine's: which invocation it is."""


class QuestionKind(StrEnum):
    """Who can answer."""

    GUARD = "guard"
    """Author's code of that name."""
    PEER = "peer"
    """Whoever knows where the machine `name` is: whether in one of
    `params.states`. `params.instance` says which instance of it, '' the one
    with the asker's own id, else its only one."""


class Question(NamedTuple):
    """A guard that is author's code, with all it may look at."""

    id: str
    """Made from (instance, turn, n): the same question again has the same id."""
    kind: QuestionKind
    name: str
    params: Mapping[str, Json]
    data: Mapping[str, Json]
    event: Json
    """`_event` as expressions see it; None before the first."""


class Answer(NamedTuple):
    """What an author's guard said."""

    id: str
    holds: bool
    error: str = ""
    """What it raised: then it does not hold, and the step tells why."""
    said: str = ""
    """What was seen of another machine: `door is in closed`."""
    topics: Mapping[str, int] = MappingProxyType({})
    """What changes when the other machine moves, and its number when it was
    looked at: for a transition that waits for it."""


class Ask(NamedTuple):
    """The step needs answers: step again with them and those given before."""

    questions: tuple[Question, ...]


class Decision(NamedTuple):
    """A guard that was evaluated, in order of selection."""

    guard: str
    """Its name, or its text as written."""
    holds: bool
    error: str = ""
    said: str = ""
    """What was seen of other machines."""


class Pause(NamedTuple):
    """A macrostep that waits for an author's action (`awaits_calls`)."""

    rest: tuple[tuple[int, int], ...]
    """What is still to run: number of a block, and where in it to go on."""
    queue: tuple[Message, ...]
    """The internal queue."""
    message: Message | None
    """The event being processed."""
    invokes: tuple[str, ...]
    """States entered whose invokes have not begun."""
