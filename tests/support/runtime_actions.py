"""Builders for tests of World actions: entries, places, recorded output."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from smtui.chart.values import Kind, Result, RunEntry
from smtui.definition import Json
from smtui.runtime.actions import Outlet, Place
from smtui.runtime.actions.performance import Ended


class _Telling(Outlet):
    """An Outlet that tells when it has written."""

    def __init__(self, out_fd: int, err_fd: int) -> None:
        super().__init__(out_fd, err_fd)
        self.wrote = asyncio.Event()

    def out(self, data: bytes) -> None:
        super().out(data)
        self.wrote.set()


class Recorder:
    """An Outlet whose words can be read again."""

    def __init__(self, folder: Path) -> None:
        self._files = (folder / "stdout", folder / "stderr")
        fds = [os.open(f, os.O_CREAT | os.O_APPEND | os.O_RDWR) for f in self._files]
        self._fds = fds
        self.outlet = _Telling(fds[0], fds[1])

    def out(self) -> bytes:
        """Return all of stdout so far."""
        return self._files[0].read_bytes()

    def err(self) -> bytes:
        """Return all of stderr so far."""
        return self._files[1].read_bytes()

    async def until_out(self, wanted: bytes) -> None:
        """Wait until stdout holds these bytes, 10 s at most."""
        async with asyncio.timeout(10):
            while wanted not in self.out():
                self.outlet.wrote.clear()
                await self.outlet.wrote.wait()

    def close(self) -> None:
        """Give the descriptors back."""
        for fd in self._fds:
            os.close(fd)


def run_entry(action: str, key: str = "k1", **args: Json) -> RunEntry:
    """Return the entry of a World action."""
    return RunEntry(Kind.WORLD, action, args, key, "entry")


def place_in(folder: Path, **env: str) -> Place:
    """Return a place whose shell finds this Python."""
    base = {"PATH": os.environ["PATH"], "SMTUI_PYTHON": sys.executable, **env}
    return Place("m", folder, base)


def value_of(ended: Ended) -> Mapping[str, Json]:
    """Return the value of an action that ended by itself."""
    assert isinstance(ended.answer, Result), ended.answer
    return ended.answer.value
