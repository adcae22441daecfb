"""What an author of the engine dialect wrote: flat states with action lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from smtui.definition.guards import Guard
from smtui.definition.place import Json, Position
from smtui.definition.shared import Ask, EventSpec, Peer

__all__ = ["ANY", "Action", "Definition", "State", "Transition"]

ANY = "*"
"""As the source of a transition: any state."""


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of an action list, as written."""

    type: str | None
    """None when the author left it out: skipped with a warning. May hold a
    placeholder, so the kind is known only when the action runs."""
    args: Mapping[str, Json]
    """All other keys; `params:` is folded in, `target` is `target_machine`."""
    at: Position
    repeat: bool = False
    """`repeatable` or `run_policy` asks for another go in the next pass."""


@dataclass(frozen=True, slots=True)
class Transition:
    """An arrow. Which one wins is the business of the chart."""

    source: str
    """A state, or ANY."""
    target: str
    event: str
    """The event's name as written; `timeout(5)` for a delay."""
    at: Position
    delay_s: float | None = None
    """Seconds in the source state after which the event comes by itself."""
    actions: tuple[Action, ...] = ()
    guard: Guard | None = None
    """Questions about other machines: one that does not hold leaves the event
    to the next transition of the state."""


@dataclass(frozen=True, slots=True)
class State:
    """A state with the list of actions that entering it starts."""

    id: str
    at: Position
    actions: tuple[Action, ...] = ()
    group: str = ""
    """The section of the file it stands in (`# === NAME ===`), or ''."""
    ask: Ask | None = None
    stuck_after_s: float | None = None
    declared: bool = True
    """False when the file lists its states and this one only turns up in a
    transition or an action list."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One machine as its author wrote it."""

    dialect: str
    """`engine`, later `pystator`, `asl`, `python`, `scxml`."""
    name: str
    """The machine's name by the rules of the dialect, file stem at the last."""
    file: str
    text: str
    hash: str
    """First 16 hex digits of the sha256 of the text."""
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    events: tuple[EventSpec, ...] = ()
    title: str = ""
    description: str = ""
    template: bool = False
    """Started by other machines only, never by `run`."""
    stuck_after_s: float | None = None
    """Seconds in any state after which the machine is marked stuck."""
    name_at: Position | None = None
    """Where the name is written; None when it is the file's."""
    peers: tuple[Peer, ...] = ()

    def __repr__(self) -> str:
        """Return a line: all of it is thousands of words."""
        size = f"{len(self.states)} states, {len(self.transitions)} transitions"
        return f"<{self.dialect} {self.name} of {self.file}, {size}>"
