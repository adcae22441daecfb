"""What a machine is given to work with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smtui.chart.messages import Lineage
from smtui.clock import Clock
from smtui.definition import Json
from smtui.runtime.actions import Author, Outlet, Place
from smtui.runtime.actions.functions import Functions
from smtui.runtime.bells import Bells
from smtui.runtime.foreign import Member
from smtui.runtime.library import Library
from smtui.runtime.link import Link
from smtui.runtime.spec import MAX_RUNNING
from smtui.runtime.stop import Stop
from smtui.stepper import Chart
from smtui.store import StoreThread

__all__ = ["Setup", "Tools"]


@dataclass(frozen=True, slots=True)
class Setup:
    """One machine: what it runs and where."""

    name: str
    chart: Chart
    context: Mapping[str, Json]
    """Data the run begins with."""
    place: Place
    author: Author
    folders: tuple[Path, ...]
    """Where a start_fsm's file is looked for, in this order."""
    functions: Functions | None = None
    """What an author bound for a statechart."""
    lineage: Lineage | None = None
    """Whose machine it is, when it was invoked."""
    foreign: Member | None = None
    """Itself among the machines of its file, where their own library moves them."""
    max_running: int = MAX_RUNNING
    """World actions of a machine with many instances at a time."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the machines of a process share."""

    epoch: int
    clock: Clock
    store: StoreThread
    library: Library
    bells: Bells
    link: Link
    stop: Stop
    outlet: Outlet
