"""The guardian: nothing of a fleet outlives its supervisor.

    python -I guardian.py COMMAND ARG...

It makes itself a child subreaper (prctl(2)), starts COMMAND - the supervisor -
and waits. When the supervisor is gone, by its own will or by kill -9, every
process it started, directly or not, setsid daemons and double forks included,
falls to the guardian, which kills them all and ends with the supervisor's
exit code.

The supervisor's standard input is a pipe of which only the guardian holds the
other end: end of file there means the guardian is gone.

Laws of this file:

- it imports only os, signal, ctypes and sys, nothing of this program: what it
  does not import cannot break it
- it allocates next to nothing and asks for nothing while it waits; the wait
  is a blocking one
- it is not to be stopped by the signals a terminal sends; to end a fleet,
  tell the supervisor
"""

# pathlib, contextlib and subprocess would be further imports
# ruff: noqa: PTH123, PTH208, S606, SIM105

import ctypes
import os
import signal
import sys

GIVEN = 3
"""The supervisor's descriptor of what is the guardian's standard input: there
whoever starts a fleet says what it has found, and that it shall begin."""

PR_SET_CHILD_SUBREAPER = 36
"""<linux/prctl.h>, since Linux 3.4."""


def become_subreaper() -> bool:
    """Make orphaned descendants fall to this process; say if that worked."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0)


def children_of(pid: int) -> list[int]:
    """Return the direct children of a process, as far as /proc tells.

    The kernel may leave one out while others end (proc(5), `children`), so
    who wants all of them asks until the kernel says there are none.
    """
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", "rb") as file:
                found += [int(each) for each in file.read().split()]
    except OSError:
        pass
    return found


def subtree(pid: int) -> list[int]:
    """Return all descendants of a process, parents before children."""
    found: list[int] = []
    level = children_of(pid)
    while level:
        found += level
        level = [child for each in level for child in children_of(each)]
    return found


def scan(pid: int) -> list[int]:
    """Return the direct children of a process from its /proc neighbours.

    Slower than children_of, but leaves none out.
    """
    everyone = [int(each) for each in os.listdir("/proc") if each.isdigit()]
    return [each for each in everyone if parent_of(each) == pid]


def parent_of(pid: int) -> int:
    """Return the parent of a process, 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            # the name in brackets may itself hold brackets and blanks
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0


def kill(pid: int) -> None:
    """Kill a process if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass


def kill_all_below(pid: int) -> None:
    """Kill every descendant of this process and wait until none is left."""
    while True:
        victims = subtree(pid) or scan(pid)
        for each in victims:
            kill(each)
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return
        except InterruptedError:
            pass


def start(command: list[str]) -> int:
    """Start the supervisor with our pipe as its input; return its pid."""
    end, mine = os.pipe()
    pid = os.fork()
    if pid:
        os.close(end)
        return pid
    try:
        os.close(mine)
        given = os.dup(0)
        os.dup2(end, 0)
        os.dup2(given, GIVEN)
        for number in IGNORED:
            signal.signal(number, signal.SIG_DFL)
        os.execv(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


IGNORED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)


def lead_session() -> None:
    """Leave the caller's terminal, if that was not done for us."""
    if os.getsid(0) != os.getpid():
        os.setsid()


def let_go_of_output() -> None:
    """Give up stdin, stdout and stderr: who started us waits for their end."""
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    os.close(null)


def wait_for(pid: int) -> int:
    """Wait until a child has ended, reap all others; return its exit code."""
    while True:
        try:
            ended, status = os.waitpid(-1, 0)
        except InterruptedError:
            continue
        if ended == pid:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def main(command: list[str]) -> int:
    """Guard one supervisor from its start to its end."""
    lead_session()
    become_subreaper()
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    supervisor = start(command)
    let_go_of_output()
    code = wait_for(supervisor)
    kill_all_below(os.getpid())
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
