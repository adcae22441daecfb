"""The other machines a definition looks at: their names, and every question.

A peer is another machine of the same fleet whose state a guard asks for. The
laws of this file: a peer is named once and asked for by that name; a question
is about committed states only, those inside of a compound state included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from smtui.definition.content import Block, If
from smtui.definition.contents import blocks_in, contents_in
from smtui.definition.guards import (
    ExprGuard,
    FieldGuard,
    Guard,
    NamedGuard,
    PeerGuard,
    simple_guards,
)
from smtui.definition.lists import Definition
from smtui.definition.place import Position
from smtui.definition.tree import AnyDefinition, TreeDefinition

__all__ = ["PeerUse", "guards_on_peers"]


@dataclass(frozen=True, slots=True)
class PeerUse:
    """One guard that looks at another machine, and what it decides."""

    guard: PeerGuard
    is_eventless: bool
    """It decides a transition that waits for no event: it is looked at again
    whenever the other machine moves."""
    at: Position
    """Of the transition or action."""


def guards_on_peers(definition: AnyDefinition) -> Iterator[PeerUse]:
    """Yield every question a definition has about other machines."""
    if isinstance(definition, Definition):
        for transition in definition.transitions:
            for guard in _peers(transition.guard):
                yield PeerUse(guard, is_eventless=False, at=transition.at)
        return
    for arrow in definition.arrows:
        for guard in _peers(arrow.guard):
            yield PeerUse(guard, is_eventless=not arrow.events, at=arrow.at)
    for block in blocks_in(definition):
        yield from _in_block(block)
    for node in definition.nodes:
        for invoke in node.invokes:
            if isinstance(invoke.content, TreeDefinition):
                yield from guards_on_peers(invoke.content)


def _in_block(block: Block) -> Iterator[PeerUse]:
    for content in contents_in(block):
        if isinstance(content, If):
            for branch in content.branches:
                for guard in _peers(branch.guard):
                    yield PeerUse(guard, is_eventless=False, at=guard.at)


def _peers(guard: Guard | None) -> Iterator[PeerGuard]:
    for one in simple_guards(guard):
        match one:
            case PeerGuard():
                yield one
            case ExprGuard(peers=peers):
                yield from peers
            case NamedGuard() | FieldGuard():
                pass
            case _:
                assert_never(one)
