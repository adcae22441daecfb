"""One commit of a machine: the steps, what they changed, what they asked for.

The laws of this file: all or nothing; only the present owner commits
(FencedError), and only rows that still wait are handled (GoneError); JSON is
made before the transaction begins; a Store action is performed and its result
kept in the same transaction, so a crash after it finds the result and a crash
before it finds nothing done.
"""

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from smtui.chart.values import Query, Raised, Result
from smtui.errors import FencedError, StoreError
from smtui.store import (
    claims,
    counters,
    epochs,
    inbox,
    invocations,
    jobs,
    messages,
    peers,
    pending,
    reading,
)
from smtui.store.connection import Params, Row, Tx
from smtui.store.rows import SOLE_INSTANCE, JournalRow
from smtui.store.statements import Statements
from smtui.store.values import (
    MAX_STEPS,
    Claimant,
    Committed,
    Loaded,
    Owner,
    StepWrite,
)

__all__ = [
    "SNAPSHOT_EVERY",
    "Perform",
    "Prepared",
    "commit",
    "load",
    "load_one",
    "loaded",
    "prepare",
]

SNAPSHOT_EVERY = 200
"""Journal rows between full snapshots: a replay to any row is under 0.1 s."""

BLOB_BYTES = 64 << 10
"""A patch bigger than this would make a page of the journal slow to read."""

Perform: TypeAlias = Callable[[Tx, Claimant, Query], Result | Raised]
"""Performs a Store action in the transaction."""

_SQL = Statements("commits.sql")


class Prepared(NamedTuple):
    """A step with its JSON made."""

    write: StepWrite
    journal: dict[str, object] | None
    blob: str | None
    """The patch, if it is too big for the journal."""
    snapshot: str | None
    """Only where it will be kept: the last of an instance, every 200th row."""
    is_last: bool
    """The last step of its instance in this commit."""


def prepare(writes: Sequence[StepWrite]) -> list[Prepared]:
    """Make the JSON of a commit, before its transaction begins.

    Raises StoreError over MAX_STEPS steps.
    """
    if len(writes) > MAX_STEPS:
        raise StoreError(
            f"{len(writes)} steps in one commit, the limit is {MAX_STEPS}",
            hint="commit them in parts",
        )
    last = {write.instance: index for index, write in enumerate(writes)}
    return [
        _prepare(write, is_last=last[write.instance] == index)
        for index, write in enumerate(writes)
    ]


def commit(
    tx: Tx, owner: Owner, steps: Sequence[Prepared], perform: Perform
) -> Committed:
    """Write the steps and perform what they ask the store for."""
    _check_owner(tx, owner)
    answers: dict[tuple[str, str], Result | Raised] = {}
    watched: set[str] = set()
    for step in steps:
        write = step.write
        who = Claimant(owner.machine, write.instance, owner.epoch)
        journal_id = _put_journal(tx, owner.machine, step)
        for done in write.inbox:
            inbox.handle(tx, owner.machine, done, journal_id)
        for settle in write.settles:
            jobs.settle(tx, who, settle)
        _consume(tx, who, write.consumed)
        for send in write.sends:
            messages.post(tx, who, send)
        for effect in write.machines:
            invocations.carry_out(tx, who, effect)
        for query in write.queries:
            answers[write.instance, query.id] = _answer(tx, who, query, perform)
        if write.finish is not None:
            _let_go(tx, who)
            if who.instance == SOLE_INSTANCE:
                invocations.ended(tx, who.machine)
        if step.is_last:
            watched |= _put_instance(tx, owner.machine, step)
    _tell_moved(tx, owner.machine, steps)
    return Committed(
        answers=answers,
        bells=counters.bells(tx),
        wake_supervisor=tx.wake_supervisor,
        counters=counters.read(tx, sorted(watched)),
    )


def _tell_moved(tx: Tx, machine: str, steps: Sequence[Prepared]) -> None:
    """Tell of the instances whose configuration a step has changed."""
    rows = ((step.write.instance, step.write.journal) for step in steps)
    ids = {id_ for id_, row in rows if row is not None and row.from_ != row.to}
    for instance in sorted(ids):
        peers.moved(tx, machine, instance)


def load(tx: Tx, machine: str) -> list[Loaded]:
    """Return the instances as a new owner finds them."""
    rows = tx.every(_SQL["instances"], {"machine": machine})
    if not rows:
        return [Loaded(SOLE_INSTANCE, 1, None, {}, _given(tx, machine, SOLE_INSTANCE))]
    return [loaded(tx, row) for row in rows]


def load_one(tx: Tx, machine: str, instance: str) -> Loaded | None:
    """Return one instance as a new owner finds it, or None."""
    row = tx.one(_SQL["instance"], {"machine": machine, "id": instance})
    return None if row is None else loaded(tx, row)


def loaded(tx: Tx, row: Row) -> Loaded:
    """Return an instance from its row, with what no step has consumed."""
    id_, run, text = row["id"], row["run"], row["snapshot_json"]
    if text is None:
        return Loaded(id_, run + 1, None, {}, _given(tx, row["machine"], id_))
    snapshot = reading.mapping(text)
    results: dict[str, Result | Raised] = {}
    if pending.has_store(snapshot):
        answers = epochs.results(tx, row["machine"], id_)
        results = {key: reading.parse_answer(said) for key, said in answers.items()}
    return Loaded(id_, run, snapshot, results)


# ---------------------------------------------------------------- preparing


def _prepare(write: StepWrite, *, is_last: bool) -> Prepared:
    row = write.journal
    keep = row is not None and (row.seq == 1 or row.seq % SNAPSHOT_EVERY == 0)
    snapshot = reading.dumps(dict(write.snapshot)) if is_last or keep else None
    if row is None:
        return Prepared(write, None, None, snapshot, is_last)
    patch = None if row.data_patch is None else reading.dumps(dict(row.data_patch))
    blob = patch if patch is not None and len(patch) > BLOB_BYTES else None
    columns = _columns(write.instance, row)
    columns["patch_json"] = patch if blob is None else None
    columns["patch_hash"] = None if blob is None else _hash(blob)
    return Prepared(write, columns, blob, snapshot, is_last)


def _columns(instance: str, row: JournalRow) -> dict[str, object]:
    return {
        "instance": instance,
        "run": row.run,
        "seq": row.seq,
        "at": row.at,
        "cause": row.cause,
        "event": reading.plain(row.event),
        "from_json": reading.dumps(row.from_),
        "to_json": reading.dumps(row.to),
        "outcome": row.outcome,
        "why": reading.plain(row.why),
        "micro_json": reading.dumps(row.micro),
        "answers_json": None if row.answers is None else reading.dumps(row.answers),
        "effects_json": reading.dumps(row.effects),
        "duration_s": row.duration_s,
        "definition_hash": row.definition_hash,
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


# ------------------------------------------------------------------ writing


def _check_owner(tx: Tx, owner: Owner) -> None:
    epoch = epochs.owner_epoch(tx, owner.machine)
    if epoch != owner.epoch:
        raise FencedError(
            f"{owner.machine!r} belongs to epoch {epoch}, this process is"
            f" {owner.epoch}: nothing was written",
            hint="a newer process owns the machine; this one ends",
        )


def _put_journal(tx: Tx, machine: str, step: Prepared) -> int | None:
    row = step.write.journal
    if row is None or step.journal is None:
        return None
    if step.blob is not None:
        tx.run(_SQL["blob"], {"hash": step.journal["patch_hash"], "body": step.blob})
    journal_id = tx.insert(_SQL["journal"], {"machine": machine, **step.journal})
    if row.seq == 1 or row.seq % SNAPSHOT_EVERY == 0:
        place: Params = {
            "machine": machine,
            "instance": step.write.instance,
            "run": row.run,
            "seq": row.seq,
            "journal_id": journal_id,
            "snapshot_json": step.snapshot,
        }
        tx.run(_SQL["keep_snapshot"], place)
    return journal_id


def _consume(tx: Tx, who: Claimant, ids: Sequence[str]) -> None:
    for id_ in ids:
        params = {
            "machine": who.machine,
            "instance": who.instance,
            "pending_id": id_,
        }
        tx.run(_SQL["consume"], params)


def _answer(tx: Tx, who: Claimant, query: Query, perform: Perform) -> Result | Raised:
    place = {
        "machine": who.machine,
        "instance": who.instance,
        "pending_id": query.id,
    }
    kept = tx.one(_SQL["result"], place)
    if kept is not None:
        return reading.parse_answer(kept["answer_json"])
    answer = perform(tx, who, query)
    params = place | {"answer_json": reading.answer_text(answer)}
    tx.run(_SQL["put_result"], params)
    return answer


def _let_go(tx: Tx, who: Claimant) -> None:
    """Give back what a run that ended still has in hand."""
    for job in claims.held(tx, who.machine, who.instance):
        jobs.release(tx, job)


def _put_instance(tx: Tx, machine: str, step: Prepared) -> frozenset[str]:
    write = step.write
    tx.run(
        _SQL["put_instance"],
        {
            "machine": machine,
            "id": write.instance,
            "run": write.snapshot.get("run", 1),
            "status": write.status,
            "configuration_json": reading.dumps(write.configuration),
            "seq": write.snapshot.get("seq", 0),
            "now": tx.now,
            "snapshot_json": step.snapshot,
            "is_busy": int(pending.is_busy(write.snapshot)),
        },
    )
    _sync_timers(tx, machine, write)
    topics = pending.topics(write.snapshot)
    return counters.sync_watches(tx, machine, write.instance, topics)


def _sync_timers(tx: Tx, machine: str, write: StepWrite) -> None:
    place = {"machine": machine, "instance": write.instance}
    rows = tx.every(_SQL["timers"], place)
    kept = {row["id"]: tuple(row)[1:] for row in rows}
    wanted = {
        timer.id: (timer.event, *timer.due) for timer in pending.timers(write.snapshot)
    }
    over = [id_ for id_ in kept if id_ not in wanted]
    for id_, (event, wall, boot, boot_id) in wanted.items():
        if kept.get(id_) == (event, wall, boot, boot_id):
            continue
        due = {"due_wall": wall, "due_boot": boot, "boot_id": boot_id}
        params = {**place, "id": id_, "event": event, **due}
        if over and id_ not in kept:
            tx.run(_SQL["move_timer"], params | {"old": over.pop()})
        else:
            tx.run(_SQL["put_timer"], params)
    for id_ in over:
        tx.run(_SQL["drop_timer"], place | {"id": id_})


def _given(tx: Tx, machine: str, instance: str) -> tuple[str, ...]:
    """Return the jobs handed to a run that has not begun."""
    return tuple(job.id for job in claims.held(tx, machine, instance))
