"""The wire room: what processes say to each other, and through which door.

Exported here is only what does no I/O, so that the pure view may import it.
The doors are imported by module:

    smtui.wire.paths      where the sockets of a data directory are
    smtui.wire.doorbell   Doorbell (bind, drain), ring
    smtui.wire.peer       the uid on the other side
    smtui.wire.client     ControlClient: ask the supervisor, watch the fleet
"""

from smtui.wire.codec import MAX_LINE_BYTES, Decoder, decode, encode
from smtui.wire.merge import merge
from smtui.wire.messages import (
    BLOCKED,
    Answer,
    Ask,
    ChildState,
    Fleet,
    Frame,
    Hello,
    MachineView,
    Message,
    Notice,
    ProblemView,
    Ready,
    RunningAction,
    TimerView,
    Update,
)
from smtui.wire.restarts import Backoff, Intensity

__all__ = [
    "BLOCKED",
    "MAX_LINE_BYTES",
    "Answer",
    "Ask",
    "Backoff",
    "ChildState",
    "Decoder",
    "Fleet",
    "Frame",
    "Hello",
    "Intensity",
    "MachineView",
    "Message",
    "Notice",
    "ProblemView",
    "Ready",
    "RunningAction",
    "TimerView",
    "Update",
    "decode",
    "encode",
    "merge",
]
