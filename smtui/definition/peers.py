"""The other machines a definition looks at: their names, and every question.

A peer is another machine of the same fleet whose state a guard asks for. The
laws of this file: a peer is named once and asked for by that name; a question
is about committed states only, those inside of a compound state included.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from smtui.definition.content import Block, ForEach, If
from smtui.definition.guards import (
    AllOf,
    AnyOf,
    ExprGuard,
    Guard,
    NotGuard,
    PeerGuard,
)
from smtui.definition.lists import Definition
from smtui.definition.place import Position
from smtui.definition.tree import AnyDefinition, TreeDefinition

__all__ = ["PeerUse", "guards_on_peers", "peers_in"]


@dataclass(frozen=True, slots=True)
class PeerUse:
    """One guard that looks at another machine, and what it decides."""

    guard: PeerGuard
    is_eventless: bool
    """It decides a transition that waits for no event: it is looked at again
    whenever the other machine moves."""
    at: Position
    """Of the transition or action."""


def peers_in(guard: Guard | None) -> Iterator[PeerGuard]:
    """Yield the questions about other machines in a guard, in order."""
    match guard:
        case PeerGuard():
            yield guard
        case ExprGuard(peers=peers):
            yield from peers
        case AllOf(guards) | AnyOf(guards):
            for one in guards:
                yield from peers_in(one)
        case NotGuard(inner):
            yield from peers_in(inner)
        case _:
            pass


def guards_on_peers(definition: AnyDefinition) -> Iterator[PeerUse]:
    """Yield every question a definition has about other machines."""
    if isinstance(definition, Definition):
        for transition in definition.transitions:
            for guard in peers_in(transition.guard):
                yield PeerUse(guard, is_eventless=False, at=transition.at)
        return
    for arrow in definition.arrows:
        for guard in peers_in(arrow.guard):
            yield PeerUse(guard, is_eventless=not arrow.events, at=arrow.at)
        yield from _in_block(arrow.content)
    for node in definition.nodes:
        for block in (*node.entry, *node.exit):
            yield from _in_block(block)
        for invoke in node.invokes:
            if isinstance(invoke.content, TreeDefinition):
                yield from guards_on_peers(invoke.content)


def _in_block(block: Block) -> Iterator[PeerUse]:
    for content in block:
        match content:
            case If(branches=branches):
                for branch in branches:
                    for guard in peers_in(branch.guard):
                        yield PeerUse(guard, is_eventless=False, at=guard.at)
                    yield from _in_block(branch.block)
            case ForEach(block=inner):
                yield from _in_block(inner)
            case _:
                pass
