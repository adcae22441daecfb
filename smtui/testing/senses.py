"""What a test can do to a machine: read in its chart once, and where it is now."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from smtui.chart import Chart, ListChart, StateChart
from smtui.chart.queries import DEFAULT_JOB_TYPE
from smtui.chart.values import Snapshot, WatchEntry
from smtui.definition import Json
from smtui.stepper import accepts
from smtui.testing.choices import hears_errors
from smtui.testing.payloads import payloads_of
from smtui.testing.scenario import Act, AddJob, After, Elsewhere, SendEvent
from smtui.testing.sessions import Sessions

__all__ = ["MAIN", "Senses", "acts", "senses_of"]

MAIN = "main"
"""The instance that is tested."""

MOST_JOBS = 4
"""Jobs added on one path."""


class _Sense(NamedTuple):
    """An event, the states it means something to, and the payloads to try."""

    event: str
    takers: frozenset[str]
    payloads: tuple[Json, ...]


class Senses(NamedTuple):
    """What a machine can feel, found once."""

    chart: Chart
    events: tuple[_Sense, ...]
    """Of a statechart."""
    jobs: tuple[str, ...]
    """Types of jobs that a machine with action lists looks for."""
    hears_errors: bool


def senses_of(chart: Chart) -> Senses:
    """Return what a machine can feel."""
    if not isinstance(chart, StateChart):
        return Senses(chart, (), _job_types(chart), hears_errors=False)
    names = [*chart.event_names()]
    if any("*" in arrow.events for arrow in chart.definition.arrows):
        names.append("anything")
    payloads = payloads_of(chart)
    events = [
        _Sense(name, frozenset(chart.takers(name)), (None, *payloads.get(name, ())))
        for name in names
    ]
    return Senses(chart, tuple(events), (), hears_errors(chart))


def _job_types(chart: ListChart) -> tuple[str, ...]:
    """Return the types of jobs the lists ask for by a plain name."""
    lists = [state.actions for state in chart.definition.states]
    lists += [transition.actions for transition in chart.transitions]
    found = [
        str(action.args.get("job_type") or DEFAULT_JOB_TYPE)
        for actions in lists
        for action in actions
        if action.type in {"check_database_queue", "get_pending_jobs"}
    ]
    return tuple(dict.fromkeys(name for name in found if "{" not in name))


def acts(senses: Senses, sessions: Sessions) -> Iterator[Act]:
    """Yield what a test can do now."""
    due = sessions.run()
    if due is not None:
        left = due - sessions.clock.elapsed()
        yield After(max(0.001, math.ceil(round(left * 1000, 3)) / 1000))
    snapshot = sessions.snapshot(MAIN)
    chart = senses.chart
    if isinstance(chart, StateChart):
        for sense in senses.events:
            if not sense.takers.isdisjoint(snapshot.configuration):
                for payload in sense.payloads:
                    yield SendEvent(sense.event, payload)
        yield from (Elsewhere({t.split("/")[1]: ""}) for t in _topics(snapshot))
        return
    watched = [t.partition("/")[2] for t in _topics(snapshot) if t[:5] == "jobs/"]
    jobs = sessions.queue.jobs.values()
    waiting = {job.type for job in jobs if job.status == "available"}
    for type_ in dict.fromkeys([*watched, *senses.jobs]):
        if type_ not in waiting and len(jobs) < MOST_JOBS:
            yield AddJob(type_)
    yield from _events_of_list(chart, snapshot)


def _events_of_list(chart: ListChart, snapshot: Snapshot) -> Iterator[SendEvent]:
    watched = [t.partition("/")[2] for t in _topics(snapshot) if t[:6] == "inbox/"]
    intake = accepts(chart, snapshot)
    row = chart.states[snapshot.configuration[0]].row
    for name, index in row.items():
        if chart.transitions[index].delay_s is None and intake.takes(name):
            yield SendEvent(name)
    for name in dict.fromkeys(watched):
        yield SendEvent(name)


def _topics(snapshot: Snapshot) -> Iterator[str]:
    for entry in snapshot.pending.values():
        if isinstance(entry, WatchEntry):
            yield from entry.on
