"""A definition on its way to a machine: what was read, and what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from smtui.check.project import MachineEntry, Project
from smtui.check.report import ChildSettings
from smtui.definition import (
    Action,
    AnyDefinition,
    Definition,
    Node,
    Position,
    State,
)
from smtui.dialects import Loaded, Notes

__all__ = ["Placed", "Unit", "placed_actions", "states_of"]


@dataclass(slots=True)
class Unit:
    """One machine; its notes grow while the fleet is looked through."""

    path: Path
    """Absolute."""
    shown: str
    """The file as the operator named it."""
    loaded: Loaded
    name: str
    notes: Notes
    """What is wrong with the file, alone and among the others."""
    actions_dir: Path | None = None
    custom: Mapping[str, Path] = field(default_factory=dict[str, Path])
    project: Project | None = None
    """The project file of its folder."""
    entry: MachineEntry | None = None
    """What the project file says of it."""
    settings: ChildSettings = field(default_factory=ChildSettings)
    is_blocked: bool = False
    """Something outside its file keeps it from running."""

    @property
    def definition(self) -> AnyDefinition | None:
        """Return what the file defines, None when it has errors."""
        return self.loaded.definition

    @property
    def draft(self) -> AnyDefinition | None:
        """Return what could be read of the file, with errors or without."""
        return self.definition or self.loaded.draft

    @property
    def can_run(self) -> bool:
        """Say whether nothing keeps this machine from running."""
        return (
            self.definition is not None
            and not self.is_blocked
            and not self.notes.has_errors()
        )

    @property
    def named_at(self) -> Position:
        """Return where the machine gets its name from."""
        if self.entry is not None and self.entry.file is not None:
            return self.entry.at
        at = self.definition.name_at if self.definition is not None else None
        return at or Position(self.shown, 1, 1)


class Placed(NamedTuple):
    """An action, and the state whose list it runs in."""

    action: Action
    state: str


def states_of(definition: AnyDefinition) -> tuple[State, ...] | tuple[Node, ...]:
    """Return the states of any definition, in its order."""
    if isinstance(definition, Definition):
        return definition.states
    return definition.nodes


def placed_actions(definition: AnyDefinition | None) -> Iterator[Placed]:
    """Return every action of the lists; an arrow's belong to its target."""
    if not isinstance(definition, Definition):
        return
    for state in definition.states:
        for action in state.actions:
            yield Placed(action, state.id)
    for transition in definition.transitions:
        for action in transition.actions:
            yield Placed(action, transition.target)
