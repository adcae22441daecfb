"""Machines of python-statemachine in this process, moved by their own library.

The laws of this file:

- the author's file is imported once, in a thread, before its machines are
  ready; nothing of it runs elsewhere
- one event at a time for all machines of the file: their callbacks reach each
  other; what waits for its turn waits in its thread
- what is told of an event is where every machine is after it, also when a
  callback raised: what had moved by then has moved
- a machine that had begun is made with its last committed state and model
  fields, so its initial state is not entered again
"""

import asyncio
import importlib.util
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

from smtui.chart.foreign import BEGIN, MOVED, NUMBER, told
from smtui.chart.values import Raised, Result, RunEntry, Snapshot
from smtui.definition import Json
from smtui.errors import DefinitionError
from smtui.runtime.actions import Outlet
from smtui.runtime.actions.changes import NotJsonError, copy_json
from smtui.runtime.actions.custom import trace_of
from smtui.runtime.actions.performance import Ended
from smtui.store import InboxRow

__all__ = ["Ensemble", "Member"]


class _Where(NamedTuple):
    """Where a machine is."""

    configuration: tuple[str, ...]
    model: Mapping[str, Json]


class Ensemble:
    """The machines of one file, made when the first of them acts."""

    def __init__(self, file: Path, outlet: Outlet) -> None:
        """Prepare; nothing is imported yet."""
        self._file = file
        self._outlet = outlet
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}
        self._kept: dict[str, Snapshot] = {}
        self._class: Any = None
        self._shop: Any = None
        self._known: dict[str, _Where] = {}
        self._moves: dict[str, list[Json]] = {}
        self._number = 0

    def member(self, field: str, name: str) -> "Member":
        """Return one machine: how the file calls it, and how the fleet does."""
        self._names[field] = name
        return Member(self, field)

    def restore(
        self, name: str, snapshot: Snapshot | None, inbox: Sequence[InboxRow] = ()
    ) -> None:
        """Keep where a machine was, before any of them acts.

        News in its inbox that no step has taken yet are of what it did too.
        """
        if snapshot is None:
            return
        for row in inbox:
            if row.event == MOVED:
                snapshot = told(snapshot, row.payload)
        number = snapshot.data.get(NUMBER)
        if isinstance(number, int):  # else it had not begun
            self._kept[name] = snapshot
            self._number = max(self._number, number)

    async def load(self) -> None:
        """Import the file, once. Raises DefinitionError when that fails."""
        if self._class is None:
            self._class = await asyncio.to_thread(self._load)

    def _load(self) -> Any:  # noqa: ANN401 - a class of the author's
        try:
            return _orchestrator(_imported(self._file), self._file)
        except DefinitionError:
            raise
        except BaseException as error:
            self._tell(error)
            raise DefinitionError(
                f"{self._file}: importing it failed: {type(error).__name__}: {error}",
                hint="the traceback is in the log; mend it and restart",
            ) from error

    def take_up(self, name: str, entry: RunEntry) -> "Sending":
        """Return the performance of one action of a machine."""
        return Sending(self, name, entry)

    # ------------------------------------------------------ in an action's thread

    def perform(self, name: str, entry: RunEntry) -> Ended:
        """Do it, and tell where the machines are."""
        with self._lock:
            try:
                if self._shop is None:
                    self._make()
                error = "" if entry.action == BEGIN else self._send(name, entry.args)
            except BaseException as problem:  # noqa: BLE001 - the edge to author's code
                self._tell(problem)
                return Ended(Raised(_words(problem), type(problem).__name__))
            return Ended(Result(self._news(name, error)))

    def _send(self, name: str, args: Mapping[str, Json]) -> str:
        data = copy_json(args.get("data"))
        given = data if isinstance(data, dict) else {"data": data}
        try:
            self._shop.machines[name].send(str(args["event"]), **given)
        except BaseException as problem:  # noqa: BLE001 - the edge to author's code
            self._tell(problem)
            return _words(problem)
        return ""

    def _tell(self, problem: BaseException) -> None:
        if type(problem).__name__ != "TransitionNotAllowed":
            self._outlet.err(trace_of(problem).encode("utf-8", "replace"))

    def _make(self) -> None:
        made = {
            name: self._restored(machine_class, self._kept[name])
            for name, machine_class in self._class.declared_classes().items()
            if name in self._kept
        }
        self._shop = self._class.begin(**made)
        for name, machine in self._shop.machines.items():
            machine.activate_initial_state()
            machine.add_listener(_Told(self._moves.setdefault(name, [])))
        self._known = {
            name: _where(machine)
            for name, machine in self._shop.machines.items()
            if name in self._kept
        }

    def _restored(self, machine_class: Any, kept: Snapshot) -> Any:  # noqa: ANN401 - the author's
        """Return a machine that is where it was."""
        values = [
            state.value
            for state in _every(machine_class.states)
            if state.id in kept.configuration
        ]
        from statemachine import model as models  # the author's file has it
        from statemachine.orderedset import OrderedSet

        made: Any = models.Model
        model: Any = made()
        try:
            model.state = values[0] if len(values) == 1 else OrderedSet(values)
            machine = machine_class(model=model)
        except TypeError:  # its own constructor makes the model
            machine = machine_class()
            machine.current_state_value = model.state
        fields = kept.data.get("model")
        for key, value in (fields if isinstance(fields, dict) else {}).items():
            setattr(machine.model, key, copy_json(value))
        return machine

    def _news(self, name: str, error: str) -> dict[str, Json]:
        """Return where the machine is, and each peer that is elsewhere now."""
        self._number += 1
        news: dict[str, Json] = {}
        peers: dict[str, Json] = {}
        for each, machine in self._shop.machines.items():
            where = _where(machine)
            has_moved = where != self._known.get(each) or self._moves[each]
            if not has_moved and each != name:
                continue
            if each not in self._known and each != name:
                continue  # it tells of its beginning itself
            self._known[each] = where
            told: dict[str, Json] = {
                "configuration": list(where.configuration),
                "moves": [*self._moves[each]],
                "model": {"model": {**where.model}},
                "number": self._number,
                "ended": bool(machine.is_terminated),
            }
            self._moves[each].clear()
            if each == name:
                news = told
            else:
                peers[str(self._names.get(each, each))] = told
        return {**news, "error": error, "peers": peers}


class Member:
    """One machine of an ensemble."""

    def __init__(self, ensemble: Ensemble, field: str) -> None:
        self._ensemble = ensemble
        self._field = field

    def restore(self, snapshot: Snapshot | None, inbox: Sequence[InboxRow]) -> None:
        """Keep where it was, before any machine of the file acts."""
        self._ensemble.restore(self._field, snapshot, inbox)

    async def load(self) -> None:
        """Import the file, once. Raises DefinitionError when that fails."""
        await self._ensemble.load()

    def take_up(self, entry: RunEntry) -> "Sending":
        """Return the performance of one of its actions."""
        return self._ensemble.take_up(self._field, entry)


class Sending:
    """One action in hand."""

    pid = None
    can_resume = False

    def __init__(self, ensemble: Ensemble, name: str, entry: RunEntry) -> None:
        self._ensemble = ensemble
        self._name = name
        self._entry = entry

    async def perform(self) -> Ended:
        """Do it in a thread; cancelling abandons the thread."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Ended] = loop.create_future()

        def work() -> None:
            ended = self._ensemble.perform(self._name, self._entry)
            try:
                loop.call_soon_threadsafe(_deliver, done, ended)
            except RuntimeError:
                return  # the machine has shut down and waits no longer

        what = f"{self._name} {self._entry.action}"
        threading.Thread(target=work, name=what, daemon=True).start()
        return await done

    def kill(self) -> None:
        """Do nothing: its thread ends with the process."""


class _Told:
    """The listener that keeps which transitions were taken."""

    def __init__(self, moves: list[Json]) -> None:
        self._moves = moves

    def after_transition(self, event: str, source: Any, target: Any) -> None:  # noqa: ANN401 - states of the library
        """Keep one transition."""
        to = source if target is None else target
        self._moves.append([str(event), str(source.id), str(to.id)])


class _Nobody:
    """The base of no class: the file has no orchestrator of ours."""


def _deliver(done: "asyncio.Future[Ended]", ended: Ended) -> None:
    if not done.done():
        done.set_result(ended)


def _imported(file: Path) -> ModuleType:
    """Import the author's file, and let it import those beside it."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise DefinitionError(f"{file}: this is no Python file")
    folder = str(file.parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def _orchestrator(module: ModuleType, file: Path) -> Any:  # noqa: ANN401 - a class of the author's
    """Return the orchestrator class of the file that is no base of another."""
    library = sys.modules.get("smtui.library.orchestrator")  # the file imports it
    wanted: type = getattr(library, "Orchestrator", _Nobody)
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, wanted)
        and each.__module__ == module.__name__
        and not any(sub.__module__ == module.__name__ for sub in each.__subclasses__())
    ]
    if len(found) != 1:
        raise DefinitionError(
            f"{file}: found {len(found)} orchestrators, expected one",
            hint="`from smtui import Orchestrator`, and write one subclass of it",
        )
    return found[0]


def _where(machine: Any) -> _Where:  # noqa: ANN401 - the author's
    active = {state.id for state in machine.configuration}
    states = cast("Any", type(machine)).states
    order = [state.id for state in _every(states) if state.id in active]
    fields: dict[str, Json] = {}
    kept: dict[str, object] = getattr(machine.model, "__dict__", {})
    for key, value in kept.items():
        if key == machine.state_field or key.startswith("_"):
            continue
        try:
            fields[key] = copy_json(value)
        except NotJsonError:
            continue  # it stays in memory only
    return _Where(tuple(order), fields)


def _every(states: Any) -> list[Any]:  # noqa: ANN401 - states of the library
    return [each for state in states for each in (state, *_every(state.states))]


def _words(problem: BaseException) -> str:
    return str(problem) or type(problem).__name__
