"""An edited definition takes over a run."""

import pytest

from smtui.chart import ListChart, StateChart, compile_chart
from smtui.chart.values import (
    Done,
    Event,
    Given,
    Go,
    Raised,
    RunEntry,
    Snapshot,
    TimerEntry,
)
from smtui.definition import Failure
from smtui.dialects import load_text
from smtui.runtime.adopt import Blocked, adopt
from smtui.stepper import start
from tests.support.runtime_values import NOW, begun, chart_of
from tests.support.steps import step

LATER = NOW.plus(7.0)

TEXT = """
    initial_state: a
    transitions:
      - {from: a, to: b, event: go}
      - {from: b, to: c, event: timeout(60)}
      - {from: b, to: c, event: job_done}
    actions:
      b:
        - {type: bash, command: "one"}
        - {type: bash, command: "two", success: next}
"""


def _in_b(chart: ListChart) -> Snapshot:
    return step(chart, begun(chart), Event("go", {}, "e1", NOW)).snapshot


def _adopted(new: str, old: str = TEXT, *, knows_old: bool = True) -> Snapshot:
    chart = chart_of(old)
    fresh = chart_of(new)
    found = adopt(chart if knows_old else None, fresh, _in_b(chart), LATER)
    assert isinstance(found, Snapshot)
    assert found.chart_hash == fresh.hash
    return found


def _timers(snapshot: Snapshot) -> dict[str, float]:
    return {
        entry.event: entry.due.wall
        for entry in snapshot.pending.values()
        if isinstance(entry, TimerEntry)
    }


def test_the_same_definition_changes_nothing() -> None:
    chart = chart_of(TEXT)
    snapshot = _in_b(chart)

    assert adopt(None, chart, snapshot, LATER) is snapshot


def test_a_list_that_reads_the_same_goes_on() -> None:
    before = _in_b(chart_of(TEXT))

    after = _adopted(TEXT.replace("actions:", "x-note: 1\n    actions:"))

    assert after.cursor == before.cursor
    assert after.pending == before.pending


def test_a_list_that_changed_starts_anew_under_other_keys() -> None:
    before = _in_b(chart_of(TEXT))

    after = _adopted(TEXT.replace("two", "three"))

    assert before.cursor is not None
    assert after.cursor is not None
    assert after.cursor.offset == 0
    assert after.cursor.entry != before.cursor.entry
    assert after.cursor.cause != before.cursor.cause


def test_every_list_counts_as_changed_when_the_old_text_is_lost() -> None:
    after = _adopted(TEXT + "\n", knows_old=False)

    assert after.cursor is not None
    assert after.cursor.entry.endswith("adopted")


def test_an_action_in_hand_stays_in_hand() -> None:
    after = _adopted(TEXT.replace("two", "three"))

    (entry,) = [e for e in after.pending.values() if isinstance(e, RunEntry)]
    assert entry.args["command"] == "one"


def test_a_delay_that_still_exists_runs_on() -> None:
    assert _timers(_adopted(TEXT.replace("two", "three"))) == {"timeout(60)": 160.0}


def test_another_delay_starts_now_and_the_old_one_is_forgotten() -> None:
    after = _adopted(TEXT.replace("timeout(60)", "timeout(5)"))

    assert _timers(after) == {"timeout(5)": 112.0}


def test_a_state_that_is_gone_blocks_the_run() -> None:
    chart = chart_of(TEXT)
    new = chart_of("initial_state: a\ntransitions:\n  - {from: a, to: z, event: go}\n")

    found = adopt(chart, new, _in_b(chart), LATER)

    assert isinstance(found, Blocked)
    assert "no state 'b'" in found.why


@pytest.mark.parametrize("shift", ["", "      - {from: z, to: a, event: x}\n"])
def test_the_actions_of_a_transition_are_found_where_it_stands_now(shift: str) -> None:
    arrow = """
      - from: a
        to: b
        event: go
        actions: [{type: bash, command: zero}]
"""
    old = TEXT.replace("      - {from: a, to: b, event: go}\n", arrow.lstrip("\n"))
    new = old.replace("transitions:\n", f"transitions:\n{shift}")

    after = _adopted(new + "\n", old)

    assert after.cursor is not None
    chart = chart_of(new + "\n")
    stepped = step(chart, after, Go(LATER))
    index = after.cursor.transition
    assert index is not None
    assert chart.transitions[index].event == "go"
    assert stepped.snapshot.configuration == ("b",)


TREE = """
states: [{name: a, type: initial}, {name: b}]
transitions:
  - {trigger: go, source: a, dest: b, actions: [{name: f, retry: 2}, {set: {x: 1}}]}
"""


def _tree(text: str) -> StateChart:
    definition = load_text(text, "m.yaml").definition
    assert definition is not None
    made = compile_chart(definition)
    assert isinstance(made, StateChart)
    return made


def test_an_action_that_waits_to_be_tried_again_is_not_forgotten() -> None:
    old, new = _tree(TREE), _tree(TREE.replace("x: 1", "x: 2"))
    first = start(old, {}, Given("m", "o-1", 1, "begin", NOW)).snapshot
    asked = step(old, first, Event("go", {}, "e1", NOW)).snapshot
    raised = Raised("no luck", "OSError", Failure.PASSING)
    before = step(old, asked, Done(next(iter(asked.pending)), raised, NOW)).snapshot

    after = adopt(old, new, before, LATER)

    assert isinstance(after, Snapshot)
    assert after.pending == before.pending
    assert {"retry of f"} == {*_timers(after)}
