"""Shell commands: their groups, their output, their end."""

import asyncio
import json
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from smtui.chart.values import Raised
from smtui.clock import SystemClock
from smtui.definition import Json
from smtui.runtime.actions.bash import Bash
from smtui.runtime.actions.family import marked
from tests.support.runtime_actions import Recorder, place_in, run_entry, value_of

pytestmark = pytest.mark.acceptance


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path)
    yield recorder
    recorder.close()


def _bash(tmp_path: Path, recorder: Recorder, command: str, **args: Json) -> Bash:
    entry = run_entry("bash", f"key-{tmp_path}", command=command, **args)
    return Bash(entry, place_in(tmp_path), recorder.outlet, SystemClock())


def _mark(tmp_path: Path) -> str:
    return f"SMTUI_ACTION_KEY=key-{tmp_path}"


async def test_a_command_gives_its_exit_code_and_duration(
    tmp_path: Path, recorder: Recorder
) -> None:
    bash = _bash(tmp_path, recorder, "echo one; echo two; echo oops >&2; exit 3")

    value = dict(value_of(await bash.perform()))

    assert 0 < value.pop("seconds") < 10  # type: ignore[operator]
    assert value == {
        "exit": 3,
        "stderr": "oops\n",
        "last_line": "two",
        "timed_out": False,
    }


async def test_output_is_forwarded_byte_for_byte_and_its_last_line_ended(
    tmp_path: Path, recorder: Recorder
) -> None:
    data = bytes(range(256)) * 2000
    (tmp_path / "data").write_bytes(data)

    await _bash(tmp_path, recorder, "cat data; cat data >&2").perform()

    assert recorder.out() == data + b"\n"
    assert recorder.err() == data + b"\n"


async def test_a_command_runs_in_its_folder_with_its_key(
    tmp_path: Path, recorder: Recorder
) -> None:
    bash = _bash(tmp_path, recorder, 'pwd; echo "$SMTUI_ACTION_KEY"')

    await bash.perform()

    assert recorder.out() == f"{tmp_path}\nkey-{tmp_path}\n".encode()


async def test_values_reach_a_command_through_its_environment(
    tmp_path: Path, recorder: Recorder
) -> None:
    command = 'echo "$SMTUI_V1"'
    value = "$(touch pwned); 'quoted'"

    await _bash(tmp_path, recorder, command, environment={"SMTUI_V1": value}).perform()

    assert recorder.out() == f"{value}\n".encode()


async def test_a_command_has_a_session_of_its_own_and_no_input(
    tmp_path: Path, recorder: Recorder
) -> None:
    script = "import os, sys, json; sys.stdin.read(); print(json.dumps([os.getsid(0)]))"
    bash = _bash(tmp_path, recorder, f"exec \"$SMTUI_PYTHON\" -c '{script}'")

    await bash.perform()

    assert json.loads(recorder.out()) == [bash.pid]


async def test_a_command_that_dies_of_a_signal_has_a_negative_code(
    tmp_path: Path, recorder: Recorder
) -> None:
    value = value_of(await _bash(tmp_path, recorder, "kill -9 $$").perform())

    assert value["exit"] == -signal.SIGKILL


async def test_a_folder_that_is_gone_is_an_error(
    tmp_path: Path, recorder: Recorder
) -> None:
    entry = run_entry("bash", command="true")
    place = place_in(tmp_path / "gone")

    ended = await Bash(entry, place, recorder.outlet, SystemClock()).perform()

    assert isinstance(ended.answer, Raised)
    assert ended.answer.kind == "FileNotFoundError"


@pytest.mark.parametrize("args", [{}, {"command": ""}, {"command": 3}])
async def test_no_command_is_an_error(
    tmp_path: Path, recorder: Recorder, args: dict[str, Json]
) -> None:
    entry = run_entry("bash", "k1", **args)

    ended = await Bash(
        entry, place_in(tmp_path), recorder.outlet, SystemClock()
    ).perform()

    assert ended.answer == Raised("bash action has no command", "ValueError")


async def test_a_timeout_that_is_no_number_is_an_error(
    tmp_path: Path, recorder: Recorder
) -> None:
    ended = await _bash(tmp_path, recorder, "true", timeout="soon").perform()

    assert ended.answer == Raised(
        "bash timeout 'soon' is not a number of seconds", "ValueError"
    )


async def test_a_timeout_is_reported_within_100_ms_of_the_limit(
    tmp_path: Path, recorder: Recorder
) -> None:
    late_s = 1.0
    for _ in range(5):  # a busy computer adds to one try, not to each
        bash = _bash(tmp_path, recorder, "sleep 5; echo late >> out.txt", timeout=0.2)
        value = value_of(await bash.perform())
        assert value["timed_out"] is True
        late_s = min(late_s, value["seconds"] - 0.2)  # type: ignore[operator]
        if late_s < 0.1:
            break

    assert late_s < 0.1


@pytest.mark.parametrize(
    "command",
    [
        "sleep 60 & sleep 60",
        "trap '' TERM INT HUP; sleep 60 & wait",
        "setsid sleep 60 & sleep 60",
        "(setsid sleep 60 &) ; sleep 60",
        "\"$SMTUI_PYTHON\" -c 'import os, time; os.setsid(); time.sleep(60)' & wait",
    ],
    ids=["child", "deaf", "own session", "own session, orphaned", "setsid"],
)
async def test_a_timeout_leaves_nothing_behind(
    tmp_path: Path, recorder: Recorder, command: str
) -> None:
    bash = _bash(tmp_path, recorder, command, timeout=0.4)

    value = value_of(await bash.perform())

    assert value["timed_out"] is True
    assert _left(tmp_path) == set()


async def test_a_timeout_spares_the_same_key_of_another_fleet(
    tmp_path: Path, recorder: Recorder
) -> None:
    other = _bash(tmp_path, recorder, "sleep 0.6", timeout=30)
    late = _bash(tmp_path, recorder, "sleep 60", timeout=0.2)

    spared, ended = await asyncio.gather(other.perform(), late.perform())

    assert value_of(ended)["timed_out"] is True
    assert value_of(spared)["exit"] == 0


async def test_the_output_of_a_grandchild_is_waited_for(
    tmp_path: Path, recorder: Recorder
) -> None:
    bash = _bash(tmp_path, recorder, "(sleep 0.2; echo late) & echo soon")

    value = value_of(await bash.perform())

    assert value["last_line"] == "late"


async def test_a_grandchild_that_holds_the_output_is_waited_for_2_s(
    tmp_path: Path, recorder: Recorder
) -> None:
    bash = _bash(tmp_path, recorder, "sleep 60 & echo done")

    value = value_of(await bash.perform())

    assert value["exit"] == 0
    assert value["last_line"] == "done"
    assert 1.9 < value["seconds"] < 3.0  # type: ignore[operator]
    assert b"still held open" in recorder.err()
    assert bash.pid is not None
    os.killpg(bash.pid, signal.SIGKILL)


async def test_our_shutdown_ends_the_group_and_gives_no_result(
    tmp_path: Path, recorder: Recorder
) -> None:
    command = "trap 'echo told > told; exit 0' TERM; echo up; sleep 60 & wait"
    performing = asyncio.ensure_future(_bash(tmp_path, recorder, command).perform())
    await recorder.until_out(b"up\n")

    performing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await performing
    assert (tmp_path / "told").read_text() == "told\n"
    assert _left(tmp_path) == set()


async def test_our_shutdown_kills_what_ignores_it(
    tmp_path: Path, recorder: Recorder
) -> None:
    command = "trap '' TERM; echo up; while :; do sleep 60; done"
    performing = asyncio.ensure_future(_bash(tmp_path, recorder, command).perform())
    await recorder.until_out(b"up\n")

    performing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await performing
    assert _left(tmp_path) == set()


async def test_no_thread_is_left_waiting_for_a_command(
    tmp_path: Path, recorder: Recorder
) -> None:
    before = set(threading.enumerate())
    performing = asyncio.ensure_future(
        _bash(tmp_path, recorder, "echo up; sleep 0.2").perform()
    )
    await recorder.until_out(b"up\n")

    assert set(threading.enumerate()) <= before
    await performing


async def test_no_descriptor_is_left_open(tmp_path: Path, recorder: Recorder) -> None:
    await _bash(tmp_path, recorder, "true").perform()
    before = _descriptors()

    await _bash(tmp_path, recorder, "sleep 9", timeout=0.05).perform()
    await _bash(tmp_path, recorder, "true").perform()

    assert _descriptors() == before


def _left(tmp_path: Path) -> set[int]:
    """Return what of the action still lives, given a moment to die."""
    for _ in range(200):
        left = marked(_mark(tmp_path))
        if not left:
            return left
        threading.Event().wait(0.01)
    return left


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
