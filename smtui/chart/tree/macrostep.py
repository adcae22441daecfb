"""The macrostep: SCXML 3.13, `mainEventLoop`, from one event to stable.

Eventless transitions come before internal events, those before invokes, and
those before the next input. A move that changes only the data is carried out
in one go; any other task by task, so that what a block sees (`In`, the data)
is what is true when it runs.
"""

from collections.abc import Sequence
from typing import assert_never

from smtui.chart.messages import AddressKind, Message, MessageKind, Pause, Send
from smtui.chart.tree.content import Rest, run_site
from smtui.chart.tree.invoking import begin_invokes, end_invokes
from smtui.chart.tree.model import ROOT, Do, State, Task
from smtui.chart.tree.moves import Move, Plan
from smtui.chart.tree.work import Place, Work
from smtui.chart.values import (
    Effect,
    Finish,
    StartTimer,
    Status,
    TimerEntry,
)
from smtui.definition import DataItem, Expression, Json, NodeKind
from smtui.errors import EvaluationError, StepError
from smtui.expr import UNDEFINED, Value

__all__ = [
    "Endless",
    "bind",
    "carry_out",
    "finish",
    "follow",
    "go_on",
    "resume",
    "run_on",
]

MAX_MICROSTEPS = 10_000
"""In one macrostep: a third of a second; more is a circle, or might as well be."""

MAX_ASKING = 200
"""The same where every one of them asks an author's guard: the step is taken
anew after each answer, so time grows with the square."""

_SHOWN = 8
"""Transitions of an endless circle that its message names."""


class Endless(StepError):  # noqa: N818 - named for what it is
    """Eventless transitions or raised events that never come to an end."""


def run_on(work: Work) -> None:
    """Go on until nothing is to be done without another input.

    Raises Endless, and Unanswered for a guard that is author's code.
    """
    while not work.is_over and work.pause is None:
        if len(work.micro) > MAX_ASKING and len(work.micro) > _most(work):
            raise _endless(work)
        if work.configuration.is_restless:
            move = _settled(work)
            if move.plans:
                carry_out(work, move)
                continue
        if work.queue:
            _take(work, work.queue[0])
        elif work.is_routing and work.configuration.is_routed and follow(work):
            continue
        elif work.invoking:
            begin_invokes(work)
        else:
            if work.pending or work.watched:
                work.watch()
            return
    if work.is_over and work.pause is None:
        finish(work)


def _most(work: Work) -> int:
    """Return how many microsteps a macrostep may have, with what it has asked."""
    return MAX_ASKING if work.questions > MAX_ASKING else MAX_MICROSTEPS


def follow(work: Work) -> bool:
    """Go where the data leads; say whether that is elsewhere."""
    kernel = work.chart.kernel
    move = kernel.route(work.configuration, work.data, work, work.history)
    if move.plans:
        carry_out(work, move)
    return bool(move.plans)


def _settled(work: Work) -> Move:
    """Return what eventless transitions do now; what they asked for is kept."""
    led_by = "" if work.message is None else work.message.name
    work.watched, work.is_settling = {}, True
    try:
        move = work.chart.kernel.settle(
            work.configuration, work.data, work, work.history, led_by=led_by
        )
    finally:
        work.is_settling = False
    if move.plans:
        work.watched = {}
    return move


def _take(work: Work, message: Message) -> None:
    """Take the first internal event; it stays queued while a guard is open."""
    work.hear(message)
    move = work.chart.kernel.move(
        work.configuration, message.name, work.data, work, work.history
    )
    del work.queue[0]
    if not move.plans and message.kind is MessageKind.PLATFORM:
        _tell_untaken(work, message)
    carry_out(work, move)


def _tell_untaken(work: Work, message: Message) -> None:
    """Let an operator see an error that the chart does not deal with."""
    if not message.name.startswith("error."):
        return
    told = message.data
    if isinstance(told, dict):
        told = f"<{told['tagname']}> in line {told['line']}: {told['reason']}"
    work.log("warning", f"nothing takes {message.name}: {told}")


def _endless(work: Work) -> Endless:
    seen: list[str] = []
    for micro in reversed(work.micro):
        shown = f"{micro.source} -> {micro.target}"
        if shown in seen or len(seen) == _SHOWN:
            break
        seen.insert(0, shown)
    circle = ", ".join(seen)
    return Endless(
        f"transitions that need nothing from outside never end: {circle}, and again",
        hint="give one of them a guard that ends it",
    )


# ----------------------------------------------------------------- microsteps


def carry_out(work: Work, move: Move) -> None:
    """Do what a move says; stops where an author's action must be waited for."""
    if move.edits is not None:
        work.micro += move.micro
        if move.edits:
            data = work.own_data()
            for edit in move.edits:
                edit(data)
        work.arrive(move.configuration)
        return
    for plan in move.plans:
        _microstep(work, plan)
        if work.pause is not None:
            return


def _microstep(work: Work, plan: Plan) -> None:
    work.is_halfway = True
    work.micro += plan.micro
    if plan.remembers:
        work.remember(plan.remembers)
    for place, task in enumerate(plan.tasks):
        stopped = _do(work, task)
        if stopped is not None:
            _put_off(work, stopped, plan.tasks[place + 1 :])
            break
    work.arrive(plan.target)
    work.is_over = plan.ends
    work.is_halfway = False
    if plan.ends and work.pause is not None:
        work.status = Status.ENDING


def _do(work: Work, task: Task) -> Rest | None:
    """Do one task; returns where its block goes on after an author's action."""
    state = work.chart.tree.states[task.state]
    match task.do:
        case Do.LEAVE:
            _leave(work, state)
        case Do.RUN:
            return None if task.site is None else run_site(work, task.site)
        case Do.ENTER:
            _enter(work, state)
        case Do.FINISH:
            _complete(work, state)
        case _:
            assert_never(task.do)
    return None


def _put_off(work: Work, stopped: Rest, tasks: Sequence[Task]) -> None:
    """Keep the blocks that follow for later; enter and leave now."""
    rest = [*stopped]
    for later in tasks:
        if later.site is not None:
            rest.append((later.site.number, 0))
        else:
            _do(work, later)
    _suspend(work, tuple(rest))


def _suspend(work: Work, rest: tuple[tuple[int, int], ...]) -> None:
    work.pause = work.waiting()._replace(rest=rest)


def resume(work: Work, pause: Pause) -> None:
    """Take up a macrostep where it was left."""
    tree = work.chart.tree
    work.pause = None
    work.is_routing = pause.message is not None
    work.queue = [*pause.queue]
    work.hear(pause.message)
    work.invoking = sum(tree.state(id_).bit for id_ in pause.invokes)
    work.is_over = work.status is Status.ENDING


def go_on(work: Work, rest: Sequence[tuple[int, int]]) -> None:
    """Run the blocks that were put off, until the next action to wait for."""
    sites = work.chart.tree.sites
    for place, (number, offset) in enumerate(rest):
        stopped = run_site(work, sites[number], offset)
        if stopped is not None:
            _suspend(work, (*stopped, *rest[place + 1 :]))
            return


# ------------------------------------------------------------- enter and leave


def _enter(work: Work, state: State) -> None:
    work.mask |= state.bit
    if not state.is_busy or state.node is None:
        return
    is_late = work.chart.definition.is_late_bound
    if is_late and state.node.data and state.id not in work.bound:
        bind(work, state.node.data)
        work.bound = (*work.bound, state.id)
    for transition in state.delays:
        arrow = transition.arrow
        due = work.at.plus(arrow.delay_s or 0.0)
        id_ = work.new_id()
        entry = TimerEntry(due, arrow.events[0], work.cause, state.id)
        work.pending[id_] = entry
        work.effects.append(StartTimer(id_, entry))
    if state.invokes:
        work.invoking |= state.bit


def _leave(work: Work, state: State) -> None:
    work.mask &= ~state.bit
    if not state.is_busy:
        return
    work.invoking &= ~state.bit
    for id_, entry in [*work.pending.items()]:
        if isinstance(entry, TimerEntry) and entry.owner == state.id:
            work.drop(id_)
    if state.invokes:
        end_invokes(work, state)


def bind(work: Work, items: Sequence[DataItem]) -> None:
    """Give variables their first value; one that has none stays undefined."""
    for item in items:
        if item.value is None:
            continue
        try:
            value = work.value(item.value)
        except EvaluationError as problem:
            why, place = f"data {item.id!r}: {problem}", Place("data", item.at)
            work.raise_error("error.execution", why, place=place)
            continue
        work.change({item.id: value})


# --------------------------------------------------------------------- the end


def _complete(work: Work, final: State) -> None:
    """Say that the parent of a final state is done, and the parallels above it.

    SCXML 3.4: a parallel whose children are all complete is complete itself,
    and so may the one it stands in be. Appendix D's code looks one up only.
    """
    tree = work.chart.tree
    if final.parent == ROOT:
        return
    parent = tree.states[final.parent]
    prefix = tree.semantics.done_prefix
    data = _done_data(work, final)
    done = Message(f"{prefix}{parent.id}", data, kind=MessageKind.PLATFORM)
    work.queue.append(done)
    above = tree.states[parent.parent]
    while above.kind is NodeKind.PARALLEL and _is_complete(work, above):
        name = f"{prefix}{above.id}"
        work.queue.append(Message(name, kind=MessageKind.PLATFORM))
        above = tree.states[above.parent]


def _is_complete(work: Work, state: State) -> bool:
    """Say whether a state's final child is active, or those of all its regions."""
    children = (work.chart.tree.states[child] for child in state.children)
    if state.kind is NodeKind.PARALLEL:
        return all(_is_complete(work, child) for child in children)
    return any(
        child.kind is NodeKind.FINAL and child.bit & work.mask for child in children
    )


def _done_data(work: Work, final: State) -> Json:
    """Return what a final state gives; what fails is left out (SCXML 5.5, 5.7)."""
    done = None if final.node is None else final.node.done
    if done is None:
        return None
    if done.content is not None:
        value = _value_or_error(work, done.content)
        return None if value is UNDEFINED else value
    given: dict[str, Json] = {}
    for param in done.params:
        value = _value_or_error(work, param.value)
        if value is not UNDEFINED:
            given[param.name] = value
    return given or None


def _value_or_error(work: Work, expression: Expression) -> Value:
    try:
        return work.value(expression)
    except EvaluationError as problem:
        place = Place("donedata", expression.at)
        work.raise_error("error.execution", str(problem), place=place)
        return UNDEFINED


def finish(work: Work, *, is_cancelled: bool = False) -> None:
    """End the run: SCXML 3.13, `exitInterpreter`.

    The configuration stays, so that everyone can see where it ended.
    """
    given: Json = None
    runs_exits = not work.chart.tree.semantics.final_is_deaf
    for state in reversed([*work.chart.tree.among(work.mask)]):
        if runs_exits:
            for site in state.exit:
                run_site(work, site)
        if state.kind is NodeKind.FINAL and state.parent == ROOT:
            given = _done_data(work, state)
        _leave(work, state)
    for id_, entry in [*work.pending.items()]:
        if isinstance(entry, TimerEntry):
            work.drop(id_)
    if is_cancelled:  # the parent hears nothing of it any more (SCXML 6.4.3)
        work.effects = [effect for effect in work.effects if not _is_to_parent(effect)]
    work.pending = {}
    work.queue = []
    work.mask = work.configuration.mask
    work.status = Status.FINAL
    last = work.configuration.leaves[0].id if work.configuration.leaves else ""
    work.effects.append(Finish(Status.FINAL, last, given, is_cancelled))


def _is_to_parent(effect: Effect) -> bool:
    return isinstance(effect, Send) and effect.to.kind is AddressKind.PARENT
