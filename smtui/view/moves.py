"""Between which states a step led, in as few names as tell it.

A statechart is in many states at once; those that were neither left nor
entered say nothing of a step. One that stayed where it was is told by the
states its transitions belong to.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from smtui.store.rows import JournalRow

__all__ = ["Move", "joined", "move_of"]


class Move(NamedTuple):
    """Where a step led from and to; '' from before the beginning."""

    source: str
    target: str


def joined(states: Sequence[str]) -> str:
    """Return active states as one text."""
    return "+".join(states)


def move_of(row: JournalRow) -> Move:
    """Return where a step led from and to."""
    left = [state for state in row.from_ if state not in row.to]
    entered = [state for state in row.to if state not in row.from_]
    if left and entered:
        return Move(joined(left), joined(entered))
    if not (left or entered):
        stayed = _belongs(row) or joined(row.to)
        return Move(stayed, stayed)
    return Move(joined(row.from_), joined(row.to))


def _belongs(row: JournalRow) -> str:
    """Return the states whose transitions were taken, where those are active."""
    sources = [str(m.get("from", "")) for m in row.micro if isinstance(m, Mapping)]
    return joined([source for source in dict.fromkeys(sources) if source in row.to])
