"""Statecharts among the machines of a fleet."""

from pathlib import Path

from tests.support.folders import GOOD, names, report_of

SENDER = """<scxml xmlns="http://www.w3.org/2005/07/scxml">
  <state id="a"><onentry>
    <send event="go" target="worker"/>
    <send event="go" target="wroker"/>
    <send event="go" target="#_internal"/>
    <send event="go" targetexpr="_sessionid"/>
  </onentry></state>
</scxml>
"""

INVOKER = """<scxml xmlns="http://www.w3.org/2005/07/scxml">
  <state id="a"><invoke type="machine" src="wroker"/><transition event="b"/></state>
</scxml>
"""


def test_a_statechart_runs_beside_other_machines(tmp_path: Path) -> None:
    report = report_of(tmp_path, boss_scxml=SENDER, worker_yaml=GOOD)

    assert names(report) == ["boss", "worker"]
    assert {"boss": "scxml", "worker": "engine"} == {
        machine.name: machine.dialect for machine in report.machines
    }


def test_a_send_to_a_machine_nobody_knows_is_a_warning(tmp_path: Path) -> None:
    report = report_of(tmp_path, boss_scxml=SENDER, worker_yaml=GOOD)

    (problem,) = report.problems
    assert ("unknown-machine", 4, 30) == (
        problem.code,
        problem.at.line,
        problem.at.column,
    )
    assert "did you mean 'worker'?" == problem.hint


def test_an_invoke_of_a_machine_nobody_knows_is_a_warning(tmp_path: Path) -> None:
    report = report_of(tmp_path, boss_scxml=INVOKER, worker_yaml=GOOD)

    (problem,) = report.problems
    assert ("unknown-machine", 2, 45) == (
        problem.code,
        problem.at.line,
        problem.at.column,
    )
    assert "did you mean 'worker'?" == problem.hint


def test_an_invoke_of_a_machine_or_a_file_of_the_folder_is_sound(
    tmp_path: Path,
) -> None:
    named = INVOKER.replace("wroker", "worker")
    filed = INVOKER.replace("wroker", "worker.yaml")

    report = report_of(tmp_path, a_scxml=named, b_scxml=filed, worker_yaml=GOOD)

    assert [] == [*report.problems]


def test_a_template_is_made_of_any_definition_by_the_project_file(
    tmp_path: Path,
) -> None:
    project = "machines: {worker: {template: true}}"

    report = report_of(tmp_path, worker_yaml=GOOD, smtui_yaml=project)

    assert [True] == [machine.template for machine in report.machines]


def test_a_document_with_faults_does_not_stop_the_others(tmp_path: Path) -> None:
    report = report_of(tmp_path, bad_scxml="<scxml><state/>", worker_yaml=GOOD)

    assert names(report) == ["worker"]
    assert ["bad-xml"] == [problem.code for problem in report.problems]
