"""Machine processes born in a nursery, and what happens when it fails."""

import json
import os
import signal
from typing import Any

import pytest

from smtui.supervisor.guardian import children_of
from smtui.supervisor.marks import NURSERY
from smtui.supervisor.procs import facts, mark_of
from smtui.wire import ChildState
from tests.support.supervisor import DEADLINE_S, FleetUnderTest, a_fleet, wait_gone

pytestmark = pytest.mark.acceptance

READY = ChildState.READY
STARTED = {"TZ": "UTC-3"}
"""Read by the C library when a process begins: this one cannot be born."""


def nursery(fleet: FleetUnderTest) -> int | None:
    """Return the nursery of a fleet."""
    assert fleet.lock is not None
    young = children_of(fleet.lock.pid)
    return next((pid for pid in young if mark_of(pid) == NURSERY), None)


def told(fleet: FleetUnderTest, name: str) -> dict[str, Any]:
    """Return what a machine wrote down about itself."""
    found: dict[str, Any] = json.loads((fleet.data / f"{name}.told").read_text())
    return found


def is_born(fleet: FleetUnderTest, name: str) -> bool:
    """Return whether the last process of a machine came from the nursery."""
    return bool(told(fleet, name)["frozen"])


async def kill_machine(fleet: FleetUnderTest, name: str) -> None:
    """Kill a machine and wait for the next."""
    old = fleet.pid(name)
    os.kill(old, signal.SIGKILL)
    await fleet.until(lambda f: f.rows[name].state is READY and f.rows[name].pid != old)


async def test_a_born_machine_is_like_a_started_one() -> None:
    async with a_fleet() as fleet:
        own = {"OWN": "1", "SMTUI_MACHINE": "not mine", "PATH": "/bin:/usr/bin"}
        fleet.define("born", ["describe"], ["ready"], env_more=own)
        fleet.define("made", ["describe"], ["ready"], env_more={**own, **STARTED})
        await fleet.start()
        await fleet.until_state(READY, "born", "made")

        born, made = told(fleet, "born"), told(fleet, "made")
        assert (born["frozen"], made["frozen"]) == (True, False)
        same = ("leads", "stdin", "cwd", "signals", "mask", "threads", "collects")
        for key in (*same, "fds", "ppid"):
            assert born[key] == made[key], key
        assert born["leads"] == [True, True]
        assert born["stdin"] == os.devnull
        differ = {"SMTUI_CHILD", "SMTUI_MACHINE", "FAKE_SCRIPT", "TZ"}
        plain = {k: v for k, v in born["env"].items() if k not in differ}
        assert plain == {k: v for k, v in made["env"].items() if k not in differ}
        assert born["env"]["OWN"] == "1"
        assert born["env"]["SMTUI_MACHINE"] == "born"
        await fleet.down()


async def test_proc_shows_a_born_machine_as_what_it_is() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["describe"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")

        found, pid = told(fleet, "a"), fleet.pid("a")
        assert is_born(fleet, "a")
        assert mark_of(pid) == "a"
        assert {"SMTUI_CHILD=a", f"SMTUI_DATA={fleet.data}"} <= {*found["environ"]}
        assert found["cmdline"][:4] == ["smtui", "_machine", "--child", "a"]
        known = facts(pid)
        assert known is not None
        assert known.name == "a"
        await fleet.down()


async def test_no_two_newborns_roll_the_same_dice() -> None:
    async with a_fleet() as fleet:
        names = [f"m{n}" for n in range(6)]
        for name in names:
            fleet.define(name, ["describe"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, *names)

        assert all(is_born(fleet, name) for name in names)
        assert len({told(fleet, name)["random"] for name in names}) == len(names)
        await fleet.down()


async def test_the_dead_are_reaped_and_nothing_between_is_left() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["describe"], ["ready"], intensity={"count": 9})
        await fleet.start()
        await fleet.until_state(READY, "a")
        assert fleet.lock is not None
        for _ in range(4):
            await kill_machine(fleet, "a")

        young = children_of(fleet.lock.pid)
        home = nursery(fleet)
        assert home is not None
        assert sorted(young) == sorted([home, fleet.pid("a")])
        assert children_of(home) == []
        assert is_born(fleet, "a")
        assert fleet.log("a").count("killed by SIGKILL") == 4
        await fleet.down()


async def test_a_killed_nursery_is_replaced_and_nobody_waits_for_it() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["describe"], ["ready"], intensity={"count": 9})
        await fleet.start()
        await fleet.until_state(READY, "a")
        first = nursery(fleet)
        assert first is not None

        os.kill(first, signal.SIGKILL)
        await kill_machine(fleet, "a")

        assert wait_gone([first], DEADLINE_S) == []
        assert "nursery: gone" in fleet.log()
        second = nursery(fleet)
        assert second not in {None, first}
        while not is_born(fleet, "a"):
            await fleet.ask("restart", names=["a"])
        await fleet.down()


async def test_a_stopped_nursery_is_given_up_and_the_machine_starts_once() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["describe"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        first = nursery(fleet)
        assert first is not None

        os.kill(first, signal.SIGSTOP)
        await kill_machine(fleet, "a")

        assert not is_born(fleet, "a")
        assert wait_gone([first], DEADLINE_S) == []
        assert "nursery: silent" in fleet.log()
        assert fleet.log("a").count("epoch 2") == 1
        await fleet.down()


async def test_without_a_nursery_machines_are_started() -> None:
    async with a_fleet() as fleet:
        fleet.data.mkdir()
        (fleet.data / "no-nursery").touch()
        fleet.define("a", ["describe"], ["ready"])
        fleet.define("b", ["describe"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a", "b")

        assert nursery(fleet) is None
        assert not is_born(fleet, "a")
        assert fleet.log().count("nursery: gone") == 1
        await fleet.down()


async def test_what_does_not_fit_into_a_birth_is_started() -> None:
    async with a_fleet() as fleet:
        big = {f"BIG_{n}": "x" * 100_000 for n in range(6)}
        fleet.define("a", ["describe"], ["ready"], env_more=big)
        await fleet.start()
        await fleet.until_state(READY, "a")

        assert not is_born(fleet, "a")
        assert told(fleet, "a")["env"]["BIG_5"] == "x" * 100_000
        await fleet.down()


async def test_a_killed_supervisor_takes_its_nursery_along() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["describe"], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        assert fleet.lock is not None
        home = nursery(fleet)
        assert home is not None
        pids = [home, fleet.pid("a")]

        os.kill(fleet.lock.pid, signal.SIGKILL)

        assert wait_gone([*pids, fleet.guardian], 2.0) == []


async def test_a_fleet_that_goes_down_takes_its_nursery_along() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        home = nursery(fleet)
        assert home is not None

        await fleet.down()

        assert wait_gone([home], 0.0) == []
