"""What the store is to keep of a step.

Pure. The journal row says what came in, what moved and what was asked; beside
it stands what a World action gave, because no replay can ask it again.
"""

from collections.abc import Mapping
from typing import NamedTuple, assert_never

from smtui.chart import encode
from smtui.chart.messages import Answer, Send
from smtui.chart.values import (
    Done,
    Finish,
    Ignored,
    In,
    Kind,
    Outcome,
    Query,
    Raised,
    Rejected,
    Result,
    RunEntry,
    Settle,
    Snapshot,
    Step,
    Taken,
)
from smtui.definition import Json
from smtui.driver import journal
from smtui.runtime.farewell import farewell
from smtui.store import Handled, InboxRow, InboxStatus, JournalRow, StepWrite

__all__ = ["Turn", "write_of", "write_of_step"]

_SHOWN_CHARS = 4000
"""Of a text in a result the journal keeps this much; the data has it whole."""


class Turn(NamedTuple):
    """One step with what led to it."""

    before: Snapshot | None
    """None for the step that begins a run."""
    given: In | None
    row: InboxRow | None
    """The row of the inbox, when an event was given."""
    taken: Step
    answers: tuple[Answer, ...] = ()
    """What the author's guards said."""


def write_of_step(turn: Turn, seconds: Mapping[str, float]) -> StepWrite:
    """Return all that a step changes.

    `seconds` has how long World actions took, by pending id.
    """
    after = turn.taken.snapshot
    effects = turn.taken.effects
    finish = next((e for e in effects if isinstance(e, Finish)), None)
    last = farewell(after, finish)
    handled: tuple[Handled, ...] = ()
    if turn.row is not None and turn.taken.is_open:
        handled = (Handled(turn.row.seq, InboxStatus.PENDING),)
    elif turn.row is not None:
        handled = (_handled(turn.row, turn.taken.outcome),)
    return StepWrite(
        instance=after.instance,
        snapshot=encode(after),
        status=after.status.value,
        configuration=after.configuration,
        journal=_journal(turn, seconds),
        inbox=handled,
        consumed=_consumed(turn),
        queries=tuple(e for e in effects if isinstance(e, Query)),
        settles=tuple(e for e in effects if isinstance(e, Settle)),
        sends=(*(e for e in effects if isinstance(e, Send)), *([last] if last else [])),
        finish=finish,
    )


def write_of(
    snapshot: Snapshot,
    *,
    queries: tuple[Query, ...] = (),
    inbox: tuple[Handled, ...] = (),
) -> StepWrite:
    """Return a write that is no step: nothing moved, nothing is journalled."""
    return StepWrite(
        instance=snapshot.instance,
        snapshot=encode(snapshot),
        status=snapshot.status.value,
        configuration=snapshot.configuration,
        queries=queries,
        inbox=inbox,
    )


def _journal(turn: Turn, seconds: Mapping[str, float]) -> JournalRow | None:
    row = journal(turn.before, turn.given, turn.taken)
    if row is None:
        return None
    done = turn.given if isinstance(turn.given, Done) else None
    return JournalRow(
        seq=row.seq,
        run=row.run,
        at=row.at,
        cause=row.cause,
        event=row.event,
        from_=row.from_,
        to=row.to,
        outcome=row.outcome,
        why=row.why,
        micro=row.micro,
        answers=_answers(turn, done),
        data_patch=row.data_patch,
        effects=row.effects,
        duration_s=0.0 if done is None else seconds.get(done.id, 0.0),
        definition_hash=turn.taken.snapshot.chart_hash,
    )


def _answers(turn: Turn, done: Done | None) -> Json:
    """Return what came from outside the core, so that no replay asks for it again."""
    found = None if done is None else _answer(turn.before, done)
    if not turn.answers:
        return found
    guards: list[Json] = [_kept(answer) for answer in turn.answers]
    kept: dict[str, Json] = found if isinstance(found, dict) else {}
    return {**kept, "guards": guards}


def _kept(answer: Answer) -> dict[str, Json]:
    """Return an answer; what it says nothing of is left out."""
    kept: dict[str, Json] = {
        "id": answer.id,
        "holds": answer.holds,
        "error": answer.error,
    }
    if answer.said:
        kept |= {"said": answer.said, "topics": dict(answer.topics)}
    return kept


def _answer(before: Snapshot | None, done: Done) -> Json:
    """Return what a World action gave.

    What a Store action gave stands in the data patch.
    """
    entry = None if before is None else before.pending.get(done.id)
    if not isinstance(entry, RunEntry) or entry.kind is Kind.STORE:
        return None
    gave: dict[str, Json]
    match done.answer:
        case Result(value):
            gave = {key: _short(each) for key, each in value.items()}
        case Raised(message, kind):
            gave = {"raised": _short(message), "kind": kind}
        case interrupted:
            gave = {"interrupted": interrupted.why}
    return {"id": done.id, "action": entry.action, "gave": gave}


def _short(value: Json) -> Json:
    if isinstance(value, str) and len(value) > _SHOWN_CHARS:
        return f"{value[:_SHOWN_CHARS]}…"
    return value


def _consumed(turn: Turn) -> tuple[str, ...]:
    """Return the id of a stored result that was stepped."""
    if turn.before is None or not isinstance(turn.given, Done):
        return ()
    entry = turn.before.pending.get(turn.given.id)
    is_stored = isinstance(entry, RunEntry) and entry.kind is Kind.STORE
    return (turn.given.id,) if is_stored else ()


def _handled(row: InboxRow, outcome: Outcome) -> Handled:
    match outcome:
        case Ignored(why):
            return Handled(row.seq, InboxStatus.IGNORED, why)
        case Rejected(_, why):
            return Handled(row.seq, InboxStatus.REJECTED, why)
        case Taken(why):
            return Handled(row.seq, InboxStatus.TAKEN, why)
        case _:
            assert_never(outcome)
