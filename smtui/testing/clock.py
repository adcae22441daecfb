"""A clock that stands still until it is told to go on."""

from smtui.chart.values import At

__all__ = ["ManualClock"]


class ManualClock:
    """Virtual time: implements `smtui.clock.Clock`."""

    def __init__(self, now: float = 1_700_000_000.0) -> None:
        self._now = now
        self._elapsed = 0.0

    def now(self) -> float:
        """Return wall time in seconds since the epoch."""
        return self._now

    def elapsed(self) -> float:
        """Return seconds since the clock was made."""
        return self._elapsed

    def boot_id(self) -> str:
        """Return the id of the one boot there is."""
        return "manual"

    def at(self) -> At:
        """Return the instant, as the core takes it."""
        return At(self._now, self._elapsed, self.boot_id())

    def copy(self) -> "ManualClock":
        """Return a clock that shows the same and goes its own way."""
        other = ManualClock(self._now)
        other._elapsed = self._elapsed
        return other

    def advance(self, seconds: float) -> None:
        """Let time pass. Raises ValueError for a negative span."""
        if seconds < 0:
            raise ValueError(f"time does not go back: {seconds} s")
        self._now += seconds
        self._elapsed += seconds
