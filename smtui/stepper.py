"""The one door to every kind of chart: start, step, accepts, preview.

`Chart` is the closed union of what a definition can be compiled to. All of it
is pure: arguments in, a value out; no clock, no I/O, no author's code. A guard
that is author's code makes `step` return an Ask: whoever can evaluates it, and
the same step is taken again with all answers so far.
"""

from collections.abc import Sequence

from smtui import chart as lists
from smtui.chart import (
    Accepts,
    AllBut,
    Branch,
    Chart,
    Depends,
    Everything,
    Foreseen,
    Known,
    Nothing,
    Only,
    Option,
    StateChart,
    Waits,
    foreign,
    nobody_knows,
    tree,
)
from smtui.chart.messages import Answer, Ask
from smtui.chart.values import Data, Event, Given, In, Snapshot, Step

__all__ = [
    "Accepts",
    "AllBut",
    "Answer",
    "Ask",
    "Branch",
    "Chart",
    "Depends",
    "Everything",
    "Foreseen",
    "Known",
    "Nothing",
    "Only",
    "Option",
    "Waits",
    "accepts",
    "foresee",
    "holds_timers",
    "is_foreign",
    "preview",
    "start",
    "step",
    "wants_go",
]


def is_foreign(chart: Chart) -> bool:
    """Say whether a library of its author's moves the machine, and no chart."""
    return chart.definition.dialect == foreign.DIALECT


def start(chart: Chart, data: Data, given: Given) -> Step:
    """Begin a run. Raises StepError when the chart has no initial state.

    Where a guard that is author's code is open, the run wants a Go to go on.
    """
    if isinstance(chart, StateChart):
        if is_foreign(chart):
            return foreign.start(chart, data, given)
        return tree.start(chart, data, given)
    return lists.start(chart, data, given)


def step(
    chart: Chart, snapshot: Snapshot, given: In, answers: Sequence[Answer] = ()
) -> Step | Ask:
    """Take one input to its end, one macrostep; or ask what guards say.

    Raises StepError when the snapshot belongs to another chart.
    """
    if isinstance(chart, StateChart):
        if is_foreign(chart):
            return foreign.step(chart, snapshot, given)
        return tree.step(chart, snapshot, given, answers)
    return lists.step(chart, snapshot, given, answers)


def accepts(chart: Chart, snapshot: Snapshot) -> Accepts:
    """Return which events the instance would step now; the others wait."""
    if isinstance(chart, StateChart):
        if is_foreign(chart):
            return foreign.accepts(snapshot)
        return tree.accepts(chart, snapshot)
    return lists.accepts(chart, snapshot)


def holds_timers(chart: Chart, snapshot: Snapshot) -> bool:
    """Say whether delays and wake-ups wait: for an author's action, or the start."""
    if not isinstance(chart, StateChart):
        return lists.awaits_start(chart, snapshot)
    return (
        foreign.is_in_hand(snapshot) if is_foreign(chart) else tree.is_paused(snapshot)
    )


def wants_go(chart: Chart, snapshot: Snapshot) -> bool:
    """Say whether the instance would go on by itself if nothing came in."""
    if isinstance(chart, StateChart):
        return not is_foreign(chart) and tree.wants_go(chart, snapshot)
    return lists.wants_go(chart, snapshot)


def foresee(
    chart: Chart, snapshot: Snapshot, event: Event, known: Known = nobody_knows
) -> Foreseen:
    """Return what the event would do now, without doing it.

    `known` answers what can be answered: where another machine is.
    """
    if isinstance(chart, StateChart):
        if is_foreign(chart):
            return foreign.foresee(chart, snapshot, event)
        return tree.foresee(chart, snapshot, event, known)
    return lists.foresee(chart, snapshot, event, known)


def preview(
    chart: Chart, snapshot: Snapshot, known: Known = nobody_knows
) -> tuple[Option, ...]:
    """Return every event of the chart with what it would do now, valid first.

    `known` answers what can be answered: where another machine is.
    """
    if isinstance(chart, StateChart):
        if is_foreign(chart):
            return foreign.preview(chart, snapshot)
        return tree.preview(chart, snapshot, known)
    return lists.preview(chart, snapshot, known)
