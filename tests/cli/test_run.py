"""`smtui run` with real processes: how it begins, stays and ends."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.supervisor import read_lock
from tests.support.cli import DOOR, Outcome, Program, lines_of

pytestmark = [pytest.mark.acceptance, pytest.mark.xdist_group("run")]

BROKEN = "initial_state: a\ntransitions: [{from: a, too: b, event: go}]\n"
WORKS_AND_ENDS = """\
initial_state: working
transitions:
  - {from: working, to: completed, event: worked}
actions:
  working:
    - {type: bash, command: "echo done $SMTUI_MACHINE", success: worked}
"""
FAILS = """\
initial_state: working
transitions:
  - {from: working, to: completed, event: worked}
actions:
  working:
    - {type: bash, command: "kill -9 $PPID", success: worked}
"""
LINKED = """\
class Order(StateMachine):
    placed = State(initial=True)
    paid = State(final=True)
    pay = placed.to(paid)

class Shop(Orchestrator):
    order: Order
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with Program(tmp_path) as program:
        yield program


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Outcome]]:
    """Run a door beside a bad file, with a home that cannot be written."""
    with Program(tmp_path_factory.mktemp("met")) as program:
        home = program.folder / "home"
        home.mkdir(mode=0o500)
        program.env["HOME"] = str(home)
        program.write("m/door.yaml", DOOR)
        program.write("m/bad.yaml", BROKEN)
        yield program, program("run", "m", "--until", "door=closed", "--timeout", "30")


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Outcome]]:
    """Have a file run under another name and with data, pushed, and down."""
    with Program(tmp_path_factory.mktemp("gate")) as program:
        program.write("door.yaml", DOOR)
        options = ("--name", "gate", "--context", '{"who": "Ada"}', "--json")
        started = program("run", "door.yaml", *options, "--detach")
        program("send", "gate", "push", "--wait")
        program("down")
        yield program, started


def data_of(program: Program) -> Path:
    return program.folder / ".smtui"


def test_a_headless_run_ends_when_its_goal_is_met_and_leaves_nothing(
    met: tuple[Program, Outcome],
) -> None:
    program, done = met

    first, *rest = done.out.splitlines()
    assert done.code == 0, done.err
    assert first == f"data in {data_of(program)}"
    assert any("door" in line and "begins in closed" in line for line in rest)
    assert rest[-1].endswith("stop: met")
    assert read_lock(data_of(program)) is None


def test_json_lines_have_a_kind_a_time_and_a_machine(program: Program) -> None:
    program.write("work.yaml", WORKS_AND_ENDS)

    done = program("run", "work.yaml", "--json", "--until", "work=done")

    lines = lines_of(done)
    assert done.code == 0, done.err
    assert all({"kind", "at", "machine"} <= line.keys() for line in lines)
    assert {line["kind"] for line in lines} == {"child", "step", "log", "stop"}
    steps = [line for line in lines if line["kind"] == "step"]
    assert [step["to"] for step in steps][-1] == ["completed"]
    assert {"seq", "from", "outcome", "data_patch"} <= steps[0].keys()
    assert "done work" in {line.get("text") for line in lines}


def test_a_run_whose_machines_have_all_ended_ends(program: Program) -> None:
    program.write("work.yaml", WORKS_AND_ENDS)

    done = program("run", "work.yaml", "--headless")

    assert done.code == 0
    assert done.out.splitlines()[-1].endswith("stop: over")


def test_an_unmet_goal_is_exit_one_with_a_line_for_each_machine(
    program: Program,
) -> None:
    program.write("door.yaml", DOOR)

    done = program("run", "door.yaml", "--until", "door=open", "--timeout", "3")

    words = done.err.splitlines()
    assert done.code == 1
    assert words[0] == "not reached (timeout): door=open"
    assert words[1].startswith("  door: ready, in closed for ")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_fleet_cleanly(
    number: signal.Signals, program: Program
) -> None:
    program.write("door.yaml", DOOR)
    running = program.begin("run", "door.yaml", "--headless")
    running.until("begins in closed")

    running.signal(number)
    done = running.ends()

    assert done.code == 0, done.err
    assert done.out.splitlines()[-1].endswith("stop: signal")
    assert read_lock(data_of(program)) is None


def test_two_runs_at_once_share_one_fleet(program: Program) -> None:
    program.write("door.yaml", DOOR)
    program.write("window.yaml", DOOR)

    runs = [program.begin("run", f"{n}.yaml", "--detach") for n in ("door", "window")]
    ended = [run.ends() for run in runs]

    rows = program("ps", "--json").rows()
    assert [one.code for one in ended] == [0, 0], ended
    assert [(row["name"], row["status"]) for row in rows] == [
        ("door", "ready"),
        ("window", "ready"),
    ]


def test_a_failing_machine_ends_the_run_when_asked(program: Program) -> None:
    program.write("bad.yaml", FAILS)
    program.write(
        "smtui.yaml",
        "machines: {bad: {backoff: {min_s: 0.01, max_s: 0.01},"
        " intensity: {count: 2, period_s: 60}}}\n",
    )
    program.write("door.yaml", DOOR)

    done = program("run", str(program.folder), "--exit-on-failure", "--timeout", "50")

    assert done.code == 1
    assert "gave up after 2 exits" in done.out


def test_what_was_running_carries_on_where_it_was(
    gate: tuple[Program, Outcome],
) -> None:
    program, _ = gate

    goal = ("--until", "gate=open", "--timeout", "30")
    program("run", "door.yaml", "--name", "gate", *goal)

    steps = program("history", "gate", "--json").rows()
    assert [step["to"] for step in steps if step["from"] != step["to"]] == [
        ["closed"],
        ["open"],
    ]


def test_a_second_run_adds_its_paths_and_leaves_the_fleet(program: Program) -> None:
    program.write("door.yaml", DOOR)
    program.write("window.yaml", DOOR)
    program("run", "door.yaml", "--detach")

    done = program("run", "window.yaml", "--until", "window=closed", "--timeout", "30")

    names = [row["name"] for row in program("ps", "--json").rows()]
    assert done.code == 0, done.err
    assert "a fleet runs here already" in done.err
    assert names == ["door", "window"]
    assert read_lock(data_of(program)) is not None


def test_detach_names_what_has_not_come_up(program: Program) -> None:
    program.write("door.yaml", DOOR)
    program.write("bad.yaml", FAILS)
    program.write(
        "smtui.yaml",
        "machines: {bad: {restart: never}}\n",
    )

    done = program("run", ".", "--detach")

    ready = [
        r["name"] for r in program("ps", "--json").rows() if r["status"] == "ready"
    ]
    assert "door" in ready
    assert done.code in (0, 1)
    assert "machines are ready, in the background" in done.out


def test_a_bad_file_is_listed_and_the_good_one_runs(
    met: tuple[Program, Outcome],
) -> None:
    _, done = met

    assert done.code == 0
    assert "bad.yaml:2:" in done.err
    assert "did you mean 'to'?" in done.err


def test_strict_starts_none_beside_a_bad_file(program: Program) -> None:
    program.write("m/door.yaml", DOOR)
    program.write("m/bad.yaml", BROKEN)

    done = program("run", "m", "--strict", "--detach")

    assert done.code == 4
    assert "nothing is started" in done.err
    assert not data_of(program).exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BROKEN, "no machine can run: see above"),
        ("just: notes\n", "found no definition of a machine"),
        (f"template: true\n{DOOR}", "only templates here"),
    ],
)
def test_nothing_valid_is_exit_four(text: str, words: str, program: Program) -> None:
    program.write("m/one.yaml", text)

    done = program("run", "m", "--headless")

    assert done.code == 4
    assert words in done.err
    assert "Traceback" not in done.err


def test_a_file_that_waits_for_a_library_is_refused_with_what_it_needs(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.write("shop.py", LINKED)
    monkeypatch.setitem(sys.modules, "statemachine", None)

    done = program("run", "shop.py", "--headless")

    assert done.code == 4
    assert "pip install 'smtui[python-statemachine]'" in done.err
    assert "no machine can run here: see above" in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "which machines?"),
        (["door.yaml", "--detach", "--headless"], "--detach does not stay"),
        (["door.yaml", "--only", "doer"], "did you mean 'door'?"),
        (["door.yaml", "--until", "door=opne"], "did you mean 'open'?"),
        (["door.yaml", "--context", "x"], "is no JSON"),
        (["door.yaml", "--context", "[1]"], "a mapping was expected"),
        (["door.yaml", "other.yaml", "--name", "x"], "--name and --context"),
        (["door.yaml", "--actions-dir", "nowhere"], "is no folder"),
    ],
)
def test_options_that_do_not_fit_are_exit_two(
    arguments: list[str], words: str, program: Program
) -> None:
    program.write("door.yaml", DOOR)
    program.write("other.yaml", DOOR)

    done = program("run", *arguments)

    assert done.code == 2
    assert words in done.err


def test_only_starts_what_it_names(program: Program) -> None:
    program.write("m/door.yaml", DOOR)
    program.write("m/window.yaml", DOOR)

    program("run", "m", "--only", "door", "--detach")

    rows = {r["name"]: r["status"] for r in program("ps", "--json").rows()}
    assert rows["door"] == "ready"
    assert rows.get("window", "stopped") == "stopped"


def test_one_file_gets_a_name_and_data(gate: tuple[Program, Outcome]) -> None:
    program, _ = gate

    assert "hello Ada" in program("logs", "gate").out


def test_a_home_that_cannot_be_written_is_no_matter(
    met: tuple[Program, Outcome],
) -> None:
    program, done = met

    assert done.code == 0, done.err
    assert list((program.folder / "home").iterdir()) == []


def test_the_death_of_the_supervisor_ends_the_run_with_one(program: Program) -> None:
    program.write("door.yaml", DOOR)
    running = program.begin("run", "door.yaml", "--headless")
    running.until("begins in closed")
    holder = read_lock(data_of(program))
    assert holder is not None

    os.kill(holder.pid, signal.SIGKILL)
    done = running.ends()

    assert done.code == 1
    assert done.out.splitlines()[-1].endswith("stop: left")


def test_a_document_of_detach_has_every_machine(gate: tuple[Program, Outcome]) -> None:
    program, started = gate

    assert started.code == 0, started.err
    assert started.document() == {
        "data": str(data_of(program)),
        "machines": {"gate": "ready"},
    }
