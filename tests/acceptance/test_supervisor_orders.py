"""What operators order of a real supervisor, and what becomes of it."""

import json

import pytest

from smtui.definition import Json
from smtui.errors import SupervisorError, UsageError
from smtui.store import Desired
from smtui.wire import ChildState
from tests.support.supervisor import a_fleet, is_alive

pytestmark = pytest.mark.acceptance

READY = ChildState.READY
STOPPED = ChildState.STOPPED


async def test_stop_start_and_restart_are_rows_with_who_asked() -> None:
    async with a_fleet() as fleet:
        fleet.define("a", ["ready"])
        await fleet.start()
        await fleet.until_state(READY, "a")
        first = fleet.pid("a")

        await fleet.ask("stop", names=["a"])
        await fleet.until_state(STOPPED, "a")
        assert fleet.rows["a"].reason == "stopped by ann@test"
        with fleet.writer() as store:
            assert store.children()[0].desired is Desired.DOWN
        await fleet.ask("start", names=["a"])
        await fleet.until_state(READY, "a")
        second = fleet.pid("a")
        await fleet.ask("restart", names=["a"])
        await fleet.until(lambda f: f.rows["a"].pid not in {None, first, second})

        assert fleet.rows["a"].restarts == 0
        with fleet.writer() as store:
            assert store.children()[0].who == "ann@test"
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
        fleet.define("reader", ["ready"])
        fleet.define("b", ["ready"], replicas=2)
        fleet.define("c", ["ready"], template=True)
        empty = fleet.machines.parent / "empty"
        empty.mkdir()
        await fleet.start(empty)
        paths: list[Json] = [str(fleet.machines)]

        with pytest.raises(UsageError, match="did you mean 'reader'"):
            await fleet.ask("add", paths=paths, only=["raeder"])
        await fleet.ask("add", paths=paths, only=["b"])
        await fleet.until_state(READY, "b#1", "b#2")

        assert fleet.rows["reader"].state is STOPPED
        assert fleet.rows["c"].template
        assert fleet.rows["b#2"].replica_of == "b"
        with pytest.raises(SupervisorError, match="is a template"):
            await fleet.ask("start", names=["c"])
        with pytest.raises(UsageError, match="did you mean 'reader'"):
            await fleet.ask("stop", names=["raeder"])
        with pytest.raises(UsageError, match="nothing a supervisor can be asked"):
            await fleet.ask("explode")
        with pytest.raises(UsageError, match="expected one name"):
            await fleet.ask("stop", names=[])
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
