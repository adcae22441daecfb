"""Statecharts with many instances in one process."""

import asyncio
import time
from pathlib import Path

import pytest

from smtui.definition import Json
from smtui.runtime import roll
from smtui.store import InboxStatus
from smtui.wire import BLOCKED
from tests.support.runtime_crowd import (
    BELL,
    ORDERS,
    PARENT,
    code_in,
    create,
    life,
    tell,
)
from tests.support.runtime_harness import Harness, harness, put_machine, running

ENOUGH: Json = {"amount": 20}


async def _until(machine: Harness, instance: str, state: str) -> None:
    """Wait until an instance is in a state."""
    async with asyncio.timeout(10):
        while True:
            before = machine.supervisor.frame
            async with machine.reader() as reader:
                row = await reader.instance("m", instance)
            if row is not None and state in row.configuration:
                return
            await machine.until(lambda f, b=before: f is not b)  # type: ignore[misc]


async def test_the_first_event_for_an_id_begins_its_instance(tmp_path: Path) -> None:
    code_in(tmp_path)
    async with running(tmp_path, ORDERS) as machine:
        one = await tell(machine, "pay", "o-1", ENOUGH)
        two = await tell(machine, "pay", "o-2", {"amount": 5})

        assert (one.status, two.status) == (InboxStatus.TAKEN, InboxStatus.REJECTED)
        assert (await life(machine, "o-1")).configuration == ("PAID",)
        assert (await life(machine, "o-2")).configuration == ("NEW",)
        assert "is_enough" in two.why


async def test_an_instance_is_begun_by_order_with_its_data(tmp_path: Path) -> None:
    code_in(tmp_path)
    async with running(tmp_path, ORDERS) as machine:
        first = await create(machine, "o-1", {"amount": 50})
        again = await create(machine, "o-1", {})

        assert (await tell(machine, "pay", "o-1")).status is InboxStatus.TAKEN
        assert first.status is InboxStatus.TAKEN
        assert (again.status, again.why) == (
            InboxStatus.REJECTED,
            "there is an instance 'o-1' already",
        )


async def test_what_guards_said_is_journalled_and_actions_change_the_data(
    tmp_path: Path,
) -> None:
    code_in(tmp_path)
    async with running(tmp_path, ORDERS) as machine:
        await tell(machine, "pay", "o-1", ENOUGH)
        await tell(machine, "ship", "o-1")

        rows = [entry.row for entry in await machine.journal()]
        said = rows[1].answers
        assert isinstance(said, dict)
        assert said["guards"] == [{"id": "o-1/1/2/1", "holds": True, "error": ""}]
        data = (await life(machine, "o-1")).data
        assert data == {"amount": 20, "receipt": "r1", "by": "sea"}
        assert machine.text("asked") == "?"


async def test_an_event_for_an_ended_instance_is_refused(tmp_path: Path) -> None:
    code_in(tmp_path)
    async with running(tmp_path, ORDERS) as machine:
        await tell(machine, "pay", "o-1", ENOUGH)
        await tell(machine, "ship", "o-1")

        late = await tell(machine, "pay", "o-1")

        assert late.why == "'o-1' has ended in SHIPPED"


async def test_an_instance_that_was_put_away_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll, "MOST", 1)
    code_in(tmp_path)
    ids = [f"o-{n}" for n in range(4)]
    async with running(tmp_path, ORDERS) as machine:
        for id_ in ids:
            await tell(machine, "pay", id_, ENOUGH)
        for id_ in reversed(ids):
            assert (await tell(machine, "ship", id_)).status is InboxStatus.TAKEN

        ends = [await life(machine, id_) for id_ in ids]
        assert {end.configuration for end in ends} == {("SHIPPED",)}
        assert {end.data["receipt"] for end in ends} == {"r1"}


async def test_names_nothing_binds_keep_the_machine_from_being_ready(
    tmp_path: Path,
) -> None:
    code_in(tmp_path, "def receipt(ctx): ...\n")
    async with running(tmp_path, ORDERS) as machine:
        frame = await machine.until(lambda _: True)

        assert "m.py does not bind guard 'is_enough'" in frame.last_problem
        assert 'write @guard("is_enough") there' in frame.last_problem


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import nobody_has_this_one\n", "ModuleNotFoundError: No module named"),
        ("import halfway_there\n", "SyntaxError: "),
    ],
)
async def test_python_that_cannot_be_imported_waits_for_who_mends_it(
    tmp_path: Path, code: str, found: str
) -> None:
    (tmp_path / "halfway_there.py").write_text("def (\n")
    code_in(tmp_path, code)
    async with running(tmp_path, ORDERS) as machine:
        frame = await machine.until(lambda _: True)

        assert frame.last_problem.startswith(BLOCKED)
        assert f"m.py: importing it failed: {found}" in frame.last_problem
        assert "mend it and restart" in frame.last_problem


async def test_without_python_a_guard_says_no_and_the_machine_runs(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, ORDERS) as machine:
        row = await tell(machine, "pay", "o-1", ENOUGH)

        assert "is_enough" in row.why
        assert row.status is InboxStatus.REJECTED


async def test_a_guard_that_raises_is_a_no_with_its_reason(tmp_path: Path) -> None:
    code_in(tmp_path, "def is_enough(ctx): return 1 / 0\ndef receipt(ctx): ...\n")
    async with running(tmp_path, ORDERS) as machine:
        row = await tell(machine, "pay", "o-1", ENOUGH)

        assert "ZeroDivisionError" in row.why


async def test_a_delay_comes_true_after_the_process_was_away(tmp_path: Path) -> None:
    async with harness(tmp_path, BELL) as machine:
        await machine.begin()
        await machine.until(lambda _: True)
        await tell(machine, "set", "b-1")
        await machine.crash()

        await machine.begin()

        await _until(machine, "b-1", "RUNG")
        await machine.end()


async def test_an_invoked_child_talks_to_its_parent_and_ends(tmp_path: Path) -> None:
    async with harness(tmp_path, PARENT) as machine:
        await machine.begin()
        await machine.until(lambda _: True)
        await tell(machine, "go")
        await machine.crash()
        await machine.begin()
        await machine.until(lambda _: True)

        await tell(machine, "next")
        frame = await machine.until_state("rest")

        assert frame.instances == 2
        assert (await life(machine, "main")).data["got"] == "well"
        await machine.end()


async def test_a_child_ends_with_the_state_that_invoked_it(tmp_path: Path) -> None:
    async with harness(tmp_path, PARENT) as machine:
        await machine.begin()
        await machine.until(lambda _: True)
        await tell(machine, "go")
        (child,) = (await life(machine, "main")).pending.values()

        await tell(machine, "leave")

        async with machine.reader() as reader:
            rows = {row.id: row.status for row in await reader.instances("m")}
        assert rows == {"main": "running", child.instance: "final"}  # type: ignore[union-attr]
        await machine.end()


LATE = """
meta: {machine_name: m, version: "1"}
states:
  - {name: WORK, type: initial}
  - {name: BUSY}
  - {name: LATE}
transitions:
  - {trigger: go, source: WORK, dest: BUSY, actions: [slow]}
  - {after: 50, source: BUSY, dest: LATE}
"""


async def test_a_delay_that_is_over_while_an_action_runs_wakes_nobody(
    tmp_path: Path,
) -> None:
    slow = "import time\ndef slow(ctx): time.sleep(0.3)\n"
    code_in(tmp_path, slow)
    async with running(tmp_path, LATE) as machine:
        await tell(machine, "go", "l-1")
        before = time.process_time()

        await _until(machine, "l-1", "LATE")

        assert time.process_time() - before < 0.2


async def test_an_instance_whose_state_is_gone_waits_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    code_in(tmp_path)
    async with harness(tmp_path, ORDERS) as machine:
        await machine.begin()
        await machine.until(lambda _: True)
        await tell(machine, "pay", "o-1", ENOUGH)
        await tell(machine, "pay", "o-2")
        await machine.end()
        with machine.writer() as writer:
            put_machine(writer, tmp_path, ORDERS.replace("PAID", "SETTLED"))
            writer.accept("m", "ship", None, source="test", instance="o-1")

        await machine.begin()
        frame = await machine.until(lambda f: bool(f.last_problem))
        assert "o-1: the definition has changed and has no state 'PAID'" in (
            frame.last_problem
        )
        taken = await tell(machine, "pay", "o-2", ENOUGH)

        assert taken.status is InboxStatus.TAKEN
        assert (await life(machine, "o-2")).configuration == ("SETTLED",)
        assert (await life(machine, "o-1")).configuration == ("PAID",)
        await machine.end()
