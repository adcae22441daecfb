"""Who is typing: kept with everything an operator does."""

import getpass
import os
import sys
from pathlib import Path

__all__ = ["who"]


def who() -> str:
    """Return user@tty, or user@- where there is no terminal."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{_terminal()}"


def _terminal() -> str:
    for stream in (sys.stdin, sys.stderr, sys.stdout):
        try:
            name = os.ttyname(stream.fileno())
        except (AttributeError, OSError, ValueError):
            continue
        return str(Path(name)).removeprefix("/dev/")
    return "-"
