"""A machine process: exit codes, signals, idleness, kill -9."""

import asyncio
import random
import signal
import sys
from pathlib import Path

import pytest

from tests.support.runtime_births import Births, births
from tests.support.runtime_harness import Harness, harness
from tests.support.runtime_process import MachineProcess

pytestmark = pytest.mark.acceptance

IDLE = """
initial_state: a
transitions:
  - {from: a, to: b, event: go}
  - {from: "*", to: stopped, event: stop}
actions:
  a:
    - {type: check_database_queue, job_type: t}
    - {type: check_events, event_types: [task]}
"""


async def test_a_process_ends_with_0_when_its_machine_has_ended(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, IDLE) as machine:
        process = MachineProcess(machine)
        await machine.until(lambda _: True)
        await machine.send("stop")

        assert await process.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_process_that_is_told_to_stop_ends_with_0(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with harness(tmp_path, IDLE) as machine:
        process = MachineProcess(machine)
        await machine.until(lambda _: True)
        process.process.send_signal(number)

        assert await process.wait() == 0
        assert (await machine.snapshot()).status == "running"


async def test_a_fenced_process_ends_with_75(tmp_path: Path) -> None:
    async with harness(tmp_path, IDLE) as machine:
        process = MachineProcess(machine)
        await machine.until(lambda _: True)
        with machine.writer() as writer:
            writer.raise_epoch("m", ["m"])
        await machine.send("go")

        assert await process.wait() == 75
        assert "belongs to epoch 2" in process.output()


async def test_a_process_that_cannot_run_says_why_and_ends_with_1(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, IDLE) as machine:
        with machine.writer() as writer:
            writer.put_definition("0" * 16, "engine", "m", "m.yaml", "a: [")
            row = writer.children()[0]
            machines = row.spec["machines"]
            assert isinstance(machines, list)
            assert isinstance(machines[0], dict)
            machines[0]["hash"] = "0" * 16
            writer.put_child(row)
        process = MachineProcess(machine)

        assert await process.wait() == 1
        assert "error: " in process.output()
        assert "Traceback" not in process.output()


STUCK = """
from statemachine_engine.actions import BaseAction
import threading

class StuckAction(BaseAction):
    def execute(self, context):
        print("stuck now")
        threading.Event().wait()
"""


async def test_code_that_never_ends_does_not_keep_the_process(tmp_path: Path) -> None:
    text = """
initial_state: a
transitions:
  - {from: a, to: b, event: done}
actions:
  a:
    - {type: stuck}
"""
    async with harness(
        tmp_path, text, actions={"stuck": STUCK}, spec={"stop_timeout_s": 1}
    ) as machine:
        process = MachineProcess(machine)
        await machine.until(lambda f: bool(f.running))
        process.process.terminate()

        assert await process.wait() == 0
        assert "stuck now" in process.output()


async def test_an_idle_process_never_wakes_up(tmp_path: Path) -> None:
    async with harness(tmp_path, IDLE) as machine:
        process = MachineProcess(machine)
        await machine.until(lambda f: len(f.watching) == 2)
        await asyncio.sleep(0.5)  # the last frame is sent
        before = process.voluntary_switches()
        await asyncio.sleep(10)

        assert process.voluntary_switches() == before
        process.process.terminate()
        assert await process.wait() == 0


async def test_a_process_knows_no_screen() -> None:
    text = "import sys, smtui.runtime; print({'textual', 'rich'} & set(sys.modules))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", text, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()

    assert out == b"set()\n"


# ------------------------------------------------------------------ kill -9

N_STEPS = 20
N_RUNS = 50
AT_ONCE = 3
STEP_S = 0.02
"""About as long as a step takes."""


def _sequence() -> str:
    """Return a machine of 20 commands, idempotent by their key."""
    lines = ["initial_state: q0", "transitions:"]
    for n in range(N_STEPS):
        target = "completed" if n == N_STEPS - 1 else f"q{n + 1}"
        lines.append(f"  - {{from: q{n}, to: {target}, event: s{n}}}")
    lines.append("actions:")
    for n in range(N_STEPS):
        lines += [f"  q{n}:", _COMMAND % (n, n, n)]
    return "\n".join(lines)


_COMMAND = (
    "    - {type: bash, success: s%d, command: '"
    "echo %d >> tries; : >> done.%d.$SMTUI_ACTION_KEY'}"
)
"""An empty file is made at one instant, and once for a key."""


async def test_50_runs_with_a_kill_9_each_do_every_step_once(tmp_path: Path) -> None:
    gate = asyncio.Semaphore(AT_ONCE)
    rng = random.Random(20)  # noqa: S311 - any instants will do
    tries: list[int] = []
    kills: list[bool] = []

    async def one(n: int, at: int, after_s: float, nursery: Births) -> None:
        async with gate:
            folder = tmp_path / str(n)
            folder.mkdir()
            async with harness(folder, _sequence()) as machine:
                kills.append(await _killed_once(machine, at, after_s, nursery))
                tries.append(len(machine.text("tries").split()))

    with births() as nursery:
        async with asyncio.TaskGroup() as tasks:
            for n in range(N_RUNS):
                at, after_s = rng.randrange(N_STEPS - 2), rng.uniform(0, STEP_S)
                tasks.create_task(one(n, at, after_s, nursery))

    assert sum(kills) > N_RUNS / 2, "most had ended before their kill"
    assert max(tries) > N_STEPS, "no kill came while a command ran"


async def _killed_once(
    machine: Harness, at: int, after_s: float, nursery: Births
) -> bool:
    """Kill it at an instant of a step; return whether the kill met it alive."""
    passed = {f"q{n}" for n in range(at, N_STEPS)} | {"completed"}
    first = await nursery.bear(machine)
    await machine.until(lambda f: not passed.isdisjoint(f.configuration))
    await asyncio.sleep(after_s)
    was_alive = first.kill()
    second = await nursery.bear(machine)

    assert await second.wait() == 0, second.output()
    journal = await machine.journal()
    assert [e.row.seq for e in journal] == list(range(1, len(journal) + 1))
    taken = [event for _, event, _ in await machine.path()]
    assert taken == ["", *(f"s{n}" for n in range(N_STEPS))]
    effects = [int(file.name.split(".")[1]) for file in machine.folder.glob("done.*")]
    assert sorted(effects) == list(range(N_STEPS))
    return was_alive
