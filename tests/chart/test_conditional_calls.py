"""Author's actions under a condition: each is asked for under a key of its own."""

from smtui.chart import StateChart, compile_chart
from smtui.chart.values import Event, Given, Run, Step
from smtui.dialects import load_text
from smtui.stepper import start, step
from smtui.testing import ManualClock

TEXT = """\
states: [{name: a, type: initial}, {name: b}]
transitions:
  - source: a
    dest: b
    trigger: go
    actions:
      - {name: one, when: n > 1}
      - {name: two, when: {field: n, op: gt, value: 1}}
      - {name: three, when: n > 5}
"""


def test_two_actions_of_one_step_have_two_keys() -> None:
    definition = load_text(TEXT, "m.yaml").definition
    assert definition is not None
    chart = compile_chart(definition)
    assert isinstance(chart, StateChart)
    at = ManualClock().at()
    begun = start(chart, {"n": 2}, Given("m", "main", 1, "begin", at))

    taken = step(chart, begun.snapshot, Event("go", {}, "e1", at))

    assert isinstance(taken, Step)
    runs = [effect.entry for effect in taken.effects if isinstance(effect, Run)]
    assert [run.action for run in runs] == ["one", "two"]
    assert len({run.key for run in runs}) == 2
