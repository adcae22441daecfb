"""The supervisor's side of the nursery, with a test on the other side."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from smtui.clock import SystemClock
from smtui.supervisor import nursery as module
from smtui.supervisor.logs import LogPump
from smtui.supervisor.nest import Nest
from smtui.supervisor.nursery import Nursery
from smtui.supervisor.spawn import Process
from smtui.supervisor.undertaker import Undertaker
from smtui.wire.birth import Birth, Born, answer, take_birth

BIRTH = Birth("a", 1, "/", {})


def a_sleeper() -> int:
    """Start a process that does nothing."""
    command = [sys.executable, "-I", "-S", "-c", "import signal; signal.pause()"]
    return os.posix_spawn(sys.executable, command, {}, setsid=True)


class Home:
    """A nest whose nursery is this test."""

    def __init__(self) -> None:
        ours, self.door = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        out, self.out = os.pipe()
        err, self.err = os.pipe()
        self.nest = Nest(a_sleeper(), ours, out, err)

    def warm(self) -> None:
        """Say the first word."""
        answer(self.door, Born(self.nest.pid))

    def close(self) -> None:
        self.door.close()
        os.close(self.out)
        os.close(self.err)


class Ward:
    """A nursery under test, and all its homes."""

    def __init__(self, folder: Path) -> None:
        self.homes = [Home()]
        self.begun: list[Process] = []
        self.ended = asyncio.Event()
        self.undertaker = Undertaker(is_alone=False)
        self.pump = LogPump(folder, SystemClock(), print)
        self.pump.start()
        self.nursery = Nursery(
            self.homes[0].nest, self.build, self.undertaker, self.pump
        )

    def build(self) -> Nest:
        self.homes.append(Home())
        return self.homes[-1].nest

    async def until(self, what: Callable[[], bool]) -> None:
        """Let the loop run until something is true."""
        async with asyncio.timeout(20):
            while not what():  # noqa: ASYNC110 - its bell is its own
                await asyncio.sleep(0)

    async def bear(self) -> Process | None:
        async with asyncio.timeout(20):
            return await self.nursery.bear(BIRTH, self.begun.append, self.ended.set)


@asynccontextmanager
async def a_ward(folder: Path) -> AsyncIterator[Ward]:
    """Keep a nursery until the end of a test."""
    ward = Ward(folder)
    try:
        yield ward
    finally:
        await ward.nursery.close()
        for home in ward.homes:
            home.close()
        await asyncio.to_thread(ward.pump.stop)


async def test_a_birth_is_a_process_that_is_reaped_like_any_other(
    tmp_path: Path,
) -> None:
    async with a_ward(tmp_path) as ward:
        ward.homes[0].warm()
        pid = a_sleeper()
        answer(ward.homes[0].door, Born(pid))

        process = await ward.bear()

        assert process is not None
        assert ward.begun == [process]
        assert (process.pid, process.code) == (pid, None)
        assert ward.undertaker.owner_of(pid) == "a"
        process.kill()
        await ward.ended.wait()
        assert process.code == -signal.SIGKILL


async def test_a_refused_birth_is_none(tmp_path: Path) -> None:
    async with a_ward(tmp_path) as ward:
        ward.homes[0].warm()
        answer(ward.homes[0].door, Born(0, "fork: no memory"))

        assert await ward.bear() is None
        assert ward.begun == []
        assert ward.nursery.pid == ward.homes[0].nest.pid


async def test_a_silent_nursery_is_killed_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SILENT_S", 0.01)
    async with a_ward(tmp_path) as ward:
        ward.homes[0].warm()
        await ward.until(lambda: ward.nursery.is_warm)
        first = ward.nursery.pid

        assert await ward.bear() is None
        assert first == ward.homes[0].nest.pid
        assert ward.nursery.pid == ward.homes[1].nest.pid


async def test_a_cold_replacement_is_not_waited_for(tmp_path: Path) -> None:
    async with a_ward(tmp_path) as ward:
        ward.homes[0].warm()
        answer(ward.homes[0].door, Born(0))
        await ward.bear()
        ward.homes[0].door.close()
        await ward.until(lambda: len(ward.homes) > 1)

        assert await ward.bear() is None
        ward.homes[1].door.setblocking(False)
        with pytest.raises(BlockingIOError):
            take_birth(ward.homes[1].door)


async def test_a_nursery_that_was_of_no_use_is_not_tried_again(
    tmp_path: Path,
) -> None:
    async with a_ward(tmp_path) as ward:
        ward.homes[0].door.close()
        await ward.until(lambda: ward.nursery.pid is None)

        assert await ward.bear() is None
        assert len(ward.homes) == 1


async def test_whose_birth_nobody_wants_any_more_is_killed(tmp_path: Path) -> None:
    async with a_ward(tmp_path) as ward:
        ward.homes[0].warm()
        bearing = asyncio.create_task(ward.bear())
        await asyncio.to_thread(take_birth, ward.homes[0].door)
        bearing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await bearing
        answer(ward.homes[0].door, Born(a_sleeper()))

        await ward.ended.wait()
        assert ward.begun == []
