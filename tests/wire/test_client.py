"""A client of control.sock against a small real server."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from smtui.errors import NoSupervisorError, SupervisorError, UsageError, WireError
from smtui.wire import (
    Answer,
    Ask,
    ChildState,
    Fleet,
    MachineView,
    Message,
    Update,
    decode,
    encode,
)
from smtui.wire.client import ControlClient
from smtui.wire.paths import LOCK_NAME, control_path

Serve = Callable[[Ask], Awaitable[list[Message]]]


@asynccontextmanager
async def a_supervisor(serve: Serve) -> AsyncIterator[Path]:
    """Serve Asks on control.sock of a data directory and yield it."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            ask = decode(line)
            assert isinstance(ask, Ask)
            for message in await serve(ask):
                writer.write(encode(message))
            if ask.op == "hang up":
                break
            await writer.drain()
        writer.close()

    with TemporaryDirectory(dir="/tmp") as folder:
        data = Path(folder)
        (data / LOCK_NAME).write_text(json.dumps({"run_dir": folder}))
        path = str(control_path(data))
        server = await asyncio.start_unix_server(talk, path)
        async with server:
            yield data


async def echo(ask: Ask) -> list[Message]:
    return [Answer(ask.id, ok=True, value=[ask.op, ask.args, ask.who])]


async def silence(ask: Ask) -> list[Message]:
    del ask
    return []


async def test_an_answer_comes_back_to_who_asked() -> None:
    async with (
        a_supervisor(echo) as data,
        await ControlClient.connect(data, who="ann@pts/0") as client,
    ):
        asked = [client.ask("start", {"names": [str(n)]}) for n in range(3)]
        values = await asyncio.gather(*asked)

    assert values == [["start", {"names": [str(n)]}, "ann@pts/0"] for n in range(3)]


@pytest.mark.parametrize(("code", "kind"), [(1, SupervisorError), (2, UsageError)])
async def test_a_no_is_raised_with_its_hint(code: int, kind: type[Exception]) -> None:
    async def refuse(ask: Ask) -> list[Message]:
        return [Answer(ask.id, ok=False, error="no x", hint="try y", exit_code=code)]

    async with (
        a_supervisor(refuse) as data,
        await ControlClient.connect(data) as client,
    ):
        with pytest.raises(kind, match="no x - try y"):
            await client.ask("start")


async def test_a_silent_supervisor_is_not_waited_for_longer() -> None:
    async with (
        a_supervisor(silence) as data,
        await ControlClient.connect(data) as client,
    ):
        with pytest.raises(WireError, match=r"did not answer 'ping' in 0\.01 s"):
            await client.ask("ping", deadline_s=0.01)


async def test_no_supervisor_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoSupervisorError, match="smtui run"):
        await ControlClient.connect(tmp_path)


async def test_asks_in_hand_end_when_the_supervisor_goes() -> None:
    async with (
        a_supervisor(silence) as data,
        await ControlClient.connect(data) as client,
    ):
        with pytest.raises(WireError, match="hung up"):
            await client.ask("hang up")
        with pytest.raises(WireError, match="hung up"):
            await client.ask("ping")

        assert client.is_closed


async def test_updates_a_slow_watcher_missed_arrive_as_one() -> None:
    def row(name: str, restarts: int) -> MachineView:
        state = ChildState.READY
        return MachineView(name, name, "engine", "h", "f", state, restarts=restarts)

    async def stream(ask: Ask) -> list[Message]:
        if ask.op != "watch":
            return [
                *(Update(at=float(n), machines=(row("a", n),)) for n in range(9)),
                Update(at=9.0, machines=(row("b", 1),)),
                Answer(ask.id, ok=True),
            ]
        fleet = Fleet(at=0.0, data_dir="d", paths=(), pid=1, machines=())
        return [Answer(ask.id, ok=True), fleet]

    async with (
        a_supervisor(stream) as data,
        await ControlClient.connect(data) as client,
    ):
        news = client.watch()
        first = await anext(news)
        await client.ask("more")
        second = await anext(news)

    assert isinstance(first, Fleet)
    assert second == Update(at=9.0, machines=(row("a", 8), row("b", 1)))


async def test_a_watch_ends_when_the_supervisor_goes() -> None:
    async def serve(ask: Ask) -> list[Message]:
        return [Answer(ask.id, ok=True)]

    async with (
        a_supervisor(serve) as data,
        await ControlClient.connect(data) as client,
    ):
        await client.ask("hang up")

        with pytest.raises(WireError, match="hung up"):
            _ = [news async for news in client.watch()]


async def test_a_supervisor_that_speaks_garbage_is_left() -> None:
    async def babble(ask: Ask) -> list[Message]:
        del ask
        return [Ask(id=1, op="what")]

    async with (
        a_supervisor(babble) as data,
        await ControlClient.connect(data) as client,
    ):
        with pytest.raises(WireError, match="sent a Ask"):
            await client.ask("ping")
