"""Commands beside one running fleet, each test with a door of its own.

A start costs more than a second of processor time: the tests share one, and
what they leave behind in it is at their own door.
"""

import json
import os
import signal
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.support.cli import DOOR, Outcome, Program

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("fleet")]

N_DOORS = 12

WORKER = """\
initial_state: idle
transitions:
  - {from: idle, to: idle, event: no_jobs}
  - {from: idle, to: working, event: new_job}
  - {from: working, to: idle, event: worked}
  - {from: working, to: idle, event: error}
actions:
  idle: [{type: check_database_queue, job_type: paint}]
  working: [{type: bash, command: "test {colour} != grey", success: worked}]
"""


class Fleet(NamedTuple):
    """What runs, and the doors no test has touched."""

    program: Program
    unused: Iterator[str]


class Ended(NamedTuple):
    """A fleet that has run, and what was said of it meanwhile."""

    program: Program
    well: Outcome
    stopped: Outcome
    down: Outcome


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Run doors and two program."""
    with Program(tmp_path_factory.mktemp("fleet")) as program:
        unused = [f"door{n}" for n in range(N_DOORS)]
        for name in ("door", *unused):
            program.write(f"m/{name}.yaml", DOOR)
        program.write("m/painter.yaml", WORKER)
        program.write("m/smtui.yaml", "machines: {painter: {replicas: 2}}\n")
        started = program("run", "m", "--detach")
        assert started.code == 0, started.err
        yield Fleet(program, iter(unused))


@pytest.fixture
def program(fleet: Fleet) -> Program:
    """Return the program where the fleet runs."""
    return fleet.program


@pytest.fixture
def door(fleet: Fleet) -> str:
    """Return a door that nothing has happened to."""
    return next(fleet.unused)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ended]:
    """Run a door, stop it, and take the fleet down."""
    with Program(tmp_path_factory.mktemp("ended")) as program:
        program.write("m/door.yaml", DOOR)
        started = program("run", "m", "--detach")
        assert started.code == 0, started.err
        well = program("health")
        program("stop", "door")
        stopped = program("health")
        program("start", "door")
        yield Ended(program, well, stopped, program("down"))


def test_a_sent_event_tells_what_became_of_it(program: Program, door: str) -> None:
    taken = program("send", door, "push", "--wait", "--json")
    ignored = program("send", door, "push", "--wait", "--json")

    assert taken.code == 0
    assert taken.document() | {"id": ""} == {
        "id": "",
        "machine": door,
        "event": "push",
        "accepted": True,
        "is_new": True,
        "heard": True,
        "outcome": "taken",
        "why": "",
        "from": ["closed"],
        "to": ["open"],
    }
    assert ignored.code == 1
    assert ignored.document()["outcome"] == "ignored"
    assert ignored.document()["why"] == 'no "push" in open (taken in closed)'


def test_an_unknown_machine_or_event_names_the_nearest(program: Program) -> None:
    machine = program("send", "dor", "push")
    event = program("send", "door", "psuh")

    assert (machine.code, event.code) == (2, 2)
    assert "did you mean 'door'?" in machine.err
    assert "no state of 'door' knows the event 'psuh'" in event.err
    assert "did you mean 'push'?" in event.err
    state = program("send", "door", "push", "--if-state", "opne")
    assert (state.code, "did you mean 'open'?" in state.err) == (2, True)


def test_an_unknown_event_is_sent_by_force(program: Program, door: str) -> None:
    done = program("send", door, "psuh", "--force", "--wait")

    assert done.code == 1
    assert 'no "psuh" in closed (taken in no state)' in done.out


def test_a_dry_run_tells_and_sends_nothing(program: Program, door: str) -> None:
    done = program("send", door, "push", "--dry-run", "--json")
    not_now = program("send", door, "pull", "--dry-run")

    assert done.code == 0
    assert done.document() == {
        "machine": door,
        "event": "push",
        "accepted": False,
        "outcome": "taken",
        "why": "closed ─▶ open  then timeout(600)",
    }
    assert not_now.code == 1
    events = program("events", door, "--json").rows()
    assert [event for event in events if event["kind"] == "event"] == []


def test_an_event_with_a_key_is_accepted_once(program: Program) -> None:
    first = program("send", "door", "push", "--id", "k", "--json").document()
    second = program("send", "door", "push", "--id", "k", "--json").document()

    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["id"] == second["id"]


def test_an_event_for_another_state_has_no_effect(program: Program, door: str) -> None:
    done = program("send", door, "push", "--if-state", "open", "--wait")

    assert done.code == 1
    assert "only if in open" in done.out
    assert program("ps", door, "--json").rows()[0]["configuration"] == ["closed"]


def test_a_payload_may_come_from_a_file_or_a_pipe(program: Program, door: str) -> None:
    program.write("p.json", '{"who": "Ada"}')

    program("send", door, "push", "--payload", "@p.json", "--wait")
    program("send", door, "pull", "--payload", "-", "--wait", given='{"who": "Bob"}')

    payloads = [e["payload"] for e in program("events", door, "--json").rows()]
    assert payloads == [{"who": "Ada"}, {"who": "Bob"}]


def test_a_payload_over_the_limit_is_refused_with_its_size(program: Program) -> None:
    program.write("big.json", json.dumps("x" * (1 << 20)))

    done = program("send", "door", "push", "--payload", "@big.json")

    assert done.code == 1
    assert "1048578" in done.err.replace(",", "")


def test_an_event_for_replicas_goes_to_one_or_to_all(program: Program) -> None:
    one = program("send", "painter", "no_jobs")
    every = program("send", "painter#*", "no_jobs", "--json").rows()

    assert one.out.startswith("painter#1 (of painter): no_jobs accepted")
    assert [row["machine"] for row in every] == ["painter#1", "painter#2"]


def test_a_machine_that_died_handles_the_next_event(
    program: Program, door: str
) -> None:
    pid = int(program("ps", door, "--pid").out)

    os.kill(pid, signal.SIGKILL)
    done = program("send", door, "push", "--wait")

    row = program("ps", door, "--json").rows()[0]
    assert done.code == 0
    assert (row["status"], row["restarts"]) == ("ready", 1)


def test_ps_has_a_row_for_each_machine(program: Program) -> None:
    rows = program("ps", "painter", "--json").rows()

    assert [row["name"] for row in rows] == ["painter#1", "painter#2"]
    assert {row["status"] for row in rows} == {"ready"}
    assert rows[0].keys() >= {
        "name", "dialect", "definition", "status", "pid", "configuration", "since",
        "restarts", "uptime_s", "inbox", "jobs", "instances",
    }  # fmt: skip


def test_ps_lists_every_fleet_of_the_user(program: Program) -> None:
    rows = program("ps", "--all", "--json").rows()

    assert str(program.folder / ".smtui") in [row["data"] for row in rows]


def test_stop_start_and_restart_say_what_they_did(program: Program, door: str) -> None:
    stopped = program("stop", door)
    down = program("ps", door, "--json").rows()[0]["status"]
    started = program("start", door)
    fresh = program("restart", "--fresh", door)
    program("send", door, "push", "--wait")  # its answer comes after the start

    assert (stopped.out, started.out, fresh.out) == (
        f"{door} stopped\n",
        f"{door} started\n",
        f"{door} restarted\n",
    )
    assert down == "stopped"
    assert program("history", door, "--json").rows()[-1]["run"] == 2


def test_an_unknown_name_is_refused_by_all_three(program: Program) -> None:
    codes = [program(verb, "dor").code for verb in ("stop", "start", "restart")]

    assert codes == [2, 2, 2]


def test_health_is_one_line_and_an_exit_code(ended: Ended) -> None:
    assert (ended.well.code, ended.well.out) == (0, "ok: 1 ready\n")
    assert ended.stopped.out == "ok: 1 stopped\n"


def test_a_job_is_added_worked_on_and_seen(program: Program) -> None:
    running = program.begin("run", "m", "--headless")
    running.until("painter#2")
    added = program("jobs", "add", "paint", "--data", '{"colour": "red"}', "--json")
    running.until("working -> idle")

    id_ = str(added.document()["id"])
    shown = program("jobs", "show", id_, "--json").document()
    assert (shown["status"], shown["data"]) == ("completed", {"colour": "red"})


def test_a_discarded_job_is_repaired_and_retried(program: Program) -> None:
    running = program.begin("run", "m", "--headless")
    running.until("painter#2")
    program(
        "jobs", "add", "paint", "--data", '{"colour": "grey"}', "--max-attempts", "1"
    )
    running.until("working -> idle")
    listed = program("jobs", "list", "--status", "discarded", "--json").rows()

    done = program("jobs", "retry", "last", "--data", '{"colour": "blue"}')

    assert [row["data"] for row in listed] == [{"colour": "grey"}]
    assert done.out.endswith("is available\n")


def test_a_job_that_is_not_there_is_a_usage_error(program: Program) -> None:
    done = program("jobs", "show", "12345")

    assert done.code == 2
    assert "no job '12345'" in done.err


def test_history_can_be_exported_whole(program: Program, door: str) -> None:
    program("send", door, "push", "--wait")

    done = program("history", door, "--export", "steps.jsonl")
    again = program("history", door, "--export", "steps.jsonl")

    shown = program("replay", "steps.jsonl", "--json")
    assert done.code == 0
    assert shown.rows()[0]["to"] == ["closed"]
    assert (again.code, "is there already" in again.err) == (1, True)


def test_logs_have_what_actions_printed(program: Program, door: str) -> None:
    program("send", door, "push", "--payload", '{"who": "Ada"}', "--wait")
    program("stop", door)

    lines = program("logs", door, "--grep", "hello").out.splitlines()
    own = program("logs", "supervisor", "--since", "10m")

    assert [line.split("  ")[1:] for line in lines] == [["out", "hello Ada"]]
    assert own.code == 0
    assert f"{door}: starting -> ready" in own.out


def test_logs_of_a_name_nobody_has_name_the_nearest(program: Program) -> None:
    done = program("logs", "dooor")

    assert done.code == 2
    assert "did you mean 'door'?" in done.err


def test_secrets_are_masked_unless_revealed(program: Program, door: str) -> None:
    program("send", door, "push", "--payload", '{"password": "hunter2"}', "--wait")

    masked = program("events", door, "--json").out
    plain = program("events", door, "--json", "--reveal").out

    assert ("hunter2" in masked, "hunter2" in plain) == (False, True)


@pytest.mark.parametrize("background", [False, True])
def test_following_events_goes_on_until_interrupted(
    program: Program, background: bool
) -> None:
    program("send", "door", "push", "--wait")
    words = ("events", "--follow", "--json", "--limit", "1")
    running = program.begin(*words, background=background)
    running.until("push")
    program("send", "door", "pull", "--wait")
    running.until("pull")

    running.signal(signal.SIGINT)

    assert running.ends().code == 130


def test_down_ends_all_and_says_so_once(ended: Ended) -> None:
    second = ended.program("down")

    assert (ended.down.code, second.code) == (0, 3)
    assert "carries on from here" in ended.down.out
    assert "no supervisor runs" in second.err


def test_without_a_supervisor_an_event_waits(ended: Ended) -> None:
    program = ended.program

    done = program("send", "door", "push")
    listed = program("ps", "door", "--json").rows()[0]
    program("run", "m", "--until", "door=open", "--timeout", "30")

    assert "nobody runs it, it waits in the inbox" in done.out
    assert (listed["status"], listed["inbox"]) == ("stopped", 1)


@pytest.mark.parametrize(
    "words", [("attach",), ("health",), ("start", "door"), ("stop", "door")]
)
def test_what_needs_a_supervisor_is_exit_three_without_one(
    words: tuple[str, ...], ended: Ended
) -> None:
    assert ended.program(*words).code == 3


def test_attach_needs_a_terminal(program: Program) -> None:
    done = program("attach")

    assert done.code == 2
    assert "attach needs a terminal" in done.err


def test_a_waiting_event_is_dropped_or_mended_by_hand(
    program: Program, door: str
) -> None:
    program("stop", door)
    ids = [
        str(program("send", door, "push", "--json").document()["id"]) for _ in range(2)
    ]
    listed = program("events", door, "--status", "pending").out.splitlines()
    number = listed[0].split()[0]

    nobody = program("inbox", "drop", "99999999")
    dropped = program("inbox", "drop", number)
    edited = program("inbox", "edit", ids[1], "--payload", '{"who": "Eve"}')
    program("start", door)
    program("send", door, "pull", "--wait")

    assert nobody.code == 2
    assert dropped.out == f"event push of {door}: dropped\n"
    assert "waits again as" in edited.out
    assert "hello Eve" in program("logs", door).out
