"""What an instance does next: a batch of steps, decided before it is written.

Pure: the driver chooses, the stepper steps, and what comes out is a Batch of
values. The machine commits it and only then lets it count; a batch that could
not be committed is thrown away and decided again from what is true then.

A batch ends when nothing more can be stepped, when something was asked of the
outside (its performance must not wait), or at the store's most steps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smtui.chart.values import (
    At,
    Done,
    Event,
    Given,
    Ignored,
    In,
    Log,
    Rejected,
    Result,
    Run,
    Snapshot,
    Step,
)
from smtui.definition import Json
from smtui.driver import Offer, Wait, choose
from smtui.errors import StepError
from smtui.runtime.records import Turn, write_of, write_of_step
from smtui.stepper import Ask, Chart, start, step
from smtui.store import (
    MAX_STEPS,
    Handled,
    InboxKind,
    InboxRow,
    InboxStatus,
    StepWrite,
)

__all__ = ["Batch", "Hand", "begin", "take_turns"]


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
    logs: list[Log] = field(default_factory=list[Log])
    steps: int = 0
    idle: int = 0
    ignored: int = 0
    problem: str = ""
    """The last thing an operator should know of, or ''."""
    until: At | None = None
    """When something can be stepped again, if nothing comes in before; None
    also while there is more to step now."""


def begin(chart: Chart, data: Mapping[str, Json], given: Given) -> Batch:
    """Return the batch that begins a run."""
    first = start(chart, data, given)
    batch = Batch(first.snapshot)
    _add(batch, Turn(None, None, None, first), {})
    return batch


def take_turns(chart: Chart, hand: Hand, at: At, *, ends: bool = False) -> Batch:
    """Return the next steps; with `ends` only those that results ask for.

    Raises what the first step raises: StepError, and a mistake of ours. The
    store blames the oldest waiting event for a process that ends by it.
    """
    batch = Batch(hand.snapshot)
    waiting = [] if ends else list(hand.events)
    results = list(hand.done)
    while len(batch.writes) < MAX_STEPS and (results or not ends):
        offer = Offer(at, results, waiting, hand.counters)
        given = choose(chart, batch.snapshot, offer)
        if isinstance(given, Wait):
            batch.until = given.until
            break
        row = None
        if isinstance(given, Event):
            waiting.remove(given)
            given, row = given._replace(at=at), hand.rows[given.id]
            if _refuse(batch, row):
                continue
        elif isinstance(given, Done):
            results.remove(given)
        try:
            taken = _step(chart, batch.snapshot, given)
        except Exception:
            if not batch.writes:
                raise
            break  # commit the good ones, so that the culprit comes first
        if _add(batch, Turn(batch.snapshot, given, row, taken), hand.seconds):
            break
    return batch


def _step(chart: Chart, snapshot: Snapshot, given: In) -> Step:
    """Return the step. Raises StepError when it needs an author's answer."""
    taken = step(chart, snapshot, given)
    if isinstance(taken, Ask):
        names = ", ".join(question.name for question in taken.questions)
        raise StepError(f"nobody answers for {names}", hint="bind it to a function")
    return taken


def _add(batch: Batch, turn: Turn, seconds: Mapping[str, float]) -> bool:
    """Add a step to the batch; return whether the batch ends with it."""
    taken, row = turn.taken, turn.row
    write = write_of_step(turn, seconds)
    batch.writes.append(write)
    runs = [effect for effect in taken.effects if isinstance(effect, Run)]
    batch.runs += runs
    batch.logs += [effect for effect in taken.effects if isinstance(effect, Log)]
    if row is not None:
        batch.handled.append(row.id)
        batch.ignored += isinstance(taken.outcome, Ignored | Rejected)
    if isinstance(turn.given, Done):
        batch.used.append(turn.given.id)
    batch.steps += not taken.is_idle
    batch.idle += taken.is_idle
    batch.problem = _problem(turn) or batch.problem
    batch.snapshot = taken.snapshot
    return bool(write.queries or runs or write.finish)


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
    if not why:
        return False
    batch.handled.append(row.id)
    batch.ignored += 1
    batch.problem = f"{row.event} rejected: {why}"
    handled = Handled(row.seq, InboxStatus.REJECTED, why)
    batch.writes.append(write_of(snapshot, inbox=(handled,)))
    return True


def _refusal(row: InboxRow, snapshot: Snapshot) -> str:
    if row.kind is not InboxKind.EVENT:
        return f"this version does not carry out {row.kind.value!r}"
    if row.instance != snapshot.instance:
        return f"this machine has no instance {row.instance!r}"
    if row.if_state and row.if_state not in snapshot.configuration:
        found = ", ".join(snapshot.configuration)
        return f"only if in {row.if_state}, but it was in {found}"
    return ""
