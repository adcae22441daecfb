"""What a search of any machine found, its scenarios find again."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from smtui.definition import PYSTATOR, SCXML, Semantics
from smtui.testing import (
    Coverage,
    Subject,
    find_paths,
    play,
    read_scenarios,
    scenario_text,
    subject_of,
)
from tests.support.random_machines import Plan, plans
from tests.support.random_trees import random_tree

FEW = settings(max_examples=max(10, settings().max_examples // 8))
"""Each example is a search and some dozen scenarios."""

DATA = {"n": 0, "m": 0, "fuel": 0}


def finds_again(subject: Subject) -> None:
    paths = find_paths(subject, DATA, most_places=3)
    text = scenario_text(paths, Path("x.yaml"), DATA)
    read = read_scenarios(text, "x.yaml")
    assert not read.problems, text
    coverage = Coverage(subject.chart)
    for scenario in read.scenarios:
        played = play(subject, scenario)
        assert not played.differences, (played.differences, text)
        coverage.add(played.steps)

    assert {one.place.key for one in paths.states} <= coverage.entered
    assert {one.place.key for one in paths.transitions} <= coverage.taken


@FEW
@given(st.integers(min_value=0, max_value=2**40), st.sampled_from([SCXML, PYSTATOR]))
def test_paths_of_a_statechart_lead_there_again(
    seed: int, semantics: Semantics
) -> None:
    finds_again(subject_of(random_tree(seed, semantics), Path("random.scxml")))


@FEW
@given(plans())
def test_paths_of_action_lists_lead_there_again(plan: Plan) -> None:
    finds_again(subject_of(plan.definition, Path("m.yaml")))
