"""Run the screen of a data directory to its end."""

import asyncio
import gc
from datetime import UTC
from functools import partial

from smtui.clock import SystemClock
from smtui.tui.app import SmtuiApp
from smtui.tui.args import TuiArgs
from smtui.tui.live import Hands, Link, Pages
from smtui.tui.lost import order_down, watch_terminal
from smtui.tui.rescue import rescued_terminal
from smtui.tui.sources import Sources
from smtui.wire.who import who

__all__ = ["run_app", "spare_the_collector"]


def run_app(args: TuiArgs) -> int:
    """Show the fleet until the operator leaves; return the exit code.

    0 after a detach, after all was stopped, and after a lost terminal: the
    fleet does not depend on its screen, unless `on_lost_terminal` says so. 1
    when the screen itself broke.
    """
    order = partial(order_down, args.data_dir) if args.stop_when_lost else None
    with rescued_terminal():  # before any thread
        watch_terminal(order)
        return asyncio.run(_run(args))


def spare_the_collector() -> None:
    """Keep what is there now, code most of all, out of every later collection.

    To go through it each time held up the screen for 50 ms and more, once in some
    seconds.
    """
    gc.collect()
    gc.freeze()


async def _run(args: TuiArgs) -> int:
    spare_the_collector()
    clock, name = SystemClock(), who()
    pages = Pages(args.data_dir)
    hands = Hands(args.data_dir, clock, name)
    sources = Sources(Link(args.data_dir, name), pages, hands)
    app = SmtuiApp(args, sources, clock, UTC if args.utc else None)
    try:
        await app.run_async()
    finally:
        await pages.aclose()
        await hands.aclose()
    return app.return_code or 0
