"""One author's machine in this process: where it is, what it took and put off.

The laws of this file: a machine that had begun is made where it was, before its
library enters anything; a delayed event never waits in the library, which would
wait with it: it is kept here, told with the news, and given back in its time; what a
machine's model holds is kept as far as it is JSON, and what is not is said once.

Only what python-statemachine 3 documents is relied upon, and what every machine
and every event of it goes through: `_get_engine`, `_put_nonblocking` and
`_processing_loop`, and its engine's `running` and `_invoke_manager`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias, cast

from smtui.chart.values import At, RunEntry, Snapshot, TimerEntry
from smtui.clock import Clock
from smtui.definition import Json
from smtui.errors import StepError
from smtui.runtime.actions import Outlet
from smtui.runtime.actions.changes import NotJsonError, copy_json
from smtui.runtime.alarm import at_now

__all__ = ["Linked", "Where"]

_ERROR = "error.execution"
"""What a StateChart makes of an exception in a callback."""

_TAKEN_NAMES = frozenset({"event", "self"})
"""Of `send`: no payload reaches a callback under them."""


Outside: TypeAlias = Callable[["Linked", Callable[[], None] | None], bool]
"""Says whether the caller is outside the file's thread; what it wanted to do is
done there later."""


class Where(NamedTuple):
    """Where a machine is, all that is kept of it."""

    configuration: tuple[str, ...]
    model: Mapping[str, Json]
    history: Mapping[str, Json]
    delays: Mapping[str, Json]


class _Delayed(NamedTuple):
    """An event whose time has not come."""

    event: str
    args: list[Json]
    data: dict[str, Json]
    send_id: str
    due: At
    seconds: float

    def told(self) -> Json:
        """Return it as news have it."""
        due: list[Json] = [*self.due]
        brings: dict[str, Json] = {
            "args": self.args,
            "data": self.data,
            "send_id": self.send_id,
        }
        return {"event": self.event, "due": due, "brings": brings}


class Linked:
    """A machine, from before it is made."""

    def __init__(
        self,
        name: str,
        kept: Snapshot | None,
        outlet: Outlet,
        clock: Clock,
        outside: Outside,
    ) -> None:
        """Prepare one; `kept` is where it was, if it had begun."""
        self.name = name
        self.kept = kept
        self.machine: Any = None
        self.errors: list[Exception] = []
        """What callbacks raised and the library turned into events."""
        self.number = 0
        """Of the news in which new delays will be told: makes their ids unique."""
        self._outside = outside
        self._outlet = outlet
        self._clock = clock
        self._moves: list[Json] = []
        self._begun: list[list[str]] = []
        self._delays: dict[str, _Delayed] = {}
        self._put_offs = 0
        self._unkept: set[str] = set()
        self._known_as = ""
        self._class: Any = None
        if kept is not None:
            self._delays = dict(_delays(kept))

    # ---------------------------------------------------------------- making it

    def make(
        self,
        machine_class: Any,  # noqa: ANN401 - the author's
        offered: Mapping[str, Any],
        known_as: str,
    ) -> Any:  # noqa: ANN401 - the author's
        """Return the machine of that class, where it was if it had begun.

        `known_as` is what its callbacks call the orchestrator.
        """
        machine = machine_class.__new__(machine_class)
        self.machine, self._known_as = machine, known_as
        self._class = machine_class
        own = cast("dict[str, Any]", vars(machine))
        own.update(
            _put_nonblocking=self._put,
            _processing_loop=self._deal,
            cancel_event=self._cancel,
        )
        if self.kept is not None:
            own["_get_engine"] = self._engine
        machine.__init__(**offered)
        if self.kept is not None:
            for key, value in _mapping(self.kept.data.get("model")).items():
                setattr(machine.model, key, copy_json(value))
        machine.add_listener(_Told(self._moves, self._begun))
        return machine

    def _engine(self) -> Any:  # noqa: ANN401 - the library's
        """Put the machine where it was; its library sees that it has begun."""
        from statemachine.orderedset import OrderedSet  # the author's file has it

        machine, kept = self.machine, self.kept
        del vars(machine)["_get_engine"]
        if kept is None:
            raise AssertionError("asked for one that has not begun")
        states = {state.id: state for state in _every(self._class.states)}
        gone = [id_ for id_ in kept.configuration if id_ not in states]
        if gone:
            raise StepError(
                f"{self._class.__name__} has no state {gone[-1]!r} any more",
                hint=f"`smtui restart {self.name} --fresh` begins it anew",
            )
        values = [states[id_].value for id_ in kept.configuration]
        machine.current_state_value = (
            values[0] if len(values) == 1 else OrderedSet(values)
        )
        machine.history_values = {
            id_: [states[each] for each in of if each in states]
            for id_, of in kept.history.items()
        }
        engine = self._class._get_engine(machine)  # noqa: SLF001 - see above
        engine.running = kept.status.value == "running"
        return engine

    # -------------------------------------------------------------- its events

    def give(self, args: Mapping[str, Json]) -> str:
        """Give the machine an event; return why it is not dealt with yet, or ''.

        Raises what the library and the callbacks raise.
        """
        event = str(args["event"])
        data = copy_json(args.get("data"))
        given = data if isinstance(data, dict) else {"data": data}
        given = {k: v for k, v in given.items() if k not in _TAKEN_NAMES}
        if "delay" not in args:
            before = set(self._delays)
            self.machine.send(event, **given)
            return self._put_off(event, before)
        delayed = self._delays.pop(str(args["delay"]))
        self.machine.send(
            event, *delayed.args, delay=0, send_id=delayed.send_id or None, **given
        )
        return ""

    def has_delay(self, id_: Json) -> bool:
        """Say whether nobody has cancelled a delayed event."""
        return str(id_) in self._delays

    def _put_off(self, event: str, before: set[str]) -> str:
        """Return in how long an event comes that was declared with a delay."""
        for id_ in self._delays.keys() - before:
            if self._delays[id_].event == event and not self._moves:
                return f"it comes in {self._delays[id_].seconds:g} s"
        return ""

    def _put(self, trigger_data: Any, *args: Any, **options: Any) -> None:  # noqa: ANN401 - the library's
        """Queue an event as the library does, unless its time has not come.

        What a thread of the author's sends has its turn among the events.
        """
        if self._outside(self, lambda: self._put(trigger_data, *args, **options)):
            return
        event = trigger_data.event
        error = trigger_data.kwargs.get("error")
        if event == _ERROR and isinstance(error, Exception):
            self.errors.append(error)
        seconds = float(getattr(event, "delay", 0) or 0) / 1000
        if seconds > 0 and self.machine._engine.running:  # noqa: SLF001 - see above
            self._keep(str(event), trigger_data, seconds)
            return
        put = self._class._put_nonblocking  # noqa: SLF001 - see above
        put(self.machine, trigger_data, *args, **options)

    def _deal(self, *args: Any) -> Any:  # noqa: ANN401 - the library's
        """Let the library deal with what is queued, in the file's own thread."""
        if self._outside(self, None):
            return None
        return self._class._processing_loop(self.machine, *args)  # noqa: SLF001 - see above

    def deal(self) -> None:
        """Deal with what is queued. Raises what callbacks raise."""
        self.machine._processing_loop()  # noqa: SLF001 - see above

    def invoke_again(self) -> None:
        """Begin again what the states the machine went on in invoke."""
        if self.kept is None:
            return
        engine = self.machine._engine  # noqa: SLF001 - see above
        for state in self.machine.configuration:
            if state.invoke.key in self.machine._callbacks:  # noqa: SLF001 - see above
                engine._invoke_manager.mark_for_invoke(state)  # noqa: SLF001 - see above

    def _keep(self, event: str, trigger_data: Any, seconds: float) -> None:  # noqa: ANN401 - the library's
        data = {k: v for k, v in trigger_data.kwargs.items() if k != self._known_as}
        try:
            brings, positional = copy_json(data), copy_json([*trigger_data.args])
        except NotJsonError as problem:
            raise StepError(
                f"the delayed event {event!r} brings what is no JSON: {problem}",
                hint="it is kept in the store until its time: give it an id or a text",
            ) from None
        self._put_offs += 1
        id_ = f"delayed/{self.number}.{self._put_offs}"
        self._delays[id_] = _Delayed(
            event,
            positional if isinstance(positional, list) else [],
            _mapping(brings),
            str(trigger_data.send_id or ""),
            at_now(self._clock).plus(seconds),
            seconds,
        )

    def _cancel(self, send_id: str) -> None:
        for id_, each in list(self._delays.items()):
            if each.send_id == send_id:
                del self._delays[id_]
        self._class.cancel_event(self.machine, send_id)

    # -------------------------------------------------------------- where it is

    def moves(self, configuration: Sequence[str], *, has_moved: bool) -> list[Json]:
        """Return the transitions taken since last asked.

        One that was begun and is not heard of again was taken all the same where
        the machine is in its target now: a callback after it raised.
        """
        found: list[Json] = [*self._moves]
        if has_moved and self._begun and self._begun[-1][2] in configuration:
            found.append([*self._begun[-1]])
        self._moves.clear()
        self._begun.clear()
        return found

    def where(self) -> Where:
        """Return where the machine is."""
        machine = self.machine
        active = {state.id for state in machine.configuration}
        order = [s.id for s in _every(self._class.states) if s.id in active]
        history: dict[str, Json] = {
            str(id_): [str(state.id) for state in states]
            for id_, states in machine.history_values.items()
        }
        delays = {id_: each.told() for id_, each in self._delays.items()}
        return Where(tuple(order), self._model(), history, delays)

    def _model(self) -> dict[str, Json]:
        fields: dict[str, Json] = {}
        for key, value in _fields(self.machine.model):
            if key == self.machine.state_field or key.startswith("_"):
                continue
            try:
                fields[key] = copy_json(value)
            except NotJsonError:
                self._tell_unkept(key, value)
        return fields

    def _tell_unkept(self, key: str, value: object) -> None:
        if key not in self._unkept:
            self._unkept.add(key)
            self._outlet.log(
                "warning",
                f"{self.name}: `{key}` of its model is a {type(value).__name__}, "
                "no JSON: it is gone when the process ends",
            )


class _Told:
    """The listener that keeps which transitions were taken."""

    def __init__(self, moves: list[Json], begun: list[list[str]]) -> None:
        self._moves = moves
        self._begun = begun

    def on_transition(self, event: object, transition: Any) -> None:  # noqa: ANN401 - the library's
        """Keep one that may still come to nothing."""
        self._begun.append(_move(event, transition))

    def after_transition(self, event: object, transition: Any) -> None:  # noqa: ANN401 - the library's
        """Keep one that was taken."""
        move = _move(event, transition)
        self._moves.append([*move])
        if move in self._begun:
            self._begun.remove(move)


def _move(event: object, transition: Any) -> list[str]:  # noqa: ANN401 - the library's
    source, target = transition.source, transition.target
    to = source if target is None else target
    return ["" if event is None else str(event), str(source.id), str(to.id)]


def _delays(kept: Snapshot) -> Iterator[tuple[str, _Delayed]]:
    """Yield what a machine put off before, also what is in hand."""
    for id_, entry in kept.pending.items():
        match entry:
            case TimerEntry(message=message) if message is not None:
                brings = _mapping(message.data)
                yield id_, _again(entry.event, brings, entry.due)
            case RunEntry(args=args) if "delay" in args:
                yield str(args["delay"]), _again(str(args["event"]), args, None)
            case _:
                continue


def _again(event: str, brings: Mapping[str, Json], due: At | None) -> _Delayed:
    args = brings.get("args")
    return _Delayed(
        event,
        args if isinstance(args, list) else [],
        _mapping(brings.get("data")),
        str(brings.get("send_id") or ""),
        due or At(0.0, 0.0, ""),
        0.0,
    )


def _fields(model: object) -> Iterator[tuple[str, object]]:
    """Yield what a model holds, in its dictionary or its slots."""
    yield from getattr(model, "__dict__", {}).items()
    for owner in type(model).__mro__:
        slots = vars(owner).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name not in {"__dict__", "__weakref__"} and hasattr(model, name):
                yield name, getattr(model, name)


def _every(states: Any) -> list[Any]:  # noqa: ANN401 - states of the library
    return [each for state in states for each in (state, *_every(state.states))]


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
