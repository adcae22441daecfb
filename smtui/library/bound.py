"""A statechart, what its author bound to it, and stateless answers.

`process` is pure computation but for guards: it keeps nothing and does no
action. What an event leads to is a TransitionResult, also when it is refused.
"""

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType, ModuleType
from typing import Self, TypeVar

from smtui.chart import StateChart, compile_chart
from smtui.chart.values import At, Event, Given, Snapshot, Status, Step
from smtui.clock import Clock, SystemClock
from smtui.definition import (
    PERFORMED_HERE,
    Arrow,
    Json,
    Strays,
    TreeDefinition,
    calls_in,
    simple_guards,
)
from smtui.definition.guards import NamedGuard
from smtui.library.described import StateName, Transition, transitions_of
from smtui.library.destinations import DestinationCheckResult, evaluate
from smtui.library.errors import GuardNotFoundError
from smtui.library.hooks import hooks_for
from smtui.library.loading import load, load_dict, loads, statechart
from smtui.library.observing import Watch
from smtui.library.outcomes import made_result
from smtui.library.peers import Peers, Whereabouts
from smtui.library.planning import Planning
from smtui.library.quick import Missed, Replaying, Shortcut
from smtui.library.quick_turns import QuickTurns
from smtui.library.registry import (
    ACTION_MARK,
    GUARD_MARK,
    ActionRegistry,
    GuardRegistry,
    marked,
)
from smtui.library.results import TransitionResult
from smtui.library.states import configuration_of, initial_text, parallel_text
from smtui.library.turns import Turn, drive, drive_async, take
from smtui.library.variants import (
    without_asking,
    without_catching,
    without_waiting,
)
from smtui.stepper import start

__all__ = ["BoundMachine"]

_F = TypeVar("_F", bound=Callable[..., object])
_NOTHING: Mapping[str, Json] = MappingProxyType({})


class BoundMachine:
    """One definition with its functions: all of a Machine but its sessions."""

    def __init__(
        self, definition: TreeDefinition, *, clock: Clock | None = None
    ) -> None:
        self.definition = definition
        held = without_asking(definition)
        self.keeper = compile_chart(held)
        """What a Runner steps: it goes to the fallback with what nothing takes."""
        self.chart = self.keeper
        if definition.semantics.strays is Strays.PERSIST:
            held = without_catching(held)
            self.chart = compile_chart(held)
        self.planner = compile_chart(without_waiting(held))
        """The same chart, but for not waiting for actions: they are only planned."""
        self.guards = GuardRegistry()
        self._peers = self.guards.peers = Peers(definition.peers)
        self.actions = ActionRegistry()
        self.clock: Clock = clock or SystemClock()
        self._is_closed = False
        self._shortcut = Shortcut(self.planner, self.guards)
        charts = {self.keeper, self.chart, self.planner}
        self.quick_turns = {chart: QuickTurns(chart) for chart in charts}
        self.planning = Planning(self.guards)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.definition!r}>"

    # ------------------------------------------------------------------ doors

    @classmethod
    def from_yaml(
        cls,
        path: str | os.PathLike[str],
        *,
        variables: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """Return the machine a file defines, in YAML, JSON or SCXML.

        Raises ConfigurationError with everything wrong with it.
        """
        return cls(statechart(load(path, variables=variables)), clock=clock)

    @classmethod
    def from_dict(
        cls, config: Mapping[str, object], *, clock: Clock | None = None
    ) -> Self:
        """Return the machine a mapping defines, checked as a file is."""
        return cls(load_dict(config), clock=clock)

    @classmethod
    def loads(
        cls,
        text: str,
        *,
        file: str = "machine.yaml",
        variables: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """Return the machine a text defines; `file` is its name in messages."""
        found = loads(text, file=file, variables=variables)
        return cls(statechart(found), clock=clock)

    # --------------------------------------------------------------- bindings

    def guard(self, name: str = "") -> Callable[[_F], _F]:
        """Bind the function below as a guard; its own name is the default."""
        self._is_closed = False
        return self.guards.decorator(name)

    def action(self, name: str = "") -> Callable[[_F], _F]:
        """Bind the function below as an action; its own name is the default."""
        return self.actions.decorator(name)

    def bind_guards(self, guards: GuardRegistry) -> None:
        """Bind every guard of a registry."""
        self._is_closed = False
        for name, function in guards.items():
            self.guards.register(name, function)

    def bind_peers(self, peers: Mapping[str, Whereabouts]) -> None:
        """Say where other machines are found that guards look at.

        Each is a session, anything else with a `configuration`, or a function
        that returns the active states. Names are those of `peers:`, or the
        machines' own.
        """
        self._peers.bind(peers)

    def bind_actions(self, actions: ActionRegistry) -> None:
        """Bind every action of a registry."""
        for name, function in actions.items():
            self.actions.register(name, function)

    def bind(self, module: ModuleType) -> None:
        """Bind what a module marks with `@smtui.guard` and `@smtui.action`."""
        self._is_closed = False
        for name, function in marked(module, GUARD_MARK):
            self.guards.register(name, function)
        for name, function in marked(module, ACTION_MARK):
            self.actions.register(name, function)

    def close_bindings(self) -> None:
        """See that every guard is bound, before the first event.

        Raises GuardNotFoundError for the first one that is not.
        """
        if self._is_closed:
            return
        for name in self.guard_names():
            if name not in self.guards:
                raise GuardNotFoundError(
                    f"Guard {name!r} not registered",
                    hint=f"@machine.guard({name!r}) above the function binds it",
                    guard_name=name,
                )
        self._is_closed = True

    # -------------------------------------------------------------- stateless

    def process(
        self, state: str, trigger: str, context: Mapping[str, Json] = _NOTHING
    ) -> TransitionResult:
        """Return what an event leads to from a state, and which actions it plans.

        Raises UndefinedStateError or InvalidStateError for the state,
        GuardNotFoundError, and ConfigurationError where a guard is async.
        """
        self.close_bindings()
        missed = Missed([])
        if not hooks_for(self.name):
            found = self._shortcut.find(state, trigger, context)
            if isinstance(found, TransitionResult):
                return found
            missed = found
        watch = self._watch(state, trigger, context)
        with watch:
            turn = self._turn(state, trigger, context, watch)
            outside = Replaying(self.planning, missed.said)
            result = watch.done(drive(turn, outside))
        if missed.move is not None:
            self._shortcut.learn(state, missed.move, result)
        return result

    async def aprocess(
        self, state: str, trigger: str, context: Mapping[str, Json] = _NOTHING
    ) -> TransitionResult:
        """Return the same as `process`; guards may be async."""
        watch = self._watch(state, trigger, context)
        with watch:
            turn = self._turn(state, trigger, context, watch)
            return watch.done(await drive_async(turn, self.planning))

    def _watch(self, state: str, trigger: str, context: Mapping[str, Json]) -> Watch:
        return Watch(
            self.clock, self.name, state=state, trigger=trigger, context=context
        )

    def _turn(
        self, state: str, trigger: str, context: Mapping[str, Json], watch: Watch
    ) -> Turn[TransitionResult]:
        self.close_bindings()
        before = self.snapshot_in(state, context)
        event = Event(trigger, None, "", before.stepped)
        steps = yield from take(self.planner, before, event)
        name = self.normal(trigger)
        result = made_result(self.planner, before, name, steps, state)
        watch.found(result)
        return result

    # ------------------------------------------------------------- life of one

    def begin(
        self,
        entity: str,
        context: Mapping[str, Json],
        chart: StateChart | None = None,
    ) -> Step:
        """Return the first step of an entity: its initial states entered.

        Raises StepError when automatic transitions never come to an end.
        """
        at = self.at()
        given = Given(self.name, entity, 1, f"start-{entity}", at)
        return start(chart or self.chart, dict(context), given)

    def snapshot_in(
        self, state: str, context: Mapping[str, Json], entity: str = ""
    ) -> Snapshot:
        """Return an entity that is in a state, with nothing under way."""
        configuration = configuration_of(self.chart, state)
        at = self.at()
        return Snapshot(
            chart_hash=self.chart.hash,
            instance=entity,
            run=1,
            configuration=configuration,
            data=dict(context),
            history={},
            pending={},
            cursor=None,
            held={},
            seq=0,
            status=Status.RUNNING,
            since=at,
            turn=0,
            stepped=at,
        )

    def at(self) -> At:
        """Return the present instant."""
        clock = self.clock
        return At(clock.now(), clock.elapsed(), clock.boot_id())

    # ---------------------------------------------------------------- queries

    @property
    def name(self) -> str:
        """Return the machine's name."""
        return self.definition.name

    @property
    def version(self) -> str:
        """Return what the author calls this version, '0.0.0' for nothing."""
        return self.definition.version or "0.0.0"

    @property
    def meta(self) -> Mapping[str, Json]:
        """Return `meta` as written, defaults filled in."""
        return self.definition.metadata

    @property
    def states(self) -> tuple[str, ...]:
        """Return the names of all states, in the order of the definition."""
        return tuple(n.id for n in self.definition.nodes if n.id in self.chart.states)

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return the events transitions name, sorted, without those of delays."""
        return tuple(sorted(self.chart.event_names()))

    def get_initial_state(self) -> StateName:
        """Return the state an entity begins in."""
        return StateName(initial_text(self.chart))

    def get_available_transitions(self, state: str) -> tuple[Transition, ...]:
        """Return what may leave a state, inner ones first, whatever guards say.

        Raises UndefinedStateError.
        """
        return transitions_of(self.chart, self.arrows_from(state))

    def arrows_from(self, state: str) -> tuple[Arrow, ...]:
        """Return the arrows of `get_available_transitions`, one for each source.

        Raises UndefinedStateError.
        """
        ids = configuration_of(self.chart, state)
        configuration = self.chart.kernel.configuration(ids)
        seen: dict[int, Arrow] = {}
        for leaf in configuration.leaves:
            for number in leaf.hearing:
                found = self.chart.tree.states[number]
                for one in (*found.arrows, *found.eventless):
                    seen.setdefault(one.number, one.arrow)
        return tuple(seen.values())

    def evaluate_destination(
        self, state: str, destination: str, context: Mapping[str, Json] = _NOTHING
    ) -> DestinationCheckResult:
        """Return whether one event leads from a state to another, and which.

        Raises UndefinedStateError for the state, and what `process` raises.
        """
        arrows = self.arrows_from(state)
        return evaluate(
            self.planner,
            arrows,
            state,
            destination,
            lambda trigger: self.process(state, trigger, context),
        )

    def can_transition_to(
        self, state: str, destination: str, context: Mapping[str, Json] = _NOTHING
    ) -> bool:
        """Say whether one event leads from a state to another now."""
        return self.evaluate_destination(state, destination, context).allowed

    def enter_parallel_state(self, name: str) -> str:
        """Return a parallel state with the initial states of its regions.

        Raises InvalidStateError for a state that is not parallel.
        """
        return parallel_text(self.chart, name)

    def validate_context(self, context: Mapping[str, Json]) -> tuple[bool, list[str]]:
        """Return whether a context is as `state_variables` and invariants ask.

        Everything is right where `meta.validate_context` is not true.
        """
        contract = self.chart.tree.contract
        errors = [] if contract is None else [*contract.faults(context)]
        return not errors, errors

    def guard_names(self) -> tuple[str, ...]:
        """Return the guards the definition names, in order, once each."""
        found = (
            guard.name
            for arrow in self.definition.arrows
            for guard in simple_guards(arrow.guard)
            if isinstance(guard, NamedGuard)
        )
        return tuple(dict.fromkeys(found))

    def action_names(self) -> tuple[str, ...]:
        """Return the actions the definition names, in order, once each."""
        names = dict.fromkeys(call.name for call in calls_in(self.definition))
        return tuple(name for name in names if name not in PERFORMED_HERE)

    def normal(self, trigger: str) -> str:
        """Return a trigger as the machine's `event_normalizer` writes it."""
        return self.chart.tree.semantics.normalizer.written(trigger)
