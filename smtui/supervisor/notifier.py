"""Tells humans: the viewers' terminals ring, and the command of `notify:` runs.

Laws of this file:

- supervision never waits for a command: they run one after the other, each at
  most 10 s, and while 100 wait what else comes is dropped and counted
- what a command prints is in the supervisor's log
"""

import asyncio
import json
import os
import subprocess
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from smtui.clock import Clock, rfc3339
from smtui.store import JobRow
from smtui.supervisor.fleet import Fleet
from smtui.supervisor.logs import OWN_LOG, LogPump
from smtui.supervisor.marks import CHILD_MARK, DATA_MARK
from smtui.supervisor.notices import Bulletin, Wanted
from smtui.supervisor.procs import on_exit
from smtui.supervisor.undertaker import Undertaker
from smtui.supervisor.views import rows_of
from smtui.wire import Notice

__all__ = ["Notifier"]

NOTIFY = "@notify"
"""The name its processes go by; no machine's name holds an `@`."""

LIMIT_S = 10.0
MOST_WAITING = 100

_OUTPUT_BYTES = 2000


class Notifier:
    """Looks at what changed, and tells."""

    def __init__(
        self, fleet: Fleet, undertaker: Undertaker, pump: LogPump, clock: Clock
    ) -> None:
        self._fleet = fleet
        self._undertaker = undertaker
        self._pump = pump
        self._clock = clock
        self._bulletin = Bulletin()
        self._waiting: deque[Notice] = deque()
        self._bell = asyncio.Event()
        self._dropped = 0

    def want(self, wanted: Wanted) -> None:
        """Tell this from now on."""
        self._bulletin.wanted = wanted

    def look(self, names: Iterable[str]) -> None:
        """Look at children that may have changed, or been still too long."""
        if not self._bulletin.wanted.on:
            return
        children = [self._fleet.children[n] for n in names if n in self._fleet.children]
        rows = (row for each in children for row in rows_of(each, self._clock))
        self._tell(self._bulletin.of_machines(rows, self._clock.now()))

    def discarded(self, jobs: Iterable[JobRow]) -> None:
        """Tell of jobs that were just discarded."""
        self._tell(self._bulletin.of_jobs(jobs, self._clock.now()))

    async def keep_telling(self) -> None:
        """Run the command for all that is told, for ever."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            while self._waiting:
                await self._run(self._waiting.popleft())
            if self._dropped:
                self._note(f"{self._dropped} were dropped: too many at a time")
                self._dropped = 0

    # ------------------------------------------------------------- telling

    def _tell(self, notices: Iterable[Notice]) -> None:
        wanted = self._bulletin.wanted
        for notice in notices:
            self._note(f"{notice.machine} {notice.event}: {notice.text}")
            if wanted.bell:
                self._fleet.stream.told(notice)
            if not wanted.command:
                continue
            if len(self._waiting) >= MOST_WAITING:
                self._dropped += 1
            else:
                self._waiting.append(notice)
                self._bell.set()

    async def _run(self, notice: Notice) -> None:
        given = os.memfd_create("notice", os.MFD_CLOEXEC)
        out = os.memfd_create("output", os.MFD_CLOEXEC)
        try:
            os.write(given, self._document(notice))
            os.lseek(given, 0, os.SEEK_SET)
            await self._run_with(given, out)
            self._keep(os.pread(out, _OUTPUT_BYTES, 0))
        except OSError as error:
            self._note(f"the command cannot be run: {error.strerror}")
        finally:
            os.close(given)
            os.close(out)

    async def _run_with(self, given: int, out: int) -> None:
        popen = self._start(given, out)
        ended = asyncio.Event()
        self._undertaker.begins(NOTIFY, popen.pid)
        on_exit(popen.pid, ended.set)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(LIMIT_S):
                    await ended.wait()
            if popen.poll() is None:
                self._note(f"the command took more than {LIMIT_S:g} s: KILL")
        finally:
            if popen.poll() is None:
                self._undertaker.kill_company(NOTIFY)
            code = popen.wait()  # KILL takes no time worth a switch
            self._undertaker.forget(popen.pid)
        if code > 0:
            self._note(f"the command ended with exit {code}")

    def _start(self, given: int, out: int) -> subprocess.Popen[bytes]:
        wanted, data = self._bulletin.wanted, str(self._fleet.data_dir)
        return subprocess.Popen(  # noqa: S603 - what the operator wrote
            list(wanted.command),
            stdin=given,
            stdout=out,
            stderr=out,
            cwd=wanted.cwd if Path(wanted.cwd).is_dir() else data,
            env={**os.environ, DATA_MARK: data, CHILD_MARK: NOTIFY},
            start_new_session=True,
        )

    def _document(self, notice: Notice) -> bytes:
        document = {
            "event": notice.event,
            "machine": notice.machine,
            "text": notice.text,
            "at": rfc3339(notice.at),
            "data": str(self._fleet.data_dir),
        }
        return json.dumps(document).encode("ascii") + b"\n"

    def _keep(self, output: bytes) -> None:
        for line in output.decode("utf-8", "replace").splitlines():
            self._note(f"| {line}")

    def _note(self, text: str) -> None:
        self._pump.note(OWN_LOG, f"notify: {text}")
