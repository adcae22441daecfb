"""What comes through the doors of a real supervisor."""

import asyncio
import os
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
import pytest_asyncio

from smtui.errors import WireError
from smtui.wire import (
    Answer,
    Ask,
    ChildState,
    Decoder,
    Fleet,
    Hello,
    Update,
    encode,
)
from smtui.wire.client import ControlClient
from smtui.wire.paths import control_path, events_path
from tests.support.supervisor import FleetUnderTest, a_fleet

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("doors")]

READY = ChildState.READY

beside = pytest.mark.asyncio(loop_scope="module")
"""A test that only knocks: it shares one fleet with others."""


def run_directory(fleet: FleetUnderTest) -> Path:
    assert fleet.lock is not None
    return fleet.lock.run_dir


async def talk(path: Path, *data: bytes) -> bytes:
    """Send bytes and return all that comes until the other side hangs up."""
    reader, writer = await asyncio.open_unix_connection(str(path))
    for each in data:
        writer.write(each)
    async with asyncio.timeout(20):
        said = await reader.read()
    writer.close()
    return said


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def fleet() -> AsyncIterator[FleetUnderTest]:
    """Run one machine."""
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        yield fleet
        await fleet.down()


async def test_only_we_may_come_in() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        await fleet.start()
        directory = run_directory(fleet)

        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        for path in directory.iterdir():
            assert stat.S_ISSOCK(path.stat().st_mode)
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            assert path.stat().st_uid == os.getuid()
        await fleet.down()
        assert {path.suffix for path in directory.iterdir()} <= {".a"}


@beside
@pytest.mark.parametrize(
    "garbage",
    [b"GET / HTTP/1.1\n\n", b"\xff\x00\n", b'{"kind": "hello"}\n', b"x" * (5 << 20)],
    ids=["http", "binary", "half a message", "no end"],
)
async def test_who_speaks_garbage_is_hung_up_on(
    garbage: bytes, fleet: FleetUnderTest
) -> None:
    for path in (control_path, events_path):
        # it may hang up before it was told everything
        with suppress(ConnectionResetError, BrokenPipeError):
            assert await talk(path(run_directory(fleet)), garbage) == b""

    assert await fleet.ask("ping")


@beside
async def test_a_process_of_another_epoch_is_nobody(fleet: FleetUnderTest) -> None:
    path = events_path(run_directory(fleet))
    pid = fleet.pid("a")

    for hello in (
        Hello("a", pid, 99, ("a",)),
        Hello("a", 1, 1, ("a",)),
        Hello("b", pid, 1, ("b",)),
    ):
        assert await talk(path, encode(hello)) == b""
    assert fleet.rows["a"].state is READY


async def test_a_client_with_too_much_in_hand_is_told_so() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["deaf"], ["ready"], stop_timeout_s=3)
        await fleet.start()
        await fleet.until_state(READY, "a")
        asks = [Ask(n, "stop", {"names": ["a"]}) for n in range(65)]

        reader, writer = await asyncio.open_unix_connection(
            str(control_path(run_directory(fleet)))
        )
        writer.writelines(encode(ask) for ask in asks)
        async with asyncio.timeout(20):
            (answer,) = Decoder().feed(await reader.readline())
        writer.close()

        assert isinstance(answer, Answer)
        assert (answer.id, answer.ok) == (64, False)
        assert "64 requests of this client are in hand" in answer.error
        await fleet.down()


async def test_a_viewer_that_never_reads_holds_nobody_up() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        for n in range(40):
            fleet.command(f"p{n}", "sh", "-c", "exit 1", restart="never")
        await fleet.start()
        await fleet.until_state(READY, "a")
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sleeper:
            sleeper.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            sleeper.connect(str(control_path(run_directory(fleet))))
            sleeper.sendall(encode(Ask(1, "watch")))
            names = [f"p{n}" for n in range(40)]
            for _ in range(5):
                await fleet.ask("restart", names=[*names], wait=False)
                await fleet.until_state(ChildState.FAILED, *names)

        await fleet.down()


async def test_a_fleet_that_goes_down_ends_the_stream_with_all_stopped() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        news: list[Fleet | Update] = []
        async with await ControlClient.connect(fleet.data) as client:
            async for each in client.watch():
                news.append(each)
                if len(news) == 1:
                    await fleet.ask("down")

        assert isinstance(news[0], Fleet)
        assert news[-1].machines[0].state is ChildState.STOPPED
        with pytest.raises(WireError):
            await fleet.ask("ping")
