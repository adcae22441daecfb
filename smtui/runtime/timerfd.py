"""A kernel timer on the boot clock, as a descriptor to wait on (Linux).

Python has os.timerfd_create from 3.13 on; until then the C library is asked.
"""

import ctypes
import os
import sys
from contextlib import suppress

__all__ = ["Timerfd"]

_CLOCK_BOOTTIME = 7
_FLAGS = os.O_NONBLOCK | os.O_CLOEXEC
_NANO = 1_000_000_000
_FAR_S = 10 * 365 * 86400.0
"""A due time may be centuries away; the kernel's seconds need not know."""


class _Timespec(ctypes.Structure):
    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


class _Itimerspec(ctypes.Structure):
    _fields_ = (("interval", _Timespec), ("value", _Timespec))


class Timerfd:
    """One timer; readable once it has run out."""

    def __init__(self, libc: ctypes.CDLL, fd: int) -> None:
        self._libc = libc
        self.fd = fd

    @classmethod
    def open(cls) -> "Timerfd | None":
        """Return a disarmed timer, or None where the system has none."""
        if sys.platform != "linux":
            return None
        libc = ctypes.CDLL(None, use_errno=True)
        if not hasattr(libc, "timerfd_create"):
            return None
        fd = int(libc.timerfd_create(_CLOCK_BOOTTIME, _FLAGS))
        return cls(libc, fd) if fd >= 0 else None

    def arm(self, seconds: float) -> None:
        """Run out in that many seconds, more than 0, suspended time counted."""
        total = max(1, round(min(seconds, _FAR_S) * _NANO))
        self._set(_Timespec(total // _NANO, total % _NANO))

    def disarm(self) -> None:
        """Never run out."""
        self._set(_Timespec(0, 0))

    def take(self) -> None:
        """Make it unreadable again after it has run out."""
        with suppress(BlockingIOError):
            os.read(self.fd, 8)

    def _set(self, value: _Timespec) -> None:
        spec = _Itimerspec(_Timespec(0, 0), value)
        done = self._libc.timerfd_settime(self.fd, 0, ctypes.byref(spec), None)
        if done != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
