"""The one door to every kind of chart is a door and nothing else."""

from smtui import chart as statecharts
from smtui import stepper
from smtui.chart.values import Event, Given, Go
from tests.support.hand import Hand, at

TEXT = """
initial_state: a
transitions: [{from: a, to: b, event: go}]
actions:
  a: [{type: bash, command: x}]
"""


def test_it_says_what_the_statechart_core_says() -> None:
    hand = Hand(TEXT)
    chart, snapshot = hand.chart, hand.snapshot
    given = Given("m", "main", 1, "born", at())
    event = Event("go", None, "e", at())

    assert stepper.start(chart, {}, given) == statecharts.start(chart, {}, given)
    for taken in (event, Go(at())):
        expected = statecharts.step(chart, snapshot, taken)
        assert stepper.step(chart, snapshot, taken) == expected
    assert stepper.accepts(chart, snapshot) == statecharts.accepts(chart, snapshot)
    assert stepper.wants_go(chart, snapshot)
    assert stepper.preview(chart, snapshot) == statecharts.preview(chart, snapshot)
    foreseen = statecharts.foresee(chart, snapshot, event)
    assert stepper.foresee(chart, snapshot, event) == foreseen
