"""The stream tells everybody everything, at its pace."""

import asyncio
from collections.abc import Iterable

from smtui.supervisor.stream import TICK_S, Stream
from smtui.wire import ChildState, Fleet, MachineView, Message, Update


class Somebody:
    """A viewer that keeps what it is sent."""

    def __init__(self) -> None:
        self.busy = False
        self.got: list[Message] = []
        self.news = asyncio.Event()

    def is_busy(self) -> bool:
        return self.busy

    def send(self, message: Message) -> None:
        self.got.append(message)
        self.news.set()


class House:
    """A fleet of children that only count."""

    def __init__(self) -> None:
        self.restarts: dict[str, int] = {}
        self.stream = Stream(self.fleet, self.update)

    def change(self, name: str) -> None:
        self.restarts[name] = self.restarts.get(name, 0) + 1
        self.stream.changed(name)

    def row(self, name: str) -> MachineView:
        state, n = ChildState.READY, self.restarts[name]
        return MachineView(name, name, "", "", "", state, restarts=n)

    def fleet(self) -> Fleet:
        rows = tuple(self.row(name) for name in self.restarts)
        return Fleet(at=0.0, data_dir="", paths=(), pid=1, machines=rows)

    def update(self, dirty: Iterable[str], gone: Iterable[str]) -> Update:
        rows = tuple(self.row(name) for name in dirty)
        return Update(at=0.0, machines=rows, gone=tuple(gone))


async def test_many_changes_are_one_message_with_the_last_of_each() -> None:
    house, ann = House(), Somebody()
    house.change("a")
    house.stream.join(ann)
    for _ in range(1000):
        house.change("a")
        house.change("b")
    ann.news.clear()
    async with asyncio.timeout(10):
        await ann.news.wait()

    fleet, update = ann.got
    assert isinstance(fleet, Fleet)
    assert isinstance(update, Update)
    assert [(r.name, r.restarts) for r in fleet.machines] == [("a", 1)]
    assert {r.name: r.restarts for r in update.machines} == {"a": 1001, "b": 1000}


async def test_a_viewer_that_sleeps_finds_one_merged_message() -> None:
    house, ann = House(), Somebody()
    house.stream.join(ann)
    ann.busy = True
    for name in ("a", "b", "a"):
        house.change(name)
        house.stream.flush()
    assert len(ann.got) == 1

    ann.busy = False
    house.stream.relieve(ann)

    update = ann.got[1]
    assert isinstance(update, Update)
    assert {r.name: r.restarts for r in update.machines} == {"a": 2, "b": 1}
    house.stream.relieve(ann)
    assert len(ann.got) == 2


async def test_who_left_gets_nothing_and_nobody_costs_nothing() -> None:
    house, ann = House(), Somebody()
    house.stream.join(ann)
    house.stream.leave(ann)
    house.change("a")
    await asyncio.wait([asyncio.create_task(asyncio.sleep(2 * TICK_S))])

    assert len(ann.got) == 1
    assert not house.stream.has_viewers


async def test_rows_that_are_no_more_are_named() -> None:
    house, ann = House(), Somebody()
    house.stream.join(ann)
    house.change("a")
    house.stream.gone([house.row("a")])
    house.stream.flush()

    update = ann.got[1]
    assert isinstance(update, Update)
    assert update.gone == ("a",)
