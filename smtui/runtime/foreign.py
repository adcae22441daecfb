"""Machines of python-statemachine in this process, moved by their own library.

The laws of this file:

- the author's file is imported once, before its machines are ready; it runs in
  one thread, and nothing of it elsewhere
- one event at a time for all machines of the file: their callbacks reach each
  other
- what is told of an event is where every machine is after it, also when a
  callback raised: what had moved by then has moved
- a machine that had begun is made with its last committed state and model
  fields, so its initial state is not entered again
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from smtui.chart.foreign import BEGIN, MOVED, NUMBER, told
from smtui.chart.values import Raised, Result, RunEntry, Snapshot
from smtui.clock import Clock
from smtui.definition import Json, TreeDefinition
from smtui.errors import DefinitionError
from smtui.runtime.actions import Outlet
from smtui.runtime.actions.performance import Ended
from smtui.runtime.foreign_import import imported, missed
from smtui.runtime.foreign_machine import Linked, Where
from smtui.runtime.foreign_names import why_unbound
from smtui.runtime.foreign_thread import AuthorThread
from smtui.runtime.foreign_trace import trace_of_author
from smtui.store import InboxRow

__all__ = ["Ensemble", "Member"]

_REFUSED = "TransitionNotAllowed"
"""How the library says that no transition took an event."""


class Ensemble:
    """The machines of one file, made when the first of them acts."""

    def __init__(self, file: Path, outlet: Outlet, clock: Clock) -> None:
        """Prepare; nothing is imported yet."""
        self._file = file
        self._outlet = outlet
        self._clock = clock
        self._thread = AuthorThread(file.name)
        self.post: Callable[[Mapping[str, Json]], None] = _nowhere
        """Takes news of what moved outside of any event, by machine."""
        self._names: dict[str, str] = {}
        self._definitions: dict[str, TreeDefinition] = {}
        self._kept: dict[str, Snapshot] = {}
        self._withdrawn: set[Json] = set()
        """Events that were in hand and that an operator took out of the inbox."""
        self._class: Any = None
        self._linked: dict[str, Linked] = {}
        self._known: dict[str, Where] = {}
        self._number = 0

    def member(self, name: str, definition: TreeDefinition) -> "Member":
        """Return one machine: how the fleet calls it, and what the file says of it."""
        self._names[definition.name] = name
        self._definitions[definition.name] = definition
        return Member(self, definition.name)

    def restore(
        self, name: str, snapshot: Snapshot | None, inbox: Sequence[InboxRow] = ()
    ) -> None:
        """Keep where a machine was, before any of them acts.

        News in its inbox that no step has taken yet are of what it did too. What
        was in hand is not begun again when its event waits no longer: so an
        operator frees a machine from a callback that never ends.
        """
        if snapshot is None:
            return
        waiting = {row.id for row in inbox}
        self._withdrawn.update(
            entry.args["id"]
            for entry in snapshot.pending.values()
            if isinstance(entry, RunEntry)
            and entry.args.get("id", "") not in {"", *waiting}
        )
        for row in inbox:
            if row.event == MOVED:
                snapshot = told(snapshot, row.payload)
        number = snapshot.data.get(NUMBER)
        if isinstance(number, int):  # else it had not begun
            self._kept[name] = snapshot
            self._number = max(self._number, number)

    async def load(self) -> None:
        """Import the file, once, and look for every name its machines bind.

        Raises DefinitionError when one of the two fails.
        """
        if self._class is None:
            self._class = await self._thread.run(
                lambda: imported(self._file, self._tell)
            )
            self._compare()
            await self._thread.run(self._require_names)

    def _require_names(self) -> None:
        """Refuse a machine with a callback that nothing binds."""
        nobody = self._class.__new__(self._class)
        for field, machine_class in self._class.declared_classes().items():
            if field in self._definitions:
                why = why_unbound(machine_class, nobody.orchestrator_name, nobody)
                if why:
                    raise DefinitionError(
                        f"{self._file}: {field} ({machine_class.__name__}) cannot be "
                        f"made: {why}",
                        hint="mend the name, or write the method; then restart",
                    )

    def resume(self) -> None:
        """Make machines that had begun now: what their states invoke goes on."""
        if self._kept:
            self._thread.later(self._resume)

    def _resume(self) -> None:
        try:
            if not self._linked:
                self._make()
        except BaseException as problem:  # noqa: BLE001 - the edge to author's code
            self._tell(problem)  # the next event tries again, and has it as its why
            return
        for name, known in self._known.items():
            if self._linked[name].where().configuration != known.configuration:
                self._post(name, {})  # a transition without event was open by now
                return

    def _compare(self) -> None:
        """Tell where the graphs, read from the text, are not the whole truth."""
        for field, machine_class in self._class.declared_classes().items():
            definition = self._definitions.get(field)
            more = [] if definition is None else missed(machine_class, definition)
            if more:
                self._outlet.log(
                    "warning",
                    f"{field}: {machine_class.__name__} has more than its text shows, "
                    f"which smtui neither draws nor sends: {', '.join(more)}",
                )

    def take_up(self, name: str, entry: RunEntry) -> "Sending":
        """Return the performance of one action of a machine."""
        return Sending(self, name, entry)

    async def perform(self, name: str, entry: RunEntry) -> Ended:
        """Do it, and tell where the machines are."""
        return await self._thread.run(lambda: self._perform(name, entry))

    def close(self) -> None:
        """End the author's thread, if it does not hang."""
        self._thread.close()

    # ------------------------------------------------------ in the author's thread

    def _perform(self, name: str, entry: RunEntry) -> Ended:
        for linked in self._linked.values():
            linked.number = self._number + 1
        try:
            if not self._linked:
                self._make()
            linked = self._linked[name]
            is_begin = entry.action == BEGIN
            came = self._heard() if is_begin else self._send(linked, entry.args)
        except BaseException as problem:  # noqa: BLE001 - the edge to author's code
            self._tell(problem)
            return Ended(Raised(_words(problem), type(problem).__name__))
        return Ended(Result({**self._news(name), **came}))

    def _send(self, linked: Linked, args: Mapping[str, Json]) -> dict[str, Json]:
        """Give a machine an event; return what became of it."""
        if "delay" in args and not linked.has_delay(args["delay"]):
            return {"idle": "it was cancelled before its turn"}
        if args.get("id") in self._withdrawn:
            return {"idle": "it was taken out of the inbox before its turn"}
        try:
            kept = linked.give(args)
        except BaseException as problem:  # noqa: BLE001 - the edge to author's code
            self._tell(problem)
            is_refusal = _is_refusal(problem, linked, str(args["event"]))
            return {"error": _words(problem), "refused": is_refusal}
        return {**self._heard(), "kept": kept}

    def _heard(self) -> dict[str, Json]:
        """Return what callbacks raised and the library made events of."""
        errors = [error for each in self._linked.values() for error in each.errors]
        for each in self._linked.values():
            each.errors.clear()
        for error in errors:
            self._tell(error)
        return {"error": "; ".join(map(_words, errors))}

    def _outside(self, linked: Linked, what: Callable[[], None] | None) -> bool:
        """Say whether the caller is a thread of the author's own; see Linked."""
        if self._thread.is_here:
            return False
        if what is not None:
            self._thread.later(lambda: self._stray(linked, what))
        return True

    def _stray(self, linked: Linked, put: Callable[[], None]) -> None:
        """Deal with an event nobody sent through the fleet, and tell of it."""
        for each in self._linked.values():
            each.number = self._number + 1
        came: dict[str, Json] = {}
        try:
            put()
            linked.deal()
        except BaseException as problem:  # noqa: BLE001 - the edge to author's code
            self._tell(problem)
            came = {"error": _words(problem)}
        if not self._linked:
            return  # being made: the machine tells of its beginning
        self._post(linked.name, came)

    def _post(self, name: str, came: Mapping[str, Json]) -> None:
        told = {**self._news(name), **self._heard(), **came}
        peers = told.pop("peers")
        mine = self._names.get(name, name)
        self.post({mine: told, **(peers if isinstance(peers, dict) else {})})

    def _tell(self, problem: BaseException) -> None:
        if type(problem).__name__ != _REFUSED:
            self._outlet.err(trace_of_author(problem).encode("utf-8", "replace"))

    def _make(self) -> None:
        """Make all machines, or none: what fails is tried again."""
        linked: dict[str, Linked] = {}

        def make(
            name: str,
            machine_class: Any,  # noqa: ANN401 - the author's
            offered: Mapping[str, Any],
            known_as: str,
        ) -> Any:  # noqa: ANN401 - the author's
            kept = self._kept.get(name)
            made = Linked(name, kept, self._outlet, self._clock, self._outside)
            linked[name] = made
            made.number = self._number + 1
            return made.make(machine_class, offered, known_as)

        shop = self._class.begin_with(make, {})
        for name, machine in shop.machines.items():
            linked[name].invoke_again()
            machine.activate_initial_state()
        self._linked = linked
        self._known = {
            name: linked[name].where()._replace(configuration=kept.configuration)
            for name, kept in self._kept.items()
            if name in linked
        }

    def _news(self, name: str) -> dict[str, Json]:
        """Return where the machine is, and each peer that is elsewhere now."""
        self._number += 1
        news: dict[str, Json] = {}
        peers: dict[str, Json] = {}
        for each, linked in self._linked.items():
            where, known = linked.where(), self._known.get(each)
            is_there = known is not None and where.configuration == known.configuration
            moves = linked.moves(where.configuration, has_moved=not is_there)
            if each != name and (known is None or (where == known and not moves)):
                continue  # one that has not begun tells of its beginning itself
            self._known[each] = where
            told: dict[str, Json] = {
                "configuration": list(where.configuration),
                "moves": moves,
                "model": {"model": {**where.model}},
                "history": {**where.history},
                "delays": {**where.delays},
                "number": self._number,
                "ended": bool(linked.machine.is_terminated),
            }
            if each == name:
                news = told
            else:
                peers[str(self._names.get(each, each))] = told
        return {**news, "peers": peers}


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
        """Do it in the author's thread; cancelling abandons it."""
        return await self._ensemble.perform(self._name, self._entry)

    def kill(self) -> None:
        """Do nothing: its thread ends with the process."""


def _nowhere(news: Mapping[str, Json]) -> None:
    del news


def _is_refusal(problem: BaseException, linked: Linked, event: str) -> bool:
    """Say whether the machine itself would not take the event."""
    states: Any = getattr(problem, "configuration", ())
    return (
        type(problem).__name__ == _REFUSED
        and str(getattr(problem, "event", "")) == event
        and {state.id for state in states}
        == {state.id for state in linked.machine.configuration}
    )


def _words(problem: BaseException) -> str:
    """Return what a problem says, with its kind unless it is a refusal."""
    kind = type(problem).__name__
    if kind == _REFUSED:
        return str(problem)
    return f"{kind}: {problem}" if str(problem) else kind
