"""The stream to the supervisor."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from smtui.runtime.link import Link
from smtui.wire import Frame, Hello, Ready
from tests.support.runtime_harness import Supervisor

HELLO = Hello("m", 1, 1, ("m",))


@pytest.fixture
async def folder() -> AsyncIterator[Path]:
    with TemporaryDirectory() as found:  # a short path, for a socket
        yield Path(found)


def _frame(seq: int) -> Frame:
    return Frame("m", "main", ("a",), "running", 0.0, seq, 0)


async def test_it_says_hello_ready_and_shows_frames(folder: Path) -> None:
    supervisor = Supervisor()
    await supervisor.listen(folder / "s")
    link = Link(folder / "s", HELLO, lambda: None)
    link.ready()
    link.show("m", lambda: _frame(1))
    await supervisor.until(lambda f: f.seq == 1)
    link.close()
    await supervisor.aclose()

    assert supervisor.messages == [HELLO, Ready("m"), _frame(1)]


async def test_frames_are_coalesced_and_the_last_one_comes(folder: Path) -> None:
    supervisor = Supervisor()
    await supervisor.listen(folder / "s")
    link = Link(folder / "s", HELLO, lambda: None)
    for seq in range(1000):
        link.show("m", lambda seq=seq: _frame(seq))  # type: ignore[misc]
    await supervisor.until(lambda f: f.seq == 999)
    link.close()
    await supervisor.aclose()

    assert supervisor.messages == [HELLO, _frame(0), _frame(999)]


async def test_the_last_frame_is_sent_before_it_hangs_up(folder: Path) -> None:
    supervisor = Supervisor()
    await supervisor.listen(folder / "s")
    link = Link(folder / "s", HELLO, lambda: None)
    for seq in range(3):
        link.show("m", lambda seq=seq: _frame(seq))  # type: ignore[misc]
    link.close()
    await supervisor.until(lambda f: f.seq == 2)
    await supervisor.aclose()


async def test_a_supervisor_that_comes_later_is_found(folder: Path) -> None:
    link = Link(folder / "s", HELLO, lambda: None)
    link.ready()
    link.show("m", lambda: _frame(1))
    supervisor = Supervisor()
    await supervisor.listen(folder / "s")
    link._tried_at -= 1  # a second ago
    await asyncio.sleep(0.04)
    link.show("m", lambda: _frame(2))
    await supervisor.until(lambda f: f.seq == 2)
    link.close()
    await supervisor.aclose()

    assert supervisor.messages[:2] == [HELLO, Ready("m")]


async def test_what_the_supervisor_writes_is_a_ring(folder: Path) -> None:
    rung = asyncio.Event()
    supervisor = Supervisor()
    await supervisor.listen(folder / "s")
    link = Link(folder / "s", HELLO, rung.set)
    link.show("m", lambda: _frame(1))
    await supervisor.until(lambda f: f.seq == 1)
    await supervisor.poke()
    await asyncio.wait_for(rung.wait(), 5)
    link.close()
    await supervisor.aclose()


async def test_a_supervisor_that_does_not_read_never_holds_it_up(
    folder: Path,
) -> None:
    gate = asyncio.Event()

    async def deaf(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.close()

    server = await asyncio.start_unix_server(deaf, str(folder / "s"), limit=1)
    link = Link(folder / "s", HELLO, lambda: None)
    big = Frame("m", "x" * 1_000_000, ("a",), "running", 0.0, 1, 0)
    for _ in range(50):
        link._sent_at -= 1  # a second ago
        link.show("m", lambda: big)
        await asyncio.sleep(0)

    assert len(link._unsent) < 2_000_000
    link._hang_up()
    gate.set()
    server.close()
    await server.wait_closed()
