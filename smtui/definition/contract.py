"""What holds for the data of a statechart, and how data alone finds a state.

PyStator 0.0.47's `context_invariants` and `meta.classification`; the fields
that are declared are Variables of the tree.
"""

from dataclasses import dataclass

from smtui.definition.guards import Guard
from smtui.definition.place import Position

__all__ = ["Classification", "Invariant"]


@dataclass(frozen=True, slots=True)
class Invariant:
    """A condition on the data that no step may break. It asks no author's code."""

    name: str
    """What it is called when it is broken."""
    guard: Guard
    at: Position
    description: str = ""


@dataclass(frozen=True, slots=True)
class Classification:
    """How records of data are told apart by what is said `when` of states."""

    auto_route: bool = False
    """Data moves an instance: a transition to a state whose `when` holds is
    taken by itself."""
    entity_id_field: str = "entity_id"
    """The field of a record that says whose it is."""
    timestamp_field: str = ""
    """The field that says when it was observed, or ''."""
    source: str = "classifier"
    """Who observed it; a label."""
    default_state: str = ""
    """The state of a record that no state's `when` holds for, or ''."""
