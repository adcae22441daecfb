"""What a machine does for its action lists."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.runtime_harness import harness, put_machine, running

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


@pytest.mark.acceptance
async def test_a_command_is_performed_and_its_result_journalled(
    tmp_path: Path,
) -> None:
    text = LIST.replace("COMMAND", "echo $SMTUI_MACHINE > out; exit 0")
    async with running(tmp_path, text) as machine:
        await machine.until_state("b")

        entry = (await machine.journal())[-1]
        assert machine.text("out") == "m\n"
        assert isinstance(entry.row.answers, dict)
        assert entry.row.answers["action"] == "bash"
        gave = entry.row.answers["gave"]
        assert isinstance(gave, dict)
        assert gave["exit"] == 0
        assert entry.row.duration_s > 0


@pytest.mark.acceptance
async def test_a_failed_command_is_shown_as_the_last_problem(tmp_path: Path) -> None:
    text = LIST.replace("COMMAND", "echo oops >&2; exit 3")
    async with running(tmp_path, text) as machine:
        frame = await machine.until_state("failed")

        assert frame.last_problem.startswith("Command failed (exit 3): oops")


@pytest.mark.acceptance
async def test_an_exit_code_that_the_author_named_is_no_problem(tmp_path: Path) -> None:
    named = '"echo nothing >&2; exit 3", error_mappings: {3: job_done}'
    async with running(tmp_path, LIST.replace('"COMMAND"', named)) as machine:
        frame = await machine.until_state("b")

        assert "" == frame.last_problem


@pytest.mark.acceptance
async def test_an_action_in_hand_is_shown_with_its_pid(tmp_path: Path) -> None:
    async with running(tmp_path, LIST.replace("COMMAND", "sleep 30")) as machine:
        frame = await machine.until(lambda f: bool(f.running and f.running[0].pid))

        (action,) = frame.running
        assert (action.action, action.text) == ("bash", "sleep 30")
        assert action.timeout_s == 30
        assert machine.stop is not None
        machine.stop.tell()  # twice: no time for the sleeper


CUSTOM = """
initial_state: a
transitions:
  - {from: a, to: b, event: done}
  - {from: a, to: failed, event: error}
actions:
  a:
    - {type: greet, who: "{name}", success: done}
"""

GREET = """
from statemachine_engine.actions import BaseAction

class GreetAction(BaseAction):
    async def execute(self, context):
        context["said"] = f"hello {self.config['who']}"
        return self.config["success"]
"""


async def test_a_custom_action_changes_the_data(tmp_path: Path) -> None:
    async with running(
        tmp_path, CUSTOM, context={"name": "you"}, actions={"greet": GREET}
    ) as machine:
        await machine.until_state("b")

        assert (await machine.snapshot()).data["said"] == "hello you"


async def test_an_exception_of_a_custom_action_is_an_error_event(
    tmp_path: Path,
) -> None:
    code = GREET.replace('context["said"] =', 'raise ValueError("kaboom")\n        x =')
    async with running(tmp_path, CUSTOM, actions={"greet": code}) as machine:
        await machine.until_state("failed")

        error = (await machine.snapshot()).data["last_error"]
        assert error == "Error executing action greet: kaboom"


async def test_a_custom_action_of_the_wrong_class_is_not_found(tmp_path: Path) -> None:
    code = GREET.replace("GreetAction", "Greeter")
    async with running(tmp_path, CUSTOM, actions={"greet": code}) as machine:
        await machine.until_state("failed")

        error = (await machine.snapshot()).data["last_error"]
        assert error == (
            "Could not load action 'greet' - not found in actions directory"
        )


# ---------------------------------------------------------------------- time


async def test_a_delay_fires_by_itself(tmp_path: Path) -> None:
    text = TOGGLE.replace("event: go", "event: timeout(0.05)")
    async with running(tmp_path, text) as machine:
        frame = await machine.until(lambda f: bool(f.timers) or f.seq > 1)
        await machine.until_state("b")

        assert frame.configuration == ("a",)


async def test_a_sleep_holds_back_events(tmp_path: Path) -> None:
    text = """
initial_state: a
transitions:
  - {from: a, to: b, event: wake_up}
  - {from: b, to: c, event: go}
actions:
  a:
    - {type: sleep, duration: 0.1}
"""
    async with running(tmp_path, text) as machine:
        await machine.until(lambda f: bool(f.running))
        await machine.send("go")
        await machine.until_state("c")

        path = await machine.path()
        assert path[1:] == [("a", "wake_up", "b"), ("b", "go", "c")]


# -------------------------------------------------------------------- store

QUEUE = """
initial_state: a
transitions:
  - {from: a, to: work, event: new_job}
  - {from: a, to: a, event: no_jobs}
  - {from: work, to: a, event: success}
  - {from: "*", to: stopped, event: stop}
actions:
  a:
    - {type: check_database_queue, job_type: t}
  work:
    - {type: complete_job}
"""


async def test_a_job_that_comes_late_wakes_the_machine(tmp_path: Path) -> None:
    async with running(tmp_path, QUEUE) as machine:
        await machine.until(lambda f: f.watching == ("jobs/t",))
        with machine.writer() as writer:
            added = writer.add_job("t", {"n": 1}, source="test")
        assert added.bells == {"m"}
        machine.ring()
        await machine.until(lambda f: f.steps > 2 and f.configuration == ("a",))

        async with machine.reader() as reader:
            job = await reader.job(added.id)
        assert job is not None
        assert job.status == "completed"


CHECK = """
initial_state: a
transitions:
  - {from: a, to: a, event: no_events}
  - {from: a, to: a, event: task}
  - {from: "*", to: stopped, event: stop}
actions:
  a:
    - {type: check_events, event_types: [task]}
    - {type: add_to_list, list_key: seen, value: "{payload.n}"}
"""


async def test_check_events_takes_what_waits_for_it(tmp_path: Path) -> None:
    async with running(tmp_path, CHECK) as machine:
        for n in range(3):
            await machine.send("task", {"n": n})
        await machine.until(lambda f: f.steps > 3 and f.inbox == 0)

        snapshot = await machine.snapshot()
        assert snapshot.data["seen"] == [0, 1, 2]


async def test_an_event_dropped_by_an_operator_is_not_waited_for(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, CHECK) as machine:
        dropped = await machine.send("task", {"n": 0})
        with machine.writer() as writer:
            writer.drop_event(dropped, "me")
        await machine.begin()
        await machine.send("task", {"n": 1})
        await machine.until(lambda f: f.steps > 1 and f.inbox == 0)
        await machine.end()

        assert (await machine.snapshot()).data["seen"] == [1]


SPAWN = """
initial_state: a
transitions:
  - {from: a, to: b, event: success}
  - {from: a, to: failed, event: error}
actions:
  a:
    - {type: start_fsm, yaml_path: worker.yaml, machine_name: w1}
"""


async def test_start_fsm_asks_for_a_machine_of_the_file_beside_it(
    tmp_path: Path,
) -> None:
    async with harness(tmp_path, SPAWN) as machine:
        (tmp_path / "worker.yaml").write_text(TOGGLE)
        await machine.begin()
        await machine.until_state("b")
        await machine.end()

        async with machine.reader() as reader:
            (child,) = [row for row in await reader.children() if row.name == "w1"]
        machines = child.spec["machines"]
        assert isinstance(machines, list)
        assert isinstance(machines[0], dict)
        assert machines[0]["file"] == str(tmp_path / "worker.yaml")
        assert child.desired == "up"


async def test_start_fsm_of_a_file_nobody_has_is_an_error(tmp_path: Path) -> None:
    async with running(tmp_path, SPAWN) as machine:
        frame = await machine.until_state("failed")

        assert frame.last_problem.startswith(
            "Error executing action start_fsm: no file 'worker.yaml'"
        )


async def test_a_child_may_host_several_machines(tmp_path: Path) -> None:
    text = """
initial_state: a
transitions:
  - {from: a, to: b, event: go}
actions:
  b:
    - {type: send_event, target_machine: n, event_type: go}
"""
    async with harness(tmp_path, text) as machine:
        with machine.writer() as writer:
            put_machine(writer, tmp_path, TOGGLE, name="n")
            mine, other = writer.children()
            assert isinstance(mine.spec["machines"], list)
            assert isinstance(other.spec["machines"], list)
            both = mine.spec["machines"] + other.spec["machines"]
            writer.put_child(replace(mine, spec={"machines": both}))
        await machine.begin()
        await machine.send("go")
        await machine.until(lambda f: (f.machine, f.configuration) == ("n", ("b",)))
        await machine.end()


@pytest.mark.acceptance
async def test_a_locked_store_is_waited_for(tmp_path: Path) -> None:
    async with running(tmp_path, TOGGLE) as machine:
        event = await machine.send("nope")
        await machine.until_handled(event)
        lock = sqlite3.connect(machine.data_dir / "smtui.db", isolation_level=None)
        with machine.writer() as writer:
            writer.accept("m", "go", None, source="test")
        lock.execute("BEGIN IMMEDIATE")
        machine.ring()
        await machine.until(lambda f: f.waits_store)
        lock.execute("ROLLBACK")
        frame = await machine.until_state("b")
        lock.close()

        assert not frame.waits_store
