"""Let a child process read definitions, so that the supervisor never does.

A definition is a stranger's text: whatever it does to who reads it (time,
memory, a crash) happens to a process with a time limit.
"""

import asyncio
import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from smtui.errors import SupervisorError
from smtui.supervisor.args import MachineOptions
from smtui.supervisor.plan import Plan, read_report
from smtui.supervisor.procs import CHILD_MARK, on_exit
from smtui.supervisor.undertaker import Undertaker

__all__ = ["CHECK", "LIMIT_S", "check", "command_of"]

CHECK = "@check"
"""The name its processes go by; no machine's name holds an `@`."""

LIMIT_S = 60.0
"""A folder of 200 files takes 2 s; more than this is a file that hangs it."""


def command_of(
    program: Sequence[str],
    data_dir: Path,
    paths: Sequence[Path],
    options: MachineOptions,
) -> list[str]:
    """Return the command line of a check."""
    command = [*program, "_check", "--data", str(data_dir)]
    if options.name is not None:
        command += ["--name", options.name]
    if options.context is not None:
        command += ["--context", json.dumps(options.context)]
    if options.actions_dir is not None:
        command += ["--actions-dir", options.actions_dir]
    return [*command, "--", *(str(path) for path in paths)]


async def check(
    command: Sequence[str],
    cwd: Path,
    undertaker: Undertaker,
    limit_s: float = LIMIT_S,
) -> Plan:
    """Run a check and return what it found.

    Raises SupervisorError when it fails, takes too long or prints anything
    but its report.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = await _run(command, cwd, (out, err), undertaker, limit_s)
        words = _text(err).strip()
        if code is None:
            raise SupervisorError(
                f"reading the definitions took more than {limit_s:g} s",
                hint="`smtui check PATH` on one file after the other finds it",
            )
        if code != 0:
            raise SupervisorError(
                f"reading the definitions failed (exit {code}): {words}",
                hint="`smtui check PATH` shows what it finds",
            )
        try:
            return read_report(json.loads(_text(out)))
        except ValueError as error:
            raise SupervisorError(
                f"the check printed no report: {error}; {words}"
            ) from error


async def _run(
    command: Sequence[str],
    cwd: Path,
    streams: tuple[IO[bytes], IO[bytes]],
    undertaker: Undertaker,
    limit_s: float,
) -> int | None:
    """Run to the end or the limit; return the exit code, None at the limit."""
    ended = asyncio.Event()
    popen = _start(command, cwd, streams)
    undertaker.begins(CHECK, popen.pid)
    on_exit(popen.pid, ended.set)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(limit_s):
                await ended.wait()
        return popen.poll()
    finally:
        if popen.poll() is None:
            popen.kill()
            popen.wait()  # KILL takes no time worth a switch
        undertaker.forget(popen.pid)


def _start(
    command: Sequence[str], cwd: Path, streams: tuple[IO[bytes], IO[bytes]]
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=streams[0],
        stderr=streams[1],
        cwd=cwd,
        env={**os.environ, CHILD_MARK: CHECK},
        start_new_session=True,
    )


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")
