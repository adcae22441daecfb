"""The page of a job: everything the store keeps of it."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from smtui.errors import SmtuiError
from smtui.store.rows import JobRow
from smtui.tui.command import ScreenName
from smtui.tui.commands import bindings
from smtui.tui.context import Context
from smtui.tui.screens.acting import ActingScreen
from smtui.tui.widgets.sheet import Sheet
from smtui.view.jobs import job_card
from smtui.view.selection import NOTHING_SELECTED, Selection
from smtui.view.text import Span, wrap

__all__ = ["JobScreen"]


class JobScreen(ActingScreen, inherit_bindings=False):
    """One job."""

    SCREEN_NAME = ScreenName.JOB
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(ScreenName.JOB)]

    def __init__(self, context: Context, job_id: str) -> None:
        super().__init__(context)
        self._job_id = job_id
        self._job: JobRow | None = None
        self._seen_version = -1

    def compose_body(self) -> ComposeResult:
        """Yield the sheet."""
        yield Sheet("", "Job", id="sheet", is_ascii=self.context.is_ascii)

    def on_mount(self) -> None:
        """Begin in the sheet."""
        super().on_mount()
        self.query_one("#sheet", Sheet).focus()

    def selection(self) -> Selection:
        """Return the job."""
        job = self._job
        if job is None:
            return NOTHING_SELECTED
        return Selection("job", job.machine or "", job_id=job.id, job_status=job.status)

    def show(self) -> None:
        """Read the job when the store has something new, then draw it."""
        version = self.context.desk.records_version
        if version != self._seen_version:
            self._seen_version = version
            self._load()
        else:
            self._draw()

    @work(exclusive=True, group="load", exit_on_error=False)
    async def _load(self) -> None:
        try:
            self._job = await self.context.sources.records.job(self._job_id)
        except SmtuiError as error:
            self.say(str(error), is_error=True)
        self._draw()
        self.show_footer()

    def _draw(self) -> None:
        if not self.is_whole:
            return
        sheet, job, context = self.query_one("#sheet", Sheet), self._job, self.context
        if job is None:
            sheet.show([(Span(" no such job", "quiet"),)])
            return
        sheet.set_titles(f"Job #{job.seq}", job.id)
        lines = job_card(job, context.now(), context.zone, reveal=context.reveal)
        width = max(20, sheet.inner.width)
        indent = " " * 13
        sheet.show([part for one in lines for part in wrap(one, width, indent=indent)])
