"""One planned action, done: its condition, its attempts, what it leaves behind.

A generator, so that the door that waits and the one that awaits do the same:
it asks for an attempt, or for a pause, and ends with a report.
"""

import logging
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from smtui.chart.tree.code import Code
from smtui.chart.tree.edits import apply
from smtui.chart.tree.guards import NOBODY, compile_guard
from smtui.clock import SystemClock, rfc3339
from smtui.definition import PERFORMED_HERE, Guard, OnError
from smtui.definition.content import Assign, Branch, Change, ChangeOp, If
from smtui.errors import EvaluationError
from smtui.expr import Scope
from smtui.library.calling import action_context, patch_of
from smtui.library.errors import ActionFailedError, FSMError
from smtui.library.registry import ActionRegistry, Context
from smtui.library.results import PlannedAction, TransitionResult, planned_of
from smtui.world import failure_of, performed_here

__all__ = ["ActionReport", "Doing", "Pause", "Try", "doing", "leaves"]

_CLOCK = SystemClock()
_LOG = logging.getLogger("smtui.library")


@dataclass(frozen=True, slots=True)
class ActionReport:
    """How one action went."""

    name: str
    status: Literal["ok", "failed", "skipped"]
    """Skipped is one that is bound to nothing, or whose `when` does not hold."""
    error: FSMError | None = None
    """Of a branch the first of those inside."""


class Try(NamedTuple):
    """Call it once; the reply is what it raised."""

    function: Callable[[Context], object]
    name: str
    own: Context
    timeout_s: float | None


class Pause(NamedTuple):
    """Wait before the next attempt."""

    seconds: float


Doing: TypeAlias = Generator[Try | Pause, Exception | None, ActionReport]


def leaves(planned: Iterable[PlannedAction]) -> Iterator[PlannedAction]:
    """Yield the actions that somebody must bind, those in branches too."""
    for one in planned:
        if not one.content and one.name not in PERFORMED_HERE:
            yield one
        for content in one.content:
            if isinstance(content, If):
                yield from leaves(planned_of(b.block for b in content.branches))


def doing(
    actions: ActionRegistry,
    result: TransitionResult,
    one: PlannedAction,
    context: Context,
) -> Doing:
    """Do a planned action; the context takes what it changes."""
    code = Code()
    if not all(_holds(guard, context, code) for guard in one.when):
        return ActionReport(one.name, "skipped")
    match one.content:
        case ():
            return (yield from _called(actions, one, context))
        case (If(branches=branches),):
            chosen = (b for b in branches if _is_chosen(b, context, code))
            branch = next(chosen, None)
            inner = () if branch is None else planned_of([branch.block])
            return (yield from _branch(actions, result, one.name, inner, context))
        case changes:
            for change in changes:
                _put(change, result, context, code)
            return ActionReport(one.name, "ok")


def _branch(
    actions: ActionRegistry,
    result: TransitionResult,
    name: str,
    inner: Iterable[PlannedAction],
    context: Context,
) -> Doing:
    first: FSMError | None = None
    for one in inner:
        report = yield from doing(actions, result, one, context)
        first = first or report.error
    return ActionReport(name, "ok" if first is None else "failed", first)


# ------------------------------------------------------------------- attempts


def _called(actions: ActionRegistry, one: PlannedAction, context: Context) -> Doing:
    function = performed_here(one.name) or actions.get(one.name)
    if function is None:
        return ActionReport(one.name, "skipped")
    tries = 0
    while True:
        before = dict(context)
        own = action_context(before, one.params)
        problem = yield Try(function, one.name, own, one.terms.timeout_s)
        if problem is None:
            _take(before, own, context)
            return ActionReport(one.name, "ok")
        if not one.terms.may_try_again(tries, 0, failure_of(problem)):
            return _failed(one, problem)
        yield Pause(one.terms.pause_s(tries))
        tries += 1


def _failed(one: PlannedAction, problem: Exception) -> ActionReport:
    match one.terms.on_error:
        case OnError.IGNORE:
            return ActionReport(one.name, "ok")
        case OnError.LOG:
            _LOG.warning("action %s failed: %s", one.name, problem)
            return ActionReport(one.name, "ok")
        case OnError.FAIL:
            error = ActionFailedError(
                f"Action {one.name!r} failed: {type(problem).__name__}: {problem}",
                action_name=one.name,
            )
            error.__cause__ = problem
            return ActionReport(one.name, "failed", error)


def _take(before: Context, own: Context, context: Context) -> None:
    """Put what an action changed into the caller's context."""
    patch = patch_of(before, own)
    if patch is not None:
        context.update(patch.set)
        for key in patch.unset:
            context.pop(key, None)


# ------------------------------------------------------ conditions and effects


def _is_chosen(branch: Branch, context: Context, code: Code) -> bool:
    return branch.guard is None or _holds(branch.guard, context, code)


def _holds(guard: Guard, context: Context, code: Code) -> bool:
    return all(NOBODY.holds(test, context) for test in compile_guard(guard, code))


def _put(
    content: Change | Assign | If,
    result: TransitionResult,
    context: Context,
    code: Code,
) -> None:
    """Put what an effect gives into the caller's context.

    What the result holds was made by it; what it does not was in a branch that
    was not foreseen.
    """
    match content:
        case Change(op=op, field=field):
            if field in result.context:
                context[field] = result.context[field]
            elif op is ChangeOp.CLEAR:
                context.pop(field, None)
            else:
                apply(content, context, rfc3339(_CLOCK.now()))
        case Assign(location=location, value=value):
            field = location.text
            if field in result.context:
                context[field] = result.context[field]
                return
            try:
                context[field] = code.compiled(value).value(Scope(context))
            except EvaluationError as problem:
                _LOG.warning("compute of %s: %s", field, problem)
        case If():
            pass
