"""Stopping a whole fleet, and being sure that it has stopped."""

import asyncio
from pathlib import Path

from smtui.cli.link import connect, run
from smtui.errors import SupervisorError
from smtui.supervisor.lock import read_lock

__all__ = ["is_supervised", "stop_fleet", "stopped"]

LOOK_AGAIN_S = 0.02
"""Between the hang-up and the released lock are a few milliseconds."""


def is_supervised(data: Path) -> bool:
    """Say whether a supervisor holds the lock of a data directory."""
    return read_lock(data) is not None


def stop_fleet(data: Path, timeout_s: float) -> None:
    """Ask the supervisor to stop everything and itself, and wait for it.

    Raises NoSupervisorError when none runs, SupervisorError when it takes
    longer than the time given.
    """
    run(stopped(data, timeout_s))


async def stopped(data: Path, timeout_s: float) -> None:
    """Do what stop_fleet says, in a loop that runs already."""
    try:
        async with asyncio.timeout(timeout_s):
            async with await connect(data) as client:
                await client.ask("down", deadline_s=timeout_s)
            while is_supervised(data):  # noqa: ASYNC110 - a lock rings no bell
                await asyncio.sleep(LOOK_AGAIN_S)
    except TimeoutError:
        raise SupervisorError(
            f"the fleet of {data} has not stopped in {timeout_s:g} s",
            hint="`smtui ps` shows who is left; `smtui down` again waits longer",
        ) from None
