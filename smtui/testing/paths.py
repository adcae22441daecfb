"""The shortest way to each state and each transition of a machine.

Breadth first over what a test can do: send an event, let time pass until
something is due, add a job. Where author's guards or the ends of actions
decide, every answer is followed. Each path was walked by the core itself, so
the same steps with the same answers lead there again.

The laws of this file: bounded; what was not reached is said with the reason;
two snapshots that differ only in when they were taken are the same place.
"""

import json
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from smtui.chart.values import (
    ChildEntry,
    RunEntry,
    Status,
    TimerEntry,
    WatchEntry,
)
from smtui.definition import Json
from smtui.errors import SmtuiError
from smtui.testing.choices import Choice, Oracle
from smtui.testing.coverage import Place, seen_by, states_of, transitions_of
from smtui.testing.reasons import Scope, why_state, why_transition
from smtui.testing.scenario import Act, AddJob, After, Elsewhere, SendEvent
from smtui.testing.senses import MAIN, Senses, acts, senses_of
from smtui.testing.sessions import Sessions
from smtui.testing.subject import Subject

__all__ = ["MOST_PLACES", "Edge", "Found", "Missed", "Paths", "find_paths"]

MOST_PLACES = 2000
"""Snapshots looked at: some seconds of work."""

MOST_ALIKE = 20
"""Snapshots in the same states with other data: a counter must not eat all."""

MOST_WAYS = 200
"""Ways one step may go by answers that are open."""

MOST_STEPS = 300
"""Of the core for one step of a path; more is a machine that chases itself."""


class Edge(NamedTuple):
    """One step of a path."""

    act: Act | None
    """None for the start."""
    choices: tuple[Choice, ...]
    """What was decided on the way."""
    leaves: tuple[str, ...]
    """The innermost states after it."""
    status: Status


class Found(NamedTuple):
    """A state or transition, and the shortest way to it."""

    place: Place
    path: tuple[Edge, ...]


class Missed(NamedTuple):
    """A state or transition no path led to."""

    place: Place
    why: str


@dataclass(frozen=True, slots=True)
class Paths:
    """What a search found."""

    subject: Subject
    states: tuple[Found, ...]
    transitions: tuple[Found, ...]
    missed_states: tuple[Missed, ...]
    missed_transitions: tuple[Missed, ...]
    places: int
    """Snapshots looked at."""
    is_bounded: bool
    """The search ended before every snapshot was looked at."""


class _Way(NamedTuple):
    """One way a step may go, as far as it is decided."""

    odd: int
    """How much of it is not the usual: the usual ways are gone first."""
    order: int
    decided: tuple[Choice, ...]


class _Node(NamedTuple):
    sessions: Sessions
    path: tuple[Edge, ...]


@dataclass(slots=True)
class _Search:
    """The state of one search."""

    subject: Subject
    senses: Senses
    data: Mapping[str, Json]
    most_places: int
    states: dict[str, tuple[Edge, ...]] = field(
        default_factory=dict[str, tuple[Edge, ...]]
    )
    transitions: dict[str, tuple[Edge, ...]] = field(
        default_factory=dict[str, tuple[Edge, ...]]
    )
    known: set[str] = field(default_factory=set[str])
    alike: Counter[str] = field(default_factory=Counter[str])
    queue: deque[_Node] = field(default_factory=deque[_Node])
    places: int = 0
    is_bounded: bool = False

    def run(self) -> None:
        """Look at places, the nearest first, until all is found or bounded."""
        chart = self.subject.chart
        wanted = len(states_of(chart)) + len(transitions_of(chart))
        self._follow(None, None)
        while self.queue:
            if len(self.states) + len(self.transitions) >= wanted:
                return
            if self.places >= self.most_places:
                self.is_bounded = True
                return
            self.places += 1
            node = self.queue.popleft()
            for act in acts(self.senses, node.sessions):
                self._follow(node, act)

    def _follow(self, node: _Node | None, act: Act | None) -> None:
        """Take one step in every way it can go."""
        order = count()
        ways = [_Way(0, next(order), ())]
        for _ in range(MOST_WAYS):
            if not ways:
                return
            oracle = Oracle(
                self.subject,
                heappop(ways).decided,
                hears_errors=self.senses.hears_errors,
            )
            try:
                sessions = self._take(node, act, oracle)
                self._arrive(node, act, sessions, tuple(oracle.decided))
            except SmtuiError:
                self.is_bounded = True  # it never comes to rest this way
            for decided in oracle.others:
                odd = sum(choice.odd for choice in decided)
                heappush(ways, _Way(odd, next(order), decided))
        self.is_bounded = True

    def _take(self, node: _Node | None, act: Act | None, oracle: Oracle) -> Sessions:
        if node is None:
            sessions = Sessions(
                world=oracle, load=self.subject.load_child, most_steps=MOST_STEPS
            )
            sessions.begin(self.subject.chart, self.data)
            return sessions
        sessions = node.sessions.fork(oracle)
        sessions.steps.clear()
        match act:
            case SendEvent(event, payload):
                sessions.send(MAIN, event, payload)
            case After(seconds):
                sessions.advance(seconds)
            case AddJob(type_, data):
                sessions.queue.add(f"job-{len(sessions.queue.jobs) + 1}", type_, data)
            case Elsewhere(peers):
                sessions.queue.let_move(*peers)
            case None:
                pass
        sessions.run()
        return sessions

    def _arrive(
        self,
        node: _Node | None,
        act: Act | None,
        sessions: Sessions,
        decided: tuple[Choice, ...],
    ) -> None:
        """Take note of what a step reached, and go on from where it ended."""
        snapshot = sessions.snapshot(MAIN)
        edge = Edge(act, decided, sessions.leaves(MAIN), snapshot.status)
        path = (edge,) if node is None else (*node.path, edge)
        for name, step in sessions.steps:
            if name == MAIN:
                entered, taken = seen_by(self.subject.chart, step)
                for key in entered:
                    _keep(self.states, key, path)
                for key in taken:
                    _keep(self.transitions, key, path)
        where, what = _place(sessions)
        if what in self.known or snapshot.status in {Status.FINAL, Status.FAILED}:
            return
        self.known.add(what)
        self.alike[where] += 1
        if self.alike[where] > MOST_ALIKE:
            self.is_bounded = True
            return
        self.queue.append(_Node(sessions, path))


def _keep(paths: dict[str, tuple[Edge, ...]], key: str, path: tuple[Edge, ...]) -> None:
    """Keep a path that is the first, or as short and more usual than the first."""
    known = paths.get(key)
    if known is None or (len(path), _odd(path)) < (len(known), _odd(known)):
        paths[key] = path


def _odd(path: tuple[Edge, ...]) -> int:
    return sum(choice.odd for edge in path for choice in edge.choices)


def find_paths(
    subject: Subject,
    data: Mapping[str, Json] | None = None,
    *,
    most_places: int = MOST_PLACES,
) -> Paths:
    """Search a machine that begins with this data."""
    search = _Search(subject, senses_of(subject.chart), data or {}, most_places)
    search.run()
    states = states_of(subject.chart)
    transitions = transitions_of(subject.chart)
    bound = search.places if search.is_bounded else None
    scope = Scope(subject.chart, frozenset(search.states), bound)
    return Paths(
        subject,
        _found(states, search.states),
        _found(transitions, search.transitions),
        tuple(
            Missed(one, why_state(scope))
            for one in states
            if one.key not in search.states
        ),
        tuple(
            Missed(one, why_transition(scope, one))
            for one in transitions
            if one.key not in search.transitions
        ),
        search.places,
        search.is_bounded,
    )


def _found(
    places: Sequence[Place], paths: Mapping[str, tuple[Edge, ...]]
) -> tuple[Found, ...]:
    return tuple(Found(one, paths[one.key]) for one in places if one.key in paths)


# ------------------------------------------------------------ places, told apart


def _place(sessions: Sessions) -> tuple[str, str]:
    """Return where the machines are, and that with their data."""
    where: list[Json] = []
    what: list[Json] = []
    for instance in sessions.store:
        snapshot = sessions.snapshot(instance)
        pending: list[Json] = [*map(_pending, snapshot.pending.values())]
        cursor = snapshot.cursor
        place: Json = None
        if cursor is not None:
            place = [cursor.state, cursor.transition, cursor.offset]
        where.append([instance, [*snapshot.configuration], place])
        history: Json = {key: [*value] for key, value in snapshot.history.items()}
        inbox: Json = [event.name for event in sessions.store.kept(instance).inbox]
        what.append([dict(snapshot.data), history, pending, inbox])
    jobs: list[Json] = [[j.type, j.status] for j in sessions.queue.jobs.values()]
    coming = repr([(name, one.answer, one.patch) for name, one in sessions.under_way()])
    first = json.dumps(where)
    return first, f"{first} {json.dumps([what, jobs], sort_keys=True)} {coming}"


def _pending(entry: object) -> Json:
    match entry:
        case TimerEntry(run=RunEntry() as run):
            return ["retry", run.action, run.tries]
        case TimerEntry(event=event, owner=owner):
            return ["timer", event, owner]
        case RunEntry(action=action, tries=tries):
            return ["run", action, tries]
        case WatchEntry(on=on):
            return ["watch", *on]
        case ChildEntry(site=site):
            return ["child", site]
        case _:
            return None
