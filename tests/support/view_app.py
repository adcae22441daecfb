"""The app over a fake fleet, at a fixed time, for pilots and pictures."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta, timezone
from pathlib import Path

from textual.pilot import Pilot

from smtui.tui.app import SmtuiApp
from smtui.tui.args import TuiArgs
from smtui.view.header import Link
from tests.support.store import HandClock
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW

CET = timezone(timedelta(hours=1), "CET")


def app_over(
    fake: FakeFleet,
    *,
    clock: HandClock | None = None,
    data_dir: Path | None = None,
    started_fleet: bool = True,
    is_ascii: bool = False,
    read_only: bool = False,
    reveal: bool = False,
) -> SmtuiApp:
    """Return the app, fed by a fake fleet."""
    args = TuiArgs(
        data_dir=data_dir or Path("/nonexistent/.smtui"),
        started_fleet=started_fleet,
        ascii=is_ascii,
        read_only=read_only,
        reveal=reveal,
    )
    return SmtuiApp(args, fake.sources(), clock or HandClock(NOW), CET)


async def settle(pilot: Pilot[str]) -> None:
    """Let workers, drawings, messages and the flush come to rest."""
    app = pilot.app
    assert isinstance(app, SmtuiApp)
    for _ in range(PATIENCE):
        await pilot.pause()
        if await _waited(app):
            continue
        if _has_settled(app):
            version = app.context.graphs.version
            app.flush()
            await pilot.pause()
            if not await _waited(app) and version == app.context.graphs.version:
                return
    app.flush()
    await pilot.pause()


async def _waited(app: SmtuiApp) -> bool:
    """Wait for what is under way and ends by itself; say whether there was any."""
    short = [worker for worker in app.workers if worker.group in _SHORT]
    if short:
        await app.workers.wait_for_complete(short)
    drawing = list(app.context.graphs._asked.values())
    await asyncio.gather(*drawing, return_exceptions=True)
    return bool(short or drawing)


def _has_settled(app: SmtuiApp) -> bool:
    """Say whether everything that comes by itself at the start has come."""
    desk = app.context.desk
    wanted = {machine.definition for machine in desk.fleet.machines.values()}
    is_told = desk.link is not Link.CONNECTING and desk.records_version > 0
    return is_told and wanted <= desk.known.facts.keys()


async def learn(pilot: Pilot[str], fake: FakeFleet) -> None:
    """Let the screen see what is new in the store, now instead of soon."""
    app = pilot.app
    assert isinstance(app, SmtuiApp)
    desk = app.context.desk
    desk.take_news(await fake.news(desk.seen))
    await settle(pilot)


_SHORT = frozenset({"load", "journal", "inject-load", "inject-send", "source", "log"})
"""Groups of workers that end by themselves."""


PATIENCE = 200
"""Pauses before a test goes on regardless, and fails with a picture."""


@asynccontextmanager
async def running(
    app: SmtuiApp, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Pilot[str]]:
    """Run the app headless until the block ends, with everything on screen."""
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


def screen_text(app: SmtuiApp) -> str:
    """Return what is on the screen as text, one line a row, right-stripped."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)
