"""Warnings about one machine: each where it hurts, none where it does not."""

from pathlib import Path

import pytest

from smtui.check import fleet
from tests.conformance.found import conformance_dir
from tests.support.folders import names, report_of, write

DATA = conformance_dir()
EXAMPLES = sorted((DATA / "engine/examples").iterdir()) if DATA else []
MACHINES = Path(__file__).resolve().parents[2] / "machines"

ARROWS = "initial_state: a\ntransitions: "


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            ARROWS + "[{from: a, to: b, event: x}, {from: a, to: a, event: x}]",
            "never-taken",
        ),
        (
            ARROWS + '[{from: "*", to: a, event: x}, {from: a, to: a, event: x}]',
            "never-taken",
        ),
        (ARROWS + "[{from: b, to: a, event: x}]", "dead-start"),
        (
            ARROWS + "[{from: b, to: a, event: x}, {from: a, to: a, event: x}, "
            "{from: a, to: c, event: y}]",
            "unreachable",
        ),
        (ARROWS + "[{from: a, to: done, event: x}]", "dead-end"),
        (
            ARROWS + "[{from: b, to: a, event: new_job}, {from: a, to: b, event: x}]\n"
            "actions: {a: [{type: check_database_queue, job_type: t}]}",
            "claim-not-taken",
        ),
        (
            ARROWS + "[{from: a, to: a, event: job_done}]\n"
            "actions: {a: [{type: bash, command: x, success: job_odne}]}",
            "event-not-taken",
        ),
        (ARROWS + "[]\nactions: {a: [{type: bsah}]}", "unknown-action"),
    ],
)
def test_what_hurts_is_a_warning(tmp_path: Path, text: str, code: str) -> None:
    report = report_of(tmp_path, m_yaml=text)

    assert code in [p.code for p in report.problems]
    assert names(report) == ["m"]


@pytest.mark.parametrize(
    "text",
    [
        # a specific arrow before the wildcard is how exceptions are written
        ARROWS + '[{from: a, to: a, event: x}, {from: "*", to: a, event: x}]',
        # an event nobody takes: the sequence goes on
        ARROWS + "[{from: a, to: a, event: x}]\n"
        "actions: {a: [{type: bash, command: x, success: unrelated}]}",
        # declared, so it is meant
        ARROWS + "[{from: a, to: a, event: job_done}]\nevents: [job_odne]\n"
        "actions: {a: [{type: bash, command: x, success: job_odne}]}",
        # not a slip: another tense
        ARROWS + "[{from: a, to: a, event: approve}]\n"
        "actions: {a: [{type: bash, command: x, success: approved}]}",
        # the job is taken by a wildcard
        ARROWS + '[{from: "*", to: a, event: new_job}]\n'
        "actions: {a: [{type: check_database_queue, job_type: t}]}",
        # one state may be all there is
        ARROWS + "[]\nactions: {a: [{type: log, repeatable: true}]}",
        # any state can be left
        ARROWS + '[{from: a, to: done, event: x}, {from: "*", to: stopped, event: s}]',
        ARROWS + '[{from: a, to: a, event: x}]\nactions: {a: [{type: "{kind}"}]}',
    ],
)
def test_what_is_meant_is_not(tmp_path: Path, text: str) -> None:
    assert not report_of(tmp_path, m_yaml=text).problems


def test_nothing_is_suspected_of_a_file_with_errors(tmp_path: Path) -> None:
    text = ARROWS + "[{from: b, to: a, event: x}]\nbad: 1"

    assert [p.code for p in report_of(tmp_path, m_yaml=text).problems] == [
        "unknown-key"
    ]


def test_an_unknown_action_is_told_once_with_the_nearest_name(tmp_path: Path) -> None:
    text = ARROWS + "[]\nactions: {a: [{type: bsah}, {type: bsah}]}"

    (problem,) = report_of(tmp_path, m_yaml=text).problems

    assert problem.hint == "did you mean 'bash'?"


@pytest.mark.skipif(not EXAMPLES, reason="no conformance data: set SMTUI_CONFORMANCE")
@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: str(path.name))
def test_the_examples_of_the_original_cause_no_alarm(folder: Path) -> None:
    codes = [p.code for p in fleet([folder]).problems]

    # its two action files are not among the data
    expected = ["unknown-action"] * 2 if folder.name == "custom_actions" else []
    assert codes == expected


def test_the_demo_causes_no_alarm() -> None:
    report = fleet([MACHINES])

    assert report.problems == ()
    assert report.machines


ACTION = "class GreetAction:\n    async def execute(self, context): return 'x'\n"


def uses(type_: str) -> str:
    """Return a machine with one action."""
    return f"{ARROWS}[]\nactions: {{a: [{{type: {type_}, anything: 1}}]}}"


def test_action_files_beside_the_machine_are_its_own_types(tmp_path: Path) -> None:
    write(tmp_path / "machines/actions/deep", greet_action_py=ACTION)

    report = report_of(tmp_path, m_yaml=uses("greet"))

    assert not report.problems
    assert report.machines[0].actions_dir == str(tmp_path / "machines/actions")


def test_an_action_file_may_take_a_built_in_name(tmp_path: Path) -> None:
    write(tmp_path / "machines/actions", bash_action_py=ACTION.replace("Greet", "Bash"))

    assert not report_of(tmp_path, m_yaml=uses("bash")).problems


def test_actions_root_of_the_file_names_another_folder(tmp_path: Path) -> None:
    write(tmp_path / "machines/acts", greet_action_py=ACTION)

    report = report_of(tmp_path, m_yaml=uses("greet") + "\nactions_root: acts")

    assert not report.problems
    assert report.machines[0].actions_dir == str(tmp_path / "machines/acts")


def test_a_given_folder_of_actions_is_stronger(tmp_path: Path) -> None:
    write(tmp_path / "mine", greet_action_py=ACTION)
    write(tmp_path / "machines", m_yaml=uses("greet"))

    report = fleet([Path("machines")], actions_dir=Path("mine"), cwd=tmp_path)

    assert not report.problems
    assert report.machines[0].actions_dir == str(tmp_path / "mine")


@pytest.mark.parametrize(
    "code", ["class Greet: pass", "def broken(:", "\0", "x = 1", "import os"]
)
def test_a_file_without_its_class_is_a_warning(tmp_path: Path, code: str) -> None:
    write(tmp_path / "machines/actions", greet_action_py=code)

    report = report_of(tmp_path, m_yaml=uses("greet"))

    assert [p.code for p in report.problems] == ["wrong-class"]
    assert names(report) == ["m"]


@pytest.mark.parametrize(
    "code",
    [
        "from elsewhere import GreetAction",
        "import elsewhere as GreetAction",
        "GreetAction = make()",
        "if True:\n    class GreetAction: pass",
    ],
)
def test_a_class_may_come_from_anywhere(tmp_path: Path, code: str) -> None:
    write(tmp_path / "machines/actions", greet_action_py=code)

    assert not report_of(tmp_path, m_yaml=uses("greet")).problems


def test_action_files_are_never_run(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    write(
        tmp_path / "machines/actions",
        greet_action_py=f"open({str(mark)!r}, 'w')\nclass GreetAction: pass",
    )

    report_of(tmp_path, m_yaml=uses("greet"))

    assert not mark.exists()
