"""What a definition tells the screen, independent of any running instance.

Screens look at many machines and at few definitions, so this is made once for
each definition version and kept by its hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from smtui.definition import ANY, Ask, Definition, Transition

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

    def stuck_after(self, state: str) -> float | None:
        """Return the author's limit for a stay in this state, in seconds."""
        return self.stuck_after_s.get(state, self.stuck_default_s)

    def out_of(self, state: str) -> tuple[Way, ...]:
        """Return the arrows out of a state; the first of an event wins."""
        seen: set[str] = set()
        found: list[Way] = []
        for way in self.ways:
            if way.source in ("", state) and way.event not in seen:
                seen.add(way.event)
                found.append(way)
        return tuple(found)

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


def facts_of(definition: Definition) -> Facts:
    """Return what the screen shows of a definition."""
    states = definition.states
    return Facts(
        asks={state.id: state.ask for state in states if state.ask},
        stuck_after_s={
            state.id: state.stuck_after_s
            for state in states
            if state.stuck_after_s is not None
        },
        stuck_default_s=definition.stuck_after_s,
        states=tuple(state.id for state in states),
        events=_events(definition),
        fields={
            event.name: event_fields(event.context_map)
            for event in definition.events
            if event.context_map
        },
        ways=tuple(_way(arrow) for arrow in definition.transitions),
        lines={state.id: state.at.line for state in states if state.at.line},
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
