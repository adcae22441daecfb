"""World actions: what happens outside, after the commit that asked for it.

Each is a file: bash, sleep, and custom for an author's Python. A performance
gives a Result or a Raised; one that our own shutdown ended gives nothing, so
its run stays pending and the next process performs it again.
"""

from smtui.runtime.actions.catalogue import Catalogue
from smtui.runtime.actions.custom import Author
from smtui.runtime.actions.outlet import Outlet
from smtui.runtime.actions.performance import Performance, Place

__all__ = ["Author", "Catalogue", "Outlet", "Performance", "Place"]
