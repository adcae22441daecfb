"""The page of an instance: its graph, its journal and its data, live.

It is the page that looks back, beginning at the present: the same keys go
into the past, and what is sent from here is for this instance.
"""

from smtui.store.rows import SOLE_INSTANCE
from smtui.tui.commands import command_of
from smtui.tui.context import Context
from smtui.tui.screens.inject import InjectBox
from smtui.tui.screens.past import PastScreen

__all__ = ["InstanceScreen"]


class InstanceScreen(PastScreen, inherit_bindings=False):
    """One of a machine's instances."""

    BINDINGS = PastScreen.BINDINGS

    def __init__(self, context: Context, name: str, instance: str) -> None:
        super().__init__(context, name, instance)
        self._instance = instance
        self.is_live = True

    def action_inject(self) -> None:
        """Send an event to this instance."""
        if not self.may(command_of("inject"), self.selection()):
            return
        is_sole = self._instance == SOLE_INSTANCE
        target = self.machine_name
        if not is_sole:
            target = f"{target}/{self._instance}"
        self._open_box(InjectBox(self.context, [target]))
