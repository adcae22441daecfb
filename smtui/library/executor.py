"""Doing the actions a result plans, for those who save the state themselves.

    result = machine.process(state, trigger, context)
    if result.success:
        save(result.target_state)
        ActionExecutor(machine.actions).execute(result, context)

A Session with `execute_actions` and a Runner do all of this by themselves.
Every action gets the data with parameters of its own, also when several run
at once; what it changes goes into the caller's context. What effects give is
known from the result, and put there in their turn.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from smtui.definition import Block
from smtui.definition.content import Assign, Change, If
from smtui.library.calling import (
    action_context,
    call,
    call_async,
    must_be_awaited,
    patch_of,
)
from smtui.library.errors import ActionFailedError, ActionNotFoundError, FSMError
from smtui.library.registry import ActionRegistry, Context
from smtui.library.results import PlannedAction, TransitionResult

__all__ = ["ActionExecutor", "ActionReport", "ExecutionReport"]


@dataclass(frozen=True, slots=True)
class ActionReport:
    """How one action went."""

    name: str
    status: Literal["ok", "failed", "skipped"]
    """Skipped is one that is bound to nothing."""
    error: FSMError | None = None


@dataclass(frozen=True, slots=True)
class ExecutionReport:
    """How all of them went, in order."""

    results: tuple[ActionReport, ...]

    @property
    def all_succeeded(self) -> bool:
        """Say whether none failed."""
        return all(one.status != "failed" for one in self.results)


class _Ready(NamedTuple):
    """A bound action, and the data it gets."""

    function: Callable[[Context], object]
    before: Context
    own: Context


class ActionExecutor:
    """Does planned actions by the functions of a registry."""

    def __init__(
        self,
        actions: ActionRegistry,
        *,
        stop_on_error: bool = False,
        strict: bool = False,
    ) -> None:
        """Bind a registry; `strict` refuses actions it has not."""
        self._actions = actions
        self._stop_on_error = stop_on_error
        self._strict = strict

    def execute(self, result: TransitionResult, context: Context) -> ExecutionReport:
        """Do all actions in order; the context takes what they change.

        Raises ActionNotFoundError if strict, ConfigurationError for an async one.
        """
        reports: list[ActionReport] = []
        self._see_to(result)
        for one in result.planned:
            if one.name in self._actions and self._actions.is_async(one.name):
                raise must_be_awaited("action", one.name)
        for one in result.planned:
            reports.append(self._one(result, one, context))
            if self._stop_on_error and reports[-1].status == "failed":
                break
        return ExecutionReport(tuple(reports))

    async def async_execute(
        self, result: TransitionResult, context: Context
    ) -> ExecutionReport:
        """Do all actions in order, awaiting those that are async."""
        self._see_to(result)
        reports: list[ActionReport] = []
        for one in result.planned:
            reports.append(await self._aone(result, one, context))
            if self._stop_on_error and reports[-1].status == "failed":
                break
        return ExecutionReport(tuple(reports))

    async def async_execute_parallel(
        self, result: TransitionResult, context: Context
    ) -> ExecutionReport:
        """Do all actions at once."""
        self._see_to(result)
        return ExecutionReport(await self._together(result, result.planned, context))

    async def async_execute_phased(
        self, result: TransitionResult, context: Context
    ) -> ExecutionReport:
        """Do exit actions at once, then those of transitions, then enter actions."""
        self._see_to(result)
        phases = (
            result.exit_actions,
            result.transition_actions,
            result.enter_actions,
        )
        reports: list[ActionReport] = []
        for phase in phases:
            reports += await self._together(result, phase, context)
        return ExecutionReport(tuple(reports))

    # ------------------------------------------------------------------ inside

    def _see_to(self, result: TransitionResult) -> None:
        """Raise ActionNotFoundError for an unbound action, if strict."""
        for one in result.planned if self._strict else ():
            if not one.content and one.name not in self._actions:
                raise ActionNotFoundError(
                    f"Action {one.name!r} not registered (strict mode)",
                    action_name=one.name,
                )

    async def _together(
        self, result: TransitionResult, planned: Iterable[PlannedAction], ctx: Context
    ) -> tuple[ActionReport, ...]:
        every = (self._aone(result, one, ctx) for one in planned)
        return tuple(await asyncio.gather(*every))

    def _one(
        self, result: TransitionResult, one: PlannedAction, context: Context
    ) -> ActionReport:
        ready = self._ready(result, one, context)
        if isinstance(ready, ActionReport):
            return ready
        try:
            call(ready.function, one.name, ready.own)
        except Exception as problem:  # noqa: BLE001 - author's code may raise anything
            return _failed(one, problem)
        return _done(one, ready.before, ready.own, context)

    async def _aone(
        self, result: TransitionResult, one: PlannedAction, context: Context
    ) -> ActionReport:
        ready = self._ready(result, one, context)
        if isinstance(ready, ActionReport):
            return ready
        try:
            await call_async(ready.function, ready.own, None)
        except Exception as problem:  # noqa: BLE001 - author's code may raise anything
            return _failed(one, problem)
        return _done(one, ready.before, ready.own, context)

    def _ready(
        self, result: TransitionResult, one: PlannedAction, context: Context
    ) -> "ActionReport | _Ready":
        """Return what there is to call, or the report where there is nothing."""
        if one.content:
            return _effect(result, one, context)
        function = self._actions.get(one.name)
        if function is None:
            return ActionReport(one.name, "skipped")
        before = dict(context)
        return _Ready(function, before, action_context(before, one.params))


def _failed(one: PlannedAction, problem: Exception) -> ActionReport:
    if isinstance(problem, FSMError):
        raise problem
    error = ActionFailedError(
        f"Action {one.name!r} failed: {type(problem).__name__}: {problem}",
        action_name=one.name,
    )
    error.__cause__ = problem
    return ActionReport(one.name, "failed", error)


def _done(
    one: PlannedAction, before: Context, own: Context, context: Context
) -> ActionReport:
    """Put what an action changed into the caller's context."""
    patch = patch_of(before, own)
    if patch is not None:
        context.update(patch.set)
        for key in patch.unset:
            context.pop(key, None)
    return ActionReport(one.name, "ok")


def _effect(
    result: TransitionResult, one: PlannedAction, context: Context
) -> ActionReport:
    """Put what an effect gives into the caller's context."""
    for field in _fields(one.content):
        if field in result.context:
            context[field] = result.context[field]
        else:
            context.pop(field, None)
    return ActionReport(one.name, "ok")


def _fields(block: Block) -> Iterator[str]:
    for content in block:
        match content:
            case Change(field=field):
                yield field
            case Assign(location=location):
                yield location.text
            case If(branches=branches):
                for branch in branches:
                    yield from _fields(branch.block)
            case _:
                pass
