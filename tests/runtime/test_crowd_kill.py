"""Entities in a process of their own that is killed -9."""

import asyncio
import random
from collections import Counter
from pathlib import Path

import pytest

from tests.support.runtime_crowd import ORDERS, code_in, life
from tests.support.runtime_harness import Harness, harness
from tests.support.runtime_process import MachineProcess

pytestmark = pytest.mark.acceptance

IDS = ("o-1", "o-2", "o-3")
KILLS = 2
"""One more would be the third crash of an action, and the last of its tries."""

SLOW = """
import os, time
from pathlib import Path

def is_enough(ctx):
    time.sleep(0.02)
    return True

def receipt(ctx):
    time.sleep(0.05)
    name = Path(__file__).parent / f"receipt-{ctx['_action_key']}"
    name.touch()
    ctx["receipt"] = ctx["_action_key"]
"""


async def _are_shipped(machine: Harness) -> bool:
    async with machine.reader() as reader:
        rows = await reader.instances_in("m", [("SHIPPED",)])
    return {row.id for row in rows} == set(IDS)


def _receipts(folder: Path) -> list[str]:
    return [file.name for file in folder.glob("receipt-*")]


async def test_three_entities_outlive_kills_and_do_all_once(tmp_path: Path) -> None:
    code_in(tmp_path, SLOW)
    async with harness(tmp_path, ORDERS) as machine:
        with machine.writer() as writer:
            for event in ("pay", "ship"):
                for id_ in IDS:
                    writer.accept("m", event, None, source="test", instance=id_)
        dice = random.Random(7)  # noqa: S311 - where to kill
        for _ in range(KILLS):
            process = MachineProcess(machine)
            await machine.until(lambda _: True)
            await asyncio.sleep(dice.uniform(0.0, 0.12))  # a random instant
            process.kill()
            machine.supervisor.frame = None
        process = MachineProcess(machine)
        async with asyncio.timeout(20):
            while not await _are_shipped(machine):
                before = machine.supervisor.frame
                await machine.until(lambda f, b=before: f is not b)  # type: ignore[misc]
        process.kill()

        journal = await machine.journal()
        steps = Counter((entry.instance, entry.row.seq) for entry in journal)
        assert set(steps.values()) == {1}
        moves = Counter(
            (entry.instance, entry.row.to)
            for entry in journal
            if entry.row.from_ != entry.row.to
        )
        assert moves == Counter(
            (id_, (state,)) for id_ in IDS for state in ("NEW", "PAID", "SHIPPED")
        )
        keys = {str((await life(machine, id_)).data["receipt"]) for id_ in IDS}
        made = set(await asyncio.to_thread(_receipts, tmp_path))
        assert made == {f"receipt-{key}" for key in keys}
        assert len(keys) == len(IDS)


DEADLY = """
import os, time

def is_enough(ctx):
    return True

def receipt(ctx):
    if ctx["id"] == "deadly":
        time.sleep(0.05)
        os.kill(os.getpid(), 9)
    time.sleep(0.1)
    ctx["receipt"] = ctx["_action_key"]
"""


async def test_of_actions_in_hand_only_the_one_that_kills_is_given_up(
    tmp_path: Path,
) -> None:
    code_in(tmp_path, DEADLY)
    async with harness(tmp_path, ORDERS) as machine:
        ids = ["o-1", "deadly", *(f"o-{n}" for n in range(2, 9))]
        with machine.writer() as writer:
            for id_ in ids:
                writer.accept("m", "pay", {"id": id_}, source="test", instance=id_)
        process = await _until_paid(machine, ids)

        for id_ in ids:
            given = (await life(machine, id_)).data.get("receipt")
            assert (given is None) == (id_ == "deadly")
        assert "crashed the process 3 times" in process.output()


DEADLY_GUARD = """
import os, time

def is_enough(ctx):
    if ctx["id"] == "deadly":
        time.sleep(0.05)
        os.kill(os.getpid(), 9)
    return True

def receipt(ctx):
    time.sleep(0.3)
    ctx["receipt"] = ctx["_action_key"]
"""


async def test_a_guard_that_kills_costs_its_event_and_no_action_beside_it(
    tmp_path: Path,
) -> None:
    code_in(tmp_path, DEADLY_GUARD)
    async with harness(tmp_path, ORDERS) as machine:
        ids = ["o-1", "o-2", "deadly", "o-3"]
        with machine.writer() as writer:
            for id_ in ids:
                writer.accept("m", "pay", {"id": id_}, source="test", instance=id_)
        kind = [id_ for id_ in ids if id_ != "deadly"]
        await _until_paid(machine, kind)

        for id_ in kind:
            assert "receipt" in (await life(machine, id_)).data
        async with machine.reader() as reader:
            rows = await reader.events_page("m")
        assert [("deadly", "parked")] == [
            (row.instance, row.status.value) for row in rows if row.status != "taken"
        ]


async def _until_paid(machine: Harness, ids: list[str]) -> MachineProcess:
    """Start the process again whenever it has died; return the one that lived."""
    for _ in range(4):
        process = MachineProcess(machine)
        if await _dies_or_pays_all(machine, process, ids):
            return process
    raise AssertionError("it died four times")


async def _dies_or_pays_all(
    machine: Harness, process: MachineProcess, ids: list[str]
) -> bool:
    """Return whether nothing is in hand any more, before the process has died."""
    dying = asyncio.create_task(process.wait())
    async with asyncio.timeout(20), machine.reader() as reader:
        while not dying.done():
            rows = await reader.instances_in("m", [("PAID",)])
            is_idle = not any((row.snapshot or {}).get("pending") for row in rows)
            if len(rows) == len(ids) and is_idle:
                process.kill()
                await dying
                return True
            await asyncio.sleep(0.02)  # another process writes
    return False
