"""What is done to a job or to an event of an inbox, and how a screen asks first.

Both can be run again as they are, or with other data; a job can be taken out
of the queue, an event that waits can be dropped.
"""

from collections.abc import Awaitable

from textual import work

from smtui.errors import SmtuiError
from smtui.tui.command import Command
from smtui.tui.commands import command_of, is_enabled
from smtui.tui.host import app_of
from smtui.tui.screens.base import BaseScreen
from smtui.tui.screens.edit import Editable, EditBox
from smtui.tui.screens.question import Choice, Question
from smtui.view.payload import Payload
from smtui.view.selection import Selection

__all__ = ["MendingScreen"]


class MendingScreen(BaseScreen, inherit_bindings=False):
    """A screen on which jobs and events can be mended."""

    async def run_again(self, selection: Selection) -> None:
        """Retry a job, requeue an event."""
        operator = self.context.operator
        if selection.thing == "job":
            await self.told(operator.retry_job(*_job(selection)))
        else:
            await self.told(operator.requeue_event(*_event(selection)))

    async def cancel(self, selection: Selection) -> None:
        """Cancel a job that does not run."""
        operator = self.context.operator
        await self.told(operator.cancel_job(*_job(selection), force=False))

    @work(group="verb", exit_on_error=False)
    async def action_discard(self) -> None:
        """Cancel a job even while it runs, drop an event."""
        selection = self.selection()
        if not self.may(command_of("discard"), selection):
            return
        operator = self.context.operator
        if selection.thing == "event":
            if await self.ask(f"drop this event of {selection.machine}?", "X"):
                await self.told(operator.drop_event(*_event(selection)))
            return
        _, shown = _job(selection)
        if await self.ask(f"discard job {shown}?", "X", "its machine may be at it"):
            await self.told(operator.cancel_job(*_job(selection), force=True))

    @work(group="verb", exit_on_error=False)
    async def action_change(self) -> None:
        """Edit the data of a job or event, and run it again."""
        selection = self.selection()
        if not self.may(command_of("change"), selection):
            return
        try:
            given = await self._editable(selection)
        except SmtuiError as error:
            self.say(str(error), is_error=True)
            return
        if given is None:
            self.say("it is gone", is_error=True)
            return
        box = EditBox(given, is_ascii=self.context.is_ascii)
        found: Payload = await app_of(self).push_screen_wait(box)
        if found.problem:
            return
        operator = self.context.operator
        if selection.thing == "job":
            data = found.value if isinstance(found.value, dict) else {}
            await self.told(operator.retry_job(*_job(selection), data))
        else:
            id_, machine, shown = _event(selection)
            await self.told(operator.edit_event(id_, machine, shown, found.value))

    async def _editable(self, selection: Selection) -> Editable | None:
        records = self.context.sources.records
        if selection.thing == "job":
            job = await records.job(selection.job_id)
            if job is None:
                return None
            title = f"Data of job #{job.seq} · {job.job_type}"
            return Editable("job", job.id, title, job.data)
        row = await records.event(selection.event_id)
        if row is None:
            return None
        title = f"Payload of #{row.seq} {row.event} to {row.machine}"
        return Editable("event", row.id, title, row.payload)

    # ---------------------------------------------------------------- asking

    def may(self, command: Command, selection: Selection) -> bool:
        """Say whether a command can run now, and tell why when it cannot."""
        why = self.off_why
        if is_enabled(command, selection, read_only=bool(why)):
            return True
        if command.writes and why:
            self.say(why, is_error=True)
        else:
            self.say(f"{command.shown} {command.title}: not for what is selected")
        return False

    async def ask(self, text: str, key: str, details: str = "") -> bool:
        """Ask in one line; the key that asked says yes as well."""
        question = Question(
            text,
            [Choice("yes", "y", "yes"), Choice("", "n", "no")],
            is_ascii=self.context.is_ascii,
            same_key=key,
            details=details,
        )
        answer: str = await app_of(self).push_screen_wait(question)
        return bool(answer)

    async def told(self, doing: Awaitable[str]) -> None:
        """Do it, and say what went wrong."""
        problem = await doing
        if problem:
            self.say(problem, is_error=True)
        self.context.desk.touch()


def _job(selection: Selection) -> tuple[str, str]:
    return selection.job_id, selection.job_id[-8:]


def _event(selection: Selection) -> tuple[str, str, str]:
    id_, machine = selection.event_id, selection.machine
    return id_, machine, f"event {id_[-8:]} of {machine}"
