"""Doing what a turn asks for: guards answered, actions done, failures told."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import assert_never

from smtui.chart.values import Done, Raised, Result, RunEntry
from smtui.definition import PERFORMED_HERE, Failure, Json, OnError
from smtui.library.bound import BoundMachine
from smtui.library.calling import (
    action_context,
    answer,
    answer_async,
    call,
    call_async,
    must_be_awaited,
    patch_of,
)
from smtui.library.errors import (
    ActionFailedError,
    ActionNotFoundError,
    ActionTimeoutError,
    ConfigurationError,
    FSMError,
)
from smtui.library.observing import Watch
from smtui.library.registry import Context
from smtui.library.results import TransitionResult
from smtui.library.states import text_of
from smtui.library.turns import (
    Judge,
    Keep,
    Perform,
    Reply,
    Request,
    Rest,
    Validate,
    Verdict,
)
from smtui.world import failure_of, performed_here

__all__ = ["Acting"]

_LOG = logging.getLogger("smtui.library")


class Acting:
    """Does the actions of one entity, one by one, and remembers what failed."""

    def __init__(
        self,
        machine: BoundMachine,
        entity: str,
        *,
        timeout_s: float | None = None,
    ) -> None:
        self._machine = machine
        self._entity = entity
        self._timeout_s = timeout_s
        self.failed: list[FSMError] = []
        """Actions that raised, took too long or are bound to nothing."""

    def do(self, request: Request) -> Reply:
        """Do it now. Raises ConfigurationError for what must be awaited."""
        match request:
            case Judge(question):
                return answer(self._machine.guards, question)
            case Keep():
                return None
            case Perform():
                return self._perform(request)
            case Validate():
                return Verdict(())
            case Rest(until):
                time.sleep(until.seconds_left(self._machine.at()))
                return self._machine.at()
            case _:
                assert_never(request)

    async def ado(self, request: Request) -> Reply:
        """Do it, awaiting it where it is async."""
        match request:
            case Judge(question):
                return await answer_async(self._machine.guards, question)
            case Perform():
                return await self._aperform(request)
            case Rest(until):
                await asyncio.sleep(until.seconds_left(self._machine.at()))
                return self._machine.at()
            case Keep() | Validate():
                return self.do(request)
            case _:
                assert_never(request)

    def _perform(self, request: Perform) -> Done:
        name, context = request.entry.action, self._context(request)
        function = self._function(name)
        if function is None:
            return self._unbound(request)
        if self._machine.actions.is_async(name):
            raise must_be_awaited("action", name)
        try:
            call(function, name, context, request.entry.terms.timeout_s)
        except ConfigurationError:
            raise
        except Exception as problem:  # noqa: BLE001 - author's code may raise anything
            return self._raised(request, problem)
        return self._done(request, context)

    async def _aperform(self, request: Perform) -> Done:
        entry, context = request.entry, self._context(request)
        function = self._function(entry.action)
        if function is None:
            return self._unbound(request)
        own_s = entry.terms.timeout_s
        limit_s = self._timeout_s if own_s is None else own_s
        has_thread = own_s is not None or entry.action in PERFORMED_HERE
        try:
            await call_async(function, context, limit_s, in_thread=has_thread)
        except Exception as problem:  # noqa: BLE001 - author's code may raise anything
            return self._raised(request, problem)
        return self._done(request, context)

    def _function(self, name: str) -> Callable[[Context], object] | None:
        return performed_here(name) or self._machine.actions.get(name)

    def told(self, result: TransitionResult, watch: Watch) -> TransitionResult:
        """Return a result with what became of its actions."""
        failed, self.failed = self.failed, []
        skipped = [one for one in failed if isinstance(one, ActionNotFoundError)]
        failed = [one for one in failed if one not in skipped]
        for one in failed:
            watch.failed(one)
        more: dict[str, object] = {}
        if skipped:
            more["skipped_actions"] = [one.context["action_name"] for one in skipped]
        if failed:
            more["action_errors"] = failed
        return replace(result, metadata={**result.metadata, **more}) if more else result

    # ---------------------------------------------------------------- contexts

    def _context(self, request: Perform) -> Context:
        snapshot, entry = request.snapshot, request.entry
        extra: dict[str, Json] = {
            "_action_key": entry.key,
            "new_status": text_of(self._machine.chart, snapshot.configuration),
        }
        if self._entity:
            extra["_entity_id"] = self._entity
        if snapshot.pause is not None and snapshot.pause.message is not None:
            message = snapshot.pause.message
            extra["_event"] = {"name": message.name, "data": message.data}
        return action_context(snapshot.data, entry.args, **extra)

    # ----------------------------------------------------------------- answers

    def _done(self, request: Perform, context: Context) -> Done:
        patch = patch_of(request.snapshot.data, context)
        if patch is not None and self._entity:
            patch = patch._replace(set=self._kept(request.entry.action, patch.set))
        return Done(request.id, Result({}), self._machine.at(), patch)

    def _kept(self, name: str, changed: Mapping[str, Json]) -> Mapping[str, Json]:
        """Return what a store can keep; the rest is told of and left out."""
        kept: dict[str, Json] = {}
        for key, value in changed.items():
            try:
                json.dumps(value)
            except (TypeError, ValueError, RecursionError) as problem:
                _LOG.warning(
                    "%r, set by action %s, is left out: %s", key, name, problem
                )
            else:
                kept[key] = value
        return kept

    def _unbound(self, request: Perform) -> Done:
        """Pass over an action nobody bound: it is told of, and no failure."""
        name = request.entry.action
        self.failed.append(
            ActionNotFoundError(f"Action {name!r} not registered", action_name=name)
        )
        return Done(request.id, Result({}), self._machine.at())

    def _raised(self, request: Perform, problem: Exception) -> Done:
        terms = request.entry.terms
        limit_s = self._timeout_s if terms.timeout_s is None else terms.timeout_s
        if terms.on_error is OnError.FAIL:
            self.failed.append(_failure(request.entry, problem, limit_s))
        failure = failure_of(problem)
        if isinstance(problem, TimeoutError) and limit_s is not None:
            failure = Failure.OPEN
        raised = Raised(str(problem), type(problem).__name__, failure)
        return Done(request.id, raised, self._machine.at())


def _failure(entry: RunEntry, problem: Exception, limit_s: float | None) -> FSMError:
    name = entry.action
    error: FSMError
    if isinstance(problem, TimeoutError) and limit_s is not None:
        error = ActionTimeoutError(
            f"Action {name!r} took longer than {limit_s:g} s", action_name=name
        )
    else:
        error = ActionFailedError(
            f"Action {name!r} failed: {type(problem).__name__}: {problem}",
            action_name=name,
        )
    error.__cause__ = problem
    return error
