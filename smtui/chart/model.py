"""A definition, compiled: indexed, frozen, ready to be stepped.

For every state the first transition in file order for each event is looked up
once, here, with `*` standing in its place in the file (it has no lower
priority). A flat chart is thus its own product table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from smtui.chart.tree.code import Code
from smtui.chart.tree.guards import Test, compile_guard
from smtui.chart.values import Cursor, Snapshot, Status
from smtui.definition import ANY, Action, Ask, Definition, Position, State, Transition

__all__ = [
    "FINAL_NAMES",
    "START",
    "STOP",
    "ListChart",
    "StateNode",
    "awaits_start",
    "compile_list_chart",
    "list_of",
]

FINAL_NAMES = frozenset({"stopped", "shutdown", "completed"})
"""States of these names end the machine unless they have a way out."""

START = "start"
"""The event every run begins with, once."""

STOP = "stop"
"""This event into one of the FINAL_NAMES always ends the machine."""


@dataclass(frozen=True, slots=True)
class StateNode:
    """A state with everything a step may ask of it."""

    id: str
    actions: tuple[Action, ...]
    row: Mapping[str, int]
    """Event name -> index of the first transition: without guards it wins."""
    ways: Mapping[str, tuple[int, ...]]
    """Event name -> what may take it, in file order, where a guard decides:
    up to the first transition without one."""
    delays: tuple[tuple[str, float], ...]
    """Event name and seconds of the delays that start on entering."""
    is_final: bool
    ask: Ask | None = None
    stuck_after_s: float | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class ListChart:
    """The compiled form of a definition of states with action lists."""

    definition: Definition
    hash: str
    initial: str
    states: Mapping[str, StateNode]
    transitions: tuple[Transition, ...]
    context_maps: Mapping[str, Mapping[str, str]]
    """Event name -> key of the data -> dotted path into the message."""
    custom: frozenset[str]
    """Action types an author's file defines; they win over built-in ones."""
    tests: Mapping[int, tuple[Test, ...]]
    """Index of a transition -> its guard, compiled, where it has one."""

    def move(self, state: str, event: str) -> int | None:
        """Return the index of the transition the event takes, or None."""
        return self.states[state].row.get(event)

    def ways(self, state: str, event: str) -> tuple[int, ...]:
        """Return the transitions that may take the event, in order."""
        node = self.states[state]
        found = node.ways.get(event)
        if found is not None:
            return found
        index = node.row.get(event)
        return () if index is None else (index,)

    def takers(self, event: str) -> tuple[str, ...]:
        """Return the states in which the event is taken, in document order."""
        return tuple(id_ for id_, node in self.states.items() if event in node.row)

    def knows(self, event: str) -> bool:
        """Say whether a transition or the events table names the event."""
        return event in self.event_names()

    def event_names(self) -> tuple[str, ...]:
        """Return every event a transition or the events table names, in order.

        Delays (`timeout(5)`) come by themselves and are left out.
        """
        taken = [t.event for t in self.transitions if t.delay_s is None]
        declared = [
            spec.name
            for spec in self.definition.events
            if not spec.name.startswith("timeout(")
        ]
        return tuple(dict.fromkeys([*taken, *declared]))


def compile_list_chart(
    definition: Definition, custom: frozenset[str] = frozenset()
) -> ListChart:
    """Index a definition.

    `custom` are the action types for which an author's file exists: they are
    performed outside the core, even where the name is a built-in one.
    """
    transitions = definition.transitions
    nodes = {state.id: _node(state, definition) for state in _all_states(definition)}
    return ListChart(
        definition=definition,
        hash=definition.hash,
        initial=definition.initial,
        states=MappingProxyType(nodes),
        transitions=transitions,
        context_maps=MappingProxyType(
            {spec.name: spec.context_map for spec in definition.events}
        ),
        custom=custom,
        tests=MappingProxyType(
            {
                index: compile_guard(transition.guard, Code())
                for index, transition in enumerate(transitions)
                if transition.guard is not None
            }
        ),
    )


def _all_states(definition: Definition) -> list[State]:
    """Return the declared states and those only a transition names."""
    known = {state.id: state for state in definition.states}
    for transition in definition.transitions:
        for name in (transition.source, transition.target):
            if name not in known and name != ANY:
                known[name] = State(name, transition.at, declared=False)
    if definition.initial not in known:
        at = Position(definition.file, 1, 1)
        known[definition.initial] = State(definition.initial, at, declared=False)
    return list(known.values())


def _node(state: State, definition: Definition) -> StateNode:
    row: dict[str, int] = {}
    ways: dict[str, list[int]] = {}
    delays: dict[str, float] = {}
    has_way_out = False
    for index, transition in enumerate(definition.transitions):
        if transition.source not in {state.id, ANY}:
            continue
        row.setdefault(transition.event, index)
        several = ways.setdefault(transition.event, [])
        if not several or definition.transitions[several[-1]].guard is not None:
            several.append(index)
        if transition.delay_s is not None:
            delays.setdefault(transition.event, transition.delay_s)
        if transition.source == state.id and transition.target != state.id:
            has_way_out = True
    return StateNode(
        id=state.id,
        actions=state.actions,
        row=MappingProxyType(row),
        ways=MappingProxyType(
            {
                event: tuple(several)
                for event, several in ways.items()
                if definition.transitions[several[0]].guard is not None
            }
        ),
        delays=tuple(delays.items()),
        is_final=state.id in FINAL_NAMES and not has_way_out,
        ask=state.ask,
        stuck_after_s=state.stuck_after_s or definition.stuck_after_s,
        group=state.group,
    )


def awaits_start(chart: ListChart, snapshot: Snapshot) -> bool:
    """Say whether the event every run begins with is still to be taken.

    It is taken as the run begins, unless another machine decides: nobody can
    be asked then, so it is the first thing after.
    """
    if snapshot.turn != 1 or snapshot.status is not Status.RUNNING:
        return False
    return START in chart.states[snapshot.configuration[0]].ways


def list_of(chart: ListChart, cursor: Cursor) -> tuple[Action, ...]:
    """Return the action list a cursor is in.

    A transition's own actions come first; those of a self-loop stand alone and
    then lead back.
    """
    own: tuple[Action, ...] = ()
    if cursor.transition is not None:
        own = chart.transitions[cursor.transition].actions
    if cursor.then is not None:
        return own
    return own + chart.states[cursor.state].actions
