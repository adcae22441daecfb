"""The app: it wires sources to the desk, and the desk to the screen on top.

One flush for all panes, at most 12 times a second and only after a change; one
clock tick a second for ages and countdowns; nothing else wakes an idle screen.
"""

import asyncio
import os
from datetime import tzinfo
from typing import ClassVar

from textual import events, on, work
from textual.app import App
from textual.binding import BindingType
from textual.timer import Timer

from smtui.clock import Clock
from smtui.tui.args import TuiArgs
from smtui.tui.charts import Charts
from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.context import Context
from smtui.tui.desk import Desk
from smtui.tui.following import follow_fleet, follow_records, learn_definitions
from smtui.tui.graphs import Graphs
from smtui.tui.ink import INKS
from smtui.tui.keyboard import Keyboard
from smtui.tui.messages import AskQuit, Inject, OpenPage, TogglePause
from smtui.tui.operator import Operator
from smtui.tui.ringing import ringing
from smtui.tui.screens.base import BaseScreen
from smtui.tui.screens.fleet_graph import FleetScreen
from smtui.tui.screens.graph import GraphScreen
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.job import JobScreen
from smtui.tui.screens.kanban import KanbanScreen
from smtui.tui.screens.logs import LogScreen
from smtui.tui.screens.machine import MachineScreen
from smtui.tui.screens.main import MainScreen
from smtui.tui.screens.pages import (
    HistoryScreen,
    MachinePage,
    MailScreen,
    ValuesScreen,
    WhyScreen,
)
from smtui.tui.screens.past import PastScreen
from smtui.tui.screens.problems import ProblemsScreen
from smtui.tui.screens.question import Choice, Question
from smtui.tui.sending import Sending, send
from smtui.tui.sources import Sources
from smtui.view.header import Link
from smtui.view.text import Line, Span
from smtui.wire.messages import Notice

__all__ = ["DETACHED", "STOPPED", "SmtuiApp"]

FLUSH_EVERY_S = 1 / 12
"""A dozen pictures a second look live; more only cost (`bench screen`)."""

TICK_S = 1.0

DETACHED = "detached"
STOPPED = "stopped"

_MACHINE_PAGES: dict[ScreenName, type[MachinePage]] = {
    ScreenName.MACHINE: MachineScreen,
    ScreenName.GRAPH: GraphScreen,
    ScreenName.PAST: PastScreen,
    ScreenName.BOARD: KanbanScreen,
    ScreenName.LOG: LogScreen,
    ScreenName.HISTORY: HistoryScreen,
    ScreenName.VALUES: ValuesScreen,
    ScreenName.MAIL: MailScreen,
    ScreenName.WHY: WhyScreen,
}


class SmtuiApp(App[str], inherit_bindings=False):
    """Mission control."""

    CSS_PATH = "app.tcss"
    COMPONENT_CLASSES: ClassVar[set[str]] = set(INKS)
    TITLE = "smtui"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.APP)]

    def __init__(
        self, args: TuiArgs, sources: Sources, clock: Clock, zone: tzinfo | None
    ) -> None:
        # without colours the terminal's own are used, so that only bold, dim and
        # reverse are left of the styles
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        desk = Desk(clock)
        charts = Charts(sources.records)
        self.context = Context(
            args=args,
            desk=desk,
            sources=sources,
            charts=charts,
            graphs=Graphs(charts),
            operator=Operator(desk, sources, is_read_only=args.read_only),
            zone=zone,
        )
        self._keyboard = Keyboard(self, super().on_event)
        self._flush_timer: Timer | None = None
        self._is_leaving = False
        """The fleet was told to stop: leave when it has."""
        self._store_changed = asyncio.Event()
        self._fleet_changed = asyncio.Event()

    # ------------------------------------------------------------- beginning

    def on_mount(self) -> None:
        """Show the main screen and begin to follow."""
        self.animation_level = "none"
        self.set_class(self.context.is_ascii, "-ascii")
        self.context.desk.on_change = self._desk_changed
        self.context.graphs.on_ready = self._desk_changed
        replay = self.context.args.replay
        if replay is not None:
            first = PastScreen(self.context, replay.machine, replay.instance)
            self.push_screen(first)
            return
        self.push_screen(MainScreen(self.context))
        self.set_interval(TICK_S, self.flush)
        self._follow_fleet()
        self._follow_records()
        self._learn()

    async def on_unmount(self) -> None:
        """Give up the drawings that are under way."""
        await self.context.graphs.aclose()

    async def on_event(self, event: events.Event) -> None:
        """Take what is typed one by one, everything else as it comes."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if await self._keyboard.typed(event):
                self._deliver()
        else:
            await super().on_event(event)

    @work(group="keyboard", exit_on_error=False)
    async def _deliver(self) -> None:
        await self._keyboard.deliver()

    @work(group="client", exit_on_error=False)
    async def _follow_fleet(self) -> None:
        await follow_fleet(
            self.context.sources.link,
            self.context.desk,
            self._store_changed,
            self._fleet_changed,
            self._ring_for,
        )

    def _ring_for(self, notice: Notice) -> None:
        if self._driver is not None and not self.is_headless:
            self._driver.write(ringing(notice, reveal=self.context.args.reveal))

    @work(group="records", exit_on_error=False)
    async def _follow_records(self) -> None:
        await follow_records(
            self.context.sources.records, self.context.desk, self._store_changed
        )

    @work(group="learn", exit_on_error=False)
    async def _learn(self) -> None:
        await learn_definitions(
            self.context.charts, self.context.desk, self._fleet_changed
        )

    # -------------------------------------------------------------- flushing

    def _desk_changed(self) -> None:
        if self._is_leaving and self.context.desk.link is Link.STALE:
            self.exit(STOPPED)
        if self._flush_timer is None:
            self._flush_timer = self.set_timer(FLUSH_EVERY_S, self.flush)

    def flush(self) -> None:
        """Bring the screen on top, and the one it covers in part, up to date."""
        if self._flush_timer is not None:
            self._flush_timer.stop()
            self._flush_timer = None
        for screen in reversed(self.screen_stack):
            if isinstance(screen, InjectBox):
                screen.flush()
            elif isinstance(screen, BaseScreen):
                screen.flush()
                return

    # ----------------------------------------------------------------- pages

    @on(OpenPage)
    def _open_page(self, event: OpenPage) -> None:
        if event.page in _MACHINE_PAGES:
            page = _MACHINE_PAGES[event.page](self.context, event.name)
            self.push_screen(page)
        elif event.page is ScreenName.JOB:
            self.push_screen(JobScreen(self.context, event.name))
        elif event.page is ScreenName.FLEET:
            self.push_screen(FleetScreen(self.context))
        elif event.page is ScreenName.PROBLEMS:
            self.push_screen(ProblemsScreen(self.context))

    @on(Inject)
    def _inject(self, event: Inject) -> None:
        self._send(event.sending)

    @work(group="inject-send", exit_on_error=False)
    async def _send(self, sending: Sending) -> None:
        await send(self.context, sending, self._show_line)

    @on(TogglePause)
    def _toggle_pause(self) -> None:
        self.context.is_paused = not self.context.is_paused
        self.flush()

    # --------------------------------------------------------------- leaving

    @on(AskQuit)
    def _asked_to_quit(self) -> None:
        self.action_ask_quit()

    def action_ask_quit(self) -> None:
        """Ask whether to stop all or to leave the fleet running."""
        if self.context.args.replay is not None:
            self.exit(DETACHED)
        elif isinstance(self.screen, Question):
            self.screen.dismiss(self.screen.choices[0].value)
        else:
            self._ask_quit()

    @work(group="quit", exclusive=True, exit_on_error=False)
    async def _ask_quit(self) -> None:
        answer = await self.push_screen_wait(self._quit_question())
        match answer:
            case "stop":
                await self._stop_all()
            case "detach":
                self.exit(DETACHED)
            case _:
                return

    def _quit_question(self) -> Question:
        context = self.context
        stop = Choice("stop", "s", "stop all", "every machine ends, and can be resumed")
        detach = Choice("detach", "d", "detach", "the fleet runs on: smtui attach")
        cancel = Choice("", "n", "cancel", "stay here")
        if context.args.read_only:
            leave = Choice("detach", "y", "quit", "the fleet runs on")
            choices = [leave, cancel]
        elif context.desk.link is Link.STALE:
            leave = Choice("detach", "y", "quit", "nothing runs: smtui run resumes it")
            choices = [leave, cancel]
        elif context.args.started_fleet:
            choices = [stop, detach, cancel]
        else:
            choices = [detach, stop, cancel]
        return Question("quit?", choices, is_ascii=context.is_ascii, same_key="q")

    async def _stop_all(self) -> None:
        problem = await self.context.operator.stop_all()
        if problem:
            self._say(problem, is_error=True)
            return
        self._say("stopping all: the screen leaves when the last one has ended")
        self._is_leaving = True
        self._desk_changed()

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self._show_line((Span(f" {text}", "failed" if is_error else "done"),))

    def _show_line(self, line: Line) -> None:
        for screen in reversed(self.screen_stack):
            if isinstance(screen, BaseScreen):
                screen.tell(line)
                return
