"""The log thread with real pipes."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from smtui.clock import Clock, SystemClock
from smtui.supervisor.logs import Capture, LogPump
from smtui.wire.paths import log_path
from tests.support.store import HandClock


class Run:
    """A process as the pump sees it: two pipes."""

    def __init__(self) -> None:
        out, self.out = os.pipe()
        err, self.err = os.pipe()
        self.capture = Capture(out, err)

    def end(self) -> None:
        os.close(self.out)
        os.close(self.err)


def open_files() -> list[Path]:
    """Return what this process has open."""
    links = [*Path("/proc/self/fd").iterdir()]
    return [each.readlink() for each in links if each.is_symlink()]


class Ended(Run):
    """One that has printed nothing and is over."""

    def __init__(self) -> None:
        super().__init__()
        self.end()
        for stream in self.capture.streams:
            os.close(stream.fd)
        self.capture.streams.clear()


@asynccontextmanager
async def a_pump(folder: Path, clock: Clock | None = None) -> AsyncIterator[LogPump]:
    """Run a pump and fail when its thread does."""
    deaths: list[Exception] = []
    pump = LogPump(folder, clock or SystemClock(), deaths.append)
    pump.start()
    yield pump
    await asyncio.to_thread(pump.stop)
    assert deaths == []


def without_times(path: Path) -> list[bytes]:
    lines = path.read_bytes().splitlines()
    return [line.split(b" ", 1)[1] for line in lines]


async def test_a_run_is_between_its_notes_with_its_streams_apart(
    tmp_path: Path,
) -> None:
    run = Run()
    async with a_pump(tmp_path) as pump:
        pump.note("a", "run 1 starts")
        pump.follow("a", run.capture)
        os.write(run.out, b"hello\nwor")
        os.write(run.out, b"ld\nno end")
        run.end()
        await pump.finish("a", run.capture)
        pump.note("a", "run 1 ended")

    assert without_times(log_path(tmp_path, "a")) == [
        b"--- run 1 starts",
        b"out hello",
        b"out world",
        b"out~ no end",
        b"--- run 1 ended",
    ]


async def test_the_last_words_are_the_last_line_of_stderr(
    tmp_path: Path,
) -> None:
    run = Run()
    async with a_pump(tmp_path) as pump:
        pump.follow("a", run.capture)
        os.write(run.err, b"Traceback\n  x\nValueError: \x1b[31mno\xff\n\n")
        run.end()
        words = await pump.finish("a", run.capture)

    assert words == "ValueError:  [31mno�"


async def test_what_was_said_long_before_the_end_is_no_last_word(
    tmp_path: Path,
) -> None:
    run, clock = Run(), HandClock()
    async with a_pump(tmp_path, clock) as pump:
        pump.follow("a", run.capture)
        os.write(run.err, b"a warning\n")
        while not log_path(tmp_path, "a").is_file():  # noqa: ASYNC110 - it rings nobody
            await asyncio.sleep(0)
        clock.pass_s(6)
        run.end()

        assert "" == await pump.finish("a", run.capture)


async def test_a_line_that_never_ends_takes_no_more_than_a_piece(
    tmp_path: Path,
) -> None:
    run = Run()
    size = 3 * (1 << 20) + 5

    def print_it() -> None:
        rest = memoryview(b"x" * size)
        while rest:
            rest = rest[os.write(run.out, rest) :]
        run.end()

    async with a_pump(tmp_path) as pump:
        pump.follow("a", run.capture)
        printer = threading.Thread(target=print_it)
        printer.start()
        await asyncio.to_thread(printer.join)
        await pump.finish("a", run.capture)

    lines = without_times(log_path(tmp_path, "a"))
    assert all(line.startswith(b"out~ ") for line in lines)
    assert sum(len(line) - 5 for line in lines) == size


@pytest.mark.acceptance
async def test_a_pipe_that_is_held_open_is_given_up_and_named(
    tmp_path: Path,
) -> None:
    run = Run()
    async with a_pump(tmp_path) as pump:
        pump.follow("a", run.capture)
        os.write(run.out, b"before\n")
        async with asyncio.timeout(20):
            await pump.finish("a", run.capture)
    run.end()

    lines = without_times(log_path(tmp_path, "a"))
    assert lines[0] == b"out before"
    assert all(b"still holds the output open" in line for line in lines[1:])
    assert len(lines) == 3


async def test_no_file_stays_open_when_nobody_prints_any_more(
    tmp_path: Path,
) -> None:
    run = Run()
    async with a_pump(tmp_path) as pump:
        pump.follow("a", run.capture)
        os.write(run.out, b"x\n")
        run.end()
        await pump.finish("a", run.capture)
        pump.note("a", "run 1 ended")
        await pump.finish("a", Ended().capture)  # so that the note is written

        assert log_path(tmp_path, "a") not in open_files()


async def test_a_thread_that_dies_says_so(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    died: asyncio.Future[Exception] = loop.create_future()
    pump = LogPump(
        tmp_path,
        SystemClock(),
        lambda error: loop.call_soon_threadsafe(died.set_result, error),
    )
    pump.start()
    pump.follow("a", Capture(-1, -1))

    async with asyncio.timeout(10):
        assert isinstance(await died, ValueError)
    await asyncio.to_thread(pump.stop)
