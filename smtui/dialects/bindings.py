"""An author's Python beside a definition: which file, and what it must bind.

Beside `NAME.yaml` it is `NAME.py`; `code: FILE` in the definition names another.
Nobody here runs it: that is for the machine's own process.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from smtui.definition import (
    PERFORMED_HERE,
    Guard,
    Position,
    TreeDefinition,
    blocks_in,
    calls_in,
    contents_in,
    simple_guards,
)
from smtui.definition.content import If
from smtui.definition.guards import NamedGuard

__all__ = ["Wanted", "code_file", "told_unbound", "wanted_by"]


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


def told_unbound(
    code: str, guards: Iterable[str], actions: Iterable[str], *, is_there: bool
) -> str:
    """Return which functions nothing binds, and what to write into the file `code`."""
    names = [("guard", name) for name in guards] + [("action", n) for n in actions]
    wanted = ", ".join(f"{word} {name!r}" for word, name in names)
    marks = ", ".join(f'@{word}("{name}")' for word, name in names)
    if is_there:
        return f"{code} does not bind {wanted}; write {marks} there"
    return f"no Python file binds {wanted}; write {marks} in {code} beside it"


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
    for guard in _conditions(definition):
        for one in simple_guards(guard):
            if isinstance(one, NamedGuard):
                yield one


def _conditions(definition: TreeDefinition) -> Iterator[Guard | None]:
    for arrow in definition.arrows:
        yield arrow.guard
    for block in blocks_in(definition):
        for content in contents_in(block):
            if isinstance(content, If):
                yield from (branch.guard for branch in content.branches)
