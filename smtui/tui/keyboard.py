"""Keys, one after the other: each finds what the one before it has opened.

Textual hands every key to the widget that has the focus at that moment. Of a
burst - a paste, a script, a fast hand on a slow line - the second key would go
where the first one was, before the box it opens is there: letters meant for a
line would be verbs of the pane below it. So only one key is on its way at a
time; the next waits until the first has been handled, and until the screen it
has opened is mounted and has its focus.

While nothing waits a key is handed on at once, in the same turn of the loop.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.message_pump import MessagePump

__all__ = ["Keyboard", "Typed"]

Typed: TypeAlias = events.Key | events.Paste

LOOK_AGAIN_S = 0.02
"""A widget that is taken away may never answer: so often it is looked at."""

PATIENCE = 50
"""Looks at one widget: a second. No key is held back for longer by it."""


class Keyboard:
    """What was typed and is not handed on yet."""

    def __init__(
        self, app: App[str], hand_on: Callable[[Typed], Awaitable[None]]
    ) -> None:
        """`hand_on` gives an event to the widget that has the focus."""
        self._app = app
        self._hand_on = hand_on
        self._waiting: deque[Typed] = deque()
        self._is_busy = False
        self._target: DOMNode = app
        """Who was given the event that is on its way."""

    async def typed(self, event: Typed) -> bool:
        """Hand the event on or keep it; return whether `deliver` must run now."""
        if self._is_busy:
            self._waiting.append(event)
            return False
        self._is_busy = True
        self._target = self._focused()
        await self._hand_on(event)
        return True

    async def deliver(self) -> None:
        """Wait for the event that is on its way, then hand on the others."""
        try:
            await self._arrived(self._target)
            while self._waiting:
                target = self._focused()
                await self._hand_on(self._waiting.popleft())
                await self._arrived(target)
        finally:
            self._is_busy = False

    def _focused(self) -> DOMNode:
        return self._app.focused or self._app.screen

    async def _arrived(self, target: DOMNode) -> None:
        """Return when a key given to `target` has had all its consequences."""
        for pump in target.ancestors_with_self:
            await _passed(pump)  # it bubbles up to the app, which has the bindings
        screen = None
        while screen is not self._app.screen:
            screen = self._app.screen
            await _passed(screen)  # mounted, and what it asked for on the way
            await _passed(self._app)  # the focus, pages, further boxes


async def _passed(pump: MessagePump) -> None:
    """Return when a pump has handled what it has been sent so far."""
    done = asyncio.Event()
    if not pump.call_later(done.set):
        return
    for _ in range(PATIENCE):
        try:
            async with asyncio.timeout(LOOK_AGAIN_S):
                await done.wait()
        except TimeoutError:
            if not pump.is_running:
                return
        else:
            return
