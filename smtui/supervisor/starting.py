"""Start a fleet in the background.

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
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NoReturn, Self, cast

from smtui.clock import SystemClock
from smtui.errors import SupervisorError
from smtui.supervisor.args import SupervisorArgs
from smtui.supervisor.found import Found
from smtui.supervisor.lock import LockInfo, read_lock
from smtui.supervisor.marks import CHILD_MARK

__all__ = ["GUARDIAN", "Launch", "start_fleet"]

GUARDIAN = Path(__file__).with_name("guardian.py")
"""Run by path with `python -I`: it imports nothing of this program."""

START_S = 20.0
"""A cold start on a busy disk takes 2 s."""


def start_fleet(args: SupervisorArgs, deadline_s: float = START_S) -> LockInfo:
    """Start guardian and supervisor; return when control.sock answers.

    Call it from the main thread, before a screen takes the terminal. What the
    paths of `args` hold is read after that; problems come with the Fleet.

    Raises SupervisorError when one runs already, it cannot start, or does not
    in `deadline_s`; a store that cannot be used is a SupervisorError too.
    """
    with Launch(args, deadline_s) as launched:
        launched.say()
        return launched.wait()


class Launch:
    """A guardian and a supervisor that wait for the word to begin.

    They get ready while who launched them looks whether there is anything to
    run; until the word they touch nothing, and without it they end. The word
    is what was found meanwhile, so that nobody has to look again.
    """

    def __init__(self, args: SupervisorArgs, limit_s: float = START_S) -> None:
        """Start both; raises SupervisorError when that cannot be.

        From the word on they have `limit_s`.
        """
        self._clock = SystemClock()
        self._limit_s = limit_s
        self._deadline = 0.0
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

    def say(self, found: Found | None = None) -> None:
        """Tell them to begin, and what was found in the paths.

        Raises SupervisorError when they do not listen in time.
        """
        self._deadline = self._clock.elapsed() + self._limit_s
        self._args.data_dir.mkdir(parents=True, exist_ok=True)
        left = (found.to_json() if found else "{}").encode()
        os.set_blocking(self._given, False)
        # who does not read it any more has reported why
        with suppress(BrokenPipeError):
            while left:
                if not select.select([], [self._given], [], self._patience_s())[1]:
                    self._give_up()
                left = left[os.write(self._given, left) :]
        os.close(self._given)
        self._given = -1

    def wait(self) -> LockInfo:
        """Return when control.sock answers; raises what start_fleet does."""
        try:
            report = _read_report(self._report, self._patience_s)
        except TimeoutError:
            self._give_up()
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

    def _patience_s(self) -> float:
        """Return how long they have left."""
        return max(0.0, self._deadline - self._clock.elapsed())

    def _give_up(self) -> NoReturn:
        with suppress(ProcessLookupError):
            os.kill(self._guardian, signal.SIGKILL)  # its supervisor follows it
        raise SupervisorError(
            f"the supervisor did not start in {self._limit_s:g} s",
            hint=f"see {self._args.data_dir / 'logs' / 'supervisor.log'}",
        ) from None


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


def _read_report(fd: int, patience_s: Callable[[], float]) -> dict[str, object]:
    """Return the supervisor's line, or what it said instead of one.

    Raises TimeoutError when there is no patience left.
    """
    text = b""
    while True:
        if not select.select([fd], [], [], patience_s())[0]:
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
