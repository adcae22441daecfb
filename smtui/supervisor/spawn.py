"""Start one process of a child.

Laws of this file:

- only from the main thread: what a thread starts may die with the thread
- every process leads a session and a group of its own, gets /dev/null as
  input and a pipe each for output and errors, and inherits no descriptor
- it stays a zombie until its exit code is taken here, so its pid means it and
  nobody else for as long as `code` is None
"""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from smtui.errors import SupervisorError
from smtui.supervisor.logs import Capture
from smtui.supervisor.procs import on_exit

__all__ = ["Process", "exit_code_of", "spawn"]


class Process:
    """A process of ours, and its exit code when it has one."""

    def __init__(
        self,
        pid: int,
        capture: Capture,
        ended: Callable[[], None],
        reap: Callable[[], int],
    ) -> None:
        """Call `ended` from the loop as soon as `code` is known.

        `reap` takes the exit code of the process once it has one.
        """
        self.pid = pid
        self.capture = capture
        self.code: int | None = None
        """The exit code (a signal is negative), None while it lives."""
        self._ended = ended
        self._reap = reap
        on_exit(pid, self._take_code)

    def terminate(self, *, group: bool) -> None:
        """Ask it to end; with `group` also what shares its process group."""
        self._signal(signal.SIGTERM, group=group)

    def kill(self) -> None:
        """End it."""
        self._signal(signal.SIGKILL, group=True)

    def _signal(self, number: signal.Signals, *, group: bool) -> None:
        if self.code is not None:
            return
        with suppress(ProcessLookupError, PermissionError):
            if group:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)

    def _take_code(self) -> None:
        self.code = self._reap()
        self._ended()


def spawn(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    ended: Callable[[], None],
) -> Process:
    """Start a command; raises SupervisorError saying why it cannot be."""
    out, out_end = os.pipe()
    err, err_end = os.pipe()
    try:
        popen = subprocess.Popen(  # noqa: S603 - what the operator wrote
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=out_end,
            stderr=err_end,
            cwd=cwd,
            env=dict(env),
            start_new_session=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        os.close(out)
        os.close(err)
        raise SupervisorError(_why(error, command, cwd)) from error
    finally:
        os.close(out_end)
        os.close(err_end)
    return Process(popen.pid, Capture(out, err), ended, popen.wait)


def exit_code_of(pid: int) -> int:
    """Take the exit code of our child that has ended or is about to."""
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _why(error: Exception, command: Sequence[str], cwd: Path) -> str:
    if isinstance(error, OSError) and error.strerror:
        what = cwd if error.filename == str(cwd) else command[0]
        return f"cannot be started: {what}: {error.strerror}"
    return f"cannot be started: {command[0]}: {error}"
