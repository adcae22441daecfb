"""A machine at work against a real store."""

import asyncio
from pathlib import Path

import pytest

from smtui.errors import FencedError
from smtui.runtime.loading import BLOCKED
from smtui.wire import Hello, Ready
from tests.support.runtime_harness import Harness, harness, put_machine, running

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


# ------------------------------------------------------------------- actions

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


# ------------------------------------------------------------------- resume


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
    text = LIST.replace('bash, command: "COMMAND"', "sleep, duration: 0.2").replace(
        "job_done", "wake_up"
    )
    async with harness(tmp_path, text) as machine:
        for _ in range(4):
            await machine.begin()
            await machine.until(lambda f: bool(f.running))
            await machine.crash()
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
