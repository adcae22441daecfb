"""The one door to every kind of chart: start, step, accepts, preview.

`Chart` is the closed union of what a definition can be compiled to. All of it
is pure: arguments in, a value out; no clock, no I/O, no author's code.
"""

from typing import TypeAlias

from smtui import chart as statecharts
from smtui.chart import (
    Accepts,
    AllBut,
    Everything,
    Foreseen,
    Nothing,
    Only,
    Option,
    StateChart,
    Waits,
)
from smtui.chart.values import Data, Event, Given, In, Snapshot, Step

__all__ = [
    "Accepts",
    "AllBut",
    "Chart",
    "Everything",
    "Foreseen",
    "Nothing",
    "Only",
    "Option",
    "Waits",
    "accepts",
    "foresee",
    "preview",
    "start",
    "step",
    "wants_go",
]

Chart: TypeAlias = StateChart


def start(chart: Chart, data: Data, given: Given) -> Step:
    """Begin a run. Raises StepError when the chart has no initial state."""
    return statecharts.start(chart, data, given)


def step(chart: Chart, snapshot: Snapshot, given: In) -> Step:
    """Take one input to its end, one macrostep.

    Raises StepError when the snapshot belongs to another chart.
    """
    return statecharts.step(chart, snapshot, given)


def accepts(chart: Chart, snapshot: Snapshot) -> Accepts:
    """Return which events the instance would step now; the others wait."""
    return statecharts.accepts(chart, snapshot)


def wants_go(chart: Chart, snapshot: Snapshot) -> bool:
    """Say whether the instance would go on by itself if nothing came in."""
    return statecharts.wants_go(chart, snapshot)


def foresee(chart: Chart, snapshot: Snapshot, event: Event) -> Foreseen:
    """Return what the event would do now, without doing it."""
    return statecharts.foresee(chart, snapshot, event)


def preview(chart: Chart, snapshot: Snapshot) -> tuple[Option, ...]:
    """Return every event of the chart with what it would do now, valid first."""
    return statecharts.preview(chart, snapshot)
