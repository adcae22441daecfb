"""Start a fleet in the background; find fleets that run.

start_fleet returns when the supervisor's doors are open. The way there:

    caller ─ posix_spawn, own session ─▶ guardian ─ fork, exec ─▶ supervisor
       ├────────────── the word to begin, on a pipe ──────────────▶│
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
from typing import NamedTuple, Self, cast

from smtui.clock import Clock, SystemClock
from smtui.errors import SmtuiError, SupervisorError, WireError
from smtui.supervisor.args import SupervisorArgs
from smtui.supervisor.found import Found
from smtui.supervisor.lock import LockInfo, read_lock
from smtui.supervisor.marks import CHILD_MARK
from smtui.wire import Answer, Ask, Decoder, encode
from smtui.wire.paths import control_path, run_roots
from smtui.wire.peer import check_peer

__all__ = ["GUARDIAN", "FleetInfo", "Launch", "list_supervisors", "start_fleet"]

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
    with Launch(args) as launched:
        return launched.go(deadline_s=deadline_s)


class Launch:
    """A guardian and a supervisor that wait for the word to begin.

    They get ready while who launched them looks whether there is anything to
    run; until the word they touch nothing, and without it they end. The word
    is what was found meanwhile, so that nobody has to look again.
    """

    def __init__(self, args: SupervisorArgs) -> None:
        """Start both; raises SupervisorError when that cannot be."""
        self._args = replace(args, is_guarded=True, cwd=args.cwd.absolute())
        reading, self._given = os.pipe()
        self._report, writing = os.pipe()
        try:
            self._guardian = _spawn(self._args, reading, writing)
        except OSError as error:
            self.close()
            raise SupervisorError(f"the guardian cannot be started: {error}") from error
        finally:
            os.close(reading)
            os.close(writing)

    def go(self, found: Found | None = None, deadline_s: float = START_S) -> LockInfo:
        """Give the word; return when control.sock answers.

        Raises what start_fleet does.
        """
        clock = SystemClock()
        deadline = clock.elapsed() + deadline_s
        self._args.data_dir.mkdir(parents=True, exist_ok=True)
        try:
            self._say(found.to_json() if found else "{}", clock, deadline)
            report = _read_report(self._report, clock, deadline)
        except TimeoutError:
            with suppress(ProcessLookupError):
                os.kill(self._guardian, signal.SIGKILL)  # its supervisor follows it
            raise SupervisorError(
                f"the supervisor did not start in {deadline_s:g} s",
                hint=f"see {self._args.data_dir / 'logs' / 'supervisor.log'}",
            ) from None
        info = read_lock(self._args.data_dir) if report.get("ok") else None
        if info is None:
            raise SupervisorError(
                str(report.get("error") or "the supervisor ended as it began"),
                hint=str(report.get("hint") or ""),
            )
        return info

    def close(self) -> None:
        """Let go of them; those that have not begun end."""
        for fd in (self._given, self._report):
            if fd >= 0:
                os.close(fd)
        self._given = self._report = -1

    def __enter__(self) -> Self:
        """Return itself, to be closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _say(self, word: str, clock: Clock, deadline: float) -> None:
        """Write the word; who does not read it any more has reported why."""
        left = word.encode()
        os.set_blocking(self._given, False)
        with suppress(BrokenPipeError):
            while left:
                patience = max(0.0, deadline - clock.elapsed())
                if not select.select([], [self._given], [], patience)[1]:
                    raise TimeoutError
                left = left[os.write(self._given, left) :]
        os.close(self._given)
        self._given = -1


def list_supervisors() -> list[FleetInfo]:
    """Return all fleets of this user that answer, by data directory."""
    found: list[FleetInfo] = []
    for root in run_roots():
        for directory in sorted(root.glob("*/")):
            with suppress(SmtuiError, OSError):
                found.append(_ping(directory))
    return sorted(found, key=lambda info: info.data_dir)


def _spawn(args: SupervisorArgs, word: int, report: int) -> int:
    """Start the guardian; return its pid."""
    command = [sys.executable, "-I", str(GUARDIAN), *args.program]
    env = {key: text for key, text in os.environ.items() if key != CHILD_MARK}
    return os.posix_spawn(
        sys.executable,
        [*command, "_supervise", args.to_json()],
        env,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, word, 0),
            (os.POSIX_SPAWN_DUP2, report, 1),
            (os.POSIX_SPAWN_DUP2, report, 2),
        ],
        # elsewhere the guardian does it a moment later
        setsid=sys.platform == "linux",
    )


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
