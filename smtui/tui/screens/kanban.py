"""The board of a machine: its instances by state, the first of each.

It reads the counts and the first cards of each state, whatever there are: a
machine with 100,000 instances opens as fast as one with ten. Enter shows an
instance: its graph, its journal and its data, live.
"""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from smtui.store.rows import SOLE_INSTANCE, InstanceRow, InstanceSize
from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings, command_of
from smtui.tui.context import Context
from smtui.tui.host import app_of
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.instance import InstanceScreen
from smtui.tui.screens.pages import MachinePage
from smtui.tui.screens.past import PastScreen
from smtui.tui.widgets.board import BoardPane
from smtui.view.facts import NOTHING_KNOWN, Facts
from smtui.view.kanban import Board, board_of
from smtui.view.text import clean

__all__ = ["KanbanScreen"]

CARDS = 40
"""Of each state: more than the tallest terminal shows."""


def _glob(text: str) -> str | None:
    """Return a glob for ids with this text in them, None for every id."""
    if not text:
        return None
    plain = "".join(f"[{char}]" if char in "*?[" else char for char in text)
    return f"*{plain}*"


class KanbanScreen(MachinePage, inherit_bindings=False):
    """The instances of one machine."""

    SCREEN_NAME = ScreenName.BOARD
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.BOARD)]

    def __init__(self, context: Context, name: str) -> None:
        super().__init__(context, name)
        self._sizes: list[InstanceSize] = []
        self._cards: dict[tuple[str, ...], list[InstanceRow]] = {}

    def compose_body(self) -> ComposeResult:
        """Yield the board."""
        yield BoardPane(id="board", is_ascii=self.context.is_ascii)

    def on_mount(self) -> None:
        """Begin on the board."""
        super().on_mount()
        self.query_one(BoardPane).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Draw for the new size."""
        del event
        self.call_after_refresh(self.flush)

    # ------------------------------------------------------------------- drawing

    async def read(self) -> None:
        """Read how many are where, and the first of each."""
        records, name = self.context.sources.records, self.machine_name
        sizes = await records.sizes(name)
        glob = _glob(self.query_one(BoardPane).query_text)
        if glob is not None:
            every = [await records.count(name, size, glob) for size in sizes]
            sizes = [size for size in every if size.n]
        self._sizes = sizes
        self._cards = {
            size.configuration: await records.cards(
                name, size.configuration, limit=CARDS, name=glob
            )
            for size in sizes
        }

    def _set_filter(self, text: str) -> None:
        super()._set_filter(text)
        self.load()

    def action_back(self) -> None:
        """Show every instance again, then leave the page."""
        pane = self.query_one(BoardPane)
        if pane.query_text:
            pane.query_text = ""
            self.load()
        else:
            super().action_back()

    def draw(self) -> None:
        """Put the board into its pane."""
        if not self.is_whole:
            return
        board = self._board()
        pane = self.query_one(BoardPane)
        count = f"{board.total:,} instance{'' if board.total == 1 else 's'}"
        if pane.query_text:
            count += f" with {pane.query_text}"
        pane.set_titles(
            f"Board · {clean(self.machine_name)}  {count}",
            "↵ opens  [ its past  / finds an id",
        )
        pane.show_board(board, self.context.now())

    def _board(self) -> Board:
        facts = self._facts()
        inner = [state for state in facts.states if state not in facts.around]
        return board_of(self._sizes, self._cards, inner, facts.leaves, facts.asks)

    def _facts(self) -> Facts:
        desk = self.context.desk
        machine = desk.machine(self.machine_name)
        return NOTHING_KNOWN if machine is None else desk.known.facts_for(machine)

    # --------------------------------------------------------------------- verbs

    def action_open(self) -> None:
        """Show the instance under the cursor."""
        card = self.query_one(BoardPane).card
        if card is not None:
            page = InstanceScreen(self.context, self.machine_name, card.id)
            app_of(self).push_screen(page)

    def action_step_back(self) -> None:
        """Show the instance under the cursor as it was one step before."""
        card = self.query_one(BoardPane).card
        if card is not None:
            page = PastScreen(self.context, self.machine_name, card.id)
            app_of(self).push_screen(page)

    def action_inject(self) -> None:
        """Send an event to the instance under the cursor, or to a new one."""
        if not self.may(command_of("inject"), self.selection()):
            return
        card = self.query_one(BoardPane).card
        is_sole = card is not None and card.id == SOLE_INSTANCE
        if card is None:
            box = InjectBox(self.context, [self.machine_name], f"@{self.machine_name}/")
        elif is_sole:
            box = InjectBox(self.context, [self.machine_name])
        else:
            box = InjectBox(self.context, [f"{self.machine_name}/{card.id}"])
        self._open_box(box)

    def action_cursor(self, step: int) -> None:
        """Go a card down or up."""
        self.query_one(BoardPane).move(0, step)

    def action_sideways(self, step: int) -> None:
        """Go a column right or left."""
        self.query_one(BoardPane).move(step, 0)

    def action_page(self, step: int) -> None:
        """Go a page of cards down or up."""
        pane = self.query_one(BoardPane)
        pane.move(0, step * max(1, pane.page_rows - 2))

    def action_home(self) -> None:
        """Go to the first card of the column."""
        self.query_one(BoardPane).move(0, -CARDS)

    def action_end(self) -> None:
        """Go to the last card that is shown of the column."""
        self.query_one(BoardPane).move(0, CARDS)
