"""start_fsm and check_machine_state: machines that ask for machines.

The laws of this file: asking for a child is a row, the supervisor makes it
run; a name lives once. The same name and file and context is success and
starts nothing; another spec under a living name is refused; a name whose run
has ended may be used again and begins a new run.

A job that is handed over changes hands in the same transaction, so that it is
given back when, and only when, the machine that works on it lets go of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from smtui.definition import Json
from smtui.errors import StoreError
from smtui.store import children, claims, epochs, jobs, machines
from smtui.store.connection import Tx
from smtui.store.rows import (
    SOLE_INSTANCE,
    ChildRow,
    Data,
    Desired,
    JobState,
    MachineRow,
)
from smtui.store.values import Claimant

__all__ = [
    "FORBIDDEN",
    "Liveness",
    "Wanted",
    "ask_for",
    "is_over",
    "liveness",
    "start",
]

MAX_NAME = 100
_NO_MORE: Data = {}

FORBIDDEN = frozenset("/#@*=")
"""Letters of a name that mean something on the command line."""


class Liveness(StrEnum):
    """What check_machine_state can say of a machine."""

    RUNNING = "running"
    NOT_RUNNING = "not_running"
    STALE = "stale"
    """It should run and cannot answer: being started, backing off, or hung."""


_LIVENESS = {
    "ready": Liveness.RUNNING,
    "stopping": Liveness.RUNNING,
    "starting": Liveness.STALE,
    "backoff": Liveness.STALE,
    "hung": Liveness.STALE,
}
"""By the words of smtui.wire.ChildState; the others do not run."""


_OF_HOST = ("actions_dir", "asks", "stuck_after_s")
"""What the entry of a file's own child says of every machine of that file."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A machine that another machine wants to run."""

    name: str
    file: str
    """Absolute; the runtime has resolved it."""
    context: Data
    jobs: tuple[str, ...]
    """Held jobs to hand over."""
    extra: Data
    """dialect, hash, folder, actions_dir, where the runtime knows them."""


def liveness(tx: Tx, machine: str) -> Liveness:
    """Return what is seen of a machine; an unknown one does not run."""
    child = children.of_machine(tx, machine)
    if child is None:
        return Liveness.NOT_RUNNING
    return _LIVENESS.get(child.state, Liveness.NOT_RUNNING)


def start(tx: Tx, who: Claimant, wanted: Wanted) -> bool:
    """Ask for a machine; return whether that is new.

    Raises StoreError for a name that cannot be one, or that lives with
    another file or context.
    """
    _check_name(wanted.name)
    kept = children.find(tx, wanted.name)
    if kept is not None and not is_over(tx, wanted.name):
        _refuse_other(kept, wanted)
        _hand_over(tx, who, wanted)
        return False
    epochs.end_run(tx, wanted.name)
    ask_for(tx, who.machine, wanted, f"started by {who.machine}")
    _hand_over(tx, who, wanted)
    return True


def ask_for(
    tx: Tx, starter: str, wanted: Wanted, reason: str, more: Data = _NO_MORE
) -> None:
    """Put up the rows of a machine whose name is free, and wake the supervisor.

    Raises StoreError for a name that cannot be one. `more` is kept in the
    child's spec.
    """
    _check_name(wanted.name)
    _refuse_guest(tx, wanted.name)
    known = machines.of_file(tx, wanted.file)
    machine = _machine(tx, wanted, known)
    spec = {**_spec(tx, starter, machine, known), **more}
    row = ChildRow(wanted.name, spec, Desired.UP, reason, starter)
    children.put(tx, row)
    machines.put(tx, _row(wanted.name, machine))
    tx.wake_supervisor = True


def _check_name(name: str) -> None:
    fits = 0 < len(name) <= MAX_NAME and name.isprintable() and name == name.strip()
    if not fits or FORBIDDEN & set(name):
        raise StoreError(
            f"{name!r} cannot be the name of a machine: 1 to {MAX_NAME} printable"
            " characters without / # @ * = and blanks at the ends"
        )


def is_over(tx: Tx, machine: str) -> bool:
    """Say whether a machine has a run and it has come to its end."""
    kept = epochs.instance(tx, machine, SOLE_INSTANCE)
    if kept is None or kept.snapshot is None:
        return False
    return kept.status not in epochs.UNFINISHED


def _refuse_other(kept: ChildRow, wanted: Wanted) -> None:
    found = _first_machine(kept.spec)
    for key, value in (("file", wanted.file), ("context", dict(wanted.context))):
        if found.get(key) != value:
            raise StoreError(
                f"machine {wanted.name!r} exists with another {key}:"
                f" {found.get(key)!r}, wanted {value!r}"
            )


def _refuse_guest(tx: Tx, name: str) -> None:
    """Refuse the name of a machine that lives in another child."""
    found = machines.find(tx, name)
    if found is not None and found.child != name:
        raise StoreError(
            f"machine {name!r} exists in child {found.child!r}: {found.file}"
        )


def _machine(tx: Tx, wanted: Wanted, known: MachineRow | None) -> dict[str, Json]:
    """Return the entry of `machines` in the new child's spec."""
    found: dict[str, Json] = {"dialect": "", "hash": "", "folder": ""}
    found["actions_dir"] = None
    if known is not None:
        host = children.find(tx, known.child)
        of_host = _first_machine(host.spec if host else {})
        found.update({key: of_host[key] for key in _OF_HOST if key in of_host})
        found["dialect"] = known.dialect
        found["hash"] = known.definition_hash
        found["folder"] = known.folder
    return {
        **found,
        **wanted.extra,
        "name": wanted.name,
        "file": wanted.file,
        "context": dict(wanted.context),
    }


def _spec(
    tx: Tx, starter: str, machine: dict[str, Json], known: MachineRow | None
) -> dict[str, Json]:
    """Return the new child's spec: that of the file's own child, if it has one."""
    host = None if known is None else children.find(tx, known.child)
    like: dict[str, Json] = {} if host is None else dict(host.spec)
    return {
        **like,
        "machines": [machine],
        "kind": "machine",
        "template": False,
        "replica_of": None,
        "started_by": starter,
    }


def _row(name: str, machine: Mapping[str, Json]) -> MachineRow:
    def text(key: str) -> str:
        return str(machine[key] or "")

    return MachineRow(
        name=name,
        child=name,
        dialect=text("dialect"),
        definition_hash=text("hash"),
        file=text("file"),
        folder=text("folder"),
    )


def _first_machine(spec: Data) -> dict[str, Json]:
    found = spec.get("machines")
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def _hand_over(tx: Tx, who: Claimant, wanted: Wanted) -> None:
    epoch = epochs.owner_epoch(tx, wanted.name) or 0
    to = Claimant(wanted.name, SOLE_INSTANCE, epoch)
    for id_ in wanted.jobs:
        job = jobs.find(tx, id_)
        if job is None or job.status is not JobState.RUNNING:
            continue
        if (job.machine, job.instance) == (who.machine, who.instance):
            claims.pass_on(tx, id_, to)
