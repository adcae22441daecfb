"""Delays as PyStator writes them: a number of milliseconds, or one with a unit."""

import re

__all__ = ["delay_ms"]

_UNITS = {"": 1, "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_WRITTEN = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*(ms|s|m|h|d|)\s*\Z", re.ASCII)


def delay_ms(value: object) -> float:
    """Return a delay in milliseconds, at least 0: `500`, `"1.5s"`, `"2d"`.

    Raises ValueError for anything else; a flag is no number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value >= 0:
            return value
    elif isinstance(value, str):
        found = _WRITTEN.match(value)
        if found is not None:
            number = float(found[1]) * _UNITS[found[2]]
            return int(number) if number.is_integer() else number
    raise ValueError(f"{value!r} is no delay")
