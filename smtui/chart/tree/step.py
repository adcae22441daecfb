"""The step of a statechart: one input, one macrostep, all it changes and asks.

    step(chart, snapshot, input, answers=()) -> Step | Ask

A guard that is author's code stops the step with an Ask; the same step is
taken again with all answers so far, and evaluates the same guards in the same
order. A macrostep that awaits an author's action (`awaits_calls`) ends there
and is taken up by the action's result.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from smtui.chart.birth import require_own, unborn
from smtui.chart.keys import key_of
from smtui.chart.messages import Answer, Ask, Message, MessageKind
from smtui.chart.questions import Unanswered, by_id
from smtui.chart.tree.chart import StateChart
from smtui.chart.tree.content import call_again, run_block
from smtui.chart.tree.failing import failed
from smtui.chart.tree.invoking import forward, is_stale
from smtui.chart.tree.keeping import asked, broken_by, given, left_out
from smtui.chart.tree.macrostep import (
    Endless,
    bind,
    carry_out,
    finish,
    go_on,
    resume,
    run_on,
)
from smtui.chart.tree.quick import quick_step
from smtui.chart.tree.sending import deliver
from smtui.chart.tree.unwanted import not_taken
from smtui.chart.tree.work import Work
from smtui.chart.values import (
    At,
    Cancelled,
    Data,
    Done,
    Effect,
    Event,
    Finish,
    Fired,
    Given,
    Go,
    Ignored,
    In,
    Interrupted,
    Log,
    Raised,
    Rejected,
    Result,
    RunEntry,
    Snapshot,
    Status,
    Step,
    TimerEntry,
    WatchEntry,
    Woken,
)
from smtui.definition import Json, Language, Normalizer
from smtui.errors import StepError

__all__ = ["start", "step"]

_ALIVE = frozenset({Status.RUNNING, Status.ENDING})


# ------------------------------------------------------------------- beginning


def start(chart: StateChart, data: Data, given: Given) -> Step:
    """Begin a run: bind the data, enter the initial states, go on until stable.

    Where a guard of the author's is open, the run begins paused and wants a Go.
    Raises StepError when eventless transitions of the initial states never end.
    """
    work = Work(chart, unborn(chart, {}, given), given.at, given.id)
    try:
        _enter(work, data)
    except Unanswered:
        if work.is_halfway:  # a block has begun: all of it is done again
            work = Work(chart, unborn(chart, {}, given), given.at, given.id)
            work.replace_data(dict(data))
        work.pause = work.waiting()
    return work.freeze()


def _enter(work: Work, data: Data) -> None:
    work.is_routing = False
    _bind_all(work, data)
    carry_out(work, work.chart.kernel.initial())
    if work.pause is None:
        run_on(work)


def _bind_all(work: Work, given: Data) -> None:
    """Bind the data model; what is given replaces the author's first values."""
    definition = work.chart.definition
    own = {item.id for item in definition.data}
    if definition.language in {Language.ECMASCRIPT, Language.NULL}:
        given = {key: value for key, value in given.items() if key in own}
    work.replace_data(dict(given))
    defaults = (v for v in definition.variables if v.default is not None)
    for variable in defaults:
        if variable.key not in given and variable.default is not None:
            work.change({variable.key: work.value(variable.default)})
    bind(work, [item for item in definition.data if item.id not in given])
    if not definition.is_late_bound:
        for node in definition.nodes:
            bind(work, node.data)
    if definition.script:
        run_block(work, definition.script)


# ---------------------------------------------------------------------- a step


def step(
    chart: StateChart, snapshot: Snapshot, given: In, answers: Sequence[Answer] = ()
) -> Step | Ask:
    """Take one input to its end.

    Raises StepError when the snapshot belongs to another chart, and when an
    event comes while an author's action is awaited.
    """
    require_own(chart, snapshot)
    try:
        quick = isinstance(given, Event) and quick_step(chart, snapshot, given, answers)
    except Unanswered as open_:
        return Ask((open_.question,))
    return quick or _long_step(chart, snapshot, given, answers)


def _long_step(
    chart: StateChart, snapshot: Snapshot, given: In, answers: Sequence[Answer]
) -> Step | Ask:
    said = by_id(answers)
    match given:
        case Event():
            work = Work(chart, snapshot, given.at, given.id, said)
            return _taken(work, lambda: _event(work, given))
        case Fired():
            return _fired(chart, snapshot, given, said)
        case Done():
            return _done(chart, snapshot, given, said)
        case Go():
            work = Work(chart, snapshot, given.at, "", said)
            return _taken(work, lambda: _go(work))
        case Cancelled():
            work = Work(chart, snapshot, given.at, "")
            return _taken(work, lambda: _cancelled(work))
        case Woken():
            return _woken(chart, snapshot, given, said)
        case _:
            assert_never(given)


def _taken(work: Work, act: Callable[[], None]) -> Step | Ask:
    """Carry out a step; one that is endless, or breaks the data, is rejected."""
    try:
        act()
    except Unanswered as open_:
        return Ask((open_.question,))
    except Endless as problem:
        return _rejected(work, Rejected("endless", str(problem)))
    refused = None if work.chart.tree.contract is None else broken_by(work)
    if refused is None:
        return work.freeze()
    pause = work.before.pause
    if pause is None:
        return _rejected(work, refused)
    is_go = work.pending.keys() >= work.before.pending.keys()
    return left_out(work, refused, pause, is_go=is_go).freeze()


def _rejected(work: Work, refused: Rejected) -> Step:
    """Return the step that changes nothing but says why; a timer is used up.

    What cannot end after an action that was awaited cannot be taken back: the
    run has failed.
    """
    before = work.before
    kept = {id_: e for id_, e in before.pending.items() if id_ in work.pending}
    snapshot = before._replace(
        data=work.floor,
        pending=kept,
        seq=before.seq + 1,
        turn=before.turn + 1,
        stepped=work.at,
    )
    effects: tuple[Effect, ...] = (Log("error", refused.why),)
    if before.pause is not None:
        snapshot = snapshot._replace(status=Status.FAILED, pause=None, pending={})
        effects = (*effects, Finish(Status.FAILED, before.configuration[-1]))
    return Step(snapshot, effects, refused, ())


def _dropped(chart: StateChart, snapshot: Snapshot, id_: str, at: At) -> Step:
    work = Work(chart, snapshot, at, id_)
    work.outcome = Ignored(f"{id_} is no longer pending")
    return work.freeze()


# ---------------------------------------------------------------------- events


def _event(work: Work, event: Event) -> None:
    if work.status is not Status.RUNNING:
        work.outcome = Ignored(f"the run is {work.status.value}")
        return
    if work.before.pause is not None:
        raise StepError(f"{event.name!r} came while an action is awaited")
    message = event.message or Message(event.name, event.data, origin=event.source)
    message = _normal(work, message)
    refused = None
    if work.chart.tree.contract is not None:
        refused = asked(work, message, _seen(work, message))
    if refused is None:
        _handle(work, message)
    else:
        work.outcome = refused


def _normal(work: Work, message: Message) -> Message:
    normalizer = work.chart.tree.semantics.normalizer
    if normalizer is Normalizer.NONE:
        return message
    return message._replace(name=normalizer.written(message.name))


def _handle(work: Work, message: Message) -> None:
    """Take an external event, and all that follows from it."""
    work.hear(message)
    if message.invoke_id and is_stale(work, message):
        work.outcome = Ignored(f"what {message.invoke_id!r} invoked then was left")
        run_on(work)
        return
    if work.pending and work.chart.tree.invoked:
        forward(work, message)
    data = _seen(work, message)
    move = work.chart.kernel.move(
        work.configuration, message.name, data, work, work.history
    )
    if move.plans:
        if data is not work.data:
            work.replace_data(data)
        carry_out(work, move)
    else:
        not_taken(work, message, data)
    run_on(work)


def _seen(work: Work, message: Message) -> Data:
    """Return the data with the payload, where the semantics merge it."""
    payload: Json = message.data
    if work.chart.tree.semantics.merges_payload and isinstance(payload, dict):
        return {**work.data, **payload} if payload else work.data
    return work.data


def _fired(
    chart: StateChart,
    snapshot: Snapshot,
    fired: Fired,
    answers: Mapping[str, Answer],
) -> Step | Ask:
    entry = snapshot.pending.get(fired.id)
    if not isinstance(entry, TimerEntry) or snapshot.status not in _ALIVE:
        return _dropped(chart, snapshot, fired.id, fired.at)
    if entry.run is not None:
        work = Work(chart, snapshot, fired.at, entry.cause)
        return _retried(work, fired.id, entry.run)
    if snapshot.status is not Status.RUNNING:
        return _dropped(chart, snapshot, fired.id, fired.at)
    cause = key_of(entry.cause, "fired", entry.event)
    work = Work(chart, snapshot, fired.at, cause, answers)
    del work.pending[fired.id]
    return _taken(work, lambda: _due(work, entry))


def _woken(
    chart: StateChart, snapshot: Snapshot, woken: Woken, answers: Mapping[str, Answer]
) -> Step | Ask:
    """Look again at eventless transitions: another machine has moved."""
    entry = snapshot.pending.get(woken.id)
    if not isinstance(entry, WatchEntry) or snapshot.status is not Status.RUNNING:
        return _dropped(chart, snapshot, woken.id, woken.at)
    if snapshot.pause is not None:
        raise StepError("another machine moved while an action is awaited")
    work = Work(chart, snapshot, woken.at, entry.cause, answers)
    work.is_second_look = True
    del work.pending[woken.id]
    return _taken(work, lambda: run_on(work))


def _retried(work: Work, id_: str, run: RunEntry) -> Step:
    """Ask once more for an action that has failed; the rest still waits."""
    del work.pending[id_]
    call_again(work, run, keeps_key=bool(run.key))
    work.pause = work.before.pause
    return work.freeze()


def _due(work: Work, entry: TimerEntry) -> None:
    if work.before.pause is not None:
        raise StepError(f"{entry.event!r} came due while an action is awaited")
    message = entry.message
    if message is None:
        _handle(work, Message(entry.event, kind=MessageKind.PLATFORM))
    elif entry.to in {"", f"#_scxml_{work.before.instance}"}:
        _handle(work, message)
    else:
        deliver(work, message, entry.to)
        run_on(work)


def _go(work: Work) -> None:
    pause = work.before.pause
    if pause is None or work.status not in _ALIVE:
        work.outcome = Ignored("nothing waits to go on")
        return
    if not work.before.configuration:
        _enter(work, work.before.data)
        return
    work.is_second_look = True
    resume(work, pause)
    run_on(work)


def _cancelled(work: Work) -> None:
    if work.status not in _ALIVE:
        work.outcome = Ignored(f"the run is {work.status.value}")
        return
    finish(work, is_cancelled=True)


# ------------------------------------------------------- results of the author's


def _done(
    chart: StateChart, snapshot: Snapshot, done: Done, answers: Mapping[str, Answer]
) -> Step | Ask:
    entry = snapshot.pending.get(done.id)
    if not isinstance(entry, RunEntry) or snapshot.status not in _ALIVE:
        return _dropped(chart, snapshot, done.id, done.at)
    work = Work(chart, snapshot, done.at, entry.key, answers)
    del work.pending[done.id]
    return _taken(work, lambda: _answered(work, entry, done))


def _answered(work: Work, entry: RunEntry, done: Done) -> None:
    if done.patch is not None:
        done = given(work, done, done.patch)
    if entry.invoke_id:
        _invoke_ended(work, entry, done.answer)
        return
    pause = work.before.pause
    if pause is not None:
        resume(work, pause)
    match done.answer:
        case Interrupted(why):
            work.log("warning", f"{entry.action} interrupted: {why}")
        case Raised():
            if failed(work, entry, done.answer, pause):
                return
        case Result():
            pass
    if pause is not None:
        go_on(work, pause.rest)
    run_on(work)


def _invoke_ended(
    work: Work, entry: RunEntry, answer: Result | Raised | Interrupted
) -> None:
    """Tell the chart that an invoked action has ended."""
    name, kind = "error.execution", MessageKind.PLATFORM
    data: dict[str, Json]
    match answer:
        case Result(value):
            name, kind = f"done.invoke.{entry.invoke_id}", MessageKind.EXTERNAL
            data = {**value}
        case Raised(problem):
            data = dict[str, Json](message=problem)
        case Interrupted(why):
            data = dict[str, Json](message=f"interrupted: {why}")
    _handle(work, Message(name, data, invoke_id=entry.invoke_id, kind=kind))
    if isinstance(work.outcome, Rejected):
        work.outcome = Ignored(work.outcome.why)
