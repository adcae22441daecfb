"""Seconds into words: ages, countdowns, clock times, sizes.

Screens show local time (zone None), or UTC when asked; data keep seconds.
"""

from datetime import datetime, tzinfo

__all__ = ["age", "clock_time", "day_time", "duration", "size", "zone_name"]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TWO_UNITS_BELOW = 10
"""Below ten of a unit the next smaller one still says something: `2h14m`."""


def age(seconds: float) -> str:
    """Return whole units of at most 5 characters: `3s`, `9m`, `2h14m`, `12d`."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole}s"
    if whole < _HOUR:
        return f"{whole // _MINUTE}m"
    if whole < _DAY:
        hours, rest = divmod(whole, _HOUR)
        minutes = rest // _MINUTE
        is_fine = hours < _TWO_UNITS_BELOW and minutes > 0
        return f"{hours}h{minutes:02}m" if is_fine else f"{hours}h"
    return f"{whole // _DAY}d"


def duration(seconds: float) -> str:
    """Return a measured span with sense for its size: `0.4 ms`, `41 s`, `2h14m`."""
    if seconds < 0.00005:  # noqa: PLR2004 - it would read 0.0
        return "<0.1 ms"
    if seconds < 0.001:  # noqa: PLR2004 - below a millisecond one decimal matters
        return f"{seconds * 1000:.1f} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < _TWO_UNITS_BELOW:
        return f"{seconds:.1f} s"
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    return age(seconds)


def clock_time(at: float, zone: tzinfo | None = None, *, ms: bool = False) -> str:
    """Return hh:mm:ss of an instant, with milliseconds on request."""
    text = datetime.fromtimestamp(at, zone).strftime("%H:%M:%S")
    return f"{text}.{int(at * 1000) % 1000:03}" if ms else text


def day_time(at: float, zone: tzinfo | None = None) -> str:
    """Return year-month-day hh:mm:ss of an instant."""
    return datetime.fromtimestamp(at, zone).strftime("%Y-%m-%d %H:%M:%S")


def zone_name(at: float, zone: tzinfo | None = None) -> str:
    """Return the zone's short name at that instant: `CET`, `UTC`."""
    return datetime.fromtimestamp(at, zone).astimezone(zone).tzname() or ""


def size(count_bytes: int) -> str:
    """Return a size in binary units: `42 MB`."""
    value = float(count_bytes)
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1024:  # noqa: PLR2004 - the binary thousand
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"  # noqa: PLR2004
        value /= 1024
    return f"{value:.1f} TB"
