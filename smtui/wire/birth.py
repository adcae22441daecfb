"""What the supervisor and its nursery say to each other.

    supervisor ── Birth, and the writing ends of two pipes ──▶ nursery
        ▲                                                         │ forks twice
        └────────────── Born: the pid, or why not ────────────────┘

Over a SOCK_SEQPACKET pair: one message is one packet, and answers come in the
order of the questions. The first word is the nursery's: a Born with its own
pid, when it is warm. Whoever closes its end has said that it is no more.

The law of this file: a newborn does nothing of its own before its Born was
sent. So a supervisor that has killed the nursery and read what it had said
knows of everybody who lives.
"""

import json
import socket
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import cast

from smtui.errors import WireError

__all__ = ["MAX_BYTES", "Birth", "Born", "answer", "ask", "take_answer", "take_birth"]

MAX_BYTES = 1 << 18
"""More than the kernel lets one packet be (net.core.wmem_default)."""


@dataclass(frozen=True, slots=True)
class Birth:
    """A machine process that is wanted."""

    child: str
    epoch: int
    cwd: str
    env: Mapping[str, str]
    """Its whole environment."""


@dataclass(frozen=True, slots=True)
class Born:
    """What became of the oldest Birth that has no answer yet."""

    pid: int
    """0 when there is no process."""
    why: str = ""


def ask(door: socket.socket, birth: Birth, out: int, err: int) -> None:
    """Ask for a process whose output goes to these descriptors.

    Raises OSError when the other side is gone, does not read, or the
    environment is too large for a packet.
    """
    socket.send_fds(door, [_dumps(asdict(birth))], [out, err])


def take_birth(door: socket.socket) -> tuple[Birth, list[int]] | None:
    """Wait for a Birth; None when the supervisor is gone.

    Raises WireError for a packet that is not one.
    """
    data, fds, _, _ = socket.recv_fds(door, MAX_BYTES, 2)
    if not data:
        return None
    found = _loads(data)
    try:
        env = cast("dict[str, str]", found["env"])
        child, epoch = str(found["child"]), int(str(found["epoch"]))
        return Birth(child, epoch, str(found["cwd"]), env), fds
    except (KeyError, ValueError) as error:
        raise WireError(f"no birth: {error!r}") from error


def answer(door: socket.socket, born: Born) -> None:
    """Answer the oldest Birth. Raises OSError when nobody listens."""
    door.send(_dumps(asdict(born)))


def take_answer(door: socket.socket) -> Born | None:
    """Return the next answer, None when the nursery is no more.

    Raises BlockingIOError when there is none yet.
    """
    try:
        data = door.recv(MAX_BYTES)
    except ConnectionError:
        return None
    if not data:
        return None
    found = _loads(data)
    try:
        return Born(int(str(found["pid"])), str(found["why"]))
    except (KeyError, ValueError) as error:
        raise WireError(f"no answer: {error!r}") from error


def _dumps(document: Mapping[str, object]) -> bytes:
    # ASCII: what is not UTF-8 in an environment crosses as escapes
    return json.dumps(document).encode("ascii")


def _loads(data: bytes) -> dict[str, object]:
    try:
        return cast("dict[str, object]", dict(json.loads(data)))
    except (ValueError, TypeError) as error:
        raise WireError(f"garbage in the nursery's door: {error}") from error
