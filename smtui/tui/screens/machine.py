"""The page of a machine: what it is, its newest steps, its newest output."""

import asyncio
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from smtui.store.rows import JournalEntry
from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.context import Context
from smtui.tui.logfile import LogFile
from smtui.tui.screens.pages import MachinePage
from smtui.tui.widgets.lists import Steps
from smtui.tui.widgets.output import Output
from smtui.tui.widgets.pane import Pane
from smtui.tui.widgets.sheet import Sheet
from smtui.view.card import CardInput, machine_card
from smtui.view.detail import machine_lines
from smtui.view.pages import step_line
from smtui.view.text import clean
from smtui.wire.paths import log_path

__all__ = ["MachineScreen"]

STEPS_SHOWN = 100

_WIDTHS = [(0, "-narrow"), (100, "-wide")]
_HEIGHTS = [(0, "-low"), (30, "-tall")]


class MachineScreen(MachinePage, inherit_bindings=False):
    """One machine."""

    SCREEN_NAME = ScreenName.MACHINE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.MACHINE)]
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS

    _zoomed: Pane | None = None

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(context, name)
        machine = context.desk.machine(name)
        child = machine.child if machine else name
        self._file = LogFile(log_path(context.args.data_dir, child))
        self._is_open = False
        self._steps: list[JournalEntry] = []

    def compose_body(self) -> ComposeResult:
        """Yield facts and card over steps and output."""
        is_ascii = self.context.is_ascii
        with Vertical(id="body"):
            with Horizontal(id="upper"):
                yield Sheet("", "Machine", id="facts", is_ascii=is_ascii)
                yield Sheet("2", "Now", id="card", is_ascii=is_ascii)
            with Horizontal(id="lower"):
                yield Steps("t", "Transitions", id="steps", is_ascii=is_ascii)
                yield Output(
                    "l", "Log", id="output", is_ascii=is_ascii, is_following=True
                )

    def on_mount(self) -> None:
        """Begin in the steps."""
        super().on_mount()
        output = self.query_one(Output)
        output.zone, output.reveal = self.context.zone, self.context.reveal
        self.query_one(Steps).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        del event
        self.call_after_refresh(self.flush)

    async def read(self) -> None:
        """Read the newest steps and the newest output."""
        records = self.context.sources.records
        self._steps = await records.steps(self.machine_name, limit=STEPS_SHOWN)
        if self._is_open:
            await asyncio.to_thread(self._file.look)
        else:
            await asyncio.to_thread(self._file.open)
            self._is_open = True

    def draw(self) -> None:
        """Fill the panes."""
        context = self.context
        machine = context.desk.machine(self.machine_name)
        if not self.is_whole or machine is None:
            return
        zone, reveal = context.zone, context.reveal
        facts = self.query_one("#facts", Sheet)
        facts.set_titles(clean(machine.name), machine.dialect)
        facts.show(machine_lines(machine, context.now(), zone, reveal=reveal))
        card_pane = self.query_one("#card", Sheet)
        last = context.desk.last_steps.get(machine.name)
        counts = context.desk.counts.get(machine.name, {})
        given = CardInput(
            machine, context.desk.known, context.now(), last, zone, reveal, counts
        )
        card = machine_card(given, *card_pane.inner)
        card_pane.set_titles("Now", card.info)
        card_pane.show(card.lines)
        steps = self.query_one(Steps)
        steps.set_titles(f"Transitions {len(self._steps)}", "newest first")
        known = context.desk.known.facts_for(machine)
        steps.show(
            [step_line(one, zone, reveal=reveal, facts=known) for one in self._steps]
        )
        output = self.query_one(Output)
        output.show(list(self._file.lines))
        output.set_titles("Log", output.following_text())

    def action_sideways(self, step: int) -> None:
        """Show what is to the right of the log, or to its left."""
        self.query_one(Output).sideways(step)

    def action_zoom(self) -> None:
        """Give the focused pane the whole screen, or take it back."""
        pane = self.focused_pane()
        self._zoomed = None if self._zoomed is pane else pane
        zoomed = self._zoomed
        for one in self.query(Pane):
            one.set_class(one is zoomed, "-zoomed")
        self.set_class(zoomed is not None, "-zoom")
        is_upper = zoomed is not None and zoomed.id in ("facts", "card")
        self.set_class(zoomed is not None and is_upper, "-zoom-upper")
        self.set_class(zoomed is not None and not is_upper, "-zoom-lower")
        self.call_after_refresh(self.flush)
