"""Sleeping until an instant."""

import asyncio

import pytest

from smtui.chart.values import Raised
from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.runtime.actions.sleep import Sleep
from smtui.runtime.alarm import Alarm, at_now
from tests.support.runtime_actions import run_entry, value_of


def _due(seconds: float) -> list[Json]:
    due = at_now(SystemClock()).plus(seconds)
    return [due.wall, due.boot, due.boot_id]


async def test_a_sleep_ends_when_its_instant_has_come() -> None:
    clock = SystemClock()
    due = _due(0.02)

    ended = await Sleep(run_entry("sleep", due=due, duration=0.02), clock).perform()

    assert value_of(ended) == {}
    assert clock.elapsed() >= due[1]  # type: ignore[operator]


async def test_a_resumed_sleep_that_is_overdue_ends_at_once() -> None:
    sleep = Sleep(run_entry("sleep", due=_due(-5), duration=3600), SystemClock())

    assert value_of(await asyncio.wait_for(sleep.perform(), 1)) == {}


async def test_a_sleep_can_be_resumed_so_it_may_end_at_once() -> None:
    sleep = Sleep(run_entry("sleep", due=_due(3600), duration=3600), SystemClock())
    performing = asyncio.ensure_future(sleep.perform())
    await asyncio.sleep(0)
    performing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await performing
    assert sleep.can_resume


@pytest.mark.parametrize("due", [None, [1, 2], ["a", "b", "c"], [1, 2, 3]])
async def test_a_sleep_without_an_instant_is_an_error(due: Json) -> None:
    ended = await Sleep(
        run_entry("sleep", due=due, duration="x"), SystemClock()
    ).perform()

    assert ended.answer == Raised(
        "sleep duration 'x' is not a number of seconds", "ValueError"
    )


async def test_the_last_instant_set_wins() -> None:
    clock = SystemClock()
    alarm = Alarm(clock)
    calls: list[str] = []
    came = asyncio.Event()

    alarm.set(at_now(clock).plus(0.005), lambda: calls.append("first"))
    alarm.set(at_now(clock).plus(0.02), came.set)
    await came.wait()
    alarm.close()

    assert calls == []


async def test_an_instant_of_the_past_is_called_at_once() -> None:
    clock = SystemClock()
    alarm = Alarm(clock)
    came = asyncio.Event()

    alarm.set(at_now(clock).plus(-1), came.set)
    await asyncio.wait_for(came.wait(), 1)
    alarm.close()


class _Jumping(SystemClock):
    """A computer whose wall clock is set again and again."""

    def __init__(self) -> None:
        super().__init__()
        self._jumps = 0

    def now(self) -> float:
        self._jumps += 1
        jump = 1e8 * self._jumps
        return super().now() + (jump if self._jumps % 2 else -jump)


async def test_a_wall_clock_that_jumps_changes_no_delay() -> None:
    clock = _Jumping()
    alarm = Alarm(clock)
    began = clock.elapsed()

    await asyncio.wait_for(alarm.wait_until(at_now(clock).plus(0.02)), 5)
    alarm.close()

    assert 0.02 <= clock.elapsed() - began < 1
