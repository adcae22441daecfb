"""An author's guards and actions, bound by name in one Python file.

The laws of this file:

- the file is imported once, in a thread, before the machine is ready; a name
  the definition uses and nothing binds is known then
- a guard is asked outside of every transaction, in a thread or, if it is
  async, on the author's loop; what it raises is its answer: no, and why
- an action gets a copy of its instance's data, and what it changes in it is
  kept, also when it fails
"""

import asyncio
import importlib.util
import inspect
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias, cast

from smtui.chart.messages import Answer, Question
from smtui.chart.values import Data, Raised, Result, RunEntry, Snapshot
from smtui.errors import DefinitionError
from smtui.runtime.actions.changes import Changes, NotJsonError, compare, copy_json
from smtui.runtime.actions.custom import Author, Custom, Outcome, trace_of
from smtui.store import SOLE_INSTANCE
from smtui.world import RequestError, failure_of, performed_here

__all__ = ["Functions"]

Function: TypeAlias = Callable[..., object]

GUARD_MARK = "__smtui_guard__"
ACTION_MARK = "__smtui_action__"
"""What `smtui.guard` and `smtui.action` leave on a function."""

GUARD_THREADS = 4
"""Guards asked at a time: they are short, or they are async."""


class Functions:
    """What one file binds; empty without a file."""

    def __init__(self, file: Path | None, author: Author, *, is_strict: bool) -> None:
        """Prepare; load() imports the file."""
        self.file = file
        self._author = author
        self._is_strict = is_strict
        self._guards: dict[str, Function] = {}
        self._actions: dict[str, Function] = {}
        self._module: ModuleType | None = None
        self._threads: ThreadPoolExecutor | None = None
        self._told: set[str] = set()

    async def load(self) -> str:
        """Import the file; return why it cannot be until somebody mends it, or ''.

        Raises DefinitionError for any other failure: the next try may go well.
        """
        if self.file is None:
            return ""
        try:
            module = await asyncio.to_thread(_imported, self.file)
        except BaseException as error:
            self._author.outlet.err(trace_of(error).encode("utf-8", "replace"))
            problem = DefinitionError(
                f"{self.file}: importing it failed: {type(error).__name__}: {error}",
                hint="the traceback is in the log; mend it and restart",
            )
            if isinstance(error, ImportError | SyntaxError):
                return str(problem)
            raise problem from error
        self._module = module
        self._guards = dict(_bound(module, GUARD_MARK, "GuardRegistry"))
        self._actions = dict(_bound(module, ACTION_MARK, "ActionRegistry"))
        return ""

    def guard(self, name: str) -> Function | None:
        """Return the guard of that name."""
        return self._guards.get(name) or self._plain(name)

    def action(self, name: str) -> Function | None:
        """Return the action of that name."""
        return self._actions.get(name) or self._plain(name)

    def _plain(self, name: str) -> Function | None:
        """Return a function of the file that has the name without any mark."""
        found: object = getattr(self._module, name, None)
        return found if inspect.isroutine(found) and not name.startswith("_") else None

    # -------------------------------------------------------------------- guards

    async def answer(self, question: Question) -> Answer:
        """Return what a guard says; never raises for what it does."""
        function = self.guard(question.name)
        if function is None:
            why = "" if not self._is_strict else "nothing is bound to this name"
            return Answer(question.id, holds=not self._is_strict, error=why)
        params = dict(question.params)
        context: dict[str, object] = {**_copied(question.data)}
        if question.event is not None:
            context["_event"] = copy_json(question.event)
        if params:
            context["_guard_params"] = params
        try:
            said = await self._called(function, context, params)
        except Exception as error:  # noqa: BLE001 - the edge to author's code
            return Answer(question.id, holds=False, error=_words(error))
        return Answer(question.id, holds=bool(said))

    async def _called(
        self, function: Function, context: object, params: Mapping[str, object]
    ) -> object:
        wanted = _wanted(function, params)
        if not inspect.iscoroutinefunction(function):
            if self._threads is None:
                self._threads = ThreadPoolExecutor(GUARD_THREADS, "guard")
            loop = asyncio.get_running_loop()
            said = await loop.run_in_executor(
                self._threads, lambda: bool_or_pending(function(context, **wanted))
            )
        else:
            said = function(context, **wanted)
        if not inspect.isawaitable(said):
            return said
        pending = said

        async def run() -> object:
            return await cast("Awaitable[object]", pending)

        future = asyncio.run_coroutine_threadsafe(run(), self._author.loop())
        return await asyncio.wrap_future(future)

    # ------------------------------------------------------------------- actions

    def take_up(self, entry: RunEntry, snapshot: Snapshot) -> Custom | None:
        """Return the performance of an action, None when nothing is bound."""
        function = performed_here(entry.action) or self.action(entry.action)
        if function is None:
            return None
        return _Bound(self._author, entry, snapshot, function)

    def tell_unbound(self, name: str) -> None:
        """Say once that an action does nothing here."""
        if name not in self._told:
            self._told.add(name)
            beside = f" in {self.file}" if self.file else ""
            self._author.outlet.log(
                "warning", f"action {name}: nothing is bound to it{beside}, skipped"
            )


class _Bound(Custom):
    """One call of an author's function."""

    unkept = "it is left out, as text or a number would not be"

    def __init__(
        self,
        author: Author,
        entry: RunEntry,
        snapshot: Snapshot,
        function: Function,
    ) -> None:
        state = "+".join(snapshot.configuration[-1:])
        super().__init__(author, entry, snapshot.data, state)
        self._snapshot = snapshot
        self._function = function

    def _outcome(self) -> Outcome:
        params = dict(self._entry.args)
        reserved = self._given(params)
        context: dict[str, object] = {**_copied(self._data), **reserved}
        try:
            said = self._said(context, params)
            changes = compare(self._data, {}, reserved, context)
        except BaseException as error:  # noqa: BLE001 - the edge to author's code
            name = type(error).__name__
            raised = Raised(str(error) or name, name, failure_of(error))
            left = None
            if not isinstance(error, NotJsonError):
                left = compare(self._data, {}, reserved, context)
            trace = "" if isinstance(error, RequestError) else trace_of(error)
            return Outcome(raised, self._mine(left), trace)
        return Outcome(Result(_value(said)), self._mine(changes))

    def _given(self, params: dict[str, Any]) -> dict[str, object]:
        """Return what an action finds beside the data."""
        given: dict[str, object] = {
            "_action_key": self._entry.key,
            "_action_params": params,
            "_machine": self._author.machine,
            "_state": self._state,
            "new_status": self._state,
        }
        snapshot = self._snapshot
        if snapshot.instance != SOLE_INSTANCE:
            given["_entity_id"] = snapshot.instance
        message = None if snapshot.pause is None else snapshot.pause.message
        if message is not None:
            given["_event"] = {"name": message.name, "data": copy_json(message.data)}
        return given

    def _mine(self, changes: Changes | None) -> Changes | None:
        """Leave alone what other instances keep in memory."""
        if changes is None:
            return None
        return changes._replace(transient=self._author.transient)

    def _said(self, context: dict[str, object], params: dict[str, Any]) -> object:
        wanted = _wanted(self._function, params)
        if inspect.iscoroutinefunction(self._function):
            return self._awaited(lambda given: self._function(given, **wanted), context)
        found = self._function(context, **wanted)
        if inspect.isawaitable(found):
            return self._awaited(lambda _: found, context)
        return found


def bool_or_pending(said: object) -> object:
    """Return what can still be awaited as it is, else its truth."""
    return said if inspect.isawaitable(said) else bool(said)


def _value(said: object) -> dict[str, Any]:
    """Return what an invoked action gives to `done.invoke`."""
    try:
        kept = copy_json(said)
    except NotJsonError:
        return {}
    if isinstance(kept, dict):
        return kept
    return {} if kept is None else {"result": kept}


def _copied(data: Data) -> dict[str, object]:
    return cast("dict[str, object]", copy_json(dict(data)))


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"


def _wanted(function: Function, params: Mapping[str, object]) -> dict[str, object]:
    """Return the params a function asks for by name, besides its context."""
    if not params:
        return {}
    try:
        accepted = [*inspect.signature(function).parameters.values()][1:]
    except (TypeError, ValueError):
        return {}
    if any(each.kind is each.VAR_KEYWORD for each in accepted):
        return dict(params)
    names = {each.name for each in accepted}
    return {name: value for name, value in params.items() if name in names}


def _bound(
    module: ModuleType, mark: str, registry: str
) -> Iterator[tuple[str, Function]]:
    """Yield what a module binds: by a mark on it, or in a registry."""
    for value in [*vars(module).values()]:
        name: object = getattr(value, mark, None)
        if callable(value) and isinstance(name, str):
            yield name, value
        elif type(value).__name__ == registry and isinstance(value, Mapping):
            yield from cast("Mapping[str, Function]", value).items()


def _imported(file: Path) -> ModuleType:
    """Import a file on its own; what stands beside it can be imported by it."""
    beside = str(file.parent)
    if beside not in sys.path:
        sys.path.append(beside)
    name = f"smtui_bound_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True  # nothing is written beside a definition
    sys.modules[name] = module  # dataclasses and pickle look there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
