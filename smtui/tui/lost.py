"""A lost terminal: leave at once, and leave the fleet alone unless told not to.

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
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType

from smtui.wire import Ask, encode
from smtui.wire.paths import control_path, run_dir
from smtui.wire.who import who

__all__ = ["order_down", "watch_terminal"]

ORDER_S = 2.0
"""How long an order may take; nobody waits for more."""


def order_down(data_dir: Path) -> None:
    """Tell the supervisor to stop the fleet; it answers at once."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door, suppress(OSError):
        door.settimeout(ORDER_S)
        door.connect(str(control_path(run_dir(data_dir))))
        door.sendall(encode(Ask(1, "down", who=f"{who()} (lost terminal)")))
        door.recv(1)


def watch_terminal(before: Callable[[], None] | None = None) -> None:
    """End this process when its terminal goes; call it from the main thread.

    `before` is called first. Does nothing where standard input is no terminal.
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
    leave = partial(_leave, before)
    signal.signal(signal.SIGHUP, leave)
    args = (fd, leave)
    threading.Thread(target=_wait, args=args, name="terminal", daemon=True).start()


def _wait(fd: int, leave: Callable[[], None]) -> None:
    """Sleep until the line hangs up; no key wakes this thread."""
    line = select.poll()
    line.register(fd, 0)
    while True:
        try:
            events = line.poll()
        except OSError:
            return
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in events):
            leave()
        if any(event & select.POLLNVAL for _, event in events):
            return


def _leave(
    before: Callable[[], None] | None, number: int = 0, frame: FrameType | None = None
) -> None:
    del number, frame
    if before is not None:
        before()
    os._exit(0)
