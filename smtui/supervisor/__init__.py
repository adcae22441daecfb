"""The supervisor room: keeps machines alive, and never reads a definition.

    start_fleet(SupervisorArgs(data_dir, paths, ...))   or, to lose no time:
    Launch(SupervisorArgs(...)), say(Found(...)), wait() for `run`
    run_supervisor(SupervisorArgs.from_json(text))      for `_supervise TEXT`
    read_lock(data_dir), list_supervisors()             for `ps`
    holder_of(database)                                 who keeps all waiting

What the rest of the room is for, from the outside in:

    guardian  kills what a dead supervisor left    supervise  wires everything
    doors     sockets                              talks      conversations
    operator  what a client may ask                stream     what it may watch
    sources   paths -> children                    follow     rows -> children
    fleet     all children                         child      the life of one
    policy, orders, order, plan, spec              PURE: what to do
    spawn, nursery, procs, undertaker, leftovers   processes
    logs, logfile, lines                           what they print
    sweep, storelock                               what a lost ring left
"""

from typing import TYPE_CHECKING

from smtui.supervisor.args import MachineOptions, SupervisorArgs
from smtui.supervisor.found import Found, stamps_of
from smtui.supervisor.nest import build_nest

if TYPE_CHECKING:
    from smtui.supervisor.finding import FleetInfo, list_supervisors
    from smtui.supervisor.leftovers import kill_leftovers
    from smtui.supervisor.lock import LockInfo, read_lock
    from smtui.supervisor.starting import GUARDIAN, Launch, start_fleet
    from smtui.supervisor.storelock import holder_of
    from smtui.supervisor.supervise import DATABASE, run_supervisor

__all__ = [
    "DATABASE",
    "GUARDIAN",
    "FleetInfo",
    "Found",
    "Launch",
    "LockInfo",
    "MachineOptions",
    "SupervisorArgs",
    "build_nest",
    "holder_of",
    "kill_leftovers",
    "list_supervisors",
    "read_lock",
    "run_supervisor",
    "stamps_of",
    "start_fleet",
]

_HOMES = {
    "DATABASE": "supervise",
    "GUARDIAN": "starting",
    "FleetInfo": "finding",
    "Launch": "starting",
    "LockInfo": "lock",
    "holder_of": "storelock",
    "kill_leftovers": "leftovers",
    "list_supervisors": "finding",
    "read_lock": "lock",
    "run_supervisor": "supervise",
    "start_fleet": "starting",
}
"""Imported when first named (PEP 562): who starts a supervisor needs a tenth of
what a supervisor needs, and waits for it."""


def __getattr__(name: str) -> object:
    """Import a name's module."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # late: only who asks

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
