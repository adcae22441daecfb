from pathlib import Path

import pytest

from smtui.testing import (
    Coverage,
    Paths,
    find_paths,
    open_subject,
    play,
    read_scenarios,
    scenario_text,
)
from smtui.testing.scenario import SendEvent
from tests.support.cli import DEMO
from tests.support.scenarios import DOOR, subject

GUARDED = """\
meta: {machine_name: claim, version: "1.0"}
states:
  - {name: NEW, type: initial}
  - {name: SMALL, type: stable}
  - {name: LARGE, type: stable}
  - {name: PAID, type: terminal}
transitions:
  - {trigger: file, source: NEW, dest: LARGE, guards: [{expr: "amount > 100"}]}
  - {trigger: file, source: NEW, dest: SMALL, guards: [trusted]}
  - {trigger: pay, source: SMALL, dest: PAID}
  - trigger: pay
    source: LARGE
    dest: PAID
    guards: [{check: {field: approved_by, op: starts_with, value: chief}}]
"""


def shown(paths: Paths) -> dict[str, list[str]]:
    """Return the events of each path by the name of what it leads to."""
    return {
        found.place.label: [
            edge.act.event
            if isinstance(edge.act, SendEvent)
            else type(edge.act).__name__
            for edge in found.path[1:]
        ]
        for found in (*paths.states, *paths.transitions)
    }


def replayed(paths: Paths, folder: Path) -> Coverage:
    """Play what the paths are written as; return what it covered."""
    text = scenario_text(paths, folder / "x.paths.yaml", {})
    read = read_scenarios(text, "x.paths.yaml")
    assert not read.problems, (read.problems, text)
    coverage = Coverage(paths.subject.chart)
    for scenario in read.scenarios:
        played = play(paths.subject, scenario)
        assert [] == [*played.differences], (scenario.name, text)
        coverage.add(played.steps)
    return coverage


def test_each_state_and_transition_has_its_shortest_path(tmp_path: Path) -> None:
    paths = find_paths(subject(tmp_path))

    assert {
        "closed": [],
        "open": ["push"],
        "broken": ["push", "After"],
        "stopped": ["stop"],
        "closed -push-> open": ["push"],
        "open -timeout(600)-> closed": ["push", "After", "After"],
        "open -error-> broken": ["push", "After"],
        "* -stop-> stopped": ["stop"],
    } == shown(paths)
    assert not paths.is_bounded


def test_plain_guards_give_the_payloads_and_authors_guards_both_answers(
    tmp_path: Path,
) -> None:
    paths = find_paths(subject(tmp_path, GUARDED, "claim.yaml"))

    assert ["NEW", "SMALL", "LARGE", "PAID"] == [one.place.key for one in paths.states]
    assert () == paths.missed_transitions
    large = next(one for one in paths.states if one.place.key == "LARGE")
    assert SendEvent("file", {"amount": 101}) == large.path[-1].act


def test_what_is_not_reached_is_told_with_the_reason(tmp_path: Path) -> None:
    text = DOOR + "  cellar: []\n"
    text = text.replace(
        "  - {from: open, to: broken",
        "  - {from: cellar, to: open, event: up}\n"
        "  - {from: closed, to: broken, event: push}\n"
        "  - {from: open, to: broken",
    )
    paths = find_paths(subject(tmp_path, text))

    missed = (*paths.missed_states, *paths.missed_transitions)
    assert {
        "cellar": "no transition that leads here is taken",
        "cellar -up-> open": "cellar is not reached",
        "closed -push-> broken": "the transition of line 5 takes its event first",
    } == {one.place.label: one.why for one in missed}


def test_a_guard_that_cannot_be_solved_is_named(tmp_path: Path) -> None:
    text = GUARDED.replace("amount > 100", "amount * amount == 7")
    paths = find_paths(subject(tmp_path, text, "claim.yaml"))

    why = {one.place.label: one.why for one in paths.missed_transitions}
    assert "its guard was never true: amount * amount == 7" in why.values()


def test_a_search_that_is_cut_short_says_so(tmp_path: Path) -> None:
    paths = find_paths(subject(tmp_path), most_places=1)

    assert (1, True) == (paths.places, paths.is_bounded)
    assert {"not within 1 snapshots: there may be a way"} <= {
        one.why for one in (*paths.missed_states, *paths.missed_transitions)
    }


@pytest.mark.parametrize("name", ["door.yaml", "claim.yaml"])
def test_paths_written_as_scenarios_lead_there_again(name: str, tmp_path: Path) -> None:
    text = DOOR if name == "door.yaml" else GUARDED
    coverage = replayed(find_paths(subject(tmp_path, text, name)), tmp_path)

    assert ([], []) == (coverage.never_entered(), coverage.never_taken())


@pytest.mark.parametrize(
    "file",
    sorted(f for f in DEMO.iterdir() if f.suffix in {".yaml", ".scxml"}),
    ids=str,
)
def test_paths_of_the_demo_lead_there_again(file: Path, tmp_path: Path) -> None:
    opened = open_subject(file)
    if isinstance(opened, tuple):
        assert file.name == "smtui.yaml"
        return
    paths = find_paths(opened, most_places=100)
    coverage = replayed(paths, tmp_path)

    assert {one.place.key for one in paths.states} <= coverage.entered
    assert {one.place.key for one in paths.transitions} <= coverage.taken


def test_each_path_is_written_once_with_a_name_of_its_own(tmp_path: Path) -> None:
    text = scenario_text(find_paths(subject(tmp_path)), tmp_path / "x.yaml", {"n": 1})
    read = read_scenarios(text, "x.yaml")

    names = [scenario.name for scenario in read.scenarios]
    assert len(names) == len(set(names))
    assert "definition: door.yaml\ndata:\n  n: 1\n" in text


def test_a_machine_that_looks_for_jobs_is_given_some(tmp_path: Path) -> None:
    text = """\
initial_state: looking
transitions:
  - {from: looking, to: busy, event: jobs_found}
  - {from: looking, to: idle, event: no_jobs}
  - {from: idle, to: looking, event: timeout(10)}
actions:
  looking: [{type: get_pending_jobs, job_type: count}]
"""
    paths = find_paths(subject(tmp_path, text))

    assert ["AddJob", "After"] == shown(paths)["busy"]
    assert [] == replayed(paths, tmp_path).never_entered()


PATIENT = """\
states: [{name: a, type: initial}, {name: b}, {name: broken}]
error_policy: {default_fallback: broken}
transitions:
  - {trigger: go, source: a, dest: b, actions: [{name: f, retry: 2}]}
"""


def test_a_fallback_is_reached_when_every_attempt_has_failed(tmp_path: Path) -> None:
    paths = find_paths(subject(tmp_path, PATIENT, "patient.yaml"))

    assert ["go", "After", "After"] == shown(paths)["broken"]
    assert [] == replayed(paths, tmp_path).never_entered()
