"""The one place that reads a clock.

Records carry wall time, deadlines use boot time: a suspended laptop counts as
time passed, a changed wall clock does not. Everything else is handed a Clock.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

__all__ = ["Clock", "SystemClock", "rfc3339"]


class Clock(Protocol):
    """Where a room gets the time from."""

    def now(self) -> float:
        """Return wall time in seconds since the epoch, for records."""
        ...

    def elapsed(self) -> float:
        """Return seconds since boot, sleep included, for deadlines."""
        ...

    def boot_id(self) -> str:
        """Return an id of this boot: `elapsed` compares only inside one."""
        ...


class SystemClock:
    """The clocks of this computer (CLOCK_BOOTTIME where there is one)."""

    def __init__(self) -> None:
        self._source = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        try:
            text = Path("/proc/sys/kernel/random/boot_id").read_text("ascii")
        except OSError:
            text = "no-boot-id"
        self._boot_id = text.strip()

    def now(self) -> float:
        """Return wall time in seconds since the epoch."""
        return time.time()  # noqa: TID251 - this is the injected clock

    def elapsed(self) -> float:
        """Return seconds since boot, sleep included."""
        return time.clock_gettime(self._source)

    def boot_id(self) -> str:
        """Return the kernel's id of this boot."""
        return self._boot_id


def rfc3339(at: float) -> str:
    """Return seconds since the epoch as RFC 3339 UTC with milliseconds."""
    text = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"
