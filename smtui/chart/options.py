"""What a chart says before anything is done: what it takes, where it would lead."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from smtui.chart.values import Outcome, Step

__all__ = [
    "Accepts",
    "AllBut",
    "Branch",
    "Depends",
    "Everything",
    "Foreseen",
    "Nothing",
    "Only",
    "Option",
    "Waits",
]


class Everything(NamedTuple):
    """Any event is stepped at once."""

    def takes(self, event: str) -> bool:
        """Say whether an event of this name is stepped now."""
        del event
        return True


class Nothing(NamedTuple):
    """Every event waits."""

    why: str

    def takes(self, event: str) -> bool:
        """Say whether an event of this name is stepped now."""
        del event
        return False


@dataclass(frozen=True, slots=True)
class Only:
    """Events of these types are stepped, the others wait."""

    types: frozenset[str]

    def takes(self, event: str) -> bool:
        """Say whether an event of this name is stepped now."""
        return event in self.types


@dataclass(frozen=True, slots=True)
class AllBut:
    """Events of these types wait for `check_events`, the others are stepped."""

    types: frozenset[str]

    def takes(self, event: str) -> bool:
        """Say whether an event of this name is stepped now."""
        return event not in self.types


Accepts: TypeAlias = Everything | Nothing | Only | AllBut


class Waits(NamedTuple):
    """The event would stay in the inbox for now."""

    why: str


class Branch(NamedTuple):
    """What an event does if guards of the author's say so."""

    answers: tuple[tuple[str, bool], ...]
    """The guards by name, in the order they are asked."""
    target: str
    """The state it leads to then; '' when it is not taken."""


class Depends(NamedTuple):
    """What the event does is up to guards that are author's code."""

    on: tuple[str, ...]
    """Their names: a preview never runs them."""
    branches: tuple[Branch, ...]


class Foreseen(NamedTuple):
    """What an event would do if it came now."""

    outcome: Outcome | Waits | Depends
    step: Step | None


class Option(NamedTuple):
    """An event an operator may inject, and where it leads now."""

    event: str
    outcome: Outcome | Waits | Depends
    target: str
    """The state it leads to; '' when it is not taken."""
