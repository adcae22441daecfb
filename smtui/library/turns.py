"""One turn of an entity: an input, and all that follows until it rests.

The turn is a generator over the pure core. It asks for what the core does not
do (a guard's answer, an action done, a step kept) and is driven twice, with
and without await, so that both doors do exactly the same.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from smtui.chart import StateChart
from smtui.chart.messages import Answer, Ask, Question
from smtui.chart.values import (
    At,
    Done,
    Fired,
    Go,
    In,
    RunEntry,
    Snapshot,
    Step,
    TimerEntry,
)
from smtui.definition import Json
from smtui.stepper import step, wants_go

__all__ = [
    "Judge",
    "Keep",
    "Outside",
    "Perform",
    "Reply",
    "Request",
    "Rest",
    "Turn",
    "Validate",
    "Verdict",
    "answers_to",
    "drive",
    "drive_async",
    "settle",
    "take",
]


@dataclass(frozen=True, slots=True)
class Judge:
    """Answer a guard that is author's code: reply with an Answer."""

    question: Question


@dataclass(frozen=True, slots=True)
class Perform:
    """Do an author's action: reply with its Done."""

    id: str
    entry: RunEntry
    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class Keep:
    """A step was taken: keep it before anything else is done."""

    step: Step


@dataclass(frozen=True, slots=True)
class Validate:
    """Check a context before guards are asked: reply with a Verdict."""

    state: str
    trigger: str
    context: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a context; nothing if `errors` is empty."""

    errors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rest:
    """Wait until an action is tried again: reply with the instant then."""

    until: At


Request: TypeAlias = Judge | Perform | Keep | Validate | Rest
Reply: TypeAlias = Answer | Done | Verdict | At | None
_T = TypeVar("_T")
Turn: TypeAlias = Generator[Request, Reply, _T]


class Outside(Protocol):
    """Whoever does what a turn asks for, without and with await."""

    def do(self, request: Request) -> Reply:
        """Do it now. Raises FSMError where it must be awaited."""
        ...

    async def ado(self, request: Request) -> Reply:
        """Do it."""
        ...


def drive(turn: Turn[_T], outside: Outside) -> _T:
    """Run a turn to its end without an event loop."""
    reply: Reply = None
    while True:
        try:
            request = turn.send(reply)
        except StopIteration as stop:
            value: _T = stop.value
            return value
        reply = outside.do(request)


async def drive_async(turn: Turn[_T], outside: Outside) -> _T:
    """Run a turn to its end, awaiting what is async."""
    reply: Reply = None
    while True:
        try:
            request = turn.send(reply)
        except StopIteration as stop:
            value: _T = stop.value
            return value
        reply = await outside.ado(request)


def take(
    chart: StateChart,
    snapshot: Snapshot,
    given: In,
    begun: Callable[[Step], None] | None = None,
    said: Sequence[Answer] = (),
) -> Turn[list[Step]]:
    """Step an input and all that follows: actions, and what waits for them.

    `begun` is told of the first step, when it is kept and no action is done.
    `said` is what guards have said to the input already.
    """
    first = yield from _step(chart, snapshot, given, said)
    if begun is not None:
        begun(first)
    return [first, *(yield from settle(chart, first.snapshot))]


def settle(chart: StateChart, snapshot: Snapshot) -> Turn[list[Step]]:
    """Do what a snapshot has in hand, until it waits for an event."""
    steps: list[Step] = []
    while True:
        given = yield from _next(chart, snapshot)
        if given is None:
            return steps
        steps.append((yield from _step(chart, snapshot, given)))
        snapshot = steps[-1].snapshot


def _next(chart: StateChart, snapshot: Snapshot) -> Turn[In | None]:
    """Return what comes of the action in hand, a Go, or None at rest."""
    for id_, entry in snapshot.pending.items():
        if isinstance(entry, RunEntry) and not entry.invoke_id:
            done = yield Perform(id_, entry, snapshot)
            if isinstance(done, Done):
                return done
        if isinstance(entry, TimerEntry) and entry.run is not None:
            at = yield Rest(entry.due)
            if isinstance(at, At):
                return Fired(id_, at)
    return Go(snapshot.stepped) if wants_go(chart, snapshot) else None


def _step(
    chart: StateChart, snapshot: Snapshot, given: In, said: Sequence[Answer] = ()
) -> Turn[Step]:
    """Take one step, asking for every guard that is author's code."""
    answers = [*said]
    taken = step(chart, snapshot, given, answers)
    while isinstance(taken, Ask):
        answers += yield from answers_to(taken.questions)
        taken = step(chart, snapshot, given, answers)
    yield Keep(taken)
    return taken


def answers_to(questions: Sequence[Question]) -> Turn[list[Answer]]:
    """Ask what guards say."""
    found: list[Answer] = []
    for question in questions:
        answer = yield Judge(question)
        if isinstance(answer, Answer):
            found.append(answer)
    return found
