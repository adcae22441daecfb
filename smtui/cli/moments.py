"""Times as operators type them: `10m`, `2h30m`, `08:15`, `2026-11-22T08:15`."""

import re
from argparse import ArgumentTypeError
from datetime import datetime, tzinfo

from smtui.errors import UsageError

__all__ = ["count", "seconds", "since"]

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_SPAN = re.compile(rf"(?:{_PART.pattern})+")


def count(text: str) -> int:
    """Return a whole number from 1; raises ArgumentTypeError like seconds()."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is no number from 1 up")
    return int(text)


def seconds(text: str) -> float:
    """Return a span in seconds: `90`, `1.5s`, `10m`, `2h30m`.

    Raises ArgumentTypeError, so that argparse can name the option.
    """
    try:
        value = float(text)
    except ValueError:
        value = _span(text)
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no span of time, like 10 or 2m or 1h30m")
    return value


def since(text: str, now: float, zone: tzinfo | None) -> float:
    """Return the instant meant: so long ago, or at that time.

    Raises UsageError for anything else.
    """
    span = _span(text)
    if span >= 0:
        return now - span
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text)
    try:
        if clock:
            hour, minute, second = (int(part or 0) for part in clock.groups())
            today = datetime.fromtimestamp(now, zone)
            at = today.replace(hour=hour, minute=minute, second=second, microsecond=0)
            past = at.timestamp()
            return past if past <= now else past - _UNITS["d"]
        found = datetime.fromisoformat(text)
        aware = found if found.tzinfo else found.replace(tzinfo=zone)
        return aware.timestamp()
    except ValueError:
        raise UsageError(
            f"{text!r} is no time", hint="10m, 2h, 08:15 or 2026-11-22T08:15"
        ) from None


def _span(text: str) -> float:
    """Return the seconds of `2h30m`, or -1 for what is no span."""
    if not _SPAN.fullmatch(text):
        return -1.0
    return sum(float(n) * _UNITS[unit] for n, unit in _PART.findall(text))
