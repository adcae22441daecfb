"""A machine's journal, counted for its graph: page by page, the newest first.

Only what an operator has asked about is counted, and of a very long journal the
newest part. What came since is added, not counted anew.
"""

from collections.abc import Callable
from typing import NamedTuple

from smtui.errors import SmtuiError
from smtui.store.rows import JournalEntry
from smtui.tui.sources import Records
from smtui.view.graph import Arrows, Traffic

__all__ = ["Counting", "Subject"]

PAGE_STEPS, MOST_PAGES = 500, 40
"""20,000 steps are enough to judge by."""


class Subject(NamedTuple):
    """A machine in one version of its definition."""

    machine: str
    hash: str


class Counting:
    """What was counted of one machine; of the one asked about last."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._subject = Subject("", "")
        self._traffic: Traffic | None = None

    def of(self, subject: Subject) -> Traffic | None:
        """Return what was counted so far, None before the first page."""
        return self._traffic if subject == self._subject else None

    async def read(
        self, subject: Subject, arrows: Arrows, on_page: Callable[[], None]
    ) -> None:
        """Count what is not counted yet; give up when another is asked about.

        What cannot be read now, because the store is locked, is left for the next
        time.
        """
        known = self.of(subject)
        self._subject = subject
        try:
            if known is not None:
                await self._read_newer(known)
            else:
                self._traffic = None
                await self._read_older(subject, Traffic(arrows), on_page)
        except SmtuiError:
            return

    async def _read_older(
        self, subject: Subject, traffic: Traffic, on_page: Callable[[], None]
    ) -> None:
        for _ in range(MOST_PAGES):
            page = await self._page(traffic.oldest_id)
            if self._subject != subject:
                return
            traffic.add_older(page)
            traffic.is_whole = len(page) < PAGE_STEPS
            self._traffic = traffic
            on_page()
            if traffic.is_whole:
                return

    async def _read_newer(self, traffic: Traffic) -> None:
        pages = [await self._page(None)]
        while len(pages[-1]) == PAGE_STEPS and pages[-1][-1].id > traffic.newest_id:
            pages.append(await self._page(pages[-1][-1].id))
        for page in reversed(pages):
            traffic.add_newer(page)

    async def _page(self, before: int | None) -> list[JournalEntry]:
        name = self._subject.machine
        return await self._records.steps(name, before=before, limit=PAGE_STEPS)
