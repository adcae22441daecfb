"""The lives of children under a real supervisor."""

import asyncio
import json
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.errors import SupervisorError, UsageError
from smtui.store import ChildRow, Desired, MachineRow, Writer
from smtui.wire import ChildState
from smtui.wire.doorbell import ring
from smtui.wire.paths import SUPERVISOR, bell_path, log_path
from tests.support.supervisor import FleetUnderTest, a_fleet, is_alive

pytestmark = pytest.mark.acceptance

READY, BLOCKED, HUNG = ChildState.READY, ChildState.BLOCKED, ChildState.HUNG
BACKOFF = ChildState.BACKOFF
STOPPED, FAILED, DONE = ChildState.STOPPED, ChildState.FAILED, ChildState.DONE


def a_writer(fleet: FleetUnderTest) -> Writer:
    """Open the fleet's store as another process would."""
    return Writer(fleet.data / "smtui.db", "normal", SystemClock())


def bell(fleet: FleetUnderTest, name: str) -> Path:
    """Return a doorbell's path."""
    assert fleet.lock is not None
    return bell_path(fleet.lock.run_dir, name)


# ------------------------------------------------------------------ restart


async def test_a_crash_loop_ends_in_failed_with_the_last_words() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"], ["say", "ValueError: no such url"], ["die", 3])
        await fleet.start()
        await fleet.until_state(FAILED, "a")

        row = fleet.rows["a"]
        assert row.reason == (
            "gave up after 5 exits in 60 s: exit 3: ValueError: no such url"
        )
        assert (row.failures, row.restarts, row.pid) == (5, 4, None)
        assert fleet.log("a").count("starts: pid") == 5
        with a_writer(fleet) as store:
            (kept,) = store.children()
        assert (kept.state, kept.state_reason) == ("failed", row.reason)
        await fleet.down()


async def test_a_failed_machine_has_a_clean_record_when_started_again() -> None:
    async with a_fleet() as fleet:
        fleet.define(
            "a",
            ["wait_for_file", "go"],
            ["die_once", 1],
            ["ready"],
            intensity={"count": 1, "period_s": 60},
        )
        await fleet.start()
        (fleet.data / "go").touch()
        await fleet.until_state(FAILED, "a")

        await fleet.ask("start", names=["a"])
        await fleet.until_state(READY, "a")

        assert (fleet.rows["a"].failures, fleet.rows["a"].restarts) == (0, 0)
        await fleet.down()


async def test_backoff_is_shown_and_an_operator_need_not_wait_for_it() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["die", 1], backoff={"min_s": 60, "max_s": 60})
        await fleet.start()
        await fleet.until(lambda f: "a" in f.rows and f.rows["a"].failures == 2)
        row = fleet.rows["a"]
        assert (row.state, row.intensity, row.reason) == (BACKOFF, 5, "exit 1")
        assert row.retry_at is not None
        assert 40 < row.retry_at - SystemClock().now() < 80

        with pytest.raises(SupervisorError, match="a is backoff: exit 1"):
            await fleet.ask("start", names=["a"])

        assert fleet.log("a").count("starts: pid") == 4
        value = await fleet.ask("stop", names=["a"])
        assert value == {"names": ["a"], "states": {"a": "stopped"}}
        await fleet.down()


async def test_success_codes_end_a_command_and_never_means_never() -> None:
    async with a_fleet() as fleet:
        fleet.command("good", "sh", "-c", "exit 7", success_exit_codes=[7])
        fleet.command("never", "sh", "-c", "exit 1", restart="never")
        fleet.command("missing", "/no/such/program", restart="never")
        await fleet.start()
        await fleet.until_state(DONE, "good")
        await fleet.until_state(FAILED, "never", "missing")

        assert fleet.rows["good"].reason == "exit 7"
        assert fleet.rows["never"].reason == "exit 1; restart is never"
        assert "/no/such/program: No such file" in fleet.rows["missing"].reason
        await fleet.down()


async def test_a_fenced_machine_is_back_and_nothing_is_counted() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["die_once", 75], ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")

        assert fleet.rows["a"].failures == 0
        assert "epoch 2" in fleet.log("a")
        await fleet.down()


async def test_a_plain_command_stops_with_its_whole_group() -> None:
    async with a_fleet() as fleet:
        fleet.command("p", "sh", "-c", "sleep 600 & echo $! >&2; wait")
        fleet.command("q", "sh", "-c", "sleep 0.2; exit 0")
        await fleet.start()
        await fleet.until_state(READY, "p")
        await fleet.until(lambda f: " err " in f.log("p"))
        line = next(li for li in fleet.log("p").splitlines() if " err " in li)

        await fleet.ask("stop", names=["p"])

        assert not is_alive(int(line.rpartition(" ")[2]))
        await fleet.down()


# ------------------------------------------------------------- dependencies


async def test_who_depends_waits_and_is_stopped_first() -> None:
    async with a_fleet() as fleet:
        fleet.define("db", ["wait_for_file", "go"], ["ready"])
        fleet.define("web", ["ready"], depends_on={"db": "ready"})
        fleet.define("lost", ["ready"], depends_on={"nobody": "done"})
        await fleet.start()
        await fleet.until_state(BLOCKED, "web", "lost")
        assert fleet.rows["web"].reason == ("waits for db to be ready (it is starting)")
        assert "nobody, which is not in this fleet" in fleet.rows["lost"].reason

        (fleet.data / "go").touch()
        await fleet.until_state(READY, "db", "web")

        await fleet.down()
        log = fleet.log()
        assert log.index("web: stopping -> stopped") < log.index("db: ready -> st")


async def test_a_blocked_machine_can_be_stopped() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"], depends_on={"b": "done"})
        fleet.define("b", ["ready"])
        await fleet.start()
        await fleet.until_state(BLOCKED, "a")

        value = await fleet.ask("stop", names=["a"])

        assert value == {"names": ["a"], "states": {"a": "stopped"}}
        await fleet.down()


# -------------------------------------------------------------------- logs


async def test_two_hundred_thousand_lines_arrive_each_once() -> None:
    count = 200_000
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"], ["flood", count], ["die", 0])
        await fleet.start()
        await fleet.until_state(STOPPED, "a")
        path = log_path(fleet.data, "a")
        older = sorted(path.parent.glob("a.log.*"), reverse=True)
        text = b"".join(each.read_bytes() for each in (*older, path))
        lines = [line.split(b" ", 2)[2] for line in text.splitlines()]

        said = [line for line in lines if not line.startswith(b"run 1")]
        assert said == [b"%031d" % n for n in range(count)]
        assert b"starts" in lines[0]
        assert b"ended: exit 0" in lines[-1]
        await fleet.down()


# --------------------------------------------------------------- operators


async def test_stop_start_and_restart_are_rows_with_who_asked() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        first = fleet.pid("a")

        await fleet.ask("stop", names=["a"])
        await fleet.until_state(STOPPED, "a")
        assert fleet.rows["a"].reason == "stopped by ann@test"
        with a_writer(fleet) as store:
            assert store.children()[0].desired is Desired.DOWN
        await fleet.ask("start", names=["a"])
        await fleet.until_state(READY, "a")
        second = fleet.pid("a")
        await fleet.ask("restart", names=["a"])
        await fleet.until(lambda f: f.rows["a"].pid not in {None, first, second})

        assert fleet.rows["a"].restarts == 0
        with a_writer(fleet) as store:
            assert store.children()[0].who == "ann@test"
        await fleet.down()


async def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    async with a_fleet() as fleet:
        fleet.define("reader", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "reader")

        with pytest.raises(UsageError, match="did you mean 'reader'"):
            await fleet.ask("stop", names=["raeder"])
        with pytest.raises(UsageError, match="nothing a supervisor can be asked"):
            await fleet.ask("explode")
        with pytest.raises(UsageError, match="expected one name"):
            await fleet.ask("stop", names=[])
        await fleet.down()


async def test_paths_are_added_to_a_running_fleet() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        more = fleet.machines.parent / "more"
        more.mkdir()
        (more / "b.json").write_text(json.dumps({"do": [["ready"]]}))
        (more / "bad.json").write_text("{")
        (more / "notes.txt").write_text("hello")
        await fleet.start()
        await fleet.until_state(READY, "a")

        value = await fleet.ask("add", paths=[str(more)])
        await fleet.until_state(READY, "a", "b")

        assert isinstance(value, dict)
        assert value["names"] == ["b"]
        assert value["not_read"] == [[str(more / "notes.txt"), "not fake"]]
        assert [each.file for each in fleet.problems] == [str(more / "bad.json")]
        await fleet.down()


async def test_only_starts_some_and_names_nobody_knows_are_refused() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        fleet.define("b", ["ready"], replicas=2)
        fleet.define("c", ["ready"], template=True)
        empty = fleet.machines.parent / "empty"
        empty.mkdir()
        await fleet.start(empty)
        paths: list[Json] = [str(fleet.machines)]

        with pytest.raises(UsageError, match="did you mean 'a'"):
            await fleet.ask("add", paths=paths, only=["aa"])
        await fleet.ask("add", paths=paths, only=["b"])
        await fleet.until_state(READY, "b#1", "b#2")

        assert fleet.rows["a"].state is STOPPED
        assert fleet.rows["c"].template
        assert fleet.rows["b#2"].replica_of == "b"
        with pytest.raises(SupervisorError, match="is a template"):
            await fleet.ask("start", names=["c"])
        await fleet.down()


async def test_a_reload_restarts_what_changed_and_keeps_what_is_bad() -> None:
    async with a_fleet() as fleet:
        fleet.define("same", ["ready"])
        fleet.define("changed", ["ready"])
        fleet.define("broken", ["ready"])
        fleet.define("many", ["ready"], replicas=3)
        names = ("same", "changed", "broken", "many#1", "many#2", "many#3")
        await fleet.start()
        await fleet.until_state(READY, *names)
        before = {name: fleet.pid(name) for name in names}

        fleet.define("changed", ["say", "second edition"], ["ready"])
        (fleet.machines / "broken.json").write_text("{")
        fleet.define("many", ["ready"], replicas=2)
        fleet.define("new", ["ready"])
        await fleet.ask("reload")
        await fleet.until_state(READY, "changed", "new")
        await fleet.until(lambda f: f.rows["changed"].pid != before["changed"])

        for name in ("same", "broken"):
            assert fleet.rows[name].pid == before[name], name
        assert "second edition" in fleet.log("changed")
        assert "many#3" not in fleet.rows
        assert not is_alive(before["many#3"])
        assert [each.code for each in fleet.problems] == ["bad"]
        await fleet.down()


async def test_a_restart_takes_what_is_written_now() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        fleet.define("b", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a", "b")
        before = fleet.pid("b")

        fleet.define("a", ["say", "second edition"], ["ready"])
        await fleet.ask("restart", names=["a"])

        assert "second edition" in fleet.log("a")
        assert fleet.rows["b"].pid == before
        await fleet.down()


async def test_an_edit_is_shown_when_it_is_made_and_runs_when_asked() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        fleet.define("b", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a", "b")
        before = fleet.pid("a"), fleet.pid("b")

        fleet.define("a", ["say", "second edition"], ["ready"])
        (fleet.machines / "b.json").write_text("{")
        await fleet.until(lambda f: len(f.problems) == 2)
        codes = {each.code: each.severity for each in fleet.problems}
        assert codes == {"definition-changed": "warning", "bad": "error"}
        assert (fleet.pid("a"), fleet.pid("b")) == before
        await fleet.ask("restart", names=["a", "b"])
        await fleet.until(lambda f: len(f.problems) == 1)

        await fleet.until_state(READY, "a", "b")
        assert "second edition" in fleet.log("a")
        await fleet.down()


# --------------------------------------------------------------- the store


async def test_a_machine_another_asked_for_is_started_when_rung() -> None:
    async with a_fleet() as fleet:
        file = fleet.define("card", ["ready"], template=True)
        await fleet.start()
        await fleet.until(lambda f: "card" in f.rows)
        with a_writer(fleet) as store:
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
        ring(bell(fleet, SUPERVISOR))

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
        with a_writer(fleet) as store:
            for name, file in (("new", str(other)), ("lost", "/no/such.json")):
                machine: dict[str, Json] = {"name": name, "file": file, "hash": ""}
                env: Json = {"FAKE_SCRIPT": '{"do": [["ready"]]}'}
                spec: dict[str, Json] = {"machines": [machine], "started_by": "a"}
                spec["env"] = env
                store.put_child(ChildRow(name, spec))
        ring(bell(fleet, SUPERVISOR))

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
        with a_writer(fleet) as store:
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


async def test_signals_reach_the_right_process_only() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        fleet.define("b", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a", "b")
        before = fleet.pid("b")

        os.kill(fleet.pid("a"), signal.SIGTERM)
        await fleet.until_state(STOPPED, "a")

        assert "before its definition did: exit 0" in fleet.rows["a"].reason
        assert fleet.rows["b"].pid == before
        await fleet.down()
