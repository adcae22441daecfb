"""Times as operators type them: `10m`, `2h30m`, `08:15`, `2026-11-22T08:15`."""

import re
from datetime import datetime, tzinfo

from smtui.errors import UsageError

__all__ = ["since", "span"]

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_SPAN = re.compile(rf"(?:{_PART.pattern})+")


def since(text: str, now: float, zone: tzinfo | None) -> float:
    """Return the instant meant: so long ago, or at that time.

    Raises UsageError for anything else.
    """
    ago = span(text)
    if ago >= 0:
        return now - ago
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


def span(text: str) -> float:
    """Return the seconds of `2h30m`, or -1 for what is no span."""
    if not _SPAN.fullmatch(text):
        return -1.0
    return sum(float(n) * _UNITS[unit] for n, unit in _PART.findall(text))
