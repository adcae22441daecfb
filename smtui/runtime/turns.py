"""What an instance does next: a batch of steps, decided before it is written.

Pure: the driver chooses, the stepper steps, and what comes out is a Batch of
values. The machine commits it and only then lets it count; a batch that could
not be committed is thrown away and decided again from what is true then.

A batch ends when nothing more can be stepped, when something was asked of the
outside (its performance must not wait), or at the store's most steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

from smtui.chart.messages import Answer, Question
from smtui.chart.values import (
    At,
    CancelChild,
    Cancelled,
    Done,
    Event,
    Fired,
    Given,
    Ignored,
    In,
    Log,
    Rejected,
    Result,
    Run,
    Snapshot,
    StartChild,
    Step,
    Woken,
)
from smtui.definition import Json
from smtui.driver import Offer, Wait, choose
from smtui.runtime.records import Turn, write_of, write_of_step
from smtui.stepper import Chart, start, step
from smtui.store import (
    MAX_STEPS,
    Handled,
    InboxKind,
    InboxRow,
    InboxStatus,
    Sight,
    StepWrite,
)

__all__ = [
    "Answers",
    "Asked",
    "Batch",
    "Hand",
    "Sights",
    "begin",
    "end_early",
    "refuse",
    "take_turns",
]


Sights: TypeAlias = dict[tuple[str, str], Sight]
"""Where other machines are, by name and the instance that was asked for."""


class Answers(NamedTuple):
    """What the author's guards said, asked while an input was stepped."""

    input: str
    """Which input: nothing they say is true of another."""
    given: tuple[Answer, ...]
    sights: Mapping[tuple[str, str], Sight] = MappingProxyType({})
    """What was seen of other machines meanwhile: all guards see the same."""


class Asked(NamedTuple):
    """An input that cannot be stepped before these are answered."""

    input: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Hand:
    """What an instance has to choose from."""

    snapshot: Snapshot
    events: Sequence[Event] = ()
    """Unhandled, in order of acceptance; stepped, they get the instant."""
    rows: Mapping[str, InboxRow] = field(default_factory=dict[str, InboxRow])
    """The rows of the inbox they are from, by id."""
    done: Sequence[Done] = ()
    counters: Mapping[str, int] = field(default_factory=dict[str, int])
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    """Pending id -> how long its World action took."""
    answers: Answers | None = None
    """What the author's guards said of one input."""


@dataclass(slots=True)
class Batch:
    """Steps to commit together, and what follows from them."""

    snapshot: Snapshot
    writes: list[StepWrite] = field(default_factory=list[StepWrite])
    handled: list[str] = field(default_factory=list[str])
    """Ids of the events that were stepped or refused."""
    used: list[str] = field(default_factory=list[str])
    """Pending ids whose results were stepped."""
    runs: list[Run] = field(default_factory=list[Run])
    family: list[StartChild | CancelChild] = field(
        default_factory=list[StartChild | CancelChild]
    )
    """Instances, or machines, to begin and to end in the same commit."""
    asked: Asked | None = None
    """What must be answered first; the batch is empty then."""
    logs: list[Log] = field(default_factory=list[Log])
    steps: int = 0
    idle: int = 0
    ignored: int = 0
    problem: str = ""
    """The last thing an operator should know of, or ''."""
    until: At | None = None
    """When something can be stepped again, if nothing comes in before; None
    also while there is more to step now."""


def begin(
    chart: Chart,
    data: Mapping[str, Json],
    given: Given,
    row: InboxRow | None = None,
) -> Batch:
    """Return the batch that begins a run; `row` is the order to begin it."""
    first = start(chart, data, given)
    batch = Batch(first.snapshot)
    _add(batch, Turn(None, None, row, first), {})
    return batch


def take_turns(
    chart: Chart, hand: Hand, at: At, *, ends: bool = False, most: int = MAX_STEPS
) -> Batch:
    """Return the next steps; with `ends` only those that results ask for.

    Raises what the first step raises: StepError, and a mistake of ours. The
    store blames the oldest waiting event for a process that ends by it.
    """
    batch = Batch(hand.snapshot)
    waiting = [] if ends else list(hand.events)
    results = list(hand.done)
    while len(batch.writes) < most and (results or not ends):
        offer = Offer(at, results, waiting, hand.counters)
        given = choose(chart, batch.snapshot, offer)
        if isinstance(given, Wait):
            batch.until = given.until
            break
        if isinstance(given, Event):
            waiting.remove(given)
            given = given._replace(at=at)
            if _refuse(batch, hand.rows[given.id]):
                continue
        elif isinstance(given, Done):
            results.remove(given)
        turn = _turn(chart, batch, given, hand)
        if turn is None or _add(batch, turn, hand.seconds):
            break
        if turn.taken.settles:
            waiting = [each for each in waiting if each.id != turn.taken.settles]
    return batch


def _turn(chart: Chart, batch: Batch, given: In, hand: Hand) -> Turn | None:
    """Return the next step, or None when the batch ends before it."""
    answers = _fitting(hand.answers, given)
    row = hand.rows.get(given.id) if isinstance(given, Event) else None
    try:
        taken = step(chart, batch.snapshot, given, answers)
    except Exception:
        if not batch.writes:
            raise
        return None  # commit the good ones, so that the culprit comes first
    if isinstance(taken, Step):
        if taken.settles:
            row = hand.rows.get(taken.settles)  # None: an operator has dropped it
        return Turn(batch.snapshot, given, row, taken, answers)
    if not batch.writes:  # else it is asked again, after the commit
        batch.asked = Asked(name_of(given), taken.questions)
    return None


def name_of(given: In) -> str:
    """Return what tells one input of an instance from another."""
    return given.id if isinstance(given, Event | Done | Fired | Woken) else "go"


def _fitting(answers: Answers | None, given: In) -> tuple[Answer, ...]:
    if answers is None or answers.input != name_of(given):
        return ()
    return answers.given


def end_early(chart: Chart, batch: Batch, at: At) -> None:
    """Add the step that ends an invoked instance: its parent has left the state."""
    given = Cancelled(at)
    taken = step(chart, batch.snapshot, given)
    if isinstance(taken, Step):
        _add(batch, Turn(batch.snapshot, given, None, taken), {})


def refuse(batch: Batch, rows: Iterable[InboxRow], why: str) -> None:
    """Refuse rows, whatever they are."""
    for row in rows:
        _reject(batch, row, why)


def _add(batch: Batch, turn: Turn, seconds: Mapping[str, float]) -> bool:
    """Add a step to the batch; return whether the batch ends with it."""
    taken, row = turn.taken, turn.row
    write = write_of_step(turn, seconds)
    batch.writes.append(write)
    runs = [effect for effect in taken.effects if isinstance(effect, Run)]
    batch.runs += runs
    family = [e for e in taken.effects if isinstance(e, StartChild | CancelChild)]
    batch.family += family
    batch.logs += [effect for effect in taken.effects if isinstance(effect, Log)]
    if row is not None and not taken.is_open:
        batch.handled.append(row.id)
        batch.ignored += isinstance(taken.outcome, Ignored | Rejected)
    if isinstance(turn.given, Done):
        batch.used.append(turn.given.id)
    batch.steps += not taken.is_idle
    batch.idle += taken.is_idle
    batch.problem = _problem(turn) or batch.problem
    batch.snapshot = taken.snapshot
    return bool(write.queries or runs or family or write.finish)


def _problem(turn: Turn) -> str:
    match turn.taken.outcome:
        case Ignored(why) if turn.row is not None:
            return f"{turn.row.event} ignored: {why}"
        case Rejected(_, why) if turn.row is not None:
            return f"{turn.row.event} rejected: {why}"
        case _:
            before: Mapping[str, Json] = turn.before.data if turn.before else {}
            error = turn.taken.snapshot.data.get("last_error")
            is_new = error is not None and error is not before.get("last_error")
            return str(error) if is_new and not _is_foreseen(turn) else ""


def _is_foreseen(turn: Turn) -> bool:
    """Say whether a command ended as its author wrote: error_mappings took it."""
    given, micro = turn.given, turn.taken.micro
    if not isinstance(given, Done) or not isinstance(given.answer, Result):
        return False
    has_exit = isinstance(given.answer.value.get("exit"), int)
    return has_exit and bool(micro) and micro[0].event != "error"


# -------------------------------------------------------------- refusals


def _refuse(batch: Batch, row: InboxRow) -> bool:
    """Refuse a row that takes no effect whatever the chart says."""
    snapshot = batch.snapshot
    why = _refusal(row, snapshot)
    if why:
        _reject(batch, row, why)
    return bool(why)


def _reject(batch: Batch, row: InboxRow, why: str) -> None:
    batch.handled.append(row.id)
    batch.ignored += 1
    batch.problem = f"{row.event} rejected: {why}"
    handled = Handled(row.seq, InboxStatus.REJECTED, why)
    batch.writes.append(write_of(batch.snapshot, inbox=(handled,)))


def _refusal(row: InboxRow, snapshot: Snapshot) -> str:
    if row.kind is InboxKind.CREATE:
        return f"there is an instance {row.instance!r} already"
    if row.kind is not InboxKind.EVENT:
        return f"this version does not carry out {row.kind.value!r}"
    if row.instance != snapshot.instance:
        return f"this machine has no instance {row.instance!r}"
    if row.if_state and row.if_state not in snapshot.configuration:
        found = ", ".join(snapshot.configuration)
        return f"only if in {row.if_state}, but it was in {found}"
    return ""
