"""The supervisor's side of the nursery: births instead of starts.

Laws of this file:

- a nursery that is missing, dead, silent or refuses is no reason to wait:
  `bear` returns None and the caller starts the process itself
- one that is silent is killed before anybody else is started in its place:
  what it had said is read, and what it had not said lives nowhere (the law of
  smtui.wire.birth), so no epoch ever has two processes
- a nursery that was of use is replaced when it dies, a few times; until the
  new one is warm nobody waits for it
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from smtui.errors import WireError
from smtui.supervisor.logs import OWN_LOG, Capture, LogPump
from smtui.supervisor.marks import NURSERY
from smtui.supervisor.nest import Nest
from smtui.supervisor.spawn import Process, exit_code_of
from smtui.supervisor.undertaker import Undertaker
from smtui.wire.birth import Birth, ask, take_answer

__all__ = ["Nursery"]

FIRST_S = 5.0
"""For the first answer: it imports for 0.2 s on an idle computer."""

SILENT_S = 2.0
"""For any other answer: it takes 4 ms on an idle computer."""

WINDOW = 4
"""Births in hand: enough that it never waits for the next one."""

_TRIES = 5
"""So often a nursery is started; one that dies of every birth is no help."""


class _Expected(NamedTuple):
    """A birth without an answer yet."""

    child: str
    outputs: tuple[int, int]
    """The reading ends."""
    begun: Callable[[Process], None]
    ended: Callable[[], None]
    answer: asyncio.Future[Process | None]


class Nursery:
    """Bears machine processes, as long as it can."""

    def __init__(
        self,
        first: Nest | None,
        build: Callable[[], Nest | None],
        undertaker: Undertaker,
        pump: LogPump,
    ) -> None:
        """Take over the `first` nest; `build` makes another when it dies."""
        self._build = build
        self._undertaker = undertaker
        self._pump = pump
        self._nest: Nest | None = None
        self._process: Process | None = None
        self._over = asyncio.Event()
        self._expected: deque[_Expected] = deque()
        self._window = asyncio.Semaphore(WINDOW)
        self.is_warm = False
        """It has said its first word, and answers at once."""
        self._tries = 0
        self._move_in(first)

    @property
    def pid(self) -> int | None:
        """Return the process that bears, None when there is none."""
        return self._nest.pid if self._nest else None

    async def bear(
        self,
        birth: Birth,
        begun: Callable[[Process], None],
        ended: Callable[[], None],
    ) -> Process | None:
        """Return the process of a birth; None when it was not born.

        `begun` is called the instant it is known, before it can have reported
        itself; `ended` as soon as its exit code is known.
        """
        async with self._window:
            if not self.is_warm and self._tries > 1:
                return None
            self._undertaker.expects(birth.child)
            process = await self._born(birth, begun, ended)
            if process is None:
                self._undertaker.expects_no_more(birth.child)
            return process

    async def close(self) -> None:
        """End it; nothing is born any more."""
        self._tries = _TRIES
        if self._process is not None:
            self._process.kill()
        self._move_out()
        if self._process is not None:
            await self._over.wait()

    # ------------------------------------------------------------- talking

    async def _born(
        self,
        birth: Birth,
        begun: Callable[[Process], None],
        ended: Callable[[], None],
    ) -> Process | None:
        outputs = self._ask(birth)
        if outputs is None:
            return None
        answer: asyncio.Future[Process | None]
        answer = asyncio.get_running_loop().create_future()
        expected = _Expected(birth.child, outputs, begun, ended, answer)
        self._expected.append(expected)
        limit = SILENT_S if self.is_warm else FIRST_S
        try:
            done, _ = await asyncio.wait([answer], timeout=limit)
        except asyncio.CancelledError:
            answer.cancel()  # who is born for nobody is killed
            raise
        if not done:
            self._give_up(f"silent for {limit:g} s")
        return answer.result()

    def _ask(self, birth: Birth) -> tuple[int, int] | None:
        """Ask for a birth; return the reading ends of its output.

        None when it cannot even be asked for.
        """
        if self._nest is None:
            return None
        out, out_end = os.pipe()
        err, err_end = os.pipe()
        try:
            ask(self._nest.door, birth, out_end, err_end)
        except OSError:
            os.close(out)
            os.close(err)
            return None
        finally:
            os.close(out_end)
            os.close(err_end)
        return out, err

    def _answered(self) -> None:
        if not self._hear():
            self._lost("gone")

    def _hear(self) -> bool:
        """Take in what it has said so far; return whether more may come."""
        while self._nest is not None:
            try:
                born = take_answer(self._nest.door)
            except BlockingIOError:
                return True
            except WireError as error:
                self._note(error.message)
                return False
            if born is None:
                return False
            if not self.is_warm:
                self.is_warm = True  # its first word
            elif self._expected:
                expected = self._expected.popleft()
                if not born.pid:
                    self._note(f"{expected.child} was not born: {born.why}")
                self._settle(expected, born.pid)
        return False

    def _settle(self, expected: _Expected, pid: int) -> None:
        """Tell who waits for a birth, also of one that was none."""
        process = None
        if pid:
            self._undertaker.begins(expected.child, pid)
            capture = Capture(*expected.outputs)
            reap = partial(exit_code_of, pid)
            process = Process(pid, capture, expected.ended, reap)
        else:
            for fd in expected.outputs:
                os.close(fd)
        if expected.answer.done():
            if process is not None:
                process.kill()  # who wanted it has gone
            return
        if process is not None:
            expected.begun(process)
        expected.answer.set_result(process)

    # ------------------------------------------------------ life and death

    def _move_in(self, nest: Nest | None) -> None:
        if nest is None:
            return
        self._tries += 1
        self._nest, self.is_warm = nest, False
        self._over = over = asyncio.Event()
        self._undertaker.begins(NURSERY, nest.pid)

        def ended() -> None:
            self._undertaker.forget(nest.pid)
            over.set()

        capture = Capture(nest.out, nest.err)
        self._pump.follow(OWN_LOG, capture)
        self._process = Process(
            nest.pid, capture, ended, partial(exit_code_of, nest.pid)
        )
        asyncio.get_running_loop().add_reader(nest.door, self._answered)

    def _move_out(self) -> None:
        """Let go of the nest; what it has not answered was not born."""
        if self._nest is not None:
            asyncio.get_running_loop().remove_reader(self._nest.door)
            self._nest.door.close()
            self._nest = None
        while self._expected:
            self._settle(self._expected.popleft(), 0)

    def _give_up(self, why: str) -> None:
        """Kill a nursery that does not do its work."""
        if self._process is not None:
            self._process.kill()
        self._hear()
        self._lost(why)

    def _lost(self, why: str) -> None:
        self._note(why)
        if self._process is not None:
            self._process.kill()
        was_warm, self.is_warm = self.is_warm, False
        self._move_out()
        if was_warm and self._tries < _TRIES:
            self._move_in(self._build())

    def _note(self, text: str) -> None:
        self._pump.note(OWN_LOG, f"nursery: {text}")
