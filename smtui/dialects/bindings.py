"""An author's Python beside a definition: which file, and what it must bind.

Beside `NAME.yaml` it is `NAME.py`; `code: FILE` in the definition names another.
Nobody here runs it: that is for the machine's own process.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smtui.definition import (
    PERFORMED_HERE,
    Block,
    Guard,
    Position,
    TreeDefinition,
    calls_in,
)
from smtui.definition.content import If
from smtui.definition.guards import AllOf, AnyOf, NamedGuard, NotGuard

__all__ = ["Wanted", "code_file", "wanted_by"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The functions a definition needs, each with where it is named first."""

    guards: Mapping[str, Position] = field(default_factory=dict[str, Position])
    actions: Mapping[str, Position] = field(default_factory=dict[str, Position])


def code_file(definition: TreeDefinition, file: Path | None = None) -> Path | None:
    """Return the Python file of a definition, None for none.

    `file` is where the definition lies, if it calls itself something else. One
    it names is returned whether it is there or not.
    """
    file = file or Path(definition.file)
    if definition.code:
        return file.parent / definition.code
    beside = file.with_suffix(".py")
    return beside if beside.is_file() else None


def wanted_by(definition: TreeDefinition) -> Wanted:
    """Return the guards and actions that somebody must bind to functions."""
    guards: dict[str, Position] = {}
    actions: dict[str, Position] = {}
    if definition.dialect == "python":  # its own classes have them
        return Wanted()
    for guard in _guards(definition):
        guards.setdefault(guard.name, guard.at)
    for call in calls_in(definition):
        if call.name not in PERFORMED_HERE:
            actions.setdefault(call.name, call.at)
    if definition.dialect == "pystator":
        for node in definition.nodes:
            for invoke in node.invokes:
                if invoke.src is not None and not invoke.gives_data:
                    actions.setdefault(str(invoke.src.literal), invoke.src.at)
    return Wanted(guards, actions)


def _guards(definition: TreeDefinition) -> Iterator[NamedGuard]:
    for arrow in definition.arrows:
        if arrow.guard is not None:
            yield from _named(arrow.guard)
    for block in _blocks(definition):
        yield from _conditions(block)


def _named(guard: Guard) -> Iterator[NamedGuard]:
    match guard:
        case NamedGuard():
            yield guard
        case AllOf(guards) | AnyOf(guards):
            for each in guards:
                yield from _named(each)
        case NotGuard(inner):
            yield from _named(inner)
        case _:
            pass


def _conditions(block: Block) -> Iterator[NamedGuard]:
    for content in block:
        if isinstance(content, If):
            for branch in content.branches:
                if branch.guard is not None:
                    yield from _named(branch.guard)
                yield from _conditions(branch.block)


def _blocks(definition: TreeDefinition) -> Iterator[Block]:
    for node in definition.nodes:
        yield from node.entry
        yield from node.exit
    for arrow in definition.arrows:
        yield arrow.content
