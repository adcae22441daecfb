"""The two conversations of a supervisor, one object a connection.

    ControlTalk   a client: Ask -> Answer, and the stream after Ask("watch")
    EventsTalk    a machine process: Hello, Ready, Frames

A far side that speaks garbage, or whose uid is not ours, is hung up on.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine
from typing import Protocol

from smtui.errors import SmtuiError, WireError
from smtui.supervisor.stream import Stream
from smtui.wire import (
    Answer,
    Ask,
    Decoder,
    Frame,
    Hello,
    Message,
    Ready,
    encode,
)
from smtui.wire.peer import check_peer

__all__ = ["MAX_ASKS", "ControlTalk", "EventsTalk", "Listener"]

MAX_ASKS = 64
"""Asks of one client in hand at a time; the next is refused."""


class _Talk(asyncio.Protocol, ABC):
    """What both have in common: bytes to messages, and who it is."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._decoder = Decoder()
        self._is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.WriteTransport):
            raise TypeError("a Unix stream is writable")
        self._transport = transport
        try:
            check_peer(transport.get_extra_info("socket"))
        except WireError:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        try:
            for message in self._decoder.feed(data):
                self.take(message)
        except WireError:
            self.hang_up()

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False

    def is_busy(self) -> bool:
        """Return whether the far side has not read what it was sent."""
        return self._is_paused

    def send(self, message: Message) -> None:
        """Send a message; a far side that is gone is no error."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(encode(message))

    def hang_up(self) -> None:
        """End the conversation after what was sent."""
        if self._transport is not None:
            self._transport.close()

    @abstractmethod
    def take(self, message: Message) -> None:
        """Handle one message; raise WireError for one that is out of place."""


class ControlTalk(_Talk):
    """A client of control.sock."""

    def __init__(
        self,
        stream: Stream,
        answer: Callable[[Ask], Awaitable[Answer]],
        begin: Callable[[Coroutine[None, None, None]], object],
    ) -> None:
        """`begin` makes a task of the fleet's group."""
        super().__init__()
        self._stream = stream
        self._answer = answer
        self._begin = begin
        self._in_hand = 0

    def take(self, message: Message) -> None:
        """Answer an Ask."""
        if not isinstance(message, Ask):
            raise WireError(f"a client sent a {type(message).__name__}")
        if self._in_hand >= MAX_ASKS:
            text = f"{MAX_ASKS} requests of this client are in hand already"
            self.send(Answer(message.id, ok=False, error=text))
        elif message.op == "watch":
            self.send(Answer(message.id, ok=True))
            self._stream.join(self)
        else:
            self._in_hand += 1
            self._begin(self._reply(message))

    def resume_writing(self) -> None:
        """Send what waited while the client did not read."""
        super().resume_writing()
        self._stream.relieve(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the viewer."""
        del exc
        self._stream.leave(self)

    async def _reply(self, ask: Ask) -> None:
        try:
            answer = await self._answer(ask)
        except SmtuiError as error:
            answer = Answer(
                ask.id,
                ok=False,
                error=error.message,
                hint=error.hint,
                exit_code=error.exit_code,
            )
        finally:
            self._in_hand -= 1
        self.send(answer)


class Listener(Protocol):
    """Who hears what machine processes report."""

    def hello(self, talk: "EventsTalk", message: Hello) -> bool:
        """Return whether this is a process of the fleet, now."""
        ...

    def ready(self, talk: "EventsTalk") -> None:
        """Note that the machines of a child run."""
        ...

    def frame(self, talk: "EventsTalk", frame: Frame) -> None:
        """Note what a machine does now."""
        ...

    def bye(self, talk: "EventsTalk") -> None:
        """Note that a process hung up."""
        ...


class EventsTalk(_Talk):
    """A machine process on events.sock."""

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self._listener = listener
        self.hello: Hello | None = None

    def take(self, message: Message) -> None:
        """Handle a report."""
        match message:
            case Hello():
                if not self._listener.hello(self, message):
                    raise WireError(f"no such process: {message}")
                self.hello = message
            case Ready() if self.hello:
                self._listener.ready(self)
            case Frame() if self.hello:
                self._listener.frame(self, message)
            case _:
                name = type(message).__name__
                raise WireError(f"a machine process sent a {name}")

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the process."""
        del exc
        self._listener.bye(self)
