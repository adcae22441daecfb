"""What every screen has: header, footer, panes to move in, and a filter line."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Input, Static

from smtui.tui.command import ScreenName
from smtui.tui.commands import footer_keys
from smtui.tui.context import Context
from smtui.tui.messages import Said
from smtui.tui.widgets.bars import Bar, FooterBar
from smtui.tui.widgets.board import BoardPane
from smtui.tui.widgets.cursor import CursorPane
from smtui.tui.widgets.filterline import FilterLine
from smtui.tui.widgets.graph import GraphPane
from smtui.tui.widgets.pane import Pane
from smtui.view.header import HeaderInput, Link, header_line
from smtui.view.selection import NOTHING_SELECTED, Selection
from smtui.view.text import Line, Span, clean

__all__ = ["BaseScreen"]

Searched = CursorPane | GraphPane | BoardPane
"""Panes with a text they are searched for."""

SAID_FOR_S = 6.0
"""As long as it takes to read two lines."""


class BaseScreen(Screen[None], inherit_bindings=False):
    """A screen of the app."""

    SCREEN_NAME: ClassVar[ScreenName] = ScreenName.MAIN
    AUTO_FOCUS = ""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._said_until = 0.0

    # -------------------------------------------------------------- subclass

    def compose_body(self) -> ComposeResult:
        """Yield what stands between header and footer."""
        yield from ()

    def selection(self) -> Selection:
        """Return what the verbs act on."""
        return NOTHING_SELECTED

    def show(self) -> None:
        """Put what the desk knows into the panes."""

    # ------------------------------------------------------------ the screen

    def compose(self) -> ComposeResult:
        """Yield header, body, filter line and footer."""
        is_ascii = self.context.is_ascii
        yield Bar(id="header", is_ascii=is_ascii)
        yield from self.compose_body()
        with Horizontal(id="filterbar"):
            yield Static("/", id="filter-prompt", markup=False)
            yield FilterLine(id="filter")
        yield FooterBar(id="footer", is_ascii=is_ascii)

    def on_mount(self) -> None:
        """Show the first picture."""
        self.call_after_refresh(self.flush)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was on top."""
        self.call_after_refresh(self.flush)

    @property
    def is_whole(self) -> bool:
        """Say whether the widgets are there: not yet before, no more at the end."""
        return self.is_mounted and self.is_running and bool(self.query("#footer"))

    def flush(self) -> None:
        """Bring everything up to date; cheap when nothing has changed."""
        if not self.is_whole:
            return
        self._show_header()
        self.set_class(self.context.desk.link is Link.STALE, "-stale")
        if not self.context.is_paused:
            self.show()
        self.show_footer()

    def show_footer(self) -> None:
        """Show the keys that work now, or what was just said."""
        if self.context.desk.clock.now() < self._said_until:
            return
        keys, always = self.footer_pairs()
        if self.context.desk.link is Link.STALE and not self.off_why:
            rest = [pair for pair in keys if pair[0] != "u"]
            keys = [("u", "start the fleet again"), *rest]
        self.query_one(FooterBar).show_keys(keys, always)

    def footer_pairs(
        self,
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return (key, verb) of what works now, and of what always does."""
        return footer_keys(
            self.SCREEN_NAME, self.selection(), read_only=bool(self.off_why)
        )

    @property
    def off_why(self) -> str:
        """Return why nothing can be done on this screen, '' when it can."""
        if self.context.args.read_only:
            return "READ-ONLY: this screen was attached with --read-only"
        return ""

    def say(self, text: str, *, is_error: bool = False) -> None:
        """Show one line in the footer for a few seconds."""
        self.tell((Span(f" {clean(text)}", "failed" if is_error else "done"),))

    def tell(self, line: Line) -> None:
        """Show a finished line in the footer for a few seconds."""
        self._said_until = self.context.desk.clock.now() + SAID_FOR_S
        self.query_one(FooterBar).show(line)

    def _show_header(self) -> None:
        context, desk = self.context, self.context.desk
        fleet = desk.fleet
        listed = desk.listed()
        given = HeaderInput(
            place=", ".join(context.args.paths or fleet.paths) or fleet.data_dir,
            total=listed.total,
            counts=listed.counts,
            link=desk.link,
            now=desk.clock.now(),
            stale_since=desk.stale_since,
            free_disk_bytes=fleet.free_disk_bytes,
            problems=len(fleet.problems) + len(desk.parked),
            is_read_only=context.args.read_only,
            is_paused=context.is_paused,
            zone=context.zone,
        )
        bar = self.query_one("#header", Bar)
        bar.show(header_line(given, bar.size.width))

    # -------------------------------------------------------------- the panes

    def focused_pane(self) -> Pane | None:
        """Return the pane that has the focus."""
        return self.focused if isinstance(self.focused, Pane) else None

    def listing(self) -> CursorPane | None:
        """Return the focused pane if it has a cursor."""
        pane = self.focused_pane()
        return pane if isinstance(pane, CursorPane) else None

    def searched(self) -> Searched | None:
        """Return the focused pane if one can search in it."""
        pane = self.focused_pane()
        return pane if isinstance(pane, Searched) else None

    @on(CursorPane.Moved)
    def _moved(self) -> None:
        self.show_footer()

    @on(Pane.Chosen)
    def _chosen(self, event: Pane.Chosen) -> None:
        event.stop()
        if event.is_menu:
            self.action_menu()
        else:
            self.action_open()

    def action_menu(self) -> None:
        """List the verbs of what is selected."""

    def action_open(self) -> None:
        """Open what the cursor is on; a page has nothing below it."""

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self.focus_next(Pane)

    def action_previous_pane(self) -> None:
        """Go to the previous pane."""
        self.focus_previous(Pane)

    def action_cursor(self, step: int) -> None:
        """Move the cursor, or scroll a pane that has none."""
        pane = self.focused_pane()
        if isinstance(pane, CursorPane):
            pane.move_by(step)
        elif pane is not None:
            pane.go(pane.top + step)

    def action_page(self, step: int) -> None:
        """Move by what is visible."""
        pane = self.focused_pane()
        if isinstance(pane, CursorPane):
            pane.move_by(step * max(1, pane.page_rows - 1))
        elif pane is not None:
            pane.page(step)

    def action_home(self) -> None:
        """Go to the first row."""
        pane = self.focused_pane()
        if isinstance(pane, CursorPane):
            pane.move_to(0)
        elif pane is not None:
            pane.go(0)

    def action_end(self) -> None:
        """Go to the last row."""
        pane = self.focused_pane()
        if isinstance(pane, CursorPane):
            pane.move_to(pane.count() - 1)
        elif pane is not None:
            pane.go(pane.count())

    def action_follow(self) -> None:
        """Go to the newest row and stay there."""
        pane = self.searched()
        if isinstance(pane, CursorPane | GraphPane):
            pane.follow()

    def action_next_match(self) -> None:
        """Go to the next row that the filter has left, or the next state."""
        self._to_match(1)

    def action_previous_match(self) -> None:
        """Go to the previous one."""
        self._to_match(-1)

    def _to_match(self, step: int) -> None:
        pane = self.focused_pane()
        if isinstance(pane, GraphPane):
            pane.choose_next(step)
        else:
            self.action_cursor(step)

    # ------------------------------------------------------------- the filter

    def action_filter(self) -> None:
        """Open the filter line for the focused pane."""
        pane = self.searched()
        if pane is None:
            return
        line = self.query_one(FilterLine)
        line.value = pane.query_text
        self.add_class("-filter")
        self._filtered = pane
        # at once: `focus` waits a turn, and what is typed meanwhile would be verbs
        self.set_focus(line)

    @on(Input.Changed, "#filter")
    def _filter_typed(self, event: Input.Changed) -> None:
        event.stop()
        self._set_filter(event.value)

    @on(Input.Submitted, "#filter")
    def _filter_kept(self, event: Input.Submitted) -> None:
        event.stop()
        self._leave_filter()

    @on(FilterLine.Cleared)
    def _filter_cleared(self) -> None:
        self._set_filter("")
        self._leave_filter()

    def _set_filter(self, text: str) -> None:
        if self._filtered is not None and self._filtered.query_text != text:
            self._filtered.query_text = text
            self.show()

    def _leave_filter(self) -> None:
        self.remove_class("-filter")
        if self._filtered is not None:
            self._filtered.focus()

    _filtered: Searched | None = None

    @on(Said)
    def _said(self, event: Said) -> None:
        event.stop()
        self.say(event.text, is_error=event.is_error)
