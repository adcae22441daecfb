"""Doing the actions a result plans, for those who save the state themselves.

    result = machine.process(state, trigger, context)
    if result.success:
        save(result.target_state)
        ActionExecutor(machine.actions).execute(result, context)

A Session with `execute_actions` and a Runner do all of this by themselves.
Every action gets the data with parameters of its own, also when several run
at once; what it changes goes into the caller's context. What effects give is
known from the result, and put there in their turn. Conditions and branches are
decided in their turn, by the context as it is then. An action is tried again on
its own terms, while the caller waits.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass

from smtui.definition import PERFORMED_HERE
from smtui.library.calling import call, call_async, must_be_awaited
from smtui.library.errors import ActionNotFoundError, FSMError
from smtui.library.planned import ActionReport, Pause, doing, leaves
from smtui.library.registry import ActionRegistry, Context
from smtui.library.results import PlannedAction, TransitionResult

__all__ = ["ActionExecutor", "ActionReport", "ExecutionReport"]


@dataclass(frozen=True, slots=True)
class ExecutionReport:
    """How all of them went, in order."""

    results: tuple[ActionReport, ...]

    @property
    def all_succeeded(self) -> bool:
        """Say whether none failed."""
        return all(one.status != "failed" for one in self.results)


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
        for one in leaves(result.planned):
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
        for one in leaves(result.planned) if self._strict else ():
            if one.name not in self._actions:
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
        work, reply = doing(self._actions, result, one, context), _NOTHING
        while True:
            try:
                asked = work.send(reply)
            except StopIteration as stop:
                return _report(stop)
            reply = None
            if isinstance(asked, Pause):
                time.sleep(asked.seconds)
                continue
            try:
                call(asked.function, asked.name, asked.own, asked.timeout_s)
            except FSMError:
                raise
            except Exception as problem:  # noqa: BLE001 - author's code may raise anything
                reply = problem

    async def _aone(
        self, result: TransitionResult, one: PlannedAction, context: Context
    ) -> ActionReport:
        work, reply = doing(self._actions, result, one, context), _NOTHING
        while True:
            try:
                asked = work.send(reply)
            except StopIteration as stop:
                return _report(stop)
            reply = None
            if isinstance(asked, Pause):
                await asyncio.sleep(asked.seconds)
                continue
            limit_s = asked.timeout_s
            has_thread = limit_s is not None or asked.name in PERFORMED_HERE
            try:
                await call_async(
                    asked.function, asked.own, limit_s, in_thread=has_thread
                )
            except FSMError:
                raise
            except Exception as problem:  # noqa: BLE001 - author's code may raise anything
                reply = problem


_NOTHING: Exception | None = None


def _report(stop: StopIteration) -> ActionReport:
    found: ActionReport = stop.value
    return found
