"""Start a fleet in the background; find fleets that run.

start_fleet returns when the supervisor's doors are open. The way there:

    caller ─ posix_spawn, own session ─▶ guardian ─ fork, exec ─▶ supervisor
       ▲                                                            │
       └───────────── one JSON line on a pipe, or its end ──────────┘
"""

import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, cast

from smtui.clock import Clock, SystemClock
from smtui.errors import SmtuiError, SupervisorError, WireError
from smtui.supervisor.args import SupervisorArgs
from smtui.supervisor.lock import LockInfo, read_lock
from smtui.supervisor.procs import CHILD_MARK
from smtui.wire import Answer, Ask, Decoder, encode
from smtui.wire.paths import control_path, run_roots
from smtui.wire.peer import check_peer

__all__ = ["GUARDIAN", "FleetInfo", "list_supervisors", "start_fleet"]

GUARDIAN = Path(__file__).with_name("guardian.py")
"""Run by path with `python -I`: it imports nothing of this program."""

START_S = 20.0
"""A cold start on a busy disk takes 2 s."""

_ASK_S = 2.0
"""How long list_supervisors waits for each: a living one answers in 1 ms."""


class FleetInfo(NamedTuple):
    """A fleet that runs."""

    pid: int
    data_dir: Path
    paths: tuple[Path, ...]
    started_at: float
    """Seconds since the epoch."""


def start_fleet(args: SupervisorArgs, deadline_s: float = START_S) -> LockInfo:
    """Start guardian and supervisor; return when control.sock answers.

    Call it from the main thread, before a screen takes the terminal. What the
    paths of `args` hold is read after that; problems come with the Fleet.

    Raises SupervisorError when one runs already, it cannot start, or does not
    in `deadline_s`; a store that cannot be used is a SupervisorError too.
    """
    args = replace(args, is_guarded=True, cwd=args.cwd.absolute())
    args.data_dir.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe()
    try:
        guardian = _spawn(args, writing)
    finally:
        os.close(writing)
    clock = SystemClock()
    try:
        report = _read_report(reading, clock, clock.elapsed() + deadline_s)
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.kill(guardian, signal.SIGKILL)  # its supervisor follows it
        raise SupervisorError(
            f"the supervisor did not start in {deadline_s:g} s",
            hint=f"see {args.data_dir / 'logs' / 'supervisor.log'}",
        ) from None
    finally:
        os.close(reading)
    found = read_lock(args.data_dir) if report.get("ok") else None
    if found is None:
        raise SupervisorError(
            str(report.get("error") or "the supervisor ended as it began"),
            hint=str(report.get("hint") or ""),
        )
    return found


def list_supervisors() -> list[FleetInfo]:
    """Return all fleets of this user that answer, by data directory."""
    found: list[FleetInfo] = []
    for root in run_roots():
        for directory in sorted(root.glob("*/")):
            with suppress(SmtuiError, OSError):
                found.append(_ping(directory))
    return sorted(found, key=lambda info: info.data_dir)


def _spawn(args: SupervisorArgs, report: int) -> int:
    """Start the guardian; return its pid."""
    command = [sys.executable, "-I", str(GUARDIAN), *args.program]
    env = {key: text for key, text in os.environ.items() if key != CHILD_MARK}
    null = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.posix_spawn(
            sys.executable,
            [*command, "_supervise", args.to_json()],
            env,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, null, 0),
                (os.POSIX_SPAWN_DUP2, report, 1),
                (os.POSIX_SPAWN_DUP2, report, 2),
            ],
            # elsewhere the guardian does it a moment later
            setsid=sys.platform == "linux",
        )
    except OSError as error:
        raise SupervisorError(f"the guardian cannot be started: {error}") from error
    finally:
        os.close(null)


def _read_report(fd: int, clock: Clock, deadline: float) -> dict[str, object]:
    """Return the supervisor's line, or what it said instead of one.

    Raises TimeoutError at the deadline.
    """
    text = b""
    while True:
        left = deadline - clock.elapsed()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            raise TimeoutError
        data = os.read(fd, 1 << 16)
        text += data
        for line in text.splitlines():
            with suppress(ValueError, TypeError):
                return cast("dict[str, object]", dict(json.loads(line)))
        if not data:
            words = text.decode("utf-8", "replace").strip().splitlines()
            last = words[-1] if words else ""
            error = f"the supervisor did not start: {last}" if last else ""
            return {"ok": False, "error": error}


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
