"""What a definition tells the screen, independent of any running instance.

Screens look at many machines and at few definitions, so this is made once for
each definition version and kept by its hash.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from smtui.chart.foreign_news import said
from smtui.definition import (
    ANY,
    AnyDefinition,
    Ask,
    Definition,
    Node,
    State,
    Transition,
    TreeDefinition,
)

__all__ = ["NOTHING_KNOWN", "Facts", "Way", "event_fields", "facts_of"]


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow as the card shows it."""

    event: str
    source: str
    """'' when it leads out of any state."""
    target: str
    delay_s: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The part of a definition that rows and cards need."""

    asks: Mapping[str, Ask] = field(default_factory=dict[str, Ask])
    """State -> the question it puts to a human."""
    stuck_after_s: Mapping[str, float] = field(default_factory=dict[str, float])
    stuck_default_s: float | None = None
    states: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    """Every event anybody may inject, declared or only used, in file order."""
    fields: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    """Event -> names of payload keys the definition reads."""
    ways: tuple[Way, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict[str, int])
    """State -> line of the file that describes it."""
    parents: Mapping[str, str] = field(default_factory=dict[str, str])
    """Inner state -> the one around it."""
    delays: Mapping[str, float] = field(default_factory=dict[str, float])
    """Event a statechart makes when a delay is over -> its seconds."""

    def stuck_after(self, state: str) -> float | None:
        """Return the author's limit for a stay in this state, in seconds."""
        return self.stuck_after_s.get(state, self.stuck_default_s)

    def leaves(self, configuration: Sequence[str]) -> tuple[str, ...]:
        """Return the innermost of these active states."""
        outer = {above for state in configuration for above in self._around(state)}
        return tuple(state for state in configuration if state not in outer)

    def told(self, event: str) -> str:
        """Return an event as people know it: a delay by how long it is."""
        seconds = self.delays.get(event)
        return said(event) if seconds is None else f"after {seconds:g}s"

    @property
    def around(self) -> frozenset[str]:
        """Return the states that have states inside."""
        return frozenset(self.parents.values())

    def out_of(self, state: str) -> tuple[Way, ...]:
        """Return the arrows out of a state and of those around it, inner first.

        The first of an event wins.
        """
        seen: set[str] = set()
        found: list[Way] = []
        for source in (state, *self._around(state)):
            for way in self.ways:
                if way.source in ("", source) and way.event not in seen:
                    seen.add(way.event)
                    found.append(way)
        return tuple(found)

    def _around(self, state: str) -> Iterator[str]:
        """Yield the states around a state, the nearest first."""
        while state in self.parents:
            state = self.parents[state]
            yield state

    def into(self, state: str) -> tuple[Way, ...]:
        """Return the arrows that lead into a state from another one."""
        return tuple(
            way for way in self.ways if way.target == state and way.source != state
        )

    def takers(self, event: str) -> tuple[str, ...]:
        """Return the states that take an event, `any state` first."""
        found = [way.source or "any state" for way in self.ways if way.event == event]
        return tuple(dict.fromkeys(found))


NOTHING_KNOWN = Facts()
"""For a machine whose definition is not read yet, or cannot be."""


def facts_of(definition: AnyDefinition) -> Facts:
    """Return what the screen shows of a definition."""
    states: Sequence[State | Node]
    if isinstance(definition, Definition):
        states, ways = definition.states, [*map(_way, definition.transitions)]
        events = _events(definition)
    else:
        states, ways = definition.nodes, [*_tree_ways(definition)]
        events = _tree_events(definition)
    return Facts(
        asks={state.id: state.ask for state in states if state.ask},
        stuck_after_s={
            state.id: state.stuck_after_s
            for state in states
            if state.stuck_after_s is not None
        },
        stuck_default_s=definition.stuck_after_s,
        states=tuple(state.id for state in states),
        events=events,
        fields={
            event.name: event_fields(event.context_map)
            for event in definition.events
            if event.context_map
        },
        ways=tuple(ways),
        lines={state.id: state.at.line for state in states if state.at.line},
        parents={
            state.id: state.parent
            for state in states
            if isinstance(state, Node) and state.parent is not None
        },
        delays={} if isinstance(definition, Definition) else _delays(definition),
    )


def event_fields(context_map: Mapping[str, str]) -> tuple[str, ...]:
    """Return the top payload keys that a context_map reads, in its order."""
    keys: list[str] = []
    for path in context_map.values():
        parts = path.split(".")
        if len(parts) > 1 and parts[0] == "payload":
            keys.append(parts[1])
    return tuple(dict.fromkeys(keys))


def _events(definition: Definition) -> tuple[str, ...]:
    declared = [event.name for event in definition.events]
    used = [arrow.event for arrow in definition.transitions if arrow.delay_s is None]
    answers = [
        name for state in definition.states if state.ask for name in state.ask.answers
    ]
    return tuple(
        name
        for name in dict.fromkeys([*declared, *used, *answers])
        if not name.startswith("timeout(")
    )


def _way(arrow: Transition) -> Way:
    source = "" if arrow.source == ANY else arrow.source
    return Way(arrow.event, source, arrow.target, arrow.delay_s)


def _tree_ways(definition: TreeDefinition) -> Iterator[Way]:
    """Yield the arrows that wait for something: an event, or a time."""
    for arrow in definition.arrows:
        events = arrow.events[:1] if arrow.delay_s is not None else arrow.events
        for event in events:
            for target in arrow.targets or (arrow.source,):
                yield Way(event, arrow.source, target, arrow.delay_s)


def _delays(definition: TreeDefinition) -> dict[str, float]:
    return {
        arrow.events[0]: arrow.delay_s
        for arrow in definition.arrows
        if arrow.delay_s is not None and arrow.events
    }


def _tree_events(definition: TreeDefinition) -> tuple[str, ...]:
    """Return the events an operator may send: none that the core makes itself."""
    declared = [event.name for event in definition.events]
    used = [
        event
        for arrow in definition.arrows
        if arrow.delay_s is None
        for event in arrow.events
    ]
    asked = [name for node in definition.nodes if node.ask for name in node.ask.answers]
    makes = definition.semantics.makes
    return tuple(
        name
        for name in dict.fromkeys([*declared, *used, *asked])
        if name != "*" and not makes(name)
    )
