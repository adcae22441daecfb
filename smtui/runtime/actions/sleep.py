"""`sleep`: wait until an instant that was fixed when the action was asked for.

Events wait meanwhile, and a process that resumes it waits the rest only.
"""

from smtui.chart.values import At, Raised, Result, RunEntry
from smtui.clock import Clock
from smtui.runtime.actions.performance import Ended
from smtui.runtime.alarm import Alarm

__all__ = ["Sleep"]

_DUE_PARTS = 3


class Sleep:
    """One sleep in hand."""

    pid = None
    can_resume = True

    def __init__(self, entry: RunEntry, clock: Clock) -> None:
        self._entry = entry
        self._clock = clock

    async def perform(self) -> Ended:
        """Return when the instant has come."""
        due = _due(self._entry)
        if due is None:
            duration = self._entry.args.get("duration")
            why = f"sleep duration {duration!r} is not a number of seconds"
            return Ended(Raised(why, "ValueError"))
        alarm = Alarm(self._clock)
        try:
            await alarm.wait_until(due)
        finally:
            alarm.close()
        return Ended(Result({}))

    def kill(self) -> None:
        """Do nothing: nothing runs."""


def _due(entry: RunEntry) -> At | None:
    found = entry.args.get("due")
    if not isinstance(found, list) or len(found) != _DUE_PARTS:
        return None
    wall, boot, boot_id = found
    if not isinstance(wall, int | float) or not isinstance(boot, int | float):
        return None
    return At(wall, boot, boot_id) if isinstance(boot_id, str) else None
