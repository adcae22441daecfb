"""What others write into the store, or do to it, under a real supervisor."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from smtui.definition import Json
from smtui.store import ChildRow, MachineRow
from smtui.wire import ChildState
from smtui.wire.doorbell import ring
from smtui.wire.paths import SUPERVISOR
from tests.support.supervisor import a_fleet, is_alive

pytestmark = pytest.mark.acceptance

READY = ChildState.READY
STOPPED = ChildState.STOPPED
DONE = ChildState.DONE


async def test_a_machine_another_asked_for_is_started_when_rung() -> None:
    async with a_fleet() as fleet:
        file = fleet.define("card", ["ready"], template=True)
        await fleet.start()
        await fleet.until(lambda f: "card" in f.rows)
        with fleet.writer() as store:
            (card,) = store.children()
            machines = card.spec["machines"]
            assert isinstance(machines, list)
            assert isinstance(machines[0], dict)
            machine: dict[str, Json] = {**machines[0], "name": "card 1"}
            spec = dict(card.spec)
            spec |= {"machines": [machine], "template": False, "started_by": "x"}
            digest = str(machine["hash"])
            store.put_machine(
                MachineRow("card 1", "card 1", "fake", digest, str(file), "")
            )
            store.put_child(ChildRow("card 1", spec, reason="by dealer"))
        ring(fleet.bell(SUPERVISOR))

        await fleet.until_state(READY, "card 1")

        assert fleet.rows["card"].state is STOPPED
        await fleet.down()


async def test_a_machine_asked_for_by_a_file_nobody_read_is_read_first() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        other = fleet.machines.parent / "other.json"
        other.write_text(json.dumps({"do": [["ready"]]}))
        await fleet.start()
        await fleet.until_state(READY, "a")
        with fleet.writer() as store:
            for name, file in (("new", str(other)), ("lost", "/no/such.json")):
                machine: dict[str, Json] = {"name": name, "file": file, "hash": ""}
                env: Json = {"FAKE_SCRIPT": '{"do": [["ready"]]}'}
                spec: dict[str, Json] = {"machines": [machine], "started_by": "a"}
                spec["env"] = env
                store.put_child(ChildRow(name, spec))
        ring(fleet.bell(SUPERVISOR))

        await fleet.until_state(READY, "new")
        await fleet.until(lambda f: f.problems)

        assert fleet.problems[0].code == "cannot-run"
        assert "lost" in fleet.problems[0].message
        await fleet.down()


async def test_a_process_stopped_while_it_locks_the_store_is_replaced() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"], ["wait_for_file", "go"], ["lock_store_and_stop"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        first = fleet.pid("a")
        (fleet.data / "go").touch()
        await asyncio.to_thread(_until_locked, fleet.data / "smtui.db")
        (fleet.data / "go").unlink()

        await fleet.until(lambda f: f.rows["a"].pid not in {None, first})
        await fleet.until_state(READY, "a")

        assert "stopped while it had locked the store" in fleet.log("a")
        await fleet.down()


async def test_a_locked_store_does_not_keep_anybody_from_stopping() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        pid = fleet.pid("a")
        store = sqlite3.connect(fleet.data / "smtui.db", isolation_level=None)
        store.execute("BEGIN IMMEDIATE")

        value = await fleet.ask("stop", names=["a"])
        store.close()

        assert isinstance(value, dict)
        assert "has not taken it down" in str(value["problem"])
        assert not is_alive(pid)
        await fleet.down()


async def test_a_new_fleet_carries_on_and_begins_anew_what_was_done() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        fleet.command("once", "sh", "-c", "echo ran")
        await fleet.start()
        await fleet.until_state(READY, "a")
        await fleet.until_state(DONE, "once")
        await fleet.down()
        with fleet.writer() as store:
            states = {row.name: row.state for row in store.children()}
        assert states == {"a": "stopped", "once": "done"}
        await fleet.hang_up()

        await fleet.start()
        await fleet.until_state(DONE, "once")

        assert fleet.log("once").count(" out ran") == 2
        await fleet.down()


def _until_locked(database: Path) -> None:
    """Return when somebody else holds the write lock."""
    store = sqlite3.connect(database, isolation_level=None, timeout=0)
    while True:
        try:
            store.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            store.close()
            return
        store.execute("ROLLBACK")
