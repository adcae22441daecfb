"""A lost terminal: leave at once, and leave the fleet alone.

Textual writes from a thread of its own through a short queue. When the
terminal goes away that thread dies at its next write, the queue fills, and the
event loop stands still for ever: neither a timer nor an asyncio signal handler
would run any more. So the line itself is watched, from outside the loop, and
SIGHUP is taken at once. There is nothing to restore on a terminal that is
gone, and what was being stored is committed or not, never half.
"""

import os
import select
import signal
import sys
import threading
from types import FrameType

__all__ = ["watch_terminal"]


def watch_terminal() -> None:
    """End this process when its terminal goes; call it from the main thread.

    Does nothing where standard input is no terminal.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    try:
        fd = sys.__stdin__.fileno() if sys.__stdin__ else -1
        is_terminal = os.isatty(fd)
    except (OSError, ValueError):
        return
    if not is_terminal:
        return
    signal.signal(signal.SIGHUP, _leave)
    threading.Thread(target=_wait, args=(fd,), name="terminal", daemon=True).start()


def _wait(fd: int) -> None:
    """Sleep until the line hangs up; no key wakes this thread."""
    line = select.poll()
    line.register(fd, 0)
    while True:
        try:
            events = line.poll()
        except OSError:
            return
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in events):
            _leave()
        if any(event & select.POLLNVAL for _, event in events):
            return


def _leave(number: int = 0, frame: FrameType | None = None) -> None:
    del number, frame
    os._exit(0)
