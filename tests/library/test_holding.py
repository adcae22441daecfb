"""One turn of an entity at a time, whoever begins it and wherever it runs."""

import asyncio
import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from smtui.library import (
    Context,
    FSMError,
    HoldingStore,
    InMemoryStateStore,
    Machine,
    Runner,
    SQLiteStateStore,
    StaleVersionError,
    StateStore,
)
from tests.support.orders import machine_of
from tests.support.rivals import Rival

TICKING = {
    "meta": {"machine_name": "ticking"},
    "states": [{"name": "on", "type": "initial"}],
    "transitions": [
        {
            "trigger": "tick",
            "source": "on",
            "dest": "on",
            "actions": [{"increment": "count"}, "note"],
        }
    ],
}

WORKER = """\
import json, sys, smtui

machine = smtui.Machine.from_dict(json.loads(sys.argv[1]))

@machine.action()
def note(ctx):
    print(ctx["_action_key"])
    ctx["noted"] = ctx.get("noted", 0) + 1

runner = smtui.Runner(machine, smtui.SQLiteStateStore("e.db"), retries=0)
for _ in range(40):
    assert runner.process_event("1", "tick").success
"""


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> StateStore:
    if request.param == "memory":
        return InMemoryStateStore()
    return SQLiteStateStore(tmp_path / "e.db")


def test_one_at_a_time_holds_an_entity_and_another_one_is_free(
    store: StateStore,
) -> None:
    assert isinstance(store, HoldingStore)
    release = store.hold("m", "1", waits=True)

    assert store.hold("m", "1", waits=False) is None
    other = store.hold("m", "2", waits=False)
    assert release is not None
    assert other is not None
    release()
    again = store.hold("m", "1", waits=False)

    assert again is not None


@pytest.mark.acceptance
def test_two_programs_take_every_event_once_and_do_every_action_once(
    tmp_path: Path,
) -> None:
    command = [sys.executable, "-c", WORKER, json.dumps(TICKING)]
    programs = [
        subprocess.Popen(  # noqa: S603 - our own Python
            command, cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    keys = [key for one in programs for key in one.communicate()[0].split()]

    assert [0, 0] == [one.returncode for one in programs]
    assert {1} == {*Counter(keys).values()}
    runner = Runner(Machine.from_dict(TICKING), SQLiteStateStore(tmp_path / "e.db"))
    assert {"count": 80, "noted": 80} == runner.context_of("1")


async def test_a_door_that_waits_does_not_wait_for_its_own_loop(
    store: StateStore,
) -> None:
    machine = machine_of(TICKING)
    begun = asyncio.Event()

    @machine.action()
    async def note(ctx: Context) -> None:
        begun.set()
        await asyncio.sleep(0)
        del ctx

    runner = Runner(machine, store)
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(runner.async_process_event("1", "tick"))
        await begun.wait()
        with pytest.raises(FSMError, match="dealing with another event"):
            runner.process_event("1", "tick")

    assert first.result().success


async def test_who_gives_up_waiting_does_not_keep_the_entity(store: StateStore) -> None:
    assert isinstance(store, HoldingStore)
    machine = machine_of(TICKING)
    machine.action("note")(print)
    runner = Runner(machine, store)
    release = store.hold("ticking", "1", waits=True)
    assert release is not None

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await runner.async_process_event("1", "tick")
    release()

    assert (await runner.async_process_event("1", "tick")).success


class _HeldAsItsWaiterGoes(InMemoryStateStore):
    """Holds in the thread that waits; its waiter is cancelled the moment after."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.waiter: asyncio.Task[object] | None = None
        self.held = 0

    def hold(
        self, machine: str, entity_id: str, *, waits: bool
    ) -> Callable[[], None] | None:
        del machine, entity_id
        if not waits:
            return None
        self.held += 1
        thread = threading.current_thread()
        self.loop.call_soon_threadsafe(self._cancel_after, thread)
        return self._release

    def _cancel_after(self, thread: threading.Thread) -> None:
        thread.join()  # it has told the loop
        if self.waiter is not None:
            self.loop.call_soon(self.waiter.cancel)

    def _release(self) -> None:
        self.held -= 1


async def test_who_is_cancelled_as_it_gets_the_entity_does_not_keep_it() -> None:
    store = _HeldAsItsWaiterGoes()
    runner = Runner(machine_of(TICKING), store)

    store.waiter = asyncio.create_task(runner.async_process_event("1", "tick"))
    await asyncio.wait([store.waiter])

    assert store.waiter.cancelled()
    assert store.held == 0


@pytest.mark.parametrize("is_async", [True, False])
async def test_who_is_overtaken_after_the_event_was_taken_is_told_so(
    *, is_async: bool
) -> None:
    store, machine = Rival(times=0), machine_of(TICKING)

    @machine.action()
    def note(ctx: Context) -> None:
        ctx["noted"] = True
        store.times = 1

    runner = Runner(machine, store)
    with pytest.raises(StaleVersionError, match="after the event was taken"):  # noqa: PT012 - either door
        if is_async:
            await runner.async_process_event("1", "tick")
        else:
            runner.process_event("1", "tick")

    assert {"count": 1} == runner.context_of("1")
