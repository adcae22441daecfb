"""The two doors of a running fleet: the control socket and the doorbells.

Commands are short; each opens a loop of its own for what it asks.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from smtui.definition import Json
from smtui.errors import NoSupervisorError
from smtui.wire import Fleet
from smtui.wire.client import ControlClient
from smtui.wire.doorbell import ring
from smtui.wire.paths import SUPERVISOR, bell_path, run_dir
from smtui.wire.who import who

__all__ = ["ask", "connect", "fleet_now", "ring_bells", "run"]

_T = TypeVar("_T")

STOP_DEADLINE_S = 60.0
"""Longer than any stop_timeout people set; each op says its own need."""


def run(work: Coroutine[None, None, _T]) -> _T:
    """Run a coroutine to its end."""
    return asyncio.run(work)


async def connect(data: Path) -> ControlClient:
    """Connect to the supervisor; raises NoSupervisorError when none runs."""
    return await ControlClient.connect(data, who=who())


def ask(
    data: Path,
    op: str,
    args: Mapping[str, Json] | None = None,
    *,
    deadline_s: float = STOP_DEADLINE_S,
) -> Json:
    """Ask the supervisor one thing and return the value of its answer."""

    async def asking() -> Json:
        async with await connect(data) as client:
            return await client.ask(op, args, deadline_s=deadline_s)

    return run(asking())


async def fleet_now(data: Path) -> Fleet | None:
    """Return what the supervisor says of the fleet, None when none runs."""
    try:
        client = await connect(data)
    except NoSupervisorError:
        return None
    async with client:
        async for news in client.watch():
            if isinstance(news, Fleet):
                return news
    return None


def ring_bells(data: Path, names: Iterable[str], *, supervisor: bool = False) -> int:
    """Ring these machines; return how many somebody answers for."""
    folder = run_dir(data)
    heard = sum(ring(bell_path(folder, name)) for name in names)
    if supervisor:
        ring(bell_path(folder, SUPERVISOR))
    return heard
