"""What every screen has: header, footer, a filter line, and the verbs.

The verbs are written once, here, for all screens: they act on `selection()`,
which a screen answers from its focused pane. Pages are opened by messages, so
that screens need not know each other.
"""

from collections.abc import Awaitable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.screen import Screen
from textual.widgets import Input

from smtui.tui import clipboard, editor
from smtui.tui.command import Command, ScreenName
from smtui.tui.commands import (
    command_of,
    footer_keys,
    is_enabled,
)
from smtui.tui.context import Context
from smtui.tui.finding import menu_entries, palette_entries
from smtui.tui.host import app_of
from smtui.tui.messages import OpenPage, Said, TogglePause
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.keys import KeySheet
from smtui.tui.screens.palette import Palette
from smtui.tui.screens.question import Choice, Question
from smtui.tui.widgets.bars import Bar, FooterBar
from smtui.tui.widgets.cursor import CursorPane
from smtui.tui.widgets.filterline import FilterLine
from smtui.tui.widgets.pane import Pane
from smtui.view.header import HeaderInput, Link, header_line
from smtui.view.machines import machine_list
from smtui.view.selection import NOTHING_SELECTED, Selection
from smtui.view.text import plain
from smtui.view.why import running_text

__all__ = ["BaseScreen"]

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
        yield FilterLine(id="filter")
        yield FooterBar(id="footer", is_ascii=is_ascii)

    def on_mount(self) -> None:
        """Show the first picture."""
        self.query_one(FilterLine).display = False
        self.call_after_refresh(self.flush)

    def on_screen_resume(self) -> None:
        """Catch up with what happened while another screen was on top."""
        self.call_after_refresh(self.flush)

    def flush(self) -> None:
        """Bring everything up to date; cheap when nothing has changed."""
        if not self.is_mounted:
            return
        self._show_header()
        self.set_class(self.context.desk.link is Link.STALE, "-stale")
        if not self.context.is_paused:
            self.show()
        self.show_footer()

    def show_footer(self) -> None:
        """Show the keys that work now, or what was just said."""
        if self.context.now() < self._said_until:
            return
        keys, always = footer_keys(
            self.SCREEN_NAME,
            self.selection(),
            read_only=self.context.args.read_only,
        )
        if self.context.desk.link is Link.STALE and not self.context.args.read_only:
            rest = [pair for pair in keys if pair[0] != "u"]
            keys = [("u", "start the fleet again"), *rest]
        self.query_one(FooterBar).show_keys(keys, always)

    def say(self, text: str, *, is_error: bool = False) -> None:
        """Show one line in the footer for a few seconds."""
        self._said_until = self.context.now() + SAID_FOR_S
        self.query_one(FooterBar).show_message(text, "failed" if is_error else "done")

    def _show_header(self) -> None:
        context, desk = self.context, self.context.desk
        fleet = desk.fleet
        listed = machine_list(fleet, desk.known, context.now())
        given = HeaderInput(
            place=", ".join(context.args.paths or fleet.paths) or fleet.data_dir,
            total=listed.total,
            counts=listed.counts,
            link=desk.link,
            now=context.now(),
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
        pane = self.listing()
        if pane is not None:
            pane.follow()

    # ------------------------------------------------------------- the filter

    def action_filter(self) -> None:
        """Open the filter line for the focused pane."""
        pane = self.listing()
        if pane is None:
            return
        line = self.query_one(FilterLine)
        line.value = pane.query_text
        line.display = True
        self._filtered = pane
        line.focus()

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
        self.query_one(FilterLine).display = False
        if self._filtered is not None:
            self._filtered.focus()

    _filtered: CursorPane | None = None

    # -------------------------------------------------------------- the verbs

    def action_inject(self) -> None:
        """Open the injection box."""
        selection = self.selection()
        if self._may(command_of("inject"), selection):
            app_of(self).push_screen(InjectBox(self.context, selection.machines))

    @work(group="verb", exit_on_error=False)
    async def action_again(self) -> None:
        """Restart machines, or retry a job."""
        selection = self.selection()
        if not self._may(command_of("again"), selection):
            return
        if selection.thing == "job":
            await self._told(self.context.operator.retry_job(*_job(selection)))
        elif await self._is_sure("restart", "r", selection):
            await self._told(
                self.context.operator.control("restart", selection.machines)
            )

    @work(group="verb", exit_on_error=False)
    async def action_stop(self) -> None:
        """Stop machines, or cancel a job."""
        selection = self.selection()
        if not self._may(command_of("stop"), selection):
            return
        if selection.thing == "job":
            cancel = self.context.operator.cancel_job(*_job(selection), force=False)
            await self._told(cancel)
        elif await self._is_sure("stop", "x", selection):
            await self._told(self.context.operator.control("stop", selection.machines))

    @work(group="verb", exit_on_error=False)
    async def action_start(self) -> None:
        """Start machines; without a supervisor, the fleet."""
        selection = self.selection()
        if self.context.desk.link is Link.STALE:
            await self._revive()
        elif self._may(command_of("start"), selection):
            await self._told(self.context.operator.control("start", selection.machines))

    async def _revive(self) -> None:
        paths = self.context.desk.fleet.paths or self.context.args.paths
        if self.context.args.read_only or not paths:
            self.say("no supervisor runs: smtui run PATH starts one", is_error=True)
            return
        details = "its machines resume where they were"
        if await self._ask("no supervisor runs: start the fleet again?", "u", details):
            await self._told(self.context.operator.revive(paths))

    @work(group="verb", exit_on_error=False)
    async def action_discard(self) -> None:
        """Cancel a job even while it runs."""
        selection = self.selection()
        if not self._may(command_of("discard"), selection):
            return
        _, shown = _job(selection)
        if await self._ask(f"discard job {shown}?", "X", "its machine may be at it"):
            discard = self.context.operator.cancel_job(*_job(selection), force=True)
            await self._told(discard)

    def _may(self, command: Command, selection: Selection) -> bool:
        read_only = self.context.args.read_only
        if is_enabled(command, selection, read_only=read_only):
            return True
        if command.writes and read_only:
            self.say(
                "READ-ONLY: this screen was attached with --read-only", is_error=True
            )
        else:
            self.say(f"{command.shown} {command.title}: not for what is selected")
        return False

    async def _is_sure(self, verb: str, key: str, selection: Selection) -> bool:
        names = selection.machines
        running = self._in_hand(names)
        if running:
            many = "" if len(names) == 1 else f" and {len(names) - 1} more"
            return await self._ask(f"{verb} {names[0]}{many}?", key, running)
        if len(names) > 1:
            return await self._ask(f"{verb} {len(names)} machines?", key)
        return True

    def _in_hand(self, names: tuple[str, ...]) -> str:
        desk = self.context.desk
        for name in names:
            machine = desk.machine(name)
            frame = machine.frame if machine else None
            if frame is not None and frame.running:
                text = running_text(frame.running[0], desk.now())
                return f"{text}; it is run again later"
        return ""

    async def _ask(self, text: str, key: str, details: str = "") -> bool:
        question = Question(
            text,
            [Choice("yes", "y", "yes"), Choice("", "n", "no")],
            is_ascii=self.context.is_ascii,
            same_key=key,
            details=details,
        )
        answer: str = await app_of(self).push_screen_wait(question)
        return bool(answer)

    async def _told(self, doing: Awaitable[str]) -> None:
        problem = await doing
        if problem:
            self.say(problem, is_error=True)
        self.context.desk.touch()

    # -------------------------------------------------------------- the views

    def _open(self, page: ScreenName) -> None:
        name = self.selection().machine
        if name:
            self.post_message(OpenPage(page, name))

    def action_why(self) -> None:
        """Say why the machine is where it is."""
        self._open(ScreenName.WHY)

    def action_log(self) -> None:
        """Show the machine's output."""
        self._open(ScreenName.LOG)

    def action_history(self) -> None:
        """Show the machine's journal."""
        self._open(ScreenName.HISTORY)

    def action_values(self) -> None:
        """Show the machine's data."""
        self._open(ScreenName.VALUES)

    def action_mailbox(self) -> None:
        """Show the machine's inbox."""
        self._open(ScreenName.MAIL)

    def action_problems(self) -> None:
        """Show what is wrong with the definitions."""
        self.post_message(OpenPage(ScreenName.PROBLEMS))

    def action_copy(self) -> None:
        """Copy the row under the cursor."""
        pane = self.focused_pane()
        if pane is None:
            return
        if isinstance(pane, CursorPane):
            if not pane.count():
                return
            text = plain(pane.line_at(pane.cursor, pane.inner.width)[0]).strip()
        else:
            text = pane.text_of_all()
        app_of(self).copy_to_clipboard(text)
        problem = clipboard.keep(self.context.args.data_dir, text)
        self.say(
            problem or f"copied, also to {clipboard.FILE_NAME}", is_error=bool(problem)
        )

    def action_edit(self) -> None:
        """Open the file in the editor, at the line."""
        selection = self.selection()
        if not selection.file:
            self.say("o $EDITOR: no file belongs to this")
            return
        try:
            with app_of(self).suspend():
                problem = editor.edit_file(selection.file, selection.line)
        except SuspendNotSupported:
            problem = "this terminal cannot be given to an editor"
        if problem:
            self.say(problem, is_error=True)

    def action_menu(self) -> None:
        """List every verb of what is selected."""
        selection = self.selection()
        entries = menu_entries(
            self.SCREEN_NAME, selection, read_only=self.context.args.read_only
        )
        title = selection.machine or selection.job_id or "this screen"
        menu = Palette(
            entries, title=title, is_ascii=self.context.is_ascii, is_menu=True
        )
        app_of(self).push_screen(menu, self.perform)

    def action_palette(self) -> None:
        """Find a command."""
        entries = palette_entries(self.context, self.SCREEN_NAME, self.selection())
        palette = Palette(
            entries, title="Command", is_ascii=self.context.is_ascii, is_menu=False
        )
        app_of(self).push_screen(palette, self.perform)

    async def perform(self, act: tuple[str, ...] | None) -> None:
        """Do what was chosen in the palette or a menu."""
        match act:
            case ("key", action):
                await self.run_action(action)
            case ("inject", machine, event):
                box = InjectBox(self.context, (machine,), f"{event} ")
                app_of(self).push_screen(box)
            case ("page", page, machine):
                self.post_message(OpenPage(ScreenName(page), machine))
            case ("control", op, machine):
                self._control(op, machine)
            case _:
                pass

    @work(group="verb", exit_on_error=False)
    async def _control(self, op: str, machine: str) -> None:
        if await self._is_sure(op, "", Selection("machine", machine)):
            await self._told(self.context.operator.control(op, (machine,)))

    def action_keys(self) -> None:
        """Show the keys."""
        app_of(self).push_screen(
            KeySheet(self.SCREEN_NAME, is_ascii=self.context.is_ascii)
        )

    def action_pause(self) -> None:
        """Stop the panes from moving."""
        self.post_message(TogglePause())

    def action_back(self) -> None:
        """Leave the page."""
        app_of(self).pop_screen()

    def action_quit(self) -> None:
        """Leave the page; the main screen asks what to do."""
        self.action_back()

    @on(Said)
    def _said(self, event: Said) -> None:
        event.stop()
        self.say(event.text, is_error=event.is_error)


def _job(selection: Selection) -> tuple[str, str]:
    return selection.job_id, selection.job_id[-8:]
