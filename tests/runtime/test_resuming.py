"""How a machine goes on after its process has ended."""

import asyncio
from pathlib import Path

import pytest

from smtui.wire import BLOCKED
from tests.support.runtime_harness import Harness, harness, put_machine

TOGGLE = """
initial_state: a
transitions:
  - {from: a, to: b, event: go}
  - {from: b, to: a, event: back}
  - {from: "*", to: stopped, event: stop}
"""


LIST = """
initial_state: a
transitions:
  - {from: a, to: b, event: job_done}
  - {from: a, to: failed, event: error}
  - {from: "*", to: stopped, event: stop}
actions:
  a:
    - {type: bash, command: "COMMAND"}
"""


async def test_a_machine_goes_on_where_it_was(tmp_path: Path) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        await machine.begin()
        await machine.until_handled(await machine.send("go"))
        await machine.crash()
        await machine.send("back")
        await machine.begin()
        await machine.until_state("a")
        await machine.end()

        assert [e.row.seq for e in await machine.journal()] == [1, 2, 3]


@pytest.mark.acceptance
async def test_an_action_cut_off_by_a_stop_is_resumed_under_its_key(
    tmp_path: Path,
) -> None:
    command = "echo $SMTUI_ACTION_KEY >> keys; [ -e go ] || sleep 30"
    async with harness(tmp_path, LIST.replace("COMMAND", command)) as machine:
        await machine.begin(stop_timeout_s=1)
        await machine.until(lambda f: bool(f.running and f.running[0].pid))
        await _until_file(machine, "keys")
        await machine.end()
        (tmp_path / "go").touch()
        await machine.begin()
        await machine.until_state("b")
        await machine.end()

        first, second = machine.text("keys").split()
        assert first == second


@pytest.mark.acceptance
async def test_an_action_gets_the_time_a_stop_gives_it(tmp_path: Path) -> None:
    command = "touch up; sleep 0.3; echo done > out"
    async with harness(tmp_path, LIST.replace("COMMAND", command)) as machine:
        await machine.begin(stop_timeout_s=5)
        await _until_file(machine, "up")
        await machine.end()

        assert machine.text("out") == "done\n"
        assert await machine.path() == [("", "", "a"), ("a", "job_done", "b")]


@pytest.mark.acceptance
async def test_what_must_not_run_twice_gives_an_error_when_it_was_cut_off(
    tmp_path: Path,
) -> None:
    text = LIST.replace('"COMMAND"', '"touch up; sleep 30", on_crash: error')
    async with harness(tmp_path, text) as machine:
        await machine.begin(stop_timeout_s=1)
        await _until_file(machine, "up")
        await machine.end()
        await machine.begin()
        frame = await machine.until_state("failed")
        await machine.end()

        assert "on_crash: error" in frame.last_problem


@pytest.mark.acceptance
async def test_an_action_that_crashed_the_process_three_times_is_an_error(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, LIST.replace("COMMAND", "sleep 30")) as machine:
        for _ in range(3):
            await machine.begin()
            await machine.until(lambda f: bool(f.running))
            await machine.crash()
        await machine.begin()
        frame = await machine.until_state("failed")
        await machine.end()

        assert frame.last_problem == (
            "Error executing action bash: crashed the process 3 times"
        )


@pytest.mark.acceptance
async def test_orderly_stops_are_no_crashes(tmp_path: Path) -> None:
    async with harness(tmp_path, LIST.replace("COMMAND", "sleep 30")) as machine:
        for _ in range(4):
            await machine.begin(stop_timeout_s=1)
            await machine.until(lambda f: bool(f.running))
            await machine.end()
        await machine.begin()
        frame = await machine.until(lambda f: bool(f.running))

        assert frame.running[0].attempt == 1


async def test_a_sleep_is_resumed_for_its_rest(tmp_path: Path) -> None:
    text = LIST.replace('bash, command: "COMMAND"', "sleep, duration: 600").replace(
        "job_done", "wake_up"
    )
    async with harness(tmp_path, text) as machine:
        for _ in range(4):
            await machine.begin()
            await machine.until(lambda f: bool(f.running))
            await machine.crash()
            machine.clock.ahead_s += 150
        await machine.begin()
        await machine.until_state("b")
        await machine.end()


# --------------------------------------------------- an edited definition


async def test_a_run_goes_on_under_an_edited_definition(tmp_path: Path) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        await machine.begin()
        await machine.until_handled(await machine.send("go"))
        await machine.end()
        _edit(machine, TOGGLE.replace("event: back", "event: home"))
        await machine.begin()
        await machine.send("home")
        await machine.until_state("a")
        await machine.end()


async def test_a_run_whose_state_is_gone_is_blocked_and_says_so(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, TOGGLE) as machine:
        await machine.begin()
        await machine.until_handled(await machine.send("go"))
        await machine.end()
        _edit(machine, TOGGLE.replace("to: b", "to: z").replace("from: b", "from: z"))
        await machine.begin()
        frame = await machine.until(lambda f: bool(f.last_problem))
        event = await machine.send("back")
        await machine.until(lambda f: f is not frame)
        await machine.end()

        assert frame.last_problem.startswith(BLOCKED)
        assert "no state 'b'" in frame.last_problem
        async with machine.reader() as reader:
            row = await reader.event(event)
        assert row is not None
        assert row.status == "pending"


def _edit(machine: Harness, text: str) -> None:
    with machine.writer() as writer:
        put_machine(writer, machine.folder, text)


async def _until_file(machine: Harness, name: str) -> None:
    async with asyncio.timeout(10):
        while not (machine.folder / name).exists():  # noqa: ASYNC110 - a shell's
            await asyncio.sleep(0.005)
