"""Invokes: SCXML 6.4. Children begin when a macrostep ends in their state.

A child chart is an instance of its own, with its own snapshot; a machine of
the fleet is started and stopped; any other type is an author's action, whose
result is `done.invoke.ID`. Leaving the state cancels all three.
"""

from collections.abc import Sequence

from smtui.chart.keys import key_of
from smtui.chart.messages import Message, MessageKind
from smtui.chart.tree.content import run_site, values_of
from smtui.chart.tree.model import Invoked, State
from smtui.chart.tree.sending import children_of, deliver
from smtui.chart.tree.work import Place, Work
from smtui.chart.values import (
    CancelChild,
    ChildEntry,
    Kind,
    Run,
    RunEntry,
    StartChild,
)
from smtui.definition import Invoke, Json, TreeDefinition
from smtui.errors import EvaluationError
from smtui.expr import UNDEFINED

__all__ = ["begin_invokes", "end_invokes", "forward", "is_stale"]

_CHART_TYPES = frozenset(
    {"", "scxml", "http://www.w3.org/TR/scxml", "http://www.w3.org/TR/scxml/"}
)
MACHINE = "machine"


def begin_invokes(work: Work) -> None:
    """Begin the invokes of the states entered, in document order."""
    entered, work.invoking = work.invoking, 0
    for state in work.chart.tree.among(entered):
        for invoked in state.invokes:
            try:
                _begin(work, state, invoked)
            except EvaluationError as problem:
                place = Place("invoke", invoked.invoke.at)
                work.raise_error("error.execution", str(problem), place=place)


def _begin(work: Work, state: State, invoked: Invoked) -> None:
    """Begin one invoke. Raises EvaluationError when its arguments have no value."""
    invoke = invoked.invoke
    id_ = work.new_id()
    invoke_id = invoke.id or f"{state.id}.{id_}"
    if invoke.id_location is not None:
        location = work.chart.tree.code.compiled(invoke.id_location)
        work.change(location.assign(work.scope(), invoke_id))
    type_ = work.text(invoke.type)
    src = work.text(invoke.src)
    data = values_of(work, invoke.params)
    if type_ in _CHART_TYPES or type_ == MACHINE:
        content = _content(work, invoke)
        if type_ == MACHINE:
            data, content = _context(work, invoke, content, data), None
        entry = ChildEntry(
            instance=f"{work.before.instance}.{work.before.run}.{invoke_id}.{id_}",
            invoke_id=invoke_id,
            owner=state.id,
            site=invoked.site,
            data=data,
            type=MACHINE if type_ == MACHINE else "",
            src=src,
            content=content,
        )
        work.pending[id_] = entry
        work.effects.append(StartChild(id_, entry))
        return
    name = src or type_
    key = key_of(work.cause, work.before.instance, work.before.turn + 1, invoked.site)
    run = RunEntry(
        Kind.WORLD, name, data, key, state.id, since=work.at, invoke_id=invoke_id
    )
    work.pending[id_] = run
    work.effects.append(Run(id_, run))


def _content(work: Work, invoke: Invoke) -> Json:
    """Return the chart an expression gives; one written inline is at its site."""
    if invoke.content is None or isinstance(invoke.content, TreeDefinition):
        return None
    value = work.value(invoke.content)
    if value is UNDEFINED:
        raise EvaluationError(f"{invoke.content.text!r} gives no chart to invoke")
    return value


def _context(
    work: Work, invoke: Invoke, content: Json, params: dict[str, Json]
) -> dict[str, Json]:
    """Return what a machine begins with: its content, and over it the params."""
    if invoke.gives_data:
        return {k: v for k, v in work.data.items() if not k.startswith("_")}
    if content is None:
        return params
    if not isinstance(content, dict):
        raise EvaluationError(
            f"{content!r} is no data for a machine to begin with: expected an object"
        )
    return {**content, **params}


def end_invokes(work: Work, state: State) -> None:
    """Cancel what a state has invoked."""
    for id_, entry in [*work.pending.items()]:
        if isinstance(entry, ChildEntry) and entry.owner == state.id:
            del work.pending[id_]
            is_machine = entry.type == MACHINE
            work.effects.append(CancelChild(id_, entry.instance, is_machine))
        elif (
            isinstance(entry, RunEntry) and entry.invoke_id and entry.owner == state.id
        ):
            del work.pending[id_]
            work.effects.append(CancelChild(id_))


def is_stale(work: Work, message: Message) -> bool:
    """Say whether it would be taken for the word of another invocation.

    What was invoked before under the same id may have ended just before it was
    left: its end waits behind the event that led out of the state.
    """
    invoke_id, origin = message.invoke_id, message.origin
    is_end = message.name == f"done.invoke.{invoke_id}"
    if not origin or not (is_end or message.kind is MessageKind.PLATFORM):
        return False
    alive = [e.instance for e in children_of(work) if e.invoke_id == invoke_id]
    return bool(alive) and origin not in {f"#_scxml_{each}" for each in alive}


def forward(work: Work, message: Message) -> None:
    """Finalize what comes from a child, and hand the event on to those that ask.

    SCXML 6.5 and 6.4.2, before transitions are looked for. Not its own end to a
    child: 6.4 makes `done.invoke` the last of an invocation, so there is nobody
    left to forward to.
    """
    done = f"done.invoke.{message.invoke_id}"
    is_end = bool(message.invoke_id) and message.name == done
    for entry in _in_document_order(work, [*children_of(work)]):
        invoked = work.chart.tree.invoked.get(entry.site)
        if invoked is None:
            continue
        is_its = entry.invoke_id == message.invoke_id
        if is_its and invoked.finalize is not None:
            run_site(work, invoked.finalize)
        if invoked.invoke.autoforward and not (is_its and is_end):
            deliver(work, message, f"#_{entry.invoke_id}")
    if is_end:
        for id_, ended in [*work.pending.items()]:
            if isinstance(ended, ChildEntry) and ended.invoke_id == message.invoke_id:
                del work.pending[id_]


def _in_document_order(
    work: Work, entries: Sequence[ChildEntry]
) -> Sequence[ChildEntry]:
    numbers = work.chart.tree.numbers
    return sorted(entries, key=lambda entry: numbers[entry.owner])
