"""A client of the supervisor: ask on control.sock, watch the fleet.

One connection carries any number of Asks and at most one watch. There is no
task behind it: the event loop hands bytes to a protocol, which answers the
waiting Asks and keeps at most one Fleet and one merged Update, so a slow
reader costs no memory.
"""

import asyncio
import errno
import itertools
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Self

from smtui.definition import Json
from smtui.errors import (
    DefinitionError,
    NoSupervisorError,
    SmtuiError,
    SupervisorError,
    UsageError,
    WireError,
)
from smtui.wire.codec import Decoder, encode
from smtui.wire.merge import merge
from smtui.wire.messages import Answer, Ask, Fleet, Message, Update
from smtui.wire.paths import control_path, run_dir
from smtui.wire.peer import check_peer

__all__ = ["ControlClient"]

_NOBODY = (errno.ENOENT, errno.ECONNREFUSED, errno.ENOTDIR)


class ControlClient:
    """A connection to the supervisor of a data directory."""

    def __init__(self, protocol: "_Protocol", who: str) -> None:
        self._protocol = protocol
        self._who = who
        self._ids = itertools.count(1)

    @classmethod
    async def connect(
        cls, data_dir: Path, *, who: str = "", deadline_s: float = 5.0
    ) -> Self:
        """Connect; `who` (user@tty) is recorded with everything asked.

        Raises NoSupervisorError when none runs for `data_dir`, WireError when
        somebody else's does or it does not take the connection in time.
        """
        named = f"{data_dir}"
        return await cls.connect_to(
            run_dir(data_dir), who=who, deadline_s=deadline_s, named=named
        )

    @classmethod
    async def connect_to(
        cls,
        directory: Path,
        *,
        who: str = "",
        deadline_s: float = 5.0,
        named: str | None = None,
    ) -> Self:
        """Connect by run directory, for who looks for every supervisor.

        `named` is what errors call it. Raises as connect() does.
        """
        path = control_path(directory)
        data_dir = named or f"{directory}"
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(deadline_s):
                _, protocol = await loop.create_unix_connection(_Protocol, str(path))
        except TimeoutError:
            raise WireError(
                f"the supervisor of {data_dir} took no connection in {deadline_s:g} s"
            ) from None
        except OSError as error:
            if error.errno not in _NOBODY:
                raise WireError(f"{path}: {error.strerror}") from error
            raise NoSupervisorError(
                f"no supervisor runs for {data_dir}",
                hint="`smtui run PATH` starts one",
            ) from error
        if protocol.refused is not None:
            raise protocol.refused
        return cls(protocol, who)

    async def ask(
        self,
        op: str,
        args: Mapping[str, Json] | None = None,
        *,
        deadline_s: float = 10.0,
    ) -> Json:
        """Ask the supervisor and return the value of its Answer.

        Raises UsageError, SupervisorError, DefinitionError or
        NoSupervisorError (by the exit code of the Answer) when it says no,
        WireError when it is gone or silent for `deadline_s`.
        """
        number = next(self._ids)
        request = Ask(id=number, op=op, args=dict(args or {}), who=self._who)
        waiting = self._protocol.send(request)
        try:
            async with asyncio.timeout(deadline_s):
                answer = await waiting
        except TimeoutError:
            raise WireError(
                f"the supervisor did not answer {op!r} in {deadline_s:g} s"
            ) from None
        finally:
            self._protocol.forget(number)
        if not answer.ok:
            raise _error_of(answer)
        return answer.value

    async def watch(self) -> AsyncIterator[Fleet | Update]:
        """Yield the Fleet, then Updates; end when the supervisor goes.

        Updates that come in while the caller is busy are merged. Raises
        WireError when the supervisor speaks garbage.
        """
        await self.ask("watch")
        while True:
            news = self._protocol.take_news()
            if news is not None:
                yield news
            elif self._protocol.is_closed:
                return
            else:
                await self._protocol.wait_for_news()

    @property
    def is_closed(self) -> bool:
        """Return whether the supervisor is gone or close() was called."""
        return self._protocol.is_closed

    async def close(self) -> None:
        """Hang up; Asks still waiting end with a WireError."""
        await self._protocol.close()

    async def __aenter__(self) -> Self:
        """Return the client itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Hang up."""
        await self.close()


class _Protocol(asyncio.Protocol):
    """What arrives: answers to their waiters, the rest into one merged row."""

    def __init__(self) -> None:
        self.refused: WireError | None = None
        self.is_closed = False
        self._transport: asyncio.WriteTransport | None = None
        self._decoder = Decoder()
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._fleet: Fleet | None = None
        self._update: Update | None = None
        self._bell = asyncio.Event()
        self._lost: asyncio.Future[None] = asyncio.Future()

    # ---- what the loop calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.WriteTransport):
            raise TypeError("a Unix stream is writable")
        self._transport = transport
        try:
            check_peer(transport.get_extra_info("socket"))
        except WireError as error:
            self._fail(error)

    def data_received(self, data: bytes) -> None:
        try:
            messages = self._decoder.feed(data)
        except WireError as error:
            self._fail(error)
            return
        for message in messages:
            self._take(message)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_closed = True
        gone = self.refused or WireError(
            f"the supervisor hung up{f': {exc}' if exc else ''}",
            hint="`smtui ps` shows what the store knows",
        )
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(gone)
        self._bell.set()
        if not self._lost.done():
            self._lost.set_result(None)

    # ---- what the client calls

    def send(self, request: Ask) -> asyncio.Future[Answer]:
        line = encode(request)
        if self.is_closed or self._transport is None:
            raise self.refused or WireError("the supervisor hung up")
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = waiting
        self._transport.write(line)
        return waiting

    def forget(self, number: int) -> None:
        self._waiting.pop(number, None)

    def take_news(self) -> Fleet | Update | None:
        self._bell.clear()
        if self._fleet is not None:
            fleet, self._fleet = self._fleet, None
            return fleet
        update, self._update = self._update, None
        return update

    async def wait_for_news(self) -> None:
        await self._bell.wait()
        if self.refused is not None:
            raise self.refused

    async def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()
        await self._lost

    # ---- helpers

    def _take(self, message: Message) -> None:
        match message:
            case Answer():
                waiting = self._waiting.get(message.id)
                if waiting is not None and not waiting.done():
                    waiting.set_result(message)
            case Fleet():
                self._fleet, self._update = message, None
                self._bell.set()
            case Update():
                kept = self._update
                self._update = merge(kept, message) if kept else message
                self._bell.set()
            case _:
                kind = type(message).__name__
                self._fail(WireError(f"the supervisor sent a {kind}"))

    def _fail(self, error: WireError) -> None:
        self.refused = self.refused or error
        if self._transport is not None:
            self._transport.abort()


def _error_of(answer: Answer) -> SmtuiError:
    for kind in (UsageError, NoSupervisorError, DefinitionError):
        if kind.exit_code == answer.exit_code:
            return kind(answer.error, hint=answer.hint)
    return SupervisorError(answer.error, hint=answer.hint)
