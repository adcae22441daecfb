"""What is left of a fleet whose supervisor and guardian are both gone.

Who finds it: the next supervisor of the data directory, before it starts
anything, and the nursery, which sees the supervisor's end as soon as it comes
and whose parent is then nobody of the fleet.
"""

import os
import time
from pathlib import Path

from smtui.supervisor.guardian import kill, parent_of
from smtui.supervisor.lock import read_lock
from smtui.supervisor.marks import CHILD_MARK, DATA_MARK

__all__ = ["kill_leftovers", "leftovers"]

_ROUNDS = 100
_PAUSE_S = 0.01
"""A killed process keeps its environment until the kernel has let go of it."""


def leftovers(data_dir: Path) -> list[int]:
    """Return processes of an earlier fleet of a data directory.

    Those whose environment says so, except ourselves and who started us.
    """
    mark = f"\0{CHILD_MARK}=".encode()
    place = os.fsencode(f"\0{DATA_MARK}={data_dir}\0")
    found: list[int] = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            raw = b"\0" + file.read_bytes() + b"\0"
        except OSError:
            continue
        if mark in raw and place in raw:
            found.append(int(file.parent.name))
    pid, ours = os.getpid(), set[int]()
    while pid > 1 and pid not in ours:
        ours.add(pid)
        pid = parent_of(pid)
    return [pid for pid in found if pid not in ours]


def kill_leftovers(data_dir: Path) -> None:
    """Kill what is left of a fleet, unless somebody supervises it.

    A new supervisor ends the caller too, and all other leftovers, before it
    starts anything: nobody here can meet a process of its fleet.
    """
    for _ in range(_ROUNDS):
        if read_lock(data_dir) is not None:
            return
        left = leftovers(data_dir)
        if not left:
            return
        for pid in left:
            kill(pid)
        time.sleep(_PAUSE_S)
