"""What a statechart takes now, and what an event would do to it.

Preview is the truth: it is `step` itself on the live snapshot. It never runs
author's code: where a guard of the author's decides, both answers are followed.
"""

from collections.abc import Iterator

from smtui.chart.messages import Answer, Ask, Question
from smtui.chart.options import (
    Accepts,
    Branch,
    Depends,
    Everything,
    Foreseen,
    Nothing,
    Option,
    Waits,
)
from smtui.chart.tree.chart import StateChart
from smtui.chart.tree.step import step
from smtui.chart.values import (
    Event,
    Ignored,
    RunEntry,
    Snapshot,
    Status,
    Step,
    Taken,
    TimerEntry,
)

__all__ = ["accepts", "foresee", "is_paused", "preview", "wants_go"]

MAX_BRANCHES = 16
"""Ways that open guards can go, followed in a preview."""


def accepts(chart: StateChart, snapshot: Snapshot) -> Accepts:
    """Return which events the instance would step now; the others wait."""
    del chart
    if snapshot.status is not Status.RUNNING:
        return Nothing(f"the run is {snapshot.status.value}")
    if snapshot.pause is not None:
        return Nothing(f"{_awaited(snapshot) or 'a guard'} is in hand")
    return Everything()


def _awaited(snapshot: Snapshot) -> str:
    """Return the name of the author's action that is in hand, or ''."""
    for entry in snapshot.pending.values():
        if isinstance(entry, RunEntry) and not entry.invoke_id:
            return entry.action
        if isinstance(entry, TimerEntry) and entry.run is not None:
            return entry.event
    return ""


def is_paused(snapshot: Snapshot) -> bool:
    """Say whether delays must wait, because an action is awaited."""
    return snapshot.pause is not None


def wants_go(chart: StateChart, snapshot: Snapshot) -> bool:
    """Say whether a pause waits for nothing but another step."""
    del chart
    return snapshot.pause is not None and not _awaited(snapshot)


def foresee(chart: StateChart, snapshot: Snapshot, event: Event) -> Foreseen:
    """Return what the event would do now, without doing it."""
    intake = accepts(chart, snapshot)
    if isinstance(intake, Nothing):
        if snapshot.status is not Status.RUNNING:
            return Foreseen(Ignored(intake.why), None)
        return Foreseen(Waits(intake.why), None)
    done = step(chart, snapshot, event)
    if isinstance(done, Step):
        return Foreseen(done.outcome, done)
    return Foreseen(_depends(chart, snapshot, event), None)


def _depends(chart: StateChart, snapshot: Snapshot, event: Event) -> Depends:
    """Follow every answer that open guards can give."""
    branches: list[Branch] = []
    names: list[str] = []
    waiting: list[tuple[tuple[Question, bool], ...]] = [()]
    while waiting and len(branches) < MAX_BRANCHES:
        said = waiting.pop()
        answers = [Answer(question.id, holds) for question, holds in said]
        done = step(chart, snapshot, event, answers)
        if isinstance(done, Ask):
            question = done.questions[0]
            names.append(question.name)
            waiting += [(*said, (question, False)), (*said, (question, True))]
        else:
            given = tuple((question.name, holds) for question, holds in said)
            branches.append(Branch(given, _target(chart, snapshot, done)))
    return Depends(tuple(dict.fromkeys(names)), tuple(branches))


def _target(chart: StateChart, before: Snapshot, done: Step) -> str:
    """Return the leaves a step leads to; those it newly enters, if any."""
    if not isinstance(done.outcome, Taken):
        return ""
    leaves = chart.leaves(done.snapshot.configuration)
    new = [leaf for leaf in leaves if leaf not in before.configuration]
    return ", ".join(new or leaves)


def preview(chart: StateChart, snapshot: Snapshot) -> tuple[Option, ...]:
    """Return every event of the chart with what it would do now, valid first.

    The payload is empty: where the outcome depends on it, ask `foresee`.
    """
    found = [*_options(chart, snapshot)]
    return tuple(sorted(found, key=lambda option: option.target == ""))


def _options(chart: StateChart, snapshot: Snapshot) -> Iterator[Option]:
    for name in chart.event_names():
        event = Event(name, {}, "preview", snapshot.stepped)
        foreseen = foresee(chart, snapshot, event)
        target = ""
        if foreseen.step is not None:
            target = _target(chart, snapshot, foreseen.step)
        elif isinstance(foreseen.outcome, Depends):
            ways = (branch.target for branch in foreseen.outcome.branches)
            target = " or ".join(dict.fromkeys(filter(None, ways)))
        yield Option(name, foreseen.outcome, target)
