"""A session: one entity in memory, with what it is in and what it knows.

    order = machine.create(context={"order_qty": 100})
    order.send("exchange_ack")
    order.is_open, order.fill(fill_qty=100)

Events are dealt with one at a time; what comes from inside an action is
refused, what comes from another task or thread waits. Delays count: those that are due
are taken up before the next event, or by `fire_due`.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Self, TypeVar

from smtui.chart.messages import Answer
from smtui.chart.questions import Unanswered
from smtui.chart.tree.chart import DATA_EVENT
from smtui.chart.values import Event, Fired, In, Status, Step, TimerEntry
from smtui.definition import Json
from smtui.library.bound import BoundMachine
from smtui.library.destinations import DestinationCheckResult, each_of
from smtui.library.errors import ErrorCode
from smtui.library.holding import Alone
from smtui.library.hooks import hooks_for
from smtui.library.observing import Watch
from smtui.library.outcomes import made_result
from smtui.library.peers import Looking, Peers, Whereabouts
from smtui.library.performing import Acting
from smtui.library.registry import Context
from smtui.library.results import TransitionResult
from smtui.library.saving import at_rest, restored, saved
from smtui.library.states import text_of
from smtui.library.turns import (
    Outside,
    Turn,
    answers_to,
    drive,
    drive_async,
    settle,
    take,
)

__all__ = ["Session"]

_T = TypeVar("_T")

KEPT_RESULTS = 1000
"""Results a session remembers; older ones are forgotten."""


class Session:
    """One entity of a machine (PyStator's EntitySession)."""

    def __init__(
        self,
        machine: BoundMachine,
        context: Mapping[str, Json] | None = None,
        *,
        initial_state: str | None = None,
        defer_unhandled: bool = False,
        execute_actions: bool = False,
        peers: Mapping[str, Whereabouts] | None = None,
    ) -> None:
        """Begin in the machine's initial state, or in `initial_state`.

        With `execute_actions` the bound actions are done, else only planned:
        `TransitionResult.all_actions` names them. With `defer_unhandled` an
        event that no transition takes waits for a state that does. `peers` are
        other machines that guards look at, over those bound to the machine.

        Raises UndefinedStateError or InvalidStateError for the state.
        """
        self.machine = machine
        self.defer_unhandled = defer_unhandled
        self.execute_actions = execute_actions
        self.history: deque[TransitionResult] = deque(maxlen=KEPT_RESULTS)
        """What came of each event that was taken, oldest first: the last 1,000."""
        self._chart = machine.chart if execute_actions else machine.planner
        self._quick = machine.quick_turns[self._chart]
        self._acting = Acting(machine, "") if execute_actions else None
        self._outside: Outside = self._acting or machine.planning
        if peers is not None:
            known = Peers(machine.definition.peers, peers)
            self._outside = Looking(self._outside, known)
        self._waiting: deque[tuple[str, Context]] = deque()
        self._alone = Alone(machine.name)
        self._turn_lock: asyncio.Lock | None = None
        self._turn_task: asyncio.Task[object] | None = None
        if initial_state is None:
            begun = machine.begin("session", context or {}, self._chart)
            self._snapshot = at_rest(begun.snapshot, keeps_runs=execute_actions)
        else:
            self._snapshot = machine.snapshot_in(initial_state, context or {})

    # ----------------------------------------------------------------- events

    def send(self, trigger: str, /, **payload: Any) -> TransitionResult:  # noqa: ANN401 - JSON by name
        """Deal with an event; its payload merges into the context when taken."""
        with self._alone:
            return drive(self._events(trigger, payload), self._outside)

    async def asend(self, trigger: str, /, **payload: Any) -> TransitionResult:  # noqa: ANN401 - JSON by name
        """Deal with an event, awaiting async guards and actions."""
        return await self._drive(self._events(trigger, payload))

    def apply_data(self, /, **data: Any) -> list[TransitionResult]:  # noqa: ANN401 - JSON by name
        """Take over data without an event, and go where it leads.

        Automatic transitions are taken, and with `classification.auto_route`
        those to a state whose `when` holds; returns each of them.
        """
        with self._alone:
            return drive(self._applied(data), self._outside)

    async def aapply_data(self, /, **data: Any) -> list[TransitionResult]:  # noqa: ANN401 - JSON by name
        """Do the same, awaiting async guards and actions."""
        return await self._drive(self._applied(data))

    def fire_due(self) -> tuple[TransitionResult, ...]:
        """Take up every delay that is due now; returns what came of them."""
        with self._alone:
            return tuple(drive(self._due(), self._outside))

    async def afire_due(self) -> tuple[TransitionResult, ...]:
        """Take up every delay that is due now, awaiting guards and actions."""
        return tuple(await self._drive(self._due()))

    def due_in(self) -> float | None:
        """Return seconds until the next delay is due, None when there is none."""
        now = self.machine.at()
        dues = [
            entry.due.seconds_left(now)
            for entry in self._snapshot.pending.values()
            if isinstance(entry, TimerEntry)
        ]
        return min(dues, default=None)

    # ---------------------------------------------------------------- queries

    @property
    def current_state(self) -> str:
        """Return what the entity is in; of a parallel state all regions."""
        return text_of(self._chart, self._snapshot.configuration)

    @property
    def configuration(self) -> tuple[str, ...]:
        """Return all active states, outer ones first."""
        return self._snapshot.configuration

    @property
    def context(self) -> Context:
        """Return a copy of what the entity knows."""
        return dict(self._snapshot.data)

    @property
    def is_final(self) -> bool:
        """Say whether the entity has ended: it takes nothing any more."""
        ids = self._snapshot.configuration
        is_deaf = self._chart.kernel.configuration(ids).is_deaf
        return self._snapshot.status is not Status.RUNNING or is_deaf

    @property
    def allowed_triggers(self) -> list[str]:
        """Return the events that transitions take here, whatever guards say."""
        if self.is_final:
            return []
        arrows = self.machine.arrows_from(self.current_state)
        names = {name for arrow in arrows for name in arrow.events}
        return sorted(name for name in names if not name.startswith("_"))

    @property
    def deferred_events(self) -> list[tuple[str, Context]]:
        """Return the events that wait, oldest first, each with its payload."""
        return [*self._waiting]

    def evaluate_destination(
        self, destination: str, context_overrides: Mapping[str, Json] | None = None
    ) -> DestinationCheckResult:
        """Return whether a state can be reached now, and by which events."""
        context = {**self._snapshot.data, **(context_overrides or {})}
        machine = self.machine
        return machine.evaluate_destination(self.current_state, destination, context)

    def can_transition_to(
        self, destination: str, context_overrides: Mapping[str, Json] | None = None
    ) -> bool:
        """Say whether a state can be reached now by one event."""
        return self.evaluate_destination(destination, context_overrides).allowed

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - made for each machine
        """Return `is_STATE`, or the method of a trigger, in lower case."""
        if name.startswith("_") or "machine" not in vars(self):
            raise AttributeError(name)
        if name.startswith("is_"):
            ids = [id_ for id_ in self.machine.states if _word(id_) == name[3:]]
            if ids:
                return any(id_ in self._snapshot.configuration for id_ in ids)
        for trigger in self.machine.triggers:
            if _word(trigger) == name:
                return _Sender(self, trigger)
        raise AttributeError(f"a session of {self.machine.name!r} has no {name!r}")

    def __repr__(self) -> str:
        return f"<Session of {self.machine.name} in {self.current_state}>"

    # --------------------------------------------------------------- snapshots

    def snapshot(self) -> dict[str, Json]:
        """Return all there is to know of the entity, as JSON."""
        return saved(self.machine, self._snapshot, self._waiting)

    @classmethod
    def from_snapshot(
        cls,
        machine: BoundMachine,
        document: Mapping[str, Json],
        *,
        defer_unhandled: bool = False,
        execute_actions: bool = False,
        peers: Mapping[str, Whereabouts] | None = None,
    ) -> Self:
        """Return the entity a snapshot was made of.

        One of another version of the machine keeps its state and context if
        the state is still there; its delays and history are left behind.
        Raises InvalidStateError for another machine's snapshot or a broken
        one, UndefinedStateError for a state the machine has not.
        """
        found, waiting = restored(machine, document)
        session = cls(
            machine,
            initial_state=text_of(machine.chart, found.configuration),
            defer_unhandled=defer_unhandled or bool(waiting),
            execute_actions=execute_actions,
            peers=peers,
        )
        session._snapshot = found
        session._waiting.extend(waiting)
        return session

    # ------------------------------------------------------------------ inside

    async def _drive(self, turn: Turn[_T]) -> _T:
        """Run a turn after those of other tasks."""
        if self._turn_lock is None:
            self._turn_lock = asyncio.Lock()
        task = asyncio.current_task()
        if self._turn_task is task:
            raise self._alone.refusal()
        async with self._turn_lock, self._alone:
            self._turn_task = task
            try:
                return await drive_async(turn, self._outside)
            finally:
                self._turn_task = None

    def _events(self, trigger: str, payload: Context) -> Turn[TransitionResult]:
        """Deal with what is due, the event, and events it lets be taken."""
        said: list[Answer] = []
        while True:
            try:
                found = self._taken_quickly(trigger, payload, said)
                break
            except Unanswered as open_:
                said += yield from answers_to([open_.question])
        if found is not None:
            return found
        yield from self._due()
        result = yield from self._event(trigger, payload, said)
        if not result.success:
            is_unhandled = (
                result.error is not None
                and result.error.code is ErrorCode.INVALID_TRIGGER
            )
            if self.defer_unhandled and is_unhandled:
                self._waiting.append((trigger, payload))
            return result
        yield from self._deferred()
        return result

    def _taken_quickly(
        self, trigger: str, payload: Context, said: Sequence[Answer]
    ) -> TransitionResult | None:
        """Return what an event led to where no action follows. Raises Unanswered."""
        machine = self.machine
        if self._waiting or hooks_for(machine.name):
            return None
        machine.close_bindings()
        event = Event(trigger, payload, "", machine.at())
        found = self._quick.take(self._snapshot, event, said)
        if found is None:
            return None
        self._snapshot, result = found
        self.history.append(result)
        return result

    def _applied(self, data: Context) -> Turn[list[TransitionResult]]:
        """Deal with data alone; one that has ended only knows it."""
        yield from self._due()
        if self.is_final:
            known = {**self._snapshot.data, **data}
            self._snapshot = self._snapshot._replace(data=known)
            return []
        return each_of(self._chart, (yield from self._event(DATA_EVENT, data)))

    def _deferred(self) -> Turn[None]:
        """Look again at the events that wait, the oldest first."""
        place = 0
        while place < len(self._waiting):
            trigger, payload = self._waiting[place]
            result = yield from self._event(trigger, payload)
            if result.success:
                del self._waiting[place]
                place = 0
            else:
                place += 1

    def _due(self) -> Turn[list[TransitionResult]]:
        results: list[TransitionResult] = []
        yield from self._begin()
        while self._snapshot.pending:
            now = self.machine.at()
            dues = [
                (entry.due.wall, id_, entry.event)
                for id_, entry in self._snapshot.pending.items()
                if isinstance(entry, TimerEntry) and entry.due.is_due(now)
            ]
            if not dues:
                break
            _, id_, event = min(dues)
            results.append((yield from self._input(Fired(id_, now), event, {})))
        return results

    def _begin(self) -> Turn[None]:
        """Do what the beginning has in hand, before the first event."""
        if self._snapshot.pause is None:
            return
        self.machine.close_bindings()
        steps = yield from settle(self._chart, self._snapshot)
        if steps:
            self._keep(steps)

    def _event(
        self, trigger: str, payload: Context, said: Sequence[Answer] = ()
    ) -> Turn[TransitionResult]:
        event = Event(trigger, dict(payload), "", self.machine.at())
        return (yield from self._input(event, trigger, payload, said))

    def _input(
        self,
        given: In,
        trigger: str,
        payload: Mapping[str, Json],
        said: Sequence[Answer] = (),
    ) -> Turn[TransitionResult]:
        machine, before = self.machine, self._snapshot
        seen, state = {**before.data, **payload}, self.current_state
        watch = Watch(
            machine.clock, machine.name, state=state, trigger=trigger, context=seen
        )
        with watch:
            machine.close_bindings()
            name = machine.normal(trigger)

            def begun(first: Step) -> None:
                watch.found(made_result(self._chart, before, name, [first], state))

            heard = begun if watch.is_heard else None
            steps = yield from take(self._chart, before, given, heard, said)
            result = made_result(self._chart, before, name, steps, state)
            self._keep(steps)
            if self._acting is not None:
                result = self._acting.told(result, watch)
            if result.success:
                self.history.append(result)
            return watch.done(result)

    def _keep(self, steps: list[Step]) -> None:
        last = steps[-1].snapshot
        self._snapshot = at_rest(last, keeps_runs=self.execute_actions)


class _Sender:
    """The method of a trigger: `order.fill(fill_qty=1)`."""

    def __init__(self, session: Session, trigger: str) -> None:
        self._session = session
        self._trigger = trigger

    def __call__(self, **payload: Any) -> TransitionResult:  # noqa: ANN401 - JSON by name
        return self._session.send(self._trigger, **payload)


def _word(id_: str) -> str:
    """Return a name as an attribute is written: lower case, `_` for the rest."""
    return "".join(c if c.isalnum() else "_" for c in id_.lower())
