"""For tests of machines: virtual time, a store in memory, statecharts driven.

Shipped for users. Nothing here starts a process, opens a file or sleeps.
"""

from smtui.testing.clock import ManualClock
from smtui.testing.queue import FakeQueue, Job
from smtui.testing.sessions import Sessions, drive
from smtui.testing.store import FakeStore, Kept
from smtui.testing.world import Action, Ending, Functions, Guard, Load, World

__all__ = [
    "Action",
    "Ending",
    "FakeQueue",
    "FakeStore",
    "Functions",
    "Guard",
    "Job",
    "Kept",
    "Load",
    "ManualClock",
    "Sessions",
    "World",
    "drive",
]
