"""Between which states a step led, in as few names as tell it.

A statechart is in many states at once; those that were neither left nor
entered say nothing of a step, nor do those around another one. One that stayed
where it was is told by the states its transitions belong to.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from smtui.store.rows import JournalRow

__all__ = ["Leaves", "Move", "joined", "move_of"]

Leaves = Callable[[Sequence[str]], Sequence[str]]
"""The innermost of active states."""


class Move(NamedTuple):
    """Where a step led from and to; '' from before the beginning."""

    source: str
    target: str


def joined(states: Sequence[str]) -> str:
    """Return active states as one text."""
    return "+".join(states)


def move_of(row: JournalRow, leaves: Leaves = tuple) -> Move:
    """Return where a step led from and to; without `leaves`, all states of it."""
    before, after = leaves(row.from_), leaves(row.to)
    left = [state for state in before if state not in after]
    entered = [state for state in after if state not in before]
    if left and entered:
        return Move(joined(left), joined(entered))
    if not (left or entered):
        stayed = _belongs(row) or joined(after)
        return Move(stayed, stayed)
    return Move(joined(before), joined(after))


def _belongs(row: JournalRow) -> str:
    """Return the states whose transitions were taken, where those are active."""
    sources = [str(m.get("from", "")) for m in row.micro if isinstance(m, Mapping)]
    return joined([source for source in dict.fromkeys(sources) if source in row.to])
