"""bash, sleep and authors' actions: what is asked, and what an answer means."""

import pytest

from smtui.chart.values import Interrupted, Kind, Patch, Raised, Run
from smtui.definition import Json
from tests.support.hand import Hand


def asking(action: str, *, custom: str = "", **data: Json) -> Hand:
    text = f"""
        initial_state: a
        transitions: []
        actions:
          a:
            - {{{action}}}
            - {{type: log, message: goes on}}
        """
    return Hand(text, data, custom=frozenset(custom.split())).go()


def event_of(hand: Hand) -> list[str]:
    return [event for event, _ in hand.taken]


BASH = """
initial_state: a
transitions:
  - {from: a, to: done, event: job_done}
  - {from: a, to: broken, event: error}
  - {from: a, to: three, event: three}
actions:
  a:
    - {type: bash, command: "work; it", error_mappings: {3: three, "4": three}}
"""


@pytest.mark.parametrize(
    ("code", "state"), [(0, "done"), (1, "broken"), (3, "three"), (4, "three")]
)
def test_an_exit_code_is_an_event(code: int, state: str) -> None:
    assert Hand(BASH).go().exits(code).state == state


def test_a_failure_is_told_in_the_data() -> None:
    hand = Hand(BASH).go().exits(2, stderr="  oops\n")

    assert dict(hand.data) == {
        "machine_name": "m",
        "last_error": "Command failed (exit 2): oops\nCommand: work; it",
        "last_error_action": "bash",
        "last_error_command": "work; it",
        "last_error_exit_code": 2,
    }


def test_a_mapped_failure_is_told_too() -> None:
    hand = Hand(BASH, {"current_job": {"id": "j"}}).go().exits(3)

    assert hand.data["last_error_exit_code"] == 3
    assert "current_job" not in hand.data


def test_a_time_out_is_an_error_with_its_limit() -> None:
    hand = asking("type: bash, command: long, timeout: 0.5")

    hand.gives({"exit": -9, "stderr": "", "last_line": None, "timed_out": True})

    assert hand.data["last_error"] == (
        "Command timed out after 0.5 seconds\nCommand: long"
    )
    assert "last_error_exit_code" not in hand.data
    assert hand.logged[-1] == ("info", "goes on")


def test_a_command_that_could_not_be_started_is_an_error() -> None:
    hand = asking("type: bash, command: x").gives(Raised("too long", "OSError"))

    assert hand.data["last_error"] == "Error executing action bash: too long"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ('{"files": 3}', {"files": 3}),
        ("7", 7),
        ("plain text", "plain text"),
        ("NaN", "NaN"),
        ("1e999", "1e999"),
        ("[" * 5000, "[" * 5000),
        ("007", "007"),
    ],
)
def test_the_last_line_may_be_kept(line: str, value: Json) -> None:
    hand = asking("type: bash, command: x, store_as: out").exits(0, line=line)

    assert hand.data["out"] == value


def test_a_command_that_said_nothing_keeps_nothing() -> None:
    hand = asking("type: bash, command: x, store_as: out").exits(0)

    assert "out" not in hand.data


def test_a_failing_command_keeps_its_line_too() -> None:
    hand = asking("type: bash, command: x, store_as: out").exits(5, line="half")

    assert hand.data["out"] == "half"


def test_values_reach_a_command_quoted_or_by_name() -> None:
    hand = asking(
        'type: bash, command: "echo {v} `echo {v}`", timeout: "{t}"', v="a b", t=7
    )

    assert dict(hand.asked.args) == {
        "command": """echo 'a b' `echo "${SMTUI_VALUE_1}"`""",
        "environment": {"SMTUI_VALUE_1": "a b"},
        "timeout": 7,
    }


def test_what_an_action_asks_for_says_all_of_it() -> None:
    hand = asking("type: bash, command: x, on_crash: error")

    assert hand.asked.kind is Kind.WORLD
    assert hand.asked.on_crash == "error"
    assert hand.asked.since == hand.now
    assert hand.asked.attempt == 1
    assert hand.asked.topics == ()
    runs = [e for e in hand.effects if isinstance(e, Run)]
    assert [run.entry for run in runs] == [hand.asked]


JOB: Json = {"id": "j", "data": {"path": "p q", "command": "own {path}"}}
HEARD: Json = {"payload": {"who": "Ann", "path": "other"}}


def test_a_command_may_choose_among_names_while_a_job_is_in_hand() -> None:
    action = 'type: bash, command: "echo {nobody|path} {who} {x|y}"'

    with_job = asking(action, current_job=JOB, event_data=HEARD)
    without = asking(action, path="p")

    assert with_job.asked.args["command"] == "echo 'p q' Ann {x|y}"
    assert without.asked.args["command"] == "echo {nobody|path} {who} {x|y}"


def test_the_data_comes_before_the_payload_and_the_job() -> None:
    action = 'type: bash, command: "echo {path}"'
    hand = asking(action, current_job=JOB, event_data=HEARD, path="mine")

    assert hand.asked.args["command"] == "echo mine"


def test_a_jobs_command_counts_only_where_it_may() -> None:
    action = "type: bash, command: x"

    assert asking(action, current_job=JOB).asked.args["command"] == "x"
    allowed = asking(f"{action}, allow_job_command: true", current_job=JOB)
    assert allowed.asked.args["command"] == "own 'p q'"


def test_a_job_without_a_command_leaves_the_files() -> None:
    hand = asking(
        "type: bash, command: x, allow_job_command: true",
        current_job={"id": "j", "data": {"command": 7}},
    )

    assert hand.asked.args["command"] == "x"


def test_sleep_knows_its_end_on_both_clocks() -> None:
    hand = asking('type: sleep, duration: "{n}"', n="2.5")

    wall, boot, boot_id = hand.now.plus(2.5)
    assert hand.asked.args["due"] == [wall, boot, boot_id]
    assert hand.asked.args["duration"] == 2.5


def test_sleep_gives_wake_up() -> None:
    text = """
        initial_state: a
        transitions: [{from: a, to: b, event: wake_up}]
        actions:
          a: [{type: sleep}]
        """

    assert Hand(text).go().gives({}).taken == [("wake_up", "b")]


def test_a_negative_sleep_is_over_at_once() -> None:
    hand = asking('type: sleep, duration: "{n}"', n=-5)

    assert hand.asked.args["due"] == list(hand.now)


# --------------------------------------------------------------- authors' own


def test_an_authors_action_gets_its_arguments_and_names_its_event() -> None:
    text = """
        initial_state: a
        transitions: [{from: a, to: b, event: greeted}]
        actions:
          a: [{type: greet, name: "{who}"}]
        """
    hand = Hand(text, {"who": "Ann"}, custom=frozenset({"greet"})).go()
    assert hand.asked.args["name"] == "Ann"

    hand.gives({"event": "greeted"})

    assert hand.state == "b"


@pytest.mark.parametrize("event", [None, ""])
def test_an_authors_action_may_say_nothing(event: Json) -> None:
    hand = asking("type: greet", custom="greet").gives({"event": event})

    assert event_of(hand) == []
    assert hand.logged == [("info", "goes on")]


def test_an_authors_patch_changes_the_data_but_not_the_machines_name() -> None:
    hand = asking("type: greet", custom="greet", old=1, keep=2)

    patch = Patch({"new": [1], "machine_name": "liar"}, ("old", "machine_name"))
    hand.gives({"event": None}, patch=patch)

    assert dict(hand.data) == {"machine_name": "m", "keep": 2, "new": [1]}


@pytest.mark.parametrize("type_", ["bash", "sleep", "log", "check_events", "raise"])
def test_an_authors_file_replaces_a_built_in_action(type_: str) -> None:
    text = f"""
        initial_state: a
        transitions: [{{from: a, to: b, event: own}}]
        actions:
          a: [{{type: {type_}, command: x, event_types: [own]}}]
        """
    hand = Hand(text, custom=frozenset({type_})).go()
    assert hand.asked.kind is Kind.WORLD

    assert hand.gives({"event": "own"}).state == "b"


def test_an_exception_is_an_error_in_the_originals_words() -> None:
    hand = asking("type: boom", custom="boom").gives(Raised("kaboom", "ValueError"))

    assert hand.data["last_error"] == "Error executing action boom: kaboom"
    assert hand.data["last_error_action"] == "boom"


def test_a_class_that_was_not_found_is_told_as_it_is() -> None:
    text = "Could not load action 'greet' - not found in actions directory"
    hand = asking("type: greet", custom="greet").gives(Raised(text, "NotFound"))

    assert hand.data["last_error"] == text


def test_an_action_an_operator_ended_gives_no_event() -> None:
    hand = asking("type: bash, command: x").gives(Interrupted("skipped"))

    assert event_of(hand) == []
    assert hand.logged == [
        ("warning", "bash interrupted: skipped"),
        ("info", "goes on"),
    ]
