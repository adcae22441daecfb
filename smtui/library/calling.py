"""Calling what the author bound: guards and actions, with their contexts.

The one file that runs an author's code. What a guard raises is an answer (it
does not hold, and why); what an action raises is the action's failure; a
context an action changes becomes a patch of the data.
"""

import asyncio
import inspect
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from smtui.chart.data import patch_between
from smtui.chart.messages import Answer, Question, QuestionKind
from smtui.chart.values import Patch
from smtui.definition import Json
from smtui.library.errors import ConfigurationError, GuardNotFoundError
from smtui.library.peers import Peers
from smtui.library.registry import Context, GuardRegistry

__all__ = [
    "action_context",
    "answer",
    "answer_async",
    "call",
    "call_async",
    "must_be_awaited",
    "patch_of",
]

_NEW_STATUS = "new_status"
"""The state an action is done for, as PyStator's actions find it."""


def answer(guards: GuardRegistry, question: Question) -> Answer:
    """Return what a guard says. Raises ConfigurationError for an async one."""
    if question.kind is QuestionKind.PEER:
        return (guards.peers or Peers()).answer(question)
    function = _guard(guards, question)
    if guards.is_async(question.name):
        raise must_be_awaited("guard", question.name)
    try:
        said = function(_guard_context(question))
    except Exception as problem:  # noqa: BLE001 - author's code: any error is a no
        return _failed(question, problem)
    if said is not True and said is not False and inspect.isawaitable(said):
        _forget(said)
        raise must_be_awaited("guard", question.name)
    return Answer(question.id, holds=bool(said))


async def answer_async(guards: GuardRegistry, question: Question) -> Answer:
    """Return what a guard says, awaiting it where it is async."""
    if question.kind is QuestionKind.PEER:
        return await (guards.peers or Peers()).answer_async(question)
    function = _guard(guards, question)
    try:
        said = function(_guard_context(question))
        if inspect.isawaitable(said):
            said = await said
    except Exception as problem:  # noqa: BLE001 - author's code: any error is a no
        return _failed(question, problem)
    return Answer(question.id, holds=bool(said))


def _guard(guards: GuardRegistry, question: Question) -> Callable[[Context], Any]:
    found = guards.get(question.name)
    if found is None:
        raise GuardNotFoundError(
            f"Guard {question.name!r} not registered", guard_name=question.name
        )
    return found


def _guard_context(question: Question) -> Context:
    context: Context = dict(question.data)
    if question.event is not None:
        context["_event"] = question.event
    if question.params:
        context["_guard_params"] = dict(question.params)
    return context


def _failed(question: Question, problem: Exception) -> Answer:
    return Answer(question.id, holds=False, error=f"{_kind(problem)}: {problem}")


def _kind(problem: Exception) -> str:
    return type(problem).__name__


def must_be_awaited(word: str, name: str) -> ConfigurationError:
    """Return the error of an async function at a door that cannot await it."""
    return ConfigurationError(
        f"{word} {name!r} is async and cannot be called from a door that is not",
        hint="use the async door: aprocess, asend, async_process_event",
        name=name,
    )


def _forget(said: object) -> None:
    """Close a coroutine nobody will await, so that Python does not warn."""
    if inspect.iscoroutine(said):
        said.close()


# --------------------------------------------------------------------- actions


def call(
    function: Callable[[Context], Any],
    name: str,
    context: Context,
    timeout_s: float | None = None,
) -> None:
    """Do an action. Raises ConfigurationError for an async one, and what it raises.

    With a limit it is done in a thread of its own, which is left to itself when
    the time is over: TimeoutError.
    """
    if timeout_s is None:
        said = function(context)
    else:
        said = _away(function, context).result(timeout_s)
    if inspect.isawaitable(said):
        _forget(said)
        raise must_be_awaited("action", name)


async def call_async(
    function: Callable[[Context], Any],
    context: Context,
    timeout_s: float | None,
    *,
    in_thread: bool = False,
) -> None:
    """Do an action, awaiting it where it is async. Raises what it raises.

    TimeoutError comes when it takes longer than `timeout_s`; one that is not
    async can only be left to itself if it is done in a thread.
    """
    async with asyncio.timeout(timeout_s):
        if in_thread and not inspect.iscoroutinefunction(function):
            said = await asyncio.wrap_future(_away(function, context))
        else:
            said = function(context)
        if inspect.isawaitable(said):
            await said


def _away(function: Callable[[Context], Any], context: Context) -> "Future[Any]":
    """Do an action in a thread that keeps no program from ending."""
    done: Future[Any] = Future()
    done.set_running_or_notify_cancel()

    def work() -> None:
        try:
            done.set_result(function(context))
        except BaseException as problem:  # noqa: BLE001 - handed on to who waits
            done.set_exception(problem)

    threading.Thread(target=work, name="action", daemon=True).start()
    return done


def action_context(
    data: Mapping[str, Json], params: Mapping[str, Json], **extra: Json
) -> Context:
    """Return what an action gets: a copy of the data, and what it is about."""
    context: Context = {key: _copied(value) for key, value in data.items()}
    if params:
        context["_action_params"] = _copied(dict(params))
    return context | extra


def patch_of(data: Mapping[str, Json], context: Context) -> Patch | None:
    """Return what an action changed, without what it was only given to read."""
    after = {key: value for key, value in context.items() if not _is_given(key)}
    before = {key: value for key, value in data.items() if not _is_given(key)}
    changed = patch_between(before, after)
    if changed is None:
        return None
    return Patch(
        {key: value for key, value in after.items() if key in _keys(changed["set"])},
        tuple(key for key in before if key not in after),
    )


def _keys(found: Json) -> Mapping[str, Json]:
    return found if isinstance(found, dict) else {}


def _is_given(key: str) -> bool:
    return key.startswith("_") or key == _NEW_STATUS


def _copied(value: Json) -> Json:
    """Copy lists and mappings, share everything else."""
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_copied(each) for each in value]
    return value
