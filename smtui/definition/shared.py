"""What every dialect can say of a state or an event: asks, and declared events."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from smtui.definition.place import Position

__all__ = ["Ask", "EventSpec"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question a state puts to a human, and the events that answer it."""

    text: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EventSpec:
    """What is declared of an event; the run accepts undeclared ones too."""

    name: str
    at: Position
    context_map: Mapping[str, str] = field(default_factory=dict[str, str])
    """Key of the machine's data -> dotted path into the event message."""
