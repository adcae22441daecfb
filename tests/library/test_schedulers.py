"""Schedulers: the event loop's, the store's, and one of a reader's own."""

import asyncio
from pathlib import Path

import pytest

from smtui.library import (
    AsyncioScheduler,
    InMemoryStateStore,
    Machine,
    Runner,
    Scheduler,
    SQLiteStateStore,
    StoreScheduler,
    Timer,
    TransitionResult,
)
from smtui.testing import ManualClock
from tests.support.orders import WAITING, machine_of
from tests.support.rivals import Rival

SOON = {
    **WAITING,
    "states": [
        {"name": "idle", "type": "initial"},
        {"name": "wait", "timeout": {"seconds": 0.001, "destination": "late"}},
        {"name": "late"},
    ],
}


class Listed:
    """The smallest scheduler there can be."""

    def __init__(self) -> None:
        self.timers: dict[str, Timer] = {}

    def schedule(self, timer: Timer) -> None:
        self.timers[timer.id] = timer

    def cancel(self, machine: str, entity_id: str, timer_id: str) -> None:
        assert ("waiting", "1") == (machine, entity_id)
        del self.timers[timer_id]

    async def close(self) -> None:
        self.timers.clear()


class Arrived:
    """A hook that says when an entity has come somewhere."""

    def __init__(self, state: str) -> None:
        self.state = state
        self.event = asyncio.Event()

    def on_before_process(self, *_: object) -> None: ...

    def on_transition_start(self, result: TransitionResult) -> None: ...

    def on_transition_complete(self, result: TransitionResult, _: float) -> None:
        if result.target_state == self.state:
            self.event.set()

    def on_transition_error(self, *_: object) -> None: ...


async def test_a_scheduler_is_told_what_begins_and_ends() -> None:
    listed: Scheduler = (fake := Listed())
    clock = ManualClock()
    runner = Runner(machine_of(WAITING, clock), InMemoryStateStore(), scheduler=listed)

    await runner.async_process_event("1", "go")
    (first,) = fake.timers.values()
    runner.process_event("1", "back")
    gone = not fake.timers
    runner.process_event("1", "go")
    (second,) = fake.timers.values()
    clock.advance(60)
    await first.fire()
    before = runner.state_of("1")
    await second.fire()

    assert (60.0, "1", "_timeout_wait") == (
        first.delay_s,
        first.entity_id,
        first.event,
    )
    assert gone
    assert "wait" == before
    assert "late" == runner.state_of("1")
    await runner.close()


async def test_the_loop_fires_what_is_due_and_forgets_it() -> None:
    scheduler, hook = AsyncioScheduler(), Arrived("late")
    runner = Runner(
        machine_of(SOON), InMemoryStateStore(), scheduler=scheduler, hooks=[hook]
    )

    await runner.async_process_event("1", "go")
    async with asyncio.timeout(5):
        await hook.event.wait()

    assert () == scheduler.pending
    await runner.close()
    assert "late" == runner.state_of("1")


async def test_a_delay_the_store_refuses_is_logged_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store, hook = Rival(times=0), Arrived("late")
    scheduler = AsyncioScheduler(again_s=0.001)
    runner = Runner(
        machine_of(SOON), store, scheduler=scheduler, hooks=[hook], retries=0
    )
    await runner.async_process_event("1", "go")
    store.times = 1

    async with asyncio.timeout(5):
        await hook.event.wait()
    await runner.close()

    assert "the delay" in caplog.text
    assert "late" == runner.state_of("1")


async def test_closing_the_loops_scheduler_leaves_delays_in_the_store() -> None:
    scheduler = AsyncioScheduler()
    runner = Runner(machine_of(WAITING), InMemoryStateStore(), scheduler=scheduler)
    await runner.async_process_event("1", "go")
    counting = len(scheduler.pending)

    await runner.close()

    assert (1, ()) == (counting, scheduler.pending)
    assert runner.next_due() is not None


def test_what_is_scheduled_without_a_loop_counts_down_in_the_next() -> None:
    scheduler, hook = AsyncioScheduler(), Arrived("late")
    runner = Runner(
        machine_of(SOON), InMemoryStateStore(), scheduler=scheduler, hooks=[hook]
    )
    runner.process_event("1", "go")
    waiting = scheduler.pending

    async def later() -> None:
        await runner.async_process_event("2", "go")
        async with asyncio.timeout(5):
            await hook.event.wait()
        await runner.close()

    asyncio.run(later())

    assert 1 == len(waiting)
    assert "late" == runner.state_of("1")


@pytest.mark.parametrize("is_overdue", [True, False])
async def test_delays_in_the_store_survive_a_restart(
    tmp_path: Path, *, is_overdue: bool
) -> None:
    path, clock = tmp_path / "orders.db", ManualClock()
    store = SQLiteStateStore(path, clock=clock)
    Runner(machine_of(SOON, clock), store).process_event("1", "go")
    store.close()
    clock.advance(100.0 if is_overdue else 0.0)

    again, hook, scheduler = SQLiteStateStore(path), Arrived("late"), StoreScheduler()
    runner = Runner(machine_of(SOON, clock), again, scheduler=scheduler, hooks=[hook])
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        tasks.create_task(scheduler.run(runner))
        clock.advance(0.0 if is_overdue else 100.0)
        await hook.event.wait()
        await runner.close()

    assert "late" == runner.state_of("1")
    again.close()


async def test_a_delay_that_begins_while_the_store_is_watched_fires() -> None:
    hook, scheduler = Arrived("late"), StoreScheduler()
    runner = Runner(
        Machine.from_dict(SOON), InMemoryStateStore(), scheduler=scheduler, hooks=[hook]
    )

    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        tasks.create_task(scheduler.run(runner))
        await asyncio.sleep(0)
        await runner.async_process_event("1", "go")
        await hook.event.wait()
        await runner.close()

    assert "late" == runner.state_of("1")


async def test_a_delay_that_cannot_be_taken_up_is_tried_again_with_the_sweep() -> None:
    class Stuck:
        def __init__(self) -> None:
            self.tries = 0

        def next_due(self) -> float:
            return 0.0

        async def fire_due(self) -> int:
            self.tries += 1
            return 0

    scheduler, stuck = StoreScheduler(sweep_s=60), Stuck()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(scheduler.run(stuck))
        for _ in range(20):
            await asyncio.sleep(0)
        await scheduler.close()

    assert 1 == stuck.tries
