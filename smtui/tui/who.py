"""Who sits at this terminal: kept with every act."""

import getpass
import os
import sys

__all__ = ["who"]


def who() -> str:
    """Return user@tty, `user@-` without a terminal."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{_terminal()}"


def _terminal() -> str:
    for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None:
                return os.ttyname(stream.fileno()).removeprefix("/dev/")
        except (OSError, ValueError):
            continue
    return "-"
