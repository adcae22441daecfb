"""Sees to it that nothing a child started outlives it.

The supervisor is a child subreaper: every process whose parent died falls to
it. The environment of such an orphan says whose it was (CHILD_MARK); one that
says nothing, or names a child that does not run, belongs to nobody and is
killed wherever it is met.

Why an empty list proves that all are gone: a living descendant of a dead
process has an ancestor that is our direct child, and the kernel leaves a
direct child out of the list only while somebody reaps, which is us alone.
"""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from smtui.supervisor.guardian import kill, subtree
from smtui.supervisor.leftovers import leftovers
from smtui.supervisor.procs import (
    Facts,
    adopted,
    facts,
    is_ours,
    kill_and_reap,
    mark_of,
    on_exit,
    reap,
    session_of,
)

__all__ = ["Undertaker"]


class Undertaker:
    """Knows which processes are ours by intention; all others are orphans."""

    def __init__(self, *, is_alone: bool = True) -> None:
        """`is_alone`: this process has no children but the fleet's.

        If it has, those without a mark are let be.
        """
        self._is_alone = is_alone
        self._known: dict[int, str] = {}
        self._living: set[str] = set()

    def expects(self, name: str) -> None:
        """Note that a main process of a child is being born elsewhere."""
        self._living.add(name)

    def expects_no_more(self, name: str) -> None:
        """Note that it was not born; whatever says it was is prey."""
        if name not in self._known.values():
            self._living.discard(name)

    def begins(self, name: str, pid: int) -> None:
        """Note the main process of a child."""
        self._known[pid] = name
        self._living.add(name)

    def forget(self, pid: int) -> None:
        """Note that a main process is gone; its orphans are prey now."""
        self.expects_no_more(self._known.pop(pid, ""))

    async def bury(self, name: str, pid: int | None = None) -> None:
        """Kill what is left of a child whose main process has ended.

        Returns when the kernel says that nothing is left.
        """
        if pid is not None:
            self._known.pop(pid, None)
        while True:
            left = self.kill_orphans(name)
            if not left:
                break
            await _all_ended(left)
        self._living.discard(name)

    async def bury_leftovers(self, data_dir: Path) -> int:
        """Kill what an earlier fleet left, and return how many there were.

        Nothing, unless its supervisor and its guardian were killed together.
        """
        found = leftovers(data_dir)
        left = [pid for pid in found if pid not in self._known and is_ours(pid)]
        for pid in left:
            kill(pid)
        await _all_ended(left)
        return len(left)

    def kill_orphans(self, name: str | None = None) -> list[int]:
        """Kill the orphans of `name`, and of nobody; return those not gone."""
        orphans = [
            pid
            for pid in adopted({*self._known})
            if not reap(pid) and self._is_prey(pid, name)
        ]
        for pid in orphans:
            for each in subtree(pid):
                kill(each)
        # one of another user (sudo) cannot be killed, nor waited for
        return [pid for pid in orphans if not kill_and_reap(pid) and is_ours(pid)]

    def kill_company(self, name: str) -> None:
        """Kill all processes of a child."""
        for each in self.company(name):
            kill(each.pid)

    def owner_of(self, pid: int) -> str:
        """Return the child a process belongs to, '' if to none of ours."""
        if pid in self._known:
            return self._known[pid]
        for main, name in self._known.items():
            if pid in subtree(main):
                return name
        mark = mark_of(pid)
        if mark in self._living and pid in subtree(os.getpid()):
            return mark
        return ""

    def company(self, name: str) -> list[Facts]:
        """Return the processes of a child, its main process first."""
        mains = [pid for pid, each in self._known.items() if each == name]
        orphans = [pid for pid in adopted({*self._known}) if mark_of(pid) == name]
        found = [facts(pid) for pid in _with_subtrees([*mains, *orphans])]
        return [each for each in found if each and each.state != "Z"]

    async def wait_for_company(self, name: str) -> None:
        """Return when a child has no process any more."""
        while found := self.company(name):
            await _all_ended(each.pid for each in found)

    def _is_prey(self, pid: int, name: str | None) -> bool:
        # in this order: a newborn leaves the nursery's session when its mark
        # is its own
        if session_of(pid) in self._known:
            return False
        mark = mark_of(pid)
        if not mark:
            return self._is_alone
        return mark == name or mark not in self._living


def _with_subtrees(pids: Iterable[int]) -> list[int]:
    return [each for pid in pids for each in (pid, *subtree(pid))]


async def _all_ended(pids: Iterable[int]) -> None:
    ends: list[asyncio.Event] = []
    for pid in pids:
        end = asyncio.Event()
        with suppress(ProcessLookupError):
            on_exit(pid, end.set)
            ends.append(end)
    for end in ends:
        await end.wait()
