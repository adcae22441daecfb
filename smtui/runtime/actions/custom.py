"""Custom actions: an author's Python, kept off the machine's event loop.

    async def execute(self, context) -> "event" | None     on the author's loop
    def execute(self, context) -> "event" | None           in a thread

The laws of this file:

- importing a file, making the action and running it all happen in threads of
  the author's own; a call that never returns costs this action, not the
  machine's timers, frames or shutdown
- coroutines share one event loop for the life of the process, so a client an
  action keeps between calls goes on working
- whatever it raises becomes Raised, with the traceback in the log
- nothing it does waits inside a transaction: this is after the commit
"""

import asyncio
import concurrent.futures
import copy
import inspect
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, cast

from smtui.chart.values import Data, Raised, Result, RunEntry
from smtui.runtime.actions.catalogue import Catalogue, LoadError
from smtui.runtime.actions.changes import Changes, compare, copy_json
from smtui.runtime.actions.logs import send_logs_to
from smtui.runtime.actions.outlet import Outlet
from smtui.runtime.actions.performance import Ended
from smtui.runtime.foreign_trace import trace_of_author
from smtui.world import failure_of

__all__ = ["Author", "Custom", "Outcome", "trace_of"]


class Author:
    """An author's actions for one instance: files, loop, transient values."""

    def __init__(
        self,
        catalogue: Catalogue,
        machine: str,
        config: Callable[[], object],
        outlet: Outlet,
    ) -> None:
        """Prepare; no file is read before its first action.

        `config` returns the definition as plain values, for context["config"].
        """
        self.catalogue = catalogue
        self.machine = machine
        self.config = config
        self.outlet = outlet
        self.transient: dict[str, object] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    def take_up(self, entry: RunEntry, data: Data, state: str) -> "Custom":
        """Return the performance of one action."""
        return Custom(self, entry, data, state)

    def loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop that runs an author's coroutines, started now."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            threading.Thread(
                target=self._loop.run_forever, name="author", daemon=True
            ).start()
        return self._loop


class Outcome(NamedTuple):
    """What came of a call, and what it changed."""

    answer: Result | Raised
    changes: Changes | None
    trace: str = ""


class Custom:
    """One custom action in hand."""

    pid = None
    can_resume = False
    unkept = "it stays in memory only and is gone when this machine restarts"
    """What becomes of a value that is no JSON."""

    def __init__(self, author: Author, entry: RunEntry, data: Data, state: str) -> None:
        self._author = author
        self._entry = entry
        self._data = data
        self._state = state
        self._coroutine: concurrent.futures.Future[object] | None = None
        self._is_cut_off = False

    async def perform(self) -> Ended:
        """Run it; cancelling ends a coroutine and abandons a thread."""
        send_logs_to(self._author.outlet)
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Outcome] = loop.create_future()

        def work() -> None:
            outcome = self._outcome()
            try:
                loop.call_soon_threadsafe(_deliver, done, outcome)
            except RuntimeError:
                return  # the machine has shut down and waits no longer

        threading.Thread(
            target=work, name=f"action {self._entry.action}", daemon=True
        ).start()
        try:
            outcome = await done
        except asyncio.CancelledError:
            self._cut_off()
            raise
        self._report(outcome)
        patch = outcome.changes.patch if outcome.changes else None
        return Ended(outcome.answer, patch)

    def _cut_off(self) -> None:
        # flag first: the thread that makes the coroutine looks at it afterwards
        self._is_cut_off = True
        if self._coroutine is not None:
            self._coroutine.cancel()

    def kill(self) -> None:
        """Do nothing: its threads end with the process."""

    # ------------------------------------------------- in the action's thread

    def _outcome(self) -> Outcome:
        """Do all of it; an action that fails keeps what it had changed."""
        reserved: dict[str, object] = {}
        context: dict[str, object] = {}
        try:
            reserved = self._reserved()
            cls = self._author.catalogue.load(self._entry.action)
            context.update(self._kept())
            context.update(copy.deepcopy(reserved))
            event = self._execute(cls(self._config()), context)
            changes = self._changes(reserved, context)
        except LoadError as error:
            return Outcome(Raised(str(error), "NotFound"), None, trace_of(error))
        except BaseException as error:  # noqa: BLE001 - the edge to author's code
            name = type(error).__name__
            raised = Raised(str(error) or name, name, failure_of(error))
            left = self._changes_of_failed(reserved, context)
            return Outcome(raised, left, trace_of(error))
        return Outcome(Result({"event": event}), changes)

    def _execute(self, action: object, context: dict[str, object]) -> str | None:
        execute = cast("Callable[[object], object]", getattr(action, "execute", None))
        if inspect.iscoroutinefunction(execute):
            found = self._awaited(execute, context)
        else:
            found = execute(context)
            if inspect.isawaitable(found):
                pending = found
                found = self._awaited(lambda _: pending, context)
        if found is None or isinstance(found, str):
            return found or None
        self._author.outlet.log(
            "warning",
            f"action {self._entry.action} returned {found!r};"
            " the name of an event or None was expected",
        )
        return None

    def _awaited(self, execute: Callable[[object], object], context: object) -> object:
        async def run() -> object:
            return await cast("Awaitable[object]", execute(context))

        self._coroutine = asyncio.run_coroutine_threadsafe(run(), self._author.loop())
        if self._is_cut_off:
            self._coroutine.cancel()
        return self._coroutine.result()

    def _kept(self) -> dict[str, object]:
        """Return a copy of the data, with what only this process remembers."""
        kept = cast("dict[str, object]", copy_json(dict(self._data)))
        return {**self._author.transient, **kept}

    def _reserved(self) -> dict[str, object]:
        return {
            "machine_name": self._author.machine,
            "current_state": self._state,
            "action_key": self._entry.key,
            "config": self._author.config(),
        }

    def _config(self) -> dict[str, object]:
        """Return the action's entry; values were interpolated already.

        Files written for `params:` find them there as well as beside `type`.
        """
        args = cast("dict[str, object]", copy_json(dict(self._entry.args)))
        return {"type": self._entry.action, "params": dict(args), **args}

    def _changes(
        self, reserved: Mapping[str, object], after: Mapping[str, object]
    ) -> Changes:
        transient = self._author.transient
        unused = {k: v for k, v in transient.items() if k not in self._data}
        return compare(self._data, unused, reserved, after)

    def _changes_of_failed(
        self, reserved: Mapping[str, object], after: Mapping[str, object]
    ) -> Changes | None:
        try:
            return self._changes(reserved, after) if after else None
        except Exception:  # noqa: BLE001 - its failure is reported already
            return None

    # ------------------------------------------------------------- afterwards

    def _report(self, outcome: Outcome) -> None:
        outlet, action = self._author.outlet, self._entry.action
        if outcome.trace:
            outlet.err(outcome.trace.encode("utf-8", "replace"))
        changes = outcome.changes
        if changes is None:
            return
        self._author.transient = changes.transient
        for key in changes.unkept:
            outlet.log(
                "warning",
                f"{key!r}, set by action {action}, is no JSON value: {self.unkept}",
            )
        for key in changes.protected:
            outlet.log(
                "warning",
                f"action {action} changed {key!r}, which belongs to the machine;"
                " the change is dropped",
            )


def _deliver(done: "asyncio.Future[Outcome]", outcome: Outcome) -> None:
    if not done.done():
        done.set_result(outcome)


def trace_of(error: BaseException) -> str:
    """Return the traceback, from the author's own error on."""
    shown = error.__cause__ if isinstance(error, LoadError) else error
    head = f"{error}\n" if shown is not error else ""
    return head + trace_of_author(shown or error)
