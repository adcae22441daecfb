"""Numbers and spans of time as operators type them: `3`, `90`, `10m`, `2h30m`."""

from argparse import ArgumentTypeError

from smtui.view.moments import since, span

__all__ = ["count", "seconds", "since"]


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
        value = span(text)
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no span of time, like 10 or 2m or 1h30m")
    return value
