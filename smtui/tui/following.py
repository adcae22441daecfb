"""The three loops that keep the desk up to date; the app runs them as workers.

None of them looks at a clock to find out whether something is new, with one
exception: while no supervisor tells us, the store's version is asked every two
seconds, because others may still write to it.
"""

import asyncio
from collections.abc import Callable

from smtui.errors import SmtuiError
from smtui.tui.charts import Charts
from smtui.tui.desk import Desk
from smtui.tui.sources import FleetLink, Records
from smtui.wire.messages import Notice, Update

__all__ = ["follow_fleet", "follow_records", "learn_definitions"]

RECONNECT_AFTER_S = (0.2, 0.5, 1.0, 2.0)
"""A restarted supervisor is found at once, a dead one costs nothing."""

LOOK_ALONE_EVERY_S = 2.0

SPACING_S = 0.15
"""Between two looks into the store: seven pages a second are live enough."""

AFTER_TROUBLE_S = 1.0


async def follow_fleet(
    link: FleetLink,
    desk: Desk,
    store_changed: asyncio.Event,
    fleet_changed: asyncio.Event,
    tell: Callable[[Notice], None] = lambda _: None,
) -> None:
    """Put what the supervisor says onto the desk, for ever.

    `tell` hears what a human is to be told at once.
    """
    tries = 0
    while True:
        try:
            async for message in link.watch():
                tries = 0
                if desk.take(message):
                    store_changed.set()
                fleet_changed.set()
                for notice in message.notices if isinstance(message, Update) else ():
                    tell(notice)
        except SmtuiError:
            pass
        desk.lose()
        await asyncio.sleep(RECONNECT_AFTER_S[min(tries, len(RECONNECT_AFTER_S) - 1)])
        tries += 1


async def follow_records(
    records: Records, desk: Desk, store_changed: asyncio.Event
) -> None:
    """Put what is new in the store onto the desk, for ever."""
    version = -1
    while True:
        try:
            desk.take_news(await records.news(desk.seen))
            for name in desk.crowds():
                desk.count(name, await records.sizes(name))
            version = await _until_changed(records, store_changed, version)
            await asyncio.sleep(SPACING_S)
        except SmtuiError:
            # no store yet, or it is locked: the header's link says the rest
            await asyncio.sleep(AFTER_TROUBLE_S)


async def learn_definitions(
    charts: Charts, desk: Desk, fleet_changed: asyncio.Event
) -> None:
    """Read each definition the fleet runs, once, for ever."""
    while True:
        fleet_changed.clear()
        hashes = {
            machine.definition
            for machine in desk.fleet.machines.values()
            if machine.definition
        }
        for hash_ in sorted(hashes - desk.known.facts.keys()):
            try:
                compiled = await charts.get(hash_)
            except SmtuiError:
                continue
            desk.know(hash_, compiled.facts)
        await fleet_changed.wait()


async def _until_changed(
    records: Records, store_changed: asyncio.Event, version: int
) -> int:
    """Wait until the supervisor, or the store itself, says something is new."""
    while True:
        try:
            async with asyncio.timeout(LOOK_ALONE_EVERY_S):
                await store_changed.wait()
        except TimeoutError:
            now = await records.version()
            if now != version:
                return now
        else:
            store_changed.clear()
            return await records.version()
