"""Find the fleets of this user that run."""

import socket
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, cast

from smtui.errors import SmtuiError, WireError
from smtui.wire import Answer, Ask, Decoder, encode
from smtui.wire.paths import control_path, run_roots
from smtui.wire.peer import check_peer

__all__ = ["FleetInfo", "list_supervisors"]

_ASK_S = 2.0
"""How long each has for its answer: a living one takes 1 ms."""


class FleetInfo(NamedTuple):
    """A fleet that runs."""

    pid: int
    data_dir: Path
    paths: tuple[Path, ...]
    started_at: float
    """Seconds since the epoch."""


def list_supervisors() -> list[FleetInfo]:
    """Return all fleets of this user that answer, by data directory."""
    found: list[FleetInfo] = []
    for root in run_roots():
        for directory in sorted(root.glob("*/")):
            with suppress(SmtuiError, OSError):
                found.append(_ping(directory))
    return sorted(found, key=lambda info: info.data_dir)


def _ping(directory: Path) -> FleetInfo:
    """Ask who is behind a control socket; raises WireError or OSError."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(_ASK_S)
        door.connect(str(control_path(directory)))
        check_peer(door)
        door.sendall(encode(Ask(1, "ping")))
        decoder = Decoder()
        while data := door.recv(1 << 16):
            for message in decoder.feed(data):
                if isinstance(message, Answer):
                    return _info(message)
    raise WireError(f"{directory}: no answer")


def _info(answer: Answer) -> FleetInfo:
    found = cast("dict[str, object]", answer.value)
    try:
        return FleetInfo(
            pid=int(str(found["pid"])),
            data_dir=Path(str(found["data_dir"])),
            paths=tuple(Path(p) for p in cast("list[str]", found["paths"])),
            started_at=float(str(found["started_at"])),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"a strange answer to ping: {answer.value!r}") from error
