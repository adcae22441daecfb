"""What the cursor is on, as a value: the verbs ask it what they may do."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from smtui.store.rows import InboxStatus, JobState
from smtui.view.words import Standing

__all__ = ["NOTHING_SELECTED", "Selection", "Thing"]

Thing: TypeAlias = Literal["machine", "job", "event", "problem", "none"]


@dataclass(frozen=True, slots=True)
class Selection:
    """The thing under the cursor and what is marked beside it."""

    thing: Thing = "none"
    machine: str = ""
    """The machine it is, or belongs to."""
    standing: Standing | None = None
    marked: tuple[str, ...] = ()
    """Machines marked with space; a verb acts on them when there are any."""
    members: tuple[str, ...] = ()
    """The replicas, when the cursor is on their group."""
    job_id: str = ""
    job_status: JobState | None = None
    event_id: str = ""
    event_status: InboxStatus | None = None
    file: str = ""
    line: int = 0
    is_running_action: bool = False
    """A World action is in hand: verbs that would end it ask first."""
    has_instances: bool = False
    """The machine has more than one: there is a board to look at."""
    is_crowd: bool = False
    """Each of its instances is an entity's: there is none that is the machine's."""

    @property
    def machines(self) -> tuple[str, ...]:
        """Return the machines a verb acts on: the marked, the group, or the one."""
        if self.marked:
            return self.marked
        if self.members:
            return self.members
        return (self.machine,) if self.machine else ()


NOTHING_SELECTED = Selection()
