"""A machine at work against a real store."""

from pathlib import Path

import pytest

from smtui.errors import FencedError
from smtui.wire import Hello, Ready
from tests.support.runtime_harness import harness, running

TOGGLE = """
initial_state: a
transitions:
  - {from: a, to: b, event: go}
  - {from: b, to: a, event: back}
  - {from: "*", to: stopped, event: stop}
"""


async def test_an_event_is_taken_and_journalled(tmp_path: Path) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        row = await machine.until_handled(await machine.send("go"))

        assert row.status == "taken"
        assert await machine.path() == [("", "", "a"), ("a", "go", "b")]


async def test_an_event_nobody_wants_is_ignored_and_shown(tmp_path: Path) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        row = await machine.until_handled(await machine.send("nope"))
        frame = await machine.until(lambda f: f.ignored == 1)

        assert row.status == "ignored"
        assert frame.last_problem == f"nope ignored: {row.why}"


async def test_an_event_for_another_state_only_is_rejected(tmp_path: Path) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        row = await machine.until_handled(await machine.send("go", if_state="b"))

        assert row.status == "rejected"
        assert row.why == "only if in b, but it was in a"
        assert await machine.path() == [("", "", "a")]


async def test_a_machine_whose_definition_ended_ends(tmp_path: Path) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        await machine.begin()
        await machine.send("stop")
        await machine.ended()

        assert (await machine.snapshot()).status == "final"


async def test_the_last_frame_says_that_the_run_is_over(tmp_path: Path) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        await machine.begin()
        await machine.send("stop")
        await machine.ended()
        frame = await machine.until(lambda f: f.status == "final")

        assert frame.configuration == ("stopped",)


async def test_a_machine_that_has_ended_ends_at_once_when_started(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        await machine.begin()
        await machine.send("stop")
        await machine.ended()
        await machine.begin()
        await machine.ended()

        assert len(await machine.journal()) == 2


async def test_it_says_hello_then_ready_then_shows_itself(tmp_path: Path) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        first, second, *_ = machine.supervisor.messages

        assert isinstance(first, Hello)
        assert (first.child, first.machines) == ("m", ("m",))
        assert second == Ready("m")


async def test_a_burst_is_taken_in_order_with_few_commits(tmp_path: Path) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        with machine.writer() as writer:
            for n in range(1000):
                writer.accept("m", ("go", "back")[n % 2], {"n": n}, source="test")
        await machine.begin()
        frame = await machine.until(lambda f: f.steps >= 1001)
        await machine.end()

        journal = await machine.journal()
        assert [e.row.outcome for e in journal] == ["taken"] * 1001
        assert frame.ignored == 0


async def test_a_ring_through_the_stream_reaches_a_lost_doorbell(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        for bell in machine.run_dir.glob("bell*"):
            bell.unlink()
        await machine.send("go")
        await machine.supervisor.poke()
        await machine.until_state("b")

        await machine.send("back")
        await machine.until_state("a")


async def test_every_ring_is_answered_with_a_frame(tmp_path: Path) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        before = len(machine.supervisor.messages)
        machine.ring()
        await machine.until(lambda _: len(machine.supervisor.messages) > before)


async def test_without_a_supervisor_it_works_all_the_same(tmp_path: Path) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        await machine.supervisor.aclose()
        (machine.run_dir / "events.sock").unlink(missing_ok=True)
        await machine.begin()
        await machine.send("stop")
        await machine.ended()

        assert await machine.path() == [("", "", "a"), ("a", "stop", "stopped")]


async def test_an_older_owner_is_fenced(tmp_path: Path) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        with machine.writer() as writer:
            writer.raise_epoch("m", ["m"])
        await machine.send("go")

        with pytest.raises(ExceptionGroup) as raised:
            await machine.ended()
        assert raised.group_contains(FencedError, depth=2)
        assert await machine.path() == [("", "", "a")]
        await machine.begin()
