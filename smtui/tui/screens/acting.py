"""The verbs and views of every screen, written once.

They act on `selection()`, which a screen answers from its focused pane. An act
that would end a running action asks first, in one line. Pages are opened by
messages, so that screens need not know each other.
"""

from textual import work
from textual.app import SuspendNotSupported

from smtui.tui import clipboard, editor
from smtui.tui.command import ScreenName
from smtui.tui.commands import command_of
from smtui.tui.finding import menu_entries, palette_entries
from smtui.tui.host import app_of
from smtui.tui.messages import Inject, OpenPage, TogglePause
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.keys import KeySheet
from smtui.tui.screens.mending import MendingScreen
from smtui.tui.screens.palette import Palette
from smtui.tui.sending import Sending
from smtui.tui.widgets.cursor import CursorPane
from smtui.view.header import Link
from smtui.view.palette import Found
from smtui.view.selection import Selection
from smtui.view.why import running_text

__all__ = ["ActingScreen"]

_ACTS = frozenset({"inject", "control"})
"""What is chosen by its name, and does something to a machine."""


class ActingScreen(MendingScreen, inherit_bindings=False):
    """A screen on which things can be done."""

    # -------------------------------------------------------------- the verbs

    def action_inject(self) -> None:
        """Open the injection box."""
        selection = self.selection()
        if self.may(command_of("inject"), selection):
            self._open_box(InjectBox(self.context, selection.machines))

    def _open_box(self, box: InjectBox) -> None:
        app_of(self).push_screen(box, self._entered)

    def _entered(self, sending: Sending | None) -> None:
        if sending is not None:
            self.post_message(Inject(sending))

    @work(group="verb", exit_on_error=False)
    async def action_again(self) -> None:
        """Restart machines, retry a job, requeue an event."""
        selection = self.selection()
        if not self.may(command_of("again"), selection):
            return
        if selection.thing in ("job", "event"):
            await self.run_again(selection)
        elif await self._is_sure("restart", "r", selection):
            await self.told(
                self.context.operator.control("restart", selection.machines)
            )

    @work(group="verb", exit_on_error=False)
    async def action_stop(self) -> None:
        """Stop machines, or cancel a job."""
        selection = self.selection()
        if not self.may(command_of("stop"), selection):
            return
        if selection.thing == "job":
            await self.cancel(selection)
        elif await self._is_sure("stop", "x", selection):
            await self.told(self.context.operator.control("stop", selection.machines))

    @work(group="verb", exit_on_error=False)
    async def action_start(self) -> None:
        """Start machines; without a supervisor, the fleet."""
        selection = self.selection()
        if self.context.desk.link is Link.STALE and not self.off_why:
            await self._revive()
        elif self.may(command_of("start"), selection):
            await self.told(self.context.operator.control("start", selection.machines))

    async def _revive(self) -> None:
        paths = self.context.desk.fleet.paths or self.context.args.paths
        if self.context.args.read_only or not paths:
            self.say("no supervisor runs: smtui run PATH starts one", is_error=True)
            return
        details = "its machines resume where they were"
        if await self.ask("no supervisor runs: start the fleet again?", "u", details):
            await self.told(self.context.operator.revive(paths))

    async def _is_sure(self, verb: str, key: str, selection: Selection) -> bool:
        names = selection.machines
        shared = self.context.desk.fleet.neighbours(names)
        with_it = f"{', '.join(shared)} too: it is the same process" if shared else ""
        details = "; ".join(text for text in (with_it, self._in_hand(names)) if text)
        if details:
            many = "" if len(names) == 1 else f" and {len(names) - 1} more"
            return await self.ask(f"{verb} {names[0]}{many}?", key, details)
        if len(names) > 1:
            return await self.ask(f"{verb} {len(names)} machines?", key)
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

    # -------------------------------------------------------------- the views

    def _open(self, id_: str, page: ScreenName) -> None:
        selection = self.selection()
        if self.may(command_of(id_), selection):
            self.post_message(OpenPage(page, selection.machine))

    def action_graph(self) -> None:
        """Show the machine's graph."""
        self._open("graph", ScreenName.GRAPH)

    def action_fleet(self) -> None:
        """Show the whole fleet as one graph."""
        self.post_message(OpenPage(ScreenName.FLEET))

    def action_board(self) -> None:
        """Show the machine's instances by state."""
        self._open("board", ScreenName.BOARD)

    def action_step_back(self) -> None:
        """Show the machine as it was one step before; of many, choose which."""
        is_crowd = self.selection().is_crowd
        self._open("step_back", ScreenName.BOARD if is_crowd else ScreenName.PAST)

    def action_why(self) -> None:
        """Say why the machine is where it is."""
        self._open("why", ScreenName.WHY)

    def action_log(self) -> None:
        """Show the machine's output."""
        self._open("log", ScreenName.LOG)

    def action_history(self) -> None:
        """Show the machine's journal."""
        self._open("history", ScreenName.HISTORY)

    def action_values(self) -> None:
        """Show the machine's data."""
        self._open("values", ScreenName.VALUES)

    def action_mailbox(self) -> None:
        """Show the machine's inbox."""
        self._open("mailbox", ScreenName.MAIL)

    def action_problems(self) -> None:
        """Show what is wrong with the definitions."""
        self.post_message(OpenPage(ScreenName.PROBLEMS))

    def action_copy(self) -> None:
        """Copy the row under the cursor."""
        pane = self.focused_pane()
        if pane is None:
            return
        if isinstance(pane, CursorPane):
            text = pane.text_at_cursor()
            if not text:
                return
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

    def extra_entries(self) -> list[Found]:
        """Return what the menu lists before the verbs."""
        return []

    def action_menu(self) -> None:
        """List every verb of what is selected."""
        selection = self.selection()
        verbs = menu_entries(self.SCREEN_NAME, selection, read_only=bool(self.off_why))
        entries = [*self.extra_entries(), *verbs]
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
        if act and act[0] in _ACTS and self.off_why:
            self.say(self.off_why, is_error=True)
            return
        match act:
            case ("key", action):
                await self.run_action(action)
            case ("inject", machine, event):
                self._open_box(InjectBox(self.context, (machine,), f"{event} "))
            case ("page", page, machine):
                self.post_message(OpenPage(ScreenName(page), machine))
            case ("control", op, machine):
                self._control(op, machine)
            case _:
                pass

    @work(group="verb", exit_on_error=False)
    async def _control(self, op: str, machine: str) -> None:
        if await self._is_sure(op, "", Selection("machine", machine)):
            await self.told(self.context.operator.control(op, (machine,)))

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
