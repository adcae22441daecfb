"""What screens know of a statechart: innermost states, ways out, events."""

from smtui.chart import StateChart, compile_chart
from smtui.dialects import load_text
from smtui.store.rows import JournalEntry, JournalRow
from smtui.view.facts import Facts, Way, facts_of
from smtui.view.pages import step_line

CHART = """<scxml xmlns="http://www.w3.org/2005/07/scxml">
  <parallel id="p">
    <transition event="stop" target="end"/>
    <state id="left">
      <state id="a">
        <transition event="go" target="b"/>
        <transition event="done.state.left error.execution *" target="a"/>
        <transition cond="true" target="b"/>
      </state>
      <state id="b"/>
      <transition event="go back" target="a"/>
    </state>
    <state id="right"/>
  </parallel>
  <final id="end"/>
</scxml>
"""


def facts() -> Facts:
    definition = load_text(CHART, "m.scxml").definition
    assert definition is not None
    return facts_of(definition)


def test_the_innermost_of_active_states_are_told() -> None:
    assert ("a", "right") == facts().leaves(("p", "left", "a", "right"))
    assert ("unknown",) == facts().leaves(("unknown",))


def test_the_ways_out_of_a_state_are_its_own_and_those_around_it() -> None:
    out = facts().out_of("a")

    assert Way("go", "a", "b") == out[0]
    assert [Way("back", "left", "a"), Way("stop", "p", "end")] == list(out[-2:])


def test_an_operator_is_offered_no_event_the_chart_makes_itself() -> None:
    assert ("stop", "go", "back") == facts().events


def test_states_are_found_in_the_file() -> None:
    assert 5 == facts().lines["a"]


DELAYED = """
meta: {machine_name: m, version: "1"}
states:
  - {name: open, type: initial, initial_child: triage}
  - {name: triage, parent: open, timeout: {seconds: 90, destination: stale}}
  - {name: stale}
transitions: []
"""


def test_a_step_is_told_by_innermost_states_and_a_delay_by_its_length() -> None:
    definition = load_text(DELAYED, "m.yaml").definition
    assert definition is not None
    known = facts_of(definition)
    event = next(iter(known.delays))
    row = JournalRow(1, 1, 0.0, "", event, ("open", "triage"), ("stale",), "taken")
    line = step_line(JournalEntry(1, "m", "e1", row), facts=known)

    assert ("triage", "after 90s", "stale") == (line.source, line.event, line.target)
    assert "pay" == known.told("pay")


def test_pystator_may_call_an_event_done_or_error() -> None:
    text = DELAYED.replace(
        "transitions: []",
        "transitions:\n"
        "  - {trigger: done, source: triage, dest: stale}\n"
        "  - {trigger: error, source: stale, dest: triage}\n",
    )
    definition = load_text(text, "m.yaml").definition
    assert definition is not None
    chart = compile_chart(definition)
    assert isinstance(chart, StateChart)

    assert ("done", "error") == facts_of(definition).events == chart.event_names()
