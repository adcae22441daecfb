"""Machines that guards look at must be there, and have the states."""

from pathlib import Path

import pytest

from smtui.check import fleet
from tests.support.folders import GOOD, codes_by_file, names, report_of, write

DOOR = """\
initial_state: shut
transitions: [{from: shut, to: open, event: open}, {from: open, to: shut, event: shut}]
"""
MANY = """\
states: [{name: due, type: initial}, {name: paid, type: terminal}]
transitions: [{source: due, dest: paid, trigger: pay}]
"""


def looker(peer: str, state: str = "open", more: str = "") -> str:
    when = f"{{peer: {peer!r}, in: {state!r}{more}}}"
    ways = (
        f"[{{from: a, to: b, event: go, when: {when}}}, {{from: b, to: a, event: x}}]"
    )
    return f"initial_state: a\ntransitions: {ways}\n"


def test_a_peer_that_is_there_with_its_state_is_well(tmp_path: Path) -> None:
    report = report_of(tmp_path, lamp_yaml=looker("door"), door_yaml=DOOR)

    assert not report.problems


@pytest.mark.parametrize(
    ("peer", "state", "code", "hint"),
    [
        ("dor", "open", "unknown-peer", "did you mean 'door'?"),
        ("door", "opn", "unknown-state", "did you mean 'open'?"),
    ],
)
def test_a_slip_keeps_the_machine_of_a_folder_from_running(
    tmp_path: Path, peer: str, state: str, code: str, hint: str
) -> None:
    report = report_of(tmp_path, lamp_yaml=looker(peer, state), door_yaml=DOOR)

    (problem,) = report.problems
    assert (code, hint) == (problem.code, problem.hint)
    assert ["door"] == names(report)


def test_of_a_file_alone_an_unknown_peer_is_a_warning(tmp_path: Path) -> None:
    write(tmp_path, lamp_yaml=looker("door"))

    report = fleet([Path("lamp.yaml")], cwd=tmp_path)

    assert ["unknown-peer"] == [problem.code for problem in report.problems]
    assert ["lamp"] == names(report)


def test_a_peer_that_another_machine_starts_is_known(tmp_path: Path) -> None:
    boss = (
        f"{GOOD}actions: {{a: [{{type: start_fsm, yaml_path: child.yaml, "
        "machine_name: 'child-{n}'}]}"
    )
    report = report_of(
        tmp_path,
        lamp_yaml=looker("child-7", "a"),
        boss_yaml=boss,
        child_yaml=GOOD + "template: true",
    )

    assert not report.problems


def test_a_machine_with_many_instances_must_be_told_which(tmp_path: Path) -> None:
    bare = report_of(tmp_path / "1", lamp_yaml=looker("till", "paid"), till_yaml=MANY)
    told = report_of(
        tmp_path / "2",
        lamp_yaml=looker("till", "paid", ", instance: one"),
        till_yaml=MANY,
    )

    assert [("lamp.yaml", "which-instance")] == codes_by_file(bare)
    assert not told.problems


def test_a_document_is_checked_like_the_others(tmp_path: Path) -> None:
    text = """\
    <scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" initial="a">
      <state id="a">
        <transition cond="InPeer('door', 'opn')" target="b"/>
        <transition event="x" target="b"/>
      </state>
      <final id="b"/>
    </scxml>
    """
    report = report_of(tmp_path, lamp_scxml=text.strip(), door_yaml=DOOR)

    assert [("lamp.scxml", "unknown-state")] == codes_by_file(report)
    assert 3 == report.problems[0].at.line


def test_a_guarded_transition_does_not_hide_the_next_one(tmp_path: Path) -> None:
    text = """\
    initial_state: a
    transitions:
      - {from: a, to: b, event: go, when: {peer: door, in: open}}
      - {from: a, to: a, event: go}
      - {from: b, to: a, event: go}
    """
    report = report_of(tmp_path, lamp_yaml=text, door_yaml=DOOR)

    assert not report.problems


def test_replicas_are_named_one_by_one(tmp_path: Path) -> None:
    many = "machines: {door: {replicas: 2}}"
    report = report_of(
        tmp_path, lamp_yaml=looker("door"), door_yaml=DOOR, smtui_yaml=many
    )
    one = report_of(
        tmp_path, lamp_yaml=looker("door#1"), door_yaml=DOOR, smtui_yaml=many
    )

    assert [("lamp.yaml", "unknown-peer")] == codes_by_file(report)
    assert not one.problems


def test_a_machine_that_looks_at_itself_is_told_so(tmp_path: Path) -> None:
    report = report_of(tmp_path, lamp_yaml=looker("lamp", "b"))

    assert [("lamp.yaml", "peer-itself")] == codes_by_file(report)
    assert ["lamp"] == names(report)
