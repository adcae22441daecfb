"""Machines with action lists, driven by sessions."""

from pathlib import Path

from smtui.chart.values import RunEntry
from smtui.definition import Json
from smtui.testing import Functions, Sessions
from tests.support.scenarios import subject

SLEEPER = """\
initial_state: a
transitions: [{from: a, to: b, event: wake_up}, {from: a, to: c, event: error}]
actions: {a: [{type: sleep, duration: 30}]}
"""


def test_a_sleep_takes_its_virtual_time(tmp_path: Path) -> None:
    sessions = Sessions()
    sessions.begin(subject(tmp_path, SLEEPER).chart)
    sessions.advance(29.9)
    assert ("a",) == sessions.configuration()
    assert 1 == len(sessions.under_way())

    sessions.advance(0.1)
    assert ("b",) == sessions.leaves()


def test_a_fork_goes_its_own_way(tmp_path: Path) -> None:
    sessions = Sessions()
    sessions.begin(subject(tmp_path, SLEEPER).chart)
    other = sessions.fork(sessions.world)
    other.advance(30)

    assert (("a",), ("b",)) == (sessions.configuration(), other.configuration())
    assert (0.0, 30.0) == (sessions.clock.elapsed(), other.clock.elapsed())


def test_a_function_stands_for_a_shell_action(tmp_path: Path) -> None:
    def bash(entry: RunEntry, data: object) -> dict[str, Json]:
        del data
        return {"event": "error", "said": entry.args["command"]}

    text = SLEEPER.replace("sleep, duration: 30", "bash, command: ls")
    sessions = Sessions(world=Functions({}, {"bash": bash}))
    sessions.begin(subject(tmp_path, text).chart)

    assert ("c",) == sessions.configuration()
    assert "ls" == sessions.store.data("main")["said"]
    assert "door" == sessions.store.data("main")["machine_name"]
