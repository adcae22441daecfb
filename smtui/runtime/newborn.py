"""Make a forked process as good as one that was started afresh.

A fork inherits what exec would have swept away: session, signal handlers,
working directory, environment, and the name under which /proc shows it. All
of it is set here, once, before the process does anything of its own.

What exec would also do and this does not: read again the variables that
Python and the C library look at when a process begins (PYTHONPATH, LC_ALL,
LD_PRELOAD ...). Whoever needs them different has to exec.
"""

import gc
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from smtui.runtime import procarea
from smtui.wire.birth import Birth

__all__ = ["become"]

_LIKE_PYTHON: Mapping[int, Callable[[int, FrameType | None], object] | int] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGPIPE: signal.SIG_IGN,
    signal.SIGXFSZ: signal.SIG_IGN,
}
"""What a Python process begins with; all other signals are the kernel's."""

_FIXED = frozenset({signal.SIGKILL, signal.SIGSTOP})


def become(birth: Birth, outputs: Sequence[int]) -> None:
    """Be that process; its input is /dev/null already.

    Raises OSError when its working directory cannot be entered, ValueError
    for an environment that no process can have.
    """
    for number, fd in enumerate(outputs, start=1):
        os.dup2(fd, number)
        os.close(fd)
    _reset_signals()
    os.environ.clear()
    os.environ.update(birth.env)
    procarea.show(
        name=birth.child,
        command=("smtui", "_machine", "--child", birth.child, f"--epoch={birth.epoch}"),
        env=birth.env,
    )
    os.chdir(birth.cwd)
    gc.enable()
    # last: who is in the nursery's session is not finished (see Undertaker)
    os.setsid()


def _reset_signals() -> None:
    signal.set_wakeup_fd(-1)
    for number in signal.valid_signals() - _FIXED:
        signal.signal(number, _LIKE_PYTHON.get(number, signal.SIG_DFL))
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
