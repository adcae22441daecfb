"""Rows and reports become specs."""

import json

import pytest

from smtui.definition import Json
from smtui.errors import SupervisorError
from smtui.supervisor.plan import read_report
from smtui.supervisor.policy import Policy, Restart
from smtui.supervisor.spec import ChildSpec, Kind, MachineSpec, Until, read_spec
from smtui.wire import Backoff, Intensity

MACHINE: dict[str, Json] = {
    "name": "worker",
    "file": "/m/worker.yaml",
    "folder": "/m",
    "dialect": "engine",
    "hash": "abc",
    "text": "name: worker",
    "template": False,
    "context": {"n": 1},
    "actions_dir": None,
    "restart": "always",
    "replicas": 1,
    "autostart": True,
    "asks": {"idle": "what now?"},
    "stuck_after": 5.0,
    "stuck_after_s": {"": 5.0},
}


def a_report(**keys: Json) -> dict[str, Json]:
    report: dict[str, Json] = {
        "machines": [],
        "processes": [],
        "problems": [],
        "not_read": [],
        "settings": {},
    }
    return report | keys


def test_an_empty_row_takes_all_defaults() -> None:
    assert read_spec("a", {}) == ChildSpec("a")


def test_every_key_of_a_row_is_read() -> None:
    spec = read_spec(
        "a",
        {
            "machines": [{"name": "m", "file": "f", "hash": "h", "colour": 1}],
            "restart": "never",
            "backoff": {"min_s": 1, "max_s": 2, "factor": 3, "jitter": 0},
            "intensity": {"count": 2, "period_s": 10},
            "success_exit_codes": [0, 3],
            "stop_timeout_s": 4,
            "hang_after_s": 5,
            "depends_on": {"db": "done"},
            "env": {"A": "1"},
            "env_file": "/e",
            "cwd": "/w",
            "template": True,
            "replica_of": "r",
            "started_by": "s",
        },
    )

    assert spec == ChildSpec(
        name="a",
        machines=(MachineSpec("m", "f", "", "", "h"),),
        policy=Policy(
            Restart.NEVER,
            Backoff(1, 2, 3, 0),
            Intensity(2, 10),
            frozenset({0, 3}),
        ),
        stop_timeout_s=4,
        hang_after_s=5,
        depends_on={"db": Until.DONE},
        env={"A": "1"},
        env_file="/e",
        cwd="/w",
        template=True,
        replica_of="r",
        started_by="s",
    )
    assert spec.names == ("m",)


def test_a_command_makes_a_process() -> None:
    spec = read_spec("a", {"command": ["sleep", "1"], "machines": []})

    assert (spec.kind, spec.command) == (Kind.PROCESS, ("sleep", "1"))
    assert spec.names == ("a",)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("restart", "sometimes", "expected one of always, on-failure, never"),
        ("restart", 5, "restart is 5, expected a text"),
        ("stop_timeout_s", -1, "stop_timeout_s is -1, expected a number, not"),
        ("stop_timeout_s", True, "stop_timeout_s is True, expected a number"),
        ("machines", ["x"], "machines is 'x', expected a list of mappings"),
        ("depends_on", {"a": "soon"}, "'soon', expected one of ready, done"),
        ("env", [], "env is [], expected a mapping"),
    ],
)
def test_a_bad_value_names_the_child_and_the_key(
    key: str, value: Json, words: str
) -> None:
    with pytest.raises(SupervisorError) as caught:
        read_spec("worker", {key: value})

    assert "child 'worker'" in str(caught.value)
    assert words in str(caught.value)


def test_a_machine_of_a_report_becomes_a_row_that_can_be_read_back() -> None:
    plan = read_report(a_report(machines=[MACHINE], settings={"durability": "full"}))

    (planned,) = plan.children
    assert planned.spec == read_spec("worker", planned.document)
    assert json.loads(json.dumps(planned.document)) == planned.document
    assert planned.document["settings"] == {"durability": "full"}
    assert "text" not in planned.document
    assert planned.document["machines"] == [
        {
            "name": "worker",
            "file": "/m/worker.yaml",
            "folder": "/m",
            "dialect": "engine",
            "hash": "abc",
            "context": {"n": 1},
            "actions_dir": None,
            "asks": {"idle": "what now?"},
            "stuck_after_s": {"": 5.0},
        }
    ]
    assert planned.definitions[0].text == "name: worker"
    assert planned.machines[0].definition_hash == "abc"


def test_replicas_become_children_of_their_own() -> None:
    plan = read_report(a_report(machines=[MACHINE | {"replicas": 3}]))

    assert [each.spec.name for each in plan.children] == [
        "worker#1",
        "worker#2",
        "worker#3",
    ]
    assert {each.spec.replica_of for each in plan.children} == {"worker"}
    assert [each.spec.names for each in plan.children][2] == ("worker#3",)


def test_a_template_is_never_started_by_itself() -> None:
    plan = read_report(a_report(machines=[MACHINE | {"template": True}]))

    assert not plan.children[0].autostart
    assert plan.children[0].machines[0].template


def test_a_process_of_a_report_is_a_command() -> None:
    command: Json = {"name": "web", "command": ["serve"], "autostart": False}
    plan = read_report(a_report(processes=[command]))

    assert plan.children[0].spec == ChildSpec(
        "web", kind=Kind.PROCESS, command=("serve",)
    )
    assert not plan.children[0].autostart


def test_problems_and_files_not_read_pass_through() -> None:
    problem: Json = {
        "file": "f",
        "line": 1,
        "column": 2,
        "code": "c",
        "severity": "error",
        "message": "m",
    }
    plan = read_report(
        a_report(problems=[problem], not_read=[["a", "b"], {"file": "c", "why": "d"}])
    )

    assert (plan.problems[0].line, plan.problems[0].hint) == (1, "")
    assert plan.not_read == (("a", "b"), ("c", "d"))


@pytest.mark.parametrize("document", [None, [], {}, {"machines": [{}]}, "x"])
def test_anything_else_is_no_report(document: Json) -> None:
    with pytest.raises(SupervisorError, match="gave no report"):
        read_report(document)
