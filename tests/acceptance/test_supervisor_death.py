"""Who dies with whom: real processes, killed."""

import asyncio
import json
import os
import signal
from collections.abc import Iterable

import pytest

from smtui.errors import SupervisorError
from smtui.supervisor import list_supervisors, read_lock, start_fleet
from smtui.supervisor.guardian import subtree
from smtui.wire import ChildState
from tests.support.supervisor import (
    DEADLINE_S,
    FleetUnderTest,
    a_fleet,
    is_alive,
    wait_gone,
)

pytestmark = pytest.mark.acceptance

READY, BACKOFF = ChildState.READY, ChildState.BACKOFF
STOPPED, FAILED = ChildState.STOPPED, ChildState.FAILED


def family(fleet: FleetUnderTest, names: Iterable[str]) -> list[int]:
    """Return every process machines wrote down: themselves and their young."""
    pids: list[int] = []
    for name in names:
        pids += json.loads((fleet.data / f"{name}.family").read_text())
    return pids


async def test_nothing_is_alive_two_seconds_after_a_killed_supervisor() -> None:
    async with a_fleet() as fleet:
        names = [f"m{n}" for n in range(10)]
        for name in names:
            fleet.define(name, ["family"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, *names)
        assert fleet.lock is not None
        pids = family(fleet, names)
        assert len(pids) == 40
        assert all(is_alive(pid) for pid in pids)

        os.kill(fleet.lock.pid, signal.SIGKILL)

        assert wait_gone([*pids, fleet.guardian], 2.0) == []
        assert read_lock(fleet.data) is None


async def test_a_killed_guardian_makes_the_supervisor_stop_cleanly() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["family"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        assert fleet.lock is not None

        os.kill(fleet.guardian, signal.SIGKILL)

        assert wait_gone([fleet.lock.pid], DEADLINE_S) == []
        assert wait_gone(family(fleet, "a"), 0.0) == []
        assert "ends: the guardian died" in fleet.log()
        assert "process 1 of this fleet ended: exit 0" in fleet.log("a")


async def test_a_killed_machine_is_back_with_a_higher_epoch() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["family"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        old = family(fleet, "a")

        os.kill(old[0], signal.SIGKILL)
        await fleet.until(lambda f: f.rows["a"].state is READY and f.pid("a") != old[0])

        assert wait_gone(old, 0.0) == []
        assert fleet.rows["a"].restarts == 1
        assert "epoch 2" in fleet.log("a")
        await fleet.down()


async def test_an_orphan_of_a_living_machine_stays_and_dies_with_it() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["family"], ["ready"])
        fleet.define("b", ["family"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a", "b")

        await fleet.ask("stop", names=["a"])

        assert wait_gone(family(fleet, "a"), 0.0) == []
        assert all(is_alive(pid) for pid in family(fleet, "b"))
        await fleet.down()
        assert wait_gone(family(fleet, "b"), 0.0) == []


async def test_a_machine_deaf_to_term_is_killed_and_named_meanwhile() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["deaf"], ["ready"], stop_timeout_s=1.5)
        await fleet.start()
        await fleet.until_state(READY, "a")
        pid = fleet.pid("a")
        began = asyncio.get_running_loop().time()

        stopping = asyncio.create_task(fleet.ask("stop", names=["a"]))
        await fleet.until(lambda f: f"waits for pid {pid}" in f.rows["a"].reason)
        await stopping

        assert 1.4 < asyncio.get_running_loop().time() - began < 4.0
        assert not is_alive(pid)
        assert fleet.rows["a"].restarts == 0
        await fleet.down()


async def test_a_forced_stop_waits_for_nothing() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["deaf"], ["ready"], stop_timeout_s=60)
        await fleet.start()
        await fleet.until_state(READY, "a")
        pid = fleet.pid("a")

        stopping = asyncio.create_task(fleet.ask("stop", names=["a"]))
        await fleet.until_state(ChildState.STOPPING, "a")
        await fleet.ask("stop", names=["a"], force=True)
        await stopping

        assert not is_alive(pid)
        await fleet.down()


async def test_a_stopped_process_is_stopped_all_the_same() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"], ["stop_self"], stop_timeout_s=0.5)
        await fleet.start()
        await fleet.until_state(READY, "a")
        pid = fleet.pid("a")

        await fleet.ask("stop", names=["a"])

        assert not is_alive(pid)
        await fleet.down()


async def test_a_fleet_of_thirty_comes_back_from_thirty_kills() -> None:
    async with a_fleet() as fleet:
        names = [f"m{n}" for n in range(30)]
        for name in names:
            fleet.define(name, ["ready"])
        await fleet.start()
        await fleet.until_state(READY, *names)
        before = {name: fleet.pid(name) for name in names}

        for name in names:
            os.kill(before[name], signal.SIGKILL)
        await fleet.until(
            lambda f: all(
                f.rows[name].state is READY and f.rows[name].pid != before[name]
                for name in names
            )
        )

        assert all(fleet.rows[name].restarts == 1 for name in names)
        await fleet.down()


async def test_two_supervisors_never_share_a_data_directory() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        await fleet.start()
        assert fleet.lock is not None

        with pytest.raises(SupervisorError) as caught:
            start_fleet(fleet.args())

        assert f"already: pid {fleet.lock.pid}" in str(caught.value)
        assert fleet.lock.pid in {info.pid for info in list_supervisors()}
        await fleet.until_state(READY, "a")
        await fleet.down()
        assert fleet.lock.pid not in {info.pid for info in list_supervisors()}


async def test_a_supervisor_that_cannot_start_says_why() -> None:
    async with a_fleet() as fleet:
        fleet.data.mkdir()
        (fleet.data / "smtui.db").write_text("this is no database, is it? " * 99)

        with pytest.raises(SupervisorError, match="SQLite"):
            start_fleet(fleet.args())

        assert read_lock(fleet.data) is None


async def test_term_to_the_supervisor_stops_the_fleet_cleanly() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        fleet.define("b", ["ready"], depends_on={"a": "ready"})
        await fleet.start()
        await fleet.until_state(READY, "a", "b")
        assert fleet.lock is not None
        pids = subtree(fleet.guardian)

        os.kill(fleet.lock.pid, signal.SIGTERM)

        assert wait_gone([*pids, fleet.guardian], DEADLINE_S) == []
        log = fleet.log()
        assert log.index("b: stopping -> stopped") < log.index("a: ready -> stop")
