"""What every dialect can say beside states: asks, declared events, peers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from smtui.definition.place import Position

__all__ = ["Ask", "EventSpec", "Peer"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question a state puts to a human, and the events that answer it."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Peer:
    """Another machine of the fleet that guards may look at."""

    name: str
    """What the definition calls it."""
    machine: str
    at: Position
    instance: str = ""
    """Which instance of it, where a guard does not say; see PeerGuard."""


@dataclass(frozen=True, slots=True)
class EventSpec:
    """What is declared of an event; the run accepts undeclared ones too."""

    name: str
    at: Position
    context_map: Mapping[str, str] = field(default_factory=dict[str, str])
    """Key of the machine's data -> dotted path into the event message."""
