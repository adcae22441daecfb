"""smtui.yaml: how machines are run, and what is wrong with it."""

from pathlib import Path

import pytest

from smtui.check import ChildSettings, fleet, read_env_file
from smtui.wire import Backoff, Intensity
from tests.support.folders import GOOD, codes_by_file, names, report_of, write


def settings_of(tmp_path: Path, text: str) -> ChildSettings:
    """Return the settings of the machine `a` under a project file."""
    report = report_of(tmp_path, a_yaml=GOOD, smtui_yaml=text)
    assert not report.problems
    return report.machines[0].settings


def test_without_a_project_file_the_defaults_hold(tmp_path: Path) -> None:
    (machine,) = report_of(tmp_path, a_yaml=GOOD).machines

    assert machine.settings == ChildSettings()
    assert machine.settings.backoff == Backoff(0.2, 30, 2, 0.2)
    assert machine.settings.intensity == Intensity(5, 60)


def test_every_key_of_a_machine_is_read(tmp_path: Path) -> None:
    write(tmp_path / "machines", local_env="# c\n\nexport A = '1'\nB=2\n")
    (tmp_path / "machines/work").mkdir()

    found = settings_of(
        tmp_path,
        """\
        machines:
          a:
            restart: always
            backoff: {min_s: 1, max_s: 10, factor: 3, jitter: 0}
            intensity: {count: 2, period_s: 5}
            success_exit_codes: [0, 3]
            stop_timeout: 2.5
            depends_on: {db: done}
            env: {X: 1, Y: yes, Z: }
            env_file: local.env
            cwd: work
            replicas: 3
            autostart: false
            stuck_after: {a: 60}
        processes:
          db: {command: [python3, -m, db]}
        """,
    )

    folder = tmp_path / "machines"
    assert found == ChildSettings(
        restart="always",
        backoff=Backoff(1, 10, 3, 0),
        intensity=Intensity(2, 5),
        success_exit_codes=(0, 3),
        stop_timeout_s=2.5,
        depends_on={"db": "done"},
        env={"X": "1", "Y": "yes", "Z": ""},
        env_file=str(folder / "local.env"),
        cwd=str(folder / "work"),
        replicas=3,
        autostart=False,
        stuck_after={"a": 60.0},
    )


def test_settings_hold_for_every_machine_that_says_nothing_else(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        b_yaml=GOOD,
        smtui_yaml="""\
            machines: {b: {stop_timeout: 1}}
            settings:
              {stop_timeout: 5, hang_after: 60, durability: full, max_running: 4}
            """,
    )

    assert [m.settings.stop_timeout_s for m in report.machines] == [5, 1]
    assert [m.settings.hang_after_s for m in report.machines] == [60, 60]
    assert report.settings == {
        "stop_timeout": 5.0,
        "hang_after": 60.0,
        "durability": "full",
        "max_running": 4,
    }


def test_a_list_of_dependencies_means_ready(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        b_yaml=GOOD,
        smtui_yaml="machines: {a: {depends_on: [b]}}",
    )

    assert report.machines[0].settings.depends_on == {"b": "ready"}


def test_a_process_is_a_command_with_the_same_settings(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        smtui_yaml="processes: {web: {command: 'python3 -m \"x y\"', restart: never}}",
    )

    (process,) = report.processes

    assert process.command == ("python3", "-m", "x y")
    assert process.settings.restart == "never"
    assert process.settings.cwd == str(tmp_path / "machines")


def test_a_project_file_may_give_a_file_another_name(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD + "metadata: {machine_name: meta}",
        smtui_yaml="machines: {boss: {file: a.yaml, replicas: 2}}",
    )

    assert names(report) == ["boss"]
    assert report.machines[0].settings.replicas == 2


def test_one_file_may_become_several_machines(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        smtui_yaml="machines: {one: {file: a.yaml}, two: {file: a.yaml}}",
    )

    assert names(report) == ["one", "two"]


def test_a_definition_may_lie_in_another_folder(tmp_path: Path) -> None:
    write(tmp_path / "other", w_yaml=GOOD)

    report = report_of(
        tmp_path, a_yaml=GOOD, smtui_yaml="machines: {w: {file: ../other/w.yaml}}"
    )

    assert names(report) == ["a", "w"]


def test_the_project_file_itself_stands_for_its_folder(tmp_path: Path) -> None:
    write(tmp_path / "m", a_yaml=GOOD, smtui_yaml="machines: {a: {replicas: 2}}")

    report = fleet([Path("m/smtui.yaml")], cwd=tmp_path)

    assert [m.settings.replicas for m in report.machines] == [2]


def test_a_single_file_is_run_as_its_project_file_says(tmp_path: Path) -> None:
    write(
        tmp_path / "m",
        a_yaml=GOOD,
        b_yaml=GOOD,
        smtui_yaml="""\
            machines: {a: {replicas: 2, depends_on: [b]}}
            processes: {p: {command: x}}
            """,
    )

    report = fleet([Path("m/a.yaml")], cwd=tmp_path)

    assert not report.problems
    assert not report.processes
    assert [m.settings.replicas for m in report.machines] == [2]
    assert report.machines[0].settings.depends_on == {}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("machines: {a: {replica: 2}}", "unknown-key"),
        ("machines: {a: {replicas: many}}", "wrong-type"),
        ("machines: {a: {replicas: 0}}", "wrong-type"),
        ("machines: {a: {restart: sometimes}}", "wrong-type"),
        ("machines: {a: {backoff: {min: 1}}}", "unknown-key"),
        ("machines: {a: {backoff: {min_s: 5, max_s: 1}}}", "wrong-type"),
        ("machines: {a: {intensity: 5}}", "wrong-type"),
        ("machines: {a: {success_exit_codes: [300]}}", "wrong-type"),
        ("machines: {a: {stop_timeout: soon}}", "wrong-type"),
        ("machines: {a: {env: {'A B': 1}}}", "bad-name"),
        ("machines: {a: {env: {A: [1]}}}", "wrong-type"),
        ("machines: {a: {env_file: gone.env}}", "bad-env-file"),
        ("machines: {a: {cwd: gone}}", "no-such-file"),
        ("machines: {a: {autostart: maybe}}", "wrong-type"),
        ("machines: {a: {stuck_after: {b: 3}}}", "unknown-state"),
        ("machines: {a: {depends_on: [nobody]}}", "unknown-machine"),
        ("machines: {a: {depends_on: {a: ready}}}", "circle"),
        ("machines: {a: {depends_on: {z: later}}}", "wrong-type"),
        ("machines: {a: 3}", "wrong-type"),
        ("machines: {a: {file: gone.yaml}}", "no-such-file"),
    ],
)
def test_an_error_of_one_machine_keeps_that_one_from_running(
    tmp_path: Path, text: str, code: str
) -> None:
    report = report_of(tmp_path, a_yaml=GOOD, z_yaml=GOOD, smtui_yaml=text)

    assert codes_by_file(report) == [("smtui.yaml", code)]
    assert names(report) == (["a", "z"] if "gone.yaml" in text else ["z"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("machine: {}", "unknown-key"),
        ("- a", "wrong-type"),
        ("a: [", "syntax"),
        ("settings: {durability: ful}", "wrong-type"),
        ("settings: {durabilty: full}", "unknown-key"),
        ("settings: {max_running: 1.5}", "wrong-type"),
        ("settings: {stop_timeout: 0}", "wrong-type"),
        ("machines: [a]", "wrong-type"),
    ],
)
def test_an_error_of_the_whole_file_keeps_its_folder_from_running(
    tmp_path: Path, text: str, code: str
) -> None:
    report = report_of(tmp_path, a_yaml=GOOD, smtui_yaml=text)

    assert codes_by_file(report) == [("smtui.yaml", code)]
    assert not report.machines


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("processes: {p: {}}", "missing-key"),
        ("processes: {p: {command: []}}", "wrong-type"),
        ("processes: {p: {command: [a, [b]]}}", "wrong-type"),
        ("processes: {p: {command: 'a \"b'}}", "wrong-type"),
        ("processes: {p: {command: x, file: y}}", "unknown-key"),
        ("processes: {p#1: {command: x}}", "bad-name"),
        ("processes: {p: {command: x, replicas: 2}}", "unknown-key"),
    ],
)
def test_an_error_of_a_process_keeps_it_alone_from_running(
    tmp_path: Path, text: str, code: str
) -> None:
    report = report_of(tmp_path, a_yaml=GOOD, smtui_yaml=text)

    assert codes_by_file(report) == [("smtui.yaml", code)]
    assert names(report) == ["a"]
    assert not report.processes


@pytest.mark.parametrize(
    ("text", "code"),
    [("notify: {on: [never]}", "wrong-type"), ("notify: {when: 3}", "unknown-key")],
)
def test_an_error_of_notify_keeps_the_folder_from_running(
    tmp_path: Path, text: str, code: str
) -> None:
    report = report_of(tmp_path, a_yaml=GOOD, smtui_yaml=text)

    assert code in [p.code for p in report.errors]
    assert not report.machines


def test_notify_is_kept_and_its_command_runs_beside_the_file(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        smtui_yaml="notify: {on: [failed], bell: true, command: [x], at_most_every: 5}",
    )

    assert not report.problems
    assert names(report) == ["a"]
    assert report.notify == {
        "cwd": str(tmp_path / "machines"),
        "on": ["failed"],
        "bell": True,
        "command": ["x"],
        "at_most_every": 5.0,
    }


def test_a_machine_nobody_defines_is_an_error_with_the_nearest_name(
    tmp_path: Path,
) -> None:
    report = report_of(
        tmp_path, reader_yaml=GOOD, smtui_yaml="machines: {raeder: {replicas: 2}}"
    )

    (problem,) = report.problems

    assert (problem.code, str(problem.at)) == (
        "unknown-machine",
        "machines/smtui.yaml:1:12",
    )
    assert problem.hint == "did you mean 'reader'?"
    assert names(report) == ["reader"]


def test_the_machine_of_a_broken_file_is_not_called_unknown(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        b_yaml="initial_state: a\nmetadata: {machine_name: boss}\nbad: 1",
        smtui_yaml="machines: {boss: {replicas: 2}, a: {depends_on: [boss]}}",
    )

    assert codes_by_file(report) == [("b.yaml", "unknown-key")]


def test_a_circle_of_dependencies_is_spelt_out(tmp_path: Path) -> None:
    report = report_of(
        tmp_path,
        a_yaml=GOOD,
        b_yaml=GOOD,
        c_yaml=GOOD,
        smtui_yaml="machines: {a: {depends_on: [b]}, b: {depends_on: [a]}}",
    )

    assert names(report) == ["c"]
    assert "a -> b -> a" in report.problems[0].message


def test_a_process_may_not_have_the_name_of_a_machine(tmp_path: Path) -> None:
    report = report_of(tmp_path, a_yaml=GOOD, smtui_yaml="processes: {a: {command: x}}")

    assert codes_by_file(report) == [("smtui.yaml", "same-name")]
    assert not report.machines


def test_an_env_file_says_which_line_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "x.env").write_text("A=1\nnonsense\n")

    found = read_env_file(tmp_path / "x.env")

    assert isinstance(found, str)
    assert "line 2" in found


def test_an_env_file_is_read_as_written(tmp_path: Path) -> None:
    (tmp_path / "x.env").write_text("# c\n\nA=1 # 2\nexport B='x y'\nC=\nD=\"$A\"\n")

    assert read_env_file(tmp_path / "x.env") == {
        "A": "1 # 2",
        "B": "x y",
        "C": "",
        "D": "$A",
    }
