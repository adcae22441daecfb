"""Folders and files -> machines that can run, and the problems of the others."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smtui.check import FleetReport, fleet
from smtui.definition import Severity
from smtui.errors import InternalError, UsageError
from tests.support.folders import GOOD, codes_by_file, names, report_of, write

FIVE_FAULTS = """\
initial_state: waiting
metadata: {machine_name: broken}
intial_context: {}
states: [waiting, working, stopped]
transitions:
  - {from: waiting, to: wroking, event: new_job}
  - {from: working, to: stopped}
  - {from: working, to: waiting, event: timeout(5m)}
actions:
  working:
    - {type: bash, command: x, timeout: soon}
"""


def test_five_faults_of_five_kinds_are_five_problems_and_the_others_run(
    tmp_path: Path,
) -> None:
    report = report_of(tmp_path, a_yaml=GOOD, b_yaml=FIVE_FAULTS, c_yaml=GOOD)

    assert names(report) == ["a", "c"]
    assert [(p.at.line, p.code) for p in report.problems] == [
        (3, "unknown-key"),
        (6, "unknown-state"),
        (7, "missing-key"),
        (8, "bad-timeout"),
        (11, "wrong-type"),
    ]
    assert {p.at.file for p in report.problems} == {"machines/b.yaml"}


def test_what_other_machines_and_actions_there_are_is_said_beside_errors(
    tmp_path: Path,
) -> None:
    text = (
        "initial_state: a\nnme: x\n"
        "transitions: [{from: a, to: a, event: x}]\n"
        "actions:\n"
        "  a:\n"
        "    - {type: bsh}\n"
        "    - {type: send_event, target_machine: godo, event_type: x}\n"
    )

    report = report_of(tmp_path, good_yaml=GOOD, m_yaml=text)

    assert names(report) == ["good"]
    assert [(p.at.line, p.code) for p in report.problems] == [
        (2, "unknown-key"),
        (6, "unknown-action"),
        (7, "unknown-machine"),
    ]


def test_files_are_taken_in_name_order_and_dot_files_not_at_all(tmp_path: Path) -> None:
    report = report_of(
        tmp_path, z_yaml=GOOD, a_json='{"initial_state": "a"}', m_yml=GOOD
    )
    write(tmp_path / "machines", **{".hidden_yaml": "a: ["})
    (tmp_path / "machines/deeper.yaml").mkdir()
    write(tmp_path / "machines/sub", x_yaml="a: [")

    again = fleet([Path("machines")], cwd=tmp_path)

    assert names(report) == names(again) == ["a", "m", "z"]
    assert not again.problems


def test_other_files_of_a_folder_are_listed_as_not_read(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        data_yaml="just: data",
        flow_json='{"StartAt": "a", "States": {}}',
        script_py="print(1)",
        notes_md="# notes",
    )

    why = {Path(each.file).name: each.why for each in report.not_read}

    assert names(report) == ["a"]
    assert not report.problems
    assert set(why) == {
        "data.yaml",
        "flow.json",
        "script.py",
        "notes.md",
    }
    assert "'asl'" in why["flow.json"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("data.yaml", "just: data", "not-a-machine"),
        ("notes.md", "# notes", "not-a-machine"),
        ("flow.json", '{"StartAt": "a", "States": {}}', "dialect-not-built"),
        ("empty.yaml", "", "empty-file"),
    ],
)
def test_a_file_that_is_named_must_be_a_machine(
    tmp_path: Path, name: str, text: str, code: str
) -> None:
    (tmp_path / name).write_text(text)

    report = fleet([Path(name)], cwd=tmp_path)

    assert codes_by_file(report) == [(name, code)]
    assert report.errors


def test_scenarios_beside_machines_are_listed_with_what_runs_them(
    tmp_path: Path,
) -> None:
    (tmp_path / "a.yaml").write_text(GOOD)
    (tmp_path / "b.yaml").write_text("scenarios: []\n")

    folder = fleet([tmp_path])
    (problem,) = fleet([tmp_path / "b.yaml"]).errors

    assert [each.why for each in folder.not_read] == ["found scenarios"]
    assert problem.hint == "`smtui test FILE` runs them"


def test_what_looks_like_yaml_and_is_none_is_a_problem(tmp_path: Path) -> None:
    report = report_of(tmp_path, a_yaml=GOOD, b_yaml="a: [", c_yaml="")

    assert names(report) == ["a"]
    assert codes_by_file(report) == [("b.yaml", "syntax"), ("c.yaml", "empty-file")]


def test_a_path_that_is_not_there_is_a_problem_beside_the_others(
    tmp_path: Path,
) -> None:
    write(tmp_path, a_yaml=GOOD)

    report = fleet([Path("gone.yaml"), Path("a.yaml")], cwd=tmp_path)

    assert names(report) == ["a"]
    assert codes_by_file(report) == [("gone.yaml", "no-such-file")]


def test_a_folder_without_machines_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "machines", notes_md="")

    report = fleet([Path("machines")], cwd=tmp_path)

    assert [p.code for p in report.problems] == ["no-machines"]


def test_a_file_reached_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "m", a_yaml=GOOD)

    report = fleet([Path("m"), Path("m/a.yaml"), Path("./m")], cwd=tmp_path)

    assert names(report) == ["a"]


def test_pipes_broken_links_and_bytes_are_problems_and_block_nothing(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path / "machines", a_yaml=GOOD)
    os.mkfifo(folder / "b.yaml")
    (folder / "c.yaml").symlink_to("nowhere")
    (folder / "d.yaml").write_bytes(b"initial_state: caf\xe9")

    report = fleet([Path("machines")], cwd=tmp_path)

    assert names(report) == ["a"]
    assert codes_by_file(report) == [
        ("b.yaml", "not-a-file"),
        ("c.yaml", "not-a-file"),
        ("d.yaml", "encoding"),
    ]


def test_two_machines_of_one_name_are_an_error_that_names_both(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        b_yaml=GOOD + "metadata: {machine_name: a}",
        c_yaml=GOOD,
    )

    (problem,) = report.problems

    assert names(report) == ["c"]
    assert str(problem.at) == "machines/b.yaml:3:26"
    assert "machines/a.yaml" in problem.message
    assert "machines/b.yaml" in problem.message


@pytest.mark.parametrize("stem", ["a=b", "a@b", "a#1", " a", "x" * 101])
def test_a_file_whose_name_no_machine_can_have_is_an_error(
    tmp_path: Path, stem: str
) -> None:
    (tmp_path / f"{stem}.yaml").write_text(GOOD)

    report = fleet([Path(f"{stem}.yaml")], cwd=tmp_path)

    assert [p.code for p in report.problems] == ["bad-name"]
    assert not report.machines


def test_a_template_is_a_machine_that_says_so(tmp_path: Path) -> None:
    report = report_of(tmp_path, a_yaml=GOOD, t_yaml=GOOD + "template: true")

    assert [(m.name, m.template) for m in report.machines] == [
        ("a", False),
        ("t", True),
    ]


def test_a_machine_knows_its_file_folder_text_and_hash(tmp_path: Path) -> None:
    (machine,) = report_of(tmp_path, a_yaml=GOOD).machines

    assert machine.file == str(tmp_path / "machines/a.yaml")
    assert machine.folder == str(tmp_path / "machines")
    assert (machine.text, machine.dialect) == (GOOD, "engine")
    assert len(machine.hash) == 16


def test_a_machine_brings_its_questions_and_its_limits(tmp_path: Path) -> None:
    text = """\
    initial_state: a
    states: [a, b]
    transitions: [{from: a, to: b, event: yes}]
    stuck_after: {a: 5, b: 60}
    asks: {a: {text: really?, answers: [yes]}}
    """
    said = "machines: {m: {stuck_after: {b: 7}}, all: {file: m.yaml, stuck_after: 9}}"
    report = report_of(tmp_path, m_yaml=text, smtui_yaml=said)

    machines = {each.name: each for each in report.machines}
    assert machines["m"].asks == {"a": "really?"}
    assert machines["m"].stuck_after_s == {"a": 5.0, "b": 7.0}
    assert machines["all"].stuck_after_s == {"": 9.0}


def test_name_and_context_are_for_one_file(tmp_path: Path) -> None:
    write(tmp_path / "m", a_yaml=GOOD, b_yaml=GOOD)

    (machine,) = fleet(
        [Path("m/a.yaml")], name="boss", context={"n": 1}, cwd=tmp_path
    ).machines

    assert (machine.name, machine.context) == ("boss", {"n": 1})
    for paths in ([Path("m")], [Path("m/a.yaml"), Path("m/b.yaml")]):
        with pytest.raises(UsageError):
            fleet(paths, name="boss", cwd=tmp_path)
        with pytest.raises(UsageError):
            fleet(paths, context={}, cwd=tmp_path)


def test_a_name_no_machine_can_have_is_a_usage_error(tmp_path: Path) -> None:
    write(tmp_path, a_yaml=GOOD)

    with pytest.raises(UsageError, match="expected none of"):
        fleet([Path("a.yaml")], name="a#1", cwd=tmp_path)


def test_warnings_keep_nothing_from_running(tmp_path: Path) -> None:
    report = report_of(tmp_path, a_yaml=GOOD + "actions: {a: [{type: bash}]}")

    assert names(report) == ["a"]
    assert [p.severity for p in report.problems] == [Severity.WARNING]
    assert not report.errors


def test_the_report_survives_json(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        b_yaml=FIVE_FAULTS,
        notes_md="",
        smtui_yaml="""\
            machines:
              a: {stuck_after: {a: 3}, env: {X: y}, replicas: 2, depends_on: [p]}
            processes: {p: {command: sleep 1}}
            settings: {durability: full}
            notify: {on: [failed], bell: true}
            """,
    )

    again = FleetReport.from_json(json.loads(json.dumps(report.to_json())))

    assert again == report
    assert report.machines
    assert report.processes


def test_json_of_a_problem_has_the_keys_scripts_know(tmp_path: Path) -> None:
    found = report_of(tmp_path, b_yaml=FIVE_FAULTS).to_json()["problems"]

    assert isinstance(found, list)
    assert isinstance(found[0], dict)
    message = found[0].pop("message")
    assert isinstance(message, str)
    assert "'intial_context'" in message
    assert found[0] == {
        "file": "machines/b.yaml",
        "line": 3,
        "column": 1,
        "code": "unknown-key",
        "severity": "error",
        "hint": "did you mean 'initial_state'?",
    }


def test_what_is_no_report_is_our_mistake() -> None:
    with pytest.raises(InternalError):
        FleetReport.from_json({"machines": 3})


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=st.binary(max_size=300), file=st.sampled_from(["a.yaml", "smtui.yaml", "a.py"])
)
def test_no_bytes_in_a_folder_raise(tmp_path: Path, raw: bytes, file: str) -> None:
    folder = tmp_path / "machines"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / file).write_bytes(raw)

    report = fleet([Path("machines")], cwd=tmp_path)

    assert FleetReport.from_json(json.loads(json.dumps(report.to_json()))) == report
