"""What a command is, and the names of the screens that bind them."""

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from smtui.view.selection import Selection

__all__ = ["Command", "Group", "ScreenName"]


class ScreenName(StrEnum):
    """Every screen that has bindings from the table."""

    APP = "app"
    """Not a screen: what works everywhere, boxes and forms included."""
    MAIN = "main"
    MACHINE = "machine"
    GRAPH = "graph"
    FLEET = "fleet"
    BOARD = "board"
    PAST = "past"
    JOB = "job"
    LOG = "log"
    HISTORY = "history"
    VALUES = "values"
    MAIL = "mail"
    PROBLEMS = "problems"
    WHY = "why"


class Group(StrEnum):
    """The sections of the key sheet."""

    ACT = "act"
    LOOK = "look"
    MOVE = "move"
    SCREEN = "screen"


Enabled: TypeAlias = Callable[[Selection], bool]
Twin: TypeAlias = Callable[[Selection], str]


class Command(NamedTuple):
    """A verb with its key."""

    id: str
    """Also the name of the action: `action_ID` of the screens."""
    keys: str
    """As Textual spells them, comma-separated."""
    shown: str
    """The key as an operator reads it."""
    title: str
    help: str
    group: Group
    screens: frozenset[ScreenName]
    rank: int = 0
    """Place in the footer, 1 first; 0 is not shown there."""
    enabled: Enabled | None = None
    """None means always."""
    twin: Twin | None = None
    """The command line that does the same; None for looking and moving."""
    writes: bool = False
    """Refused on a read-only screen."""

    @property
    def action(self) -> str:
        """Return the id without its arguments."""
        return self.id.partition("(")[0]
