"""Entities whose process dies just before, or just after, one of its commits."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import pytest

from smtui.store import InboxStatus, Owner, StepWrite, Writer
from smtui.store.values import Committed
from tests.support.runtime_crowd import code_in, life
from tests.support.runtime_harness import Harness, harness

IDS = ("o-1", "o-2")

TEXT = """
meta: {machine_name: m, version: "1", strict_mode: true}
states:
  - {name: NEW, type: initial}
  - {name: PAID}
  - {name: PACKED, on_enter: [{increment: packed}]}
  - {name: SHIPPED, type: terminal}
transitions:
  - {trigger: pay, source: NEW, dest: PAID, guards: [is_enough], actions: [receipt]}
  - {after: 1, source: PAID, dest: PACKED}
  - {trigger: ship, source: PACKED, dest: SHIPPED}
"""

CODE = """
from pathlib import Path

def is_enough(ctx):
    return True

def receipt(ctx):
    (Path(__file__).parent / f"receipt-{ctx['_action_key']}").touch()
    ctx["receipt"] = ctx["_action_key"]
"""

POINTS = range(1, 9)
"""Commits of the whole way, with both instances taking their turns at once."""


class KilledError(Exception):
    """The process is gone: nothing it would have done next is done."""


def _die_at(
    patch: pytest.MonkeyPatch, point: int, *, is_before: bool
) -> "asyncio.Event":
    """Let the process die at one of its commits; the event says that it has."""
    commit, seen = Writer.commit, Counter[str]()
    died = asyncio.Event()
    loop = asyncio.get_running_loop()

    def dying(self: Writer, owner: Owner, writes: Sequence[StepWrite]) -> Committed:
        seen["commits"] += 1
        is_now = seen["commits"] == point
        if is_now and is_before:
            loop.call_soon_threadsafe(died.set)
            raise KilledError
        committed = commit(self, owner, writes)
        if is_now:
            loop.call_soon_threadsafe(died.set)
            raise KilledError
        return committed

    patch.setattr(Writer, "commit", dying)
    return died


async def _until_in(machine: Harness, *states: str) -> None:
    async with asyncio.timeout(10), machine.reader() as reader:
        while True:
            before = machine.supervisor.frame
            rows = await reader.instances_in("m", [(state,) for state in states])
            if {row.id for row in rows} == set(IDS):
                return
            await machine.until(lambda f, b=before: f is not b)  # type: ignore[misc]


async def _way(machine: Harness) -> None:
    """Lead every instance to its end."""
    await _until_in(machine, "PACKED", "SHIPPED")
    with machine.writer() as writer:
        for id_ in IDS:
            key = f"ship-{id_}"
            writer.accept("m", "ship", None, source="test", instance=id_, key=key)
    machine.ring()
    await _until_in(machine, "SHIPPED")


@pytest.mark.parametrize("is_before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("point", POINTS)
async def test_a_death_at_any_commit_loses_nothing_and_repeats_no_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: int, *, is_before: bool
) -> None:
    code_in(tmp_path, CODE)
    async with harness(tmp_path, TEXT) as machine:
        with machine.writer() as writer:
            for id_ in IDS:
                writer.accept("m", "pay", None, source="test", instance=id_)
        with monkeypatch.context() as patch:
            died = _die_at(patch, point, is_before=is_before)
            await machine.begin()
            going = asyncio.create_task(_way(machine))
            await asyncio.wait(
                [going, asyncio.create_task(died.wait())],
                return_when=asyncio.FIRST_COMPLETED,
            )
            going.cancel()
            await machine.crash()
        await machine.begin()
        await _way(machine)
        await machine.end()

        steps: dict[str, list[int]] = defaultdict(list)
        moves = Counter[tuple[str, tuple[str, ...]]]()
        for entry in await machine.journal():
            steps[entry.instance].append(entry.row.seq)
            moves[entry.instance, entry.row.to] += entry.row.from_ != entry.row.to
        for id_ in IDS:
            assert steps[id_] == [*range(1, len(steps[id_]) + 1)]
            found = await life(machine, id_)
            assert found.data["packed"] == 1
            assert (tmp_path / f"receipt-{found.data['receipt']}").exists()
            for state in ("NEW", "PAID", "PACKED", "SHIPPED"):
                assert moves[id_, (state,)] == 1
        made = await asyncio.to_thread(lambda: [*tmp_path.glob("receipt-*")])
        assert len(made) == len(IDS)
        async with machine.reader() as reader:
            rows = await reader.events_page("m")
        assert {row.status for row in rows} == {InboxStatus.TAKEN}
        assert len(rows) == 2 * len(IDS)
