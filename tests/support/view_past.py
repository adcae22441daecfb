"""Waiting on a screen that looks back, and an app on an exported journal."""

from dataclasses import replace

from textual.pilot import Pilot

from smtui.tui.app import SmtuiApp
from smtui.tui.args import Replay
from tests.support.view_app import app_over, settle
from tests.support.view_fake import FakeFleet
from tests.support.view_fleet import NOW

__all__ = ["done", "replaying", "still"]

_READING = frozenset({"load", "find", "verb"})


def replaying(fake: FakeFleet, name: str) -> SmtuiApp:
    """Return the app as `smtui replay x.jsonl` opens it."""
    app = app_over(fake, read_only=True)
    args = replace(app.context.args, replay=Replay("x.jsonl", name, "main", NOW))
    app.context.args = args
    return app


async def still(pilot: Pilot[str]) -> None:
    """Let reading and drawing come to rest, and the fleet where there is one."""
    app = pilot.app
    assert isinstance(app, SmtuiApp)
    if app.context.args.replay is None:
        await settle(pilot)
    await done(pilot)
    while app.context.graphs.is_busy:
        await pilot.pause(0.005)
    app.flush()
    await done(pilot)


async def done(pilot: Pilot[str]) -> None:
    """Let reading end: shorter than `settle`, which also waits for the fleet."""
    app = pilot.app
    for _ in range(4):
        await pilot.pause()
        reading = [worker for worker in app.workers if worker.group in _READING]
        if reading:
            await app.workers.wait_for_complete(reading)
    await pilot.pause()
