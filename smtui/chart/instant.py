"""An instant on both clocks, as a value."""

from typing import NamedTuple

__all__ = ["At"]


class At(NamedTuple):
    """An instant on both clocks: records use `wall`, delays use `boot`."""

    wall: float
    """Seconds since the epoch."""
    boot: float
    """Seconds since boot, sleep included; compares only inside one boot_id."""
    boot_id: str

    def plus(self, seconds: float) -> "At":
        """Return the instant that many seconds later on both clocks."""
        return At(self.wall + seconds, self.boot + seconds, self.boot_id)

    def is_due(self, now: "At") -> bool:
        """Say whether this instant has come: boot time decides inside a boot."""
        if self.boot_id == now.boot_id:
            return self.boot <= now.boot
        return self.wall <= now.wall

    def seconds_left(self, now: "At") -> float:
        """Return seconds from now until this instant, never below 0."""
        same = self.boot_id == now.boot_id
        left = self.boot - now.boot if same else self.wall - now.wall
        return max(0.0, left)
