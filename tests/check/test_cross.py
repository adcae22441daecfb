"""What machines start and whom they speak to."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smtui.check import fleet, resolve_yaml_path
from smtui.check.cross import find_cycle
from tests.support.folders import GOOD, codes_by_file, names, report_of, write


def starter(path: str, name: str = "child", **more: str) -> str:
    """Return a machine that starts another from a file."""
    keys = "".join(f", {key}: {value}" for key, value in more.items())
    return (
        f"{GOOD}actions: {{a: [{{type: start_fsm, yaml_path: {path!r}, "
        f"machine_name: {name!r}{keys}}}]}}"
    )


def sender(target: str, type_: str = "send_event") -> str:
    """Return a machine that speaks to another."""
    return f"{GOOD}actions: {{a: [{{type: {type_}, target_machine: {target!r}}}]}}"


@pytest.mark.parametrize(
    "path", ["machines/child.yaml", "child.yaml", "somewhere/else/child.yaml"]
)
def test_a_start_is_found_from_the_cwd_the_folder_or_by_its_name(
    tmp_path: Path, path: str
) -> None:
    report = report_of(
        tmp_path, boss_yaml=starter(path), child_yaml=GOOD + "template: true"
    )

    assert not report.problems
    assert names(report) == ["boss", "child"]


def test_a_start_of_a_file_nobody_finds_is_an_error(tmp_path: Path) -> None:
    report = report_of(tmp_path, boss_yaml=starter("gone.yaml"), other_yaml=GOOD)

    assert codes_by_file(report) == [("boss.yaml", "no-such-file")]
    assert names(report) == ["other"]


def test_a_name_several_files_of_the_fleet_have_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "one", child_yaml=GOOD + "metadata: {machine_name: c1}")
    write(tmp_path / "two", child_yaml=GOOD + "metadata: {machine_name: c2}")
    write(tmp_path / "boss", boss_yaml=starter("x/child.yaml"))

    report = fleet([Path("one"), Path("two"), Path("boss")], cwd=tmp_path)

    assert codes_by_file(report) == [("boss.yaml", "no-such-file")]
    assert "several" in report.problems[0].message


def test_a_computed_path_is_left_alone(tmp_path: Path) -> None:
    assert not report_of(tmp_path, boss_yaml=starter("{kind}.yaml")).problems


def test_a_start_of_a_bad_file_outside_the_fleet_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", child_yaml="initial_state: a\nbad: 1")

    report = report_of(tmp_path, boss_yaml=starter("elsewhere/child.yaml"))

    assert codes_by_file(report) == [("boss.yaml", "cannot-start")]
    assert "child.yaml:2:1" in report.problems[0].hint


def test_a_bad_file_inside_the_fleet_tells_of_its_problems_itself(
    tmp_path: Path,
) -> None:
    report = report_of(
        tmp_path, boss_yaml=starter("child.yaml"), child_yaml="initial_state: a\nbad: 1"
    )

    assert codes_by_file(report) == [("child.yaml", "unknown-key")]
    assert names(report) == ["boss"]


def test_a_name_for_the_started_machine_must_be_one(tmp_path: Path) -> None:
    report = report_of(tmp_path, boss_yaml=starter("c.yaml", name="a/b"), c_yaml=GOOD)

    assert codes_by_file(report) == [("boss.yaml", "bad-name")]


@pytest.mark.parametrize("type_", ["send_event", "check_machine_state", "clear_events"])
def test_speaking_to_a_machine_nobody_knows_is_a_warning(
    tmp_path: Path, type_: str
) -> None:
    report = report_of(tmp_path, boss_yaml=GOOD, a_yaml=sender("bos", type_))

    (problem,) = report.problems

    assert (problem.code, problem.severity) == ("unknown-machine", "warning")
    assert problem.hint == "did you mean 'boss'?"
    assert names(report) == ["a", "boss"]


@pytest.mark.parametrize(
    "target", ["boss", "boss#2", "boss#*", "{whom}", "child_{n}", "child_7", "web"]
)
def test_speaking_to_a_machine_that_may_be_there_is_not(
    tmp_path: Path, target: str
) -> None:
    report = report_of(
        tmp_path,
        a_yaml=sender(target),
        b_yaml=starter("boss.yaml", name="child_{n}"),
        boss_yaml=GOOD,
        smtui_yaml="processes: {web: {command: x}}",
    )

    assert not report.problems


def test_nobody_is_called_unknown_while_a_file_cannot_be_read(tmp_path: Path) -> None:
    report = report_of(tmp_path, a_yaml=sender("boss"), b_yaml="a: [")

    assert codes_by_file(report) == [("b.yaml", "syntax")]


def test_resolution_looks_from_the_cwd_first(tmp_path: Path) -> None:
    write(tmp_path / "cwd", x_yaml=GOOD)
    write(tmp_path / "folder", x_yaml=GOOD)

    found = resolve_yaml_path("x.yaml", tmp_path / "cwd", tmp_path / "folder", [])

    assert found == tmp_path / "cwd/x.yaml"


GRAPHS = st.dictionaries(
    st.sampled_from("abcde"), st.lists(st.sampled_from("abcde"), max_size=3)
)


@given(GRAPHS)
def test_a_circle_is_found_exactly_when_there_is_one(
    graph: dict[str, list[str]],
) -> None:
    circle = find_cycle(graph)

    for here, after in pairwise(circle):
        assert after in graph[here]
    reachable = {name: set(after) for name, after in graph.items()}
    for _ in graph:
        for found in reachable.values():
            found.update(*(reachable.get(each, set()) for each in set(found)))
    assert bool(circle) == any(name in after for name, after in reachable.items())
