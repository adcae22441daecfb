"""The log page: DATA/logs/NAME.log with its rotated past, followed.

The files are read in a thread. While the page is open they are looked at
three times a second; nothing looks at them otherwise.
"""

import asyncio
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.context import Context
from smtui.tui.logfile import LogFile
from smtui.tui.screens.pages import MachinePage
from smtui.tui.widgets.output import Output
from smtui.view.text import clean
from smtui.wire.paths import log_path

__all__ = ["LogScreen"]

LOOK_EVERY_S = 0.3


class LogScreen(MachinePage, inherit_bindings=False):
    """The output of one child."""

    SCREEN_NAME = ScreenName.LOG
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.LOG)]

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(context, name)
        machine = context.desk.machine(name)
        child = machine.child if machine else name
        self._file = LogFile(log_path(context.args.data_dir, child))
        self._is_open = False

    def compose_body(self) -> ComposeResult:
        """Yield the output."""
        yield Output(
            "l", "Log", id="rows", is_ascii=self.context.is_ascii, is_following=True
        )

    def on_mount(self) -> None:
        """Read the past, then look for more while the page is open."""
        super().on_mount()
        pane = self.query_one(Output)
        pane.zone, pane.reveal = self.context.zone, self.context.reveal
        pane.focus()
        self._begin()
        self.set_interval(LOOK_EVERY_S, self._look)

    def draw(self) -> None:
        """Show what was read."""
        if not self.is_whole:
            return
        pane = self.query_one(Output)
        pane.show(list(self._file.lines))
        state = pane.following_text()
        found = f"/{pane.query_text}  n N   " if pane.query_text else ""
        if pane.shift:
            found += f"from character {pane.shift + 1}   "
        if not self._file.is_there and self._is_open:
            state = "no output yet"
        count = len(self._file.lines)
        ending = "" if count == 1 else "s"
        title = f"Log · {clean(self.machine_name)}  {count} line{ending}"
        pane.set_titles(title, found + state)

    def action_sideways(self, step: int) -> None:
        """Show what is to the right of the pane, or to its left."""
        self.query_one(Output).sideways(step)
        self.draw()

    def action_next_match(self) -> None:
        """Go to the next match."""
        self._find(1)

    def action_previous_match(self) -> None:
        """Go to the previous match."""
        self._find(-1)

    def _find(self, step: int) -> None:
        pane = self.query_one(Output)
        if not pane.query_text:
            self.say("/ searches; n and N go through the matches")
        elif not pane.find(step):
            self.say(f"no line has {pane.query_text!r}", is_error=True)
        self.draw()

    @work(exclusive=True, group="log", exit_on_error=False)
    async def _begin(self) -> None:
        await asyncio.to_thread(self._file.open)
        self._is_open = True
        self.draw()

    def _look(self) -> None:
        if self._is_open and self.is_current and not self.context.is_paused:
            self._read_more()

    @work(exclusive=True, group="log", exit_on_error=False)
    async def _read_more(self) -> None:
        if await asyncio.to_thread(self._file.look):
            self.draw()
