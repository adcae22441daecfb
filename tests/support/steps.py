"""Steps of machines that ask nobody: what is asked all the same is a failure."""

from smtui import stepper
from smtui.chart import Chart
from smtui.chart.values import In, Snapshot, Step

__all__ = ["step"]


def step(chart: Chart, snapshot: Snapshot, given: In) -> Step:
    """Take one input to its end."""
    taken = stepper.step(chart, snapshot, given)
    assert isinstance(taken, Step), taken
    return taken
