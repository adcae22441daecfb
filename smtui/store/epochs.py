"""Who owns a machine, and what passes from one owner to the next.

The laws of this file: an epoch is raised after the old process and all it
started are proved gone; from that commit on every commit of an older owner
fails, and nothing ever runs out by time.

What passes on (one transaction):

- Jobs in the snapshot's `held`, or in a result that no step has consumed yet,
  go to the new epoch. So do jobs given to a machine whose run has not begun.
  All others are given back and the attempt does not count.
- If the old owner crashed, the poison rule counts: each World action in hand
  is one attempt further, and so is each job in hand. With nothing in hand an
  event's step ended the process; the store does not know which, because
  noting it before every step would cost a commit each, so the oldest waiting
  event is blamed. It is right for a poisoned event, which is met again and
  again at the head of the inbox, and where it is wrong, an innocent event is
  parked after the third crash in its presence: shown, never lost.

An event that was noted as tried (`inbox.accuse`) is blamed alone, and what
was in hand then is not.

A crash is an end without `leave`, in the same boot, that the supervisor did
not cause.
"""

from collections.abc import Sequence

from smtui.errors import StoreError
from smtui.store import claims, counters, inbox, jobs, pending, reading
from smtui.store.connection import Row, Tx
from smtui.store.rows import Data, InstanceRow
from smtui.store.statements import Statements
from smtui.store.values import Claimant, Owner

__all__ = [
    "UNFINISHED",
    "claimed",
    "end_run",
    "instance",
    "leave",
    "owner_epoch",
    "raise_epoch",
    "results",
]

UNFINISHED = frozenset({"running", "ending"})
"""Words of smtui.chart Status: this run will be resumed."""

_SQL = Statements("epochs.sql")


def raise_epoch(tx: Tx, child: str, names: Sequence[str], *, crashed: bool) -> int:
    """Make a new owner for the machines of a child; return its epoch.

    Raises StoreError for a machine the store does not know.
    """
    owners = {name: _owner(tx, child, name) for name in names}
    epoch = 1 + max((int(row["epoch"]) for row in owners.values()), default=0)
    for name, row in owners.items():
        _take_over(tx, name, epoch, is_crash=crashed and _crashed(tx, row))
        params = {"name": name, "epoch": epoch, "boot_id": tx.clock.boot_id()}
        tx.run(_SQL["raise"], params)
    return epoch


def leave(tx: Tx, owner: Owner) -> None:
    """Note that the owner ends cleanly."""
    tx.run(_SQL["leave"], {"name": owner.machine, "epoch": owner.epoch})


def owner_epoch(tx: Tx, machine: str) -> int | None:
    """Return the epoch of the present owner, or None for an unknown machine."""
    row = tx.one(_SQL["owners"], {"name": machine})
    return None if row is None else int(row["epoch"])


def results(tx: Tx, machine: str, instance: str) -> dict[str, str]:
    """Return pending id -> answer JSON of what no step has consumed yet."""
    params = {"machine": machine, "instance": instance}
    rows = tx.every(_SQL["results"], params)
    return {row["pending_id"]: row["answer_json"] for row in rows}


def claimed(answers: dict[str, str]) -> set[str]:
    """Return ids of jobs whose claim no step has seen yet."""
    found: set[str] = set()
    for text in answers.values():
        value = reading.mapping(text).get("value")
        job = value.get("job") if isinstance(value, dict) else None
        if isinstance(job, dict):
            found.add(str(job.get("id")))
    return found


def instance(tx: Tx, machine: str, id_: str) -> InstanceRow | None:
    """Return one life of a machine, or None."""
    row = tx.one(_SQL["instance"], {"machine": machine, "id": id_})
    return None if row is None else reading.instance(row)


def end_run(tx: Tx, machine: str) -> None:
    """End the machine's runs: the next load begins new ones.

    Jobs given to a machine whose run has not begun stay with it.
    """
    for life in _instances(tx, machine):
        if life.snapshot is not None:
            for job in claims.held(tx, machine, life.id):
                jobs.release(tx, job)
    tx.run(_SQL["end"], {"machine": machine, "now": tx.now})
    tx.run(_SQL["clear_results"], {"machine": machine})
    tx.run(_SQL["clear_timers"], {"machine": machine})
    counters.unwatch_machine(tx, machine)


def _owner(tx: Tx, child: str, name: str) -> Row:
    row = tx.one(_SQL["owners"], {"name": name})
    if row is None:
        raise StoreError(
            f"the store knows no machine {name!r} of child {child!r}",
            hint="put_machine comes before raise_epoch",
        )
    return row


def _crashed(tx: Tx, row: Row) -> bool:
    epoch = int(row["epoch"])
    was_owned = epoch > 0 and row["left_epoch"] != epoch
    return was_owned and row["boot_id"] == tx.clock.boot_id()


def _take_over(tx: Tx, name: str, epoch: int, *, is_crash: bool) -> None:
    has_work = is_crash and inbox.blame_accused(tx, name)
    is_known = has_work
    for life in _instances(tx, name):
        answers = results(tx, name, life.id)
        has_work |= bool(answers)
        snapshot = life.snapshot
        if snapshot is None:
            continue
        _pass_jobs(tx, life, snapshot, answers, epoch, is_crash=is_crash)
        if life.status in UNFINISHED and pending.has_world(snapshot):
            has_work = True
            if is_crash and not is_known:
                _raise_attempts(tx, life, snapshot)
    if is_crash and not has_work:
        inbox.blame_oldest(tx, name)


def _pass_jobs(
    tx: Tx,
    life: InstanceRow,
    snapshot: Data,
    answers: dict[str, str],
    epoch: int,
    *,
    is_crash: bool,
) -> None:
    keep: set[str] = set()
    if life.status in UNFINISHED:
        keep = pending.held(snapshot) | claimed(answers)
    to = Claimant(life.machine, life.id, epoch)
    for job in claims.held(tx, life.machine, life.id):
        if job.id in keep:
            claims.pass_on(tx, job.id, to, is_crash=is_crash)
        else:
            jobs.release(tx, job)


def _raise_attempts(tx: Tx, life: InstanceRow, snapshot: Data) -> None:
    text = reading.dumps(pending.raise_attempts(snapshot))
    tx.run(
        _SQL["put_snapshot"],
        {"machine": life.machine, "id": life.id, "snapshot_json": text},
    )


def _instances(tx: Tx, machine: str) -> list[InstanceRow]:
    rows = tx.every(_SQL["instances"], {"machine": machine})
    return [reading.instance(row) for row in rows]
