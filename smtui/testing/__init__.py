"""For tests of machines: virtual time, a store in memory, statecharts driven.

Shipped for users. Nothing here starts a process, opens a file or sleeps.
"""

from smtui.testing.clock import ManualClock
from smtui.testing.sessions import Action, Guard, Load, Sessions, drive
from smtui.testing.store import FakeStore, Kept

__all__ = [
    "Action",
    "FakeStore",
    "Guard",
    "Kept",
    "Load",
    "ManualClock",
    "Sessions",
    "drive",
]
