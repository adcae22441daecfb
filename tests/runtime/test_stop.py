"""The order to end."""

import asyncio

from smtui.runtime.stop import Stop


async def test_it_is_told_once_and_heard_by_all() -> None:
    stop = Stop(10)
    heard: list[int] = []
    stop.listen(lambda: heard.append(1))

    assert not stop.is_told
    stop.tell()
    stop.tell()
    await stop.wait()

    assert stop.is_told
    assert heard == [1]


async def test_the_grace_ends_by_time() -> None:
    stop = Stop(0.01)
    stop.tell()

    await asyncio.wait_for(stop.grace_over(), 5)


async def test_a_second_order_ends_the_grace_at_once() -> None:
    stop = Stop(3600)
    stop.tell()
    stop.tell()

    await asyncio.wait_for(stop.grace_over(), 5)
