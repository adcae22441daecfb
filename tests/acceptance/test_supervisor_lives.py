"""The lives of children under a real supervisor."""

import os
import signal

import pytest

from smtui.clock import SystemClock
from smtui.errors import SupervisorError
from smtui.wire import ChildState
from smtui.wire.paths import log_path
from tests.support.supervisor import a_fleet, is_alive

pytestmark = pytest.mark.acceptance

READY = ChildState.READY
BLOCKED = ChildState.BLOCKED
BACKOFF = ChildState.BACKOFF
STOPPED = ChildState.STOPPED
FAILED = ChildState.FAILED
DONE = ChildState.DONE


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
        with fleet.writer() as store:
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

        said = [line for line in lines if not line.startswith(b"process 1")]
        assert said == [b"%031d" % n for n in range(count)]
        assert b"starts" in lines[0]
        assert b"ended: exit 0" in lines[-1]
        await fleet.down()


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
