"""The write side of the store: one function, one transaction.

The laws of this file: every method is one BEGIN IMMEDIATE transaction (or a
single read) on this writer's own connection; a Writer is used by one thread;
times come from the Clock. Async code reaches it through `StoreThread`.

Every method may raise StoreError; StoreBusyError and StoreFullError are worth
trying again, and then nothing was written.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from smtui.chart.values import At
from smtui.clock import Clock
from smtui.definition import Json
from smtui.store import (
    actions,
    children,
    commits,
    counters,
    epochs,
    history,
    inbox,
    invocations,
    jobs,
    lives,
    machines,
    overrides,
    schedule,
)
from smtui.store.connection import Connection
from smtui.store.glances import Glances
from smtui.store.rows import (
    ChildRow,
    Data,
    DefinitionRow,
    Desired,
    InboxKind,
    InboxRow,
    Invocation,
    JobRow,
    MachineRow,
)
from smtui.store.values import (
    Accepted,
    Added,
    Changed,
    Committed,
    Durability,
    Loaded,
    Owner,
    Promoted,
    StepWrite,
    Trimmed,
)

__all__ = ["Writer"]


class Writer(Glances):
    """One connection that writes; open it in the thread that uses it."""

    def __init__(self, path: Path, durability: Durability, clock: Clock) -> None:
        """Open the store, making it first if there is none.

        Raises StoreError for a newer schema, a network file system, a file
        that is no store, and what `smtui.store.failures` lists.
        """
        self._db = Connection(path, durability, clock)
        try:
            self._enter_boot()
        except BaseException:
            self._db.close()
            raise

    def _enter_boot(self) -> None:
        """Count due times anew after a reboot; write nothing otherwise."""
        with self._db.reading() as tx:
            if schedule.is_rebased(tx):
                return
        with self._db.writing() as tx:
            schedule.rebase(tx)

    def close(self) -> None:
        """Close the connection; a second close does nothing."""
        self._db.close()

    def __enter__(self) -> Self:
        """Return this writer, to be closed at the end."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection."""
        self.close()

    # ------------------------------------------------------ what is known

    def put_definition(
        self, hash_: str, dialect: str, name: str, file: str, text: str
    ) -> None:
        """Keep the text of one version of a definition, once."""
        row = DefinitionRow(hash_, dialect, name, file, text)
        with self._db.writing() as tx:
            machines.put_definition(tx, row)

    def put_machine(self, row: MachineRow) -> None:
        """Add a machine or change what is known of it; its epoch stays."""
        with self._db.writing() as tx:
            machines.put(tx, row)

    def put_child(self, row: ChildRow) -> None:
        """Add a child or change its spec and desired state.

        What was seen of it stays: that is `set_child_state`.
        """
        with self._db.writing() as tx:
            invocations.wanted(tx, row.name, row.desired, row.reason)
            children.put(tx, row)

    def set_desired(
        self, child: str, desired: Desired, reason: str, who: str
    ) -> frozenset[str]:
        """Say what is wanted; return machines to ring. UsageError if unknown."""
        with self._db.writing() as tx:
            invocations.wanted(tx, child, desired, reason)
            children.set_desired(tx, child, desired, reason, who)
            return frozenset(tx.bells)

    def set_child_state(
        self,
        child: str,
        state: str,
        *,
        reason: str = "",
        pid: int | None = None,
        restarts: int = 0,
        is_lost: bool = False,
    ) -> frozenset[str]:
        """Note what the supervisor sees; an unknown child is ignored.

        Returns machines to ring: who invoked one that failed or `is_lost`.
        """
        with self._db.writing() as tx:
            invocations.saw(tx, child, state, reason, is_lost=is_lost)
            children.set_state(
                tx, child, state, reason=reason, pid=pid, restarts=restarts
            )
            return frozenset(tx.bells)

    def forget_observed(self) -> None:
        """Set every child to `stopped`: a new supervisor has seen none."""
        with self._db.writing() as tx:
            children.forget_observed(tx)
            invocations.began_anew(tx)

    def remove_child(self, child: str) -> None:
        """Forget a child; its machines' inbox, journal and runs stay."""
        with self._db.writing() as tx:
            children.remove(tx, child)

    def definition(self, hash_: str) -> DefinitionRow | None:
        """Return one version of a definition, or None."""
        with self._db.reading() as tx:
            return machines.definition(tx, hash_)

    def machines(self) -> list[MachineRow]:
        """Return every machine, by name."""
        with self._db.reading() as tx:
            return machines.every(tx)

    def child(self, name: str) -> ChildRow | None:
        """Return a child, or None."""
        with self._db.reading() as tx:
            return children.find(tx, name)

    def children(self) -> list[ChildRow]:
        """Return every child, by name."""
        with self._db.reading() as tx:
            return children.every(tx)

    # ---------------------------------------------------------- ownership

    def raise_epoch(
        self, child: str, names: Sequence[str], *, crashed: bool = True
    ) -> int:
        """Make a new owner for the machines of a child; return its epoch.

        Only the supervisor calls it, and only when the old process and all
        it started are gone. In the same transaction the poison rule counts
        (see `smtui.store.epochs`), unless the old owner called `leave`, the
        computer was restarted since, or `crashed` is False because the
        supervisor ended it itself.
        """
        with self._db.writing() as tx:
            return epochs.raise_epoch(tx, child, names, crashed=crashed)

    def accuse(self, id_: str, *, is_over: bool = False) -> None:
        """Note that an event is tried alone, or that it is no more.

        If its owner dies meanwhile, the event is held to have done it.
        """
        with self._db.writing() as tx:
            inbox.accuse(tx, id_, is_over=is_over)

    def leave(self, owner: Owner) -> None:
        """Note that the owner ends cleanly: its end is not a crash."""
        with self._db.writing() as tx:
            epochs.leave(tx, owner)

    def load(self, machine: str) -> list[Loaded]:
        """Return the machine's instances, one to begin if there is none."""
        with self._db.reading() as tx:
            return commits.load(tx, machine)

    def load_busy(self, machine: str, after: str = "") -> list[Loaded]:
        """Return a page of the instances a new owner has to take up, by id."""
        with self._db.reading() as tx:
            return lives.busy(tx, machine, after)

    def end_run(self, machine: str) -> None:
        """End the machine's runs, so that the next load begins new ones.

        Only when no process owns the machine. Pending actions, timers and
        data go, held jobs are given back; inbox, jobs and history stay. Wake
        the supervisor: what the runs have invoked is to be stopped.
        """
        with self._db.writing() as tx:
            invocations.end_run(tx, machine)

    def invocation(self, machine: str) -> Invocation | None:
        """Return how a machine was invoked last, None if it never was."""
        with self._db.reading() as tx:
            return invocations.of_machine(tx, machine)

    def commit(self, owner: Owner, writes: Sequence[StepWrite]) -> Committed:
        """Commit up to MAX_STEPS steps, all or none.

        Raises FencedError when a newer process owns the machine, GoneError
        when an inbox row is no longer pending; nothing is written then.
        """
        prepared = commits.prepare(writes)
        with self._db.writing() as tx:
            return commits.commit(tx, owner, prepared, actions.perform)

    # -------------------------------------------------------------- inbox

    def accept(
        self,
        machine: str,
        event: str,
        payload: Json,
        *,
        source: str,
        instance: str | None = None,
        job_id: str | None = None,
        key: str | None = None,
        kind: InboxKind = InboxKind.EVENT,
        if_state: str | None = None,
    ) -> Accepted:
        """Put an event into a machine's inbox; ring its doorbell afterwards.

        Raises StoreError over 1 MiB, depth 64 or 100,000 waiting events.
        The machine need not exist: its inbox waits for it.
        """
        new = inbox.New(
            machine, event, payload, source, instance, job_id, key, kind, if_state
        )
        with self._db.writing() as tx:
            return inbox.accept(tx, new)

    def read_inbox(
        self, machine: str, after_seq: int = 0, limit: int = 256
    ) -> list[InboxRow]:
        """Return pending rows after a seq, in order of acceptance."""
        with self._db.reading() as tx:
            return inbox.read(tx, machine, after_seq, limit)

    def resolve(self, target: str) -> tuple[str, ...]:
        """Return the machines a target names.

        `worker` with replicas is the one that has the fewest events waiting,
        `worker#*` all of them; any other name is itself, known or not.
        """
        with self._db.reading() as tx:
            return machines.resolve(tx, target)

    def drop_event(self, id_: str, who: str) -> InboxRow:
        """Drop a pending or parked event; raises StoreError if it is not."""
        with self._db.writing() as tx:
            return inbox.drop(tx, id_, who)

    def requeue_event(self, id_: str, who: str) -> Accepted:
        """Put an event that was not taken at the end of the queue again."""
        with self._db.writing() as tx:
            return inbox.requeue(tx, id_, who)

    def edit_event(self, id_: str, payload: Json, who: str) -> Accepted:
        """Requeue an event with another payload."""
        with self._db.writing() as tx:
            return inbox.requeue(tx, id_, who, payload=payload, is_edit=True)

    def audit(self, machine: str, act: str, payload: Json, who: str) -> None:
        """Keep an operator's act beside the machine's events."""
        new = inbox.New(machine, act, payload, who, kind=InboxKind.AUDIT)
        with self._db.writing() as tx:
            inbox.accept(tx, new)

    # --------------------------------------------------------------- jobs

    def add_job(
        self,
        job_type: str,
        data: Data,
        *,
        source: str,
        priority: int = 5,
        machine_type: str | None = None,
        key: str | None = None,
        delay_s: float = 0.0,
        max_attempts: int = 3,
        job_id: str | None = None,
        source_job_id: str | None = None,
    ) -> Added:
        """Enqueue a job, once for a key or id; ring the bells afterwards."""
        new = jobs.New(
            job_type,
            data,
            source,
            priority,
            machine_type,
            key,
            delay_s,
            max_attempts,
            job_id,
            source_job_id,
        )
        with self._db.writing() as tx:
            return jobs.add(tx, new)

    def job(self, id_: str) -> JobRow | None:
        """Return a job, or None."""
        with self._db.reading() as tx:
            return jobs.find(tx, id_)

    def retry_job(self, id_: str, who: str, data: Data | None = None) -> Changed:
        """Make an ended or waiting job available, all attempts before it.

        With `data` it gets these first. Raises StoreError for a running one.
        """
        with self._db.writing() as tx:
            return overrides.retry(tx, id_, who, data)

    def cancel_job(self, id_: str, who: str, *, force: bool = False) -> Changed:
        """Cancel a job; raises StoreError for a running one without force."""
        with self._db.writing() as tx:
            return overrides.cancel(tx, id_, who, force=force)

    def release_job(self, id_: str, who: str, *, force: bool = False) -> Changed:
        """Give a running job back to the queue; the attempt does not count.

        Raises StoreError while its holder still has it, without force.
        """
        with self._db.writing() as tx:
            return overrides.release(tx, id_, who, force=force)

    def promote_due(self) -> Promoted:
        """Make jobs available whose time has come; ring the bells."""
        with self._db.writing() as tx:
            return schedule.promoted(tx)

    def next_job_due(self) -> At | None:
        """Return when the next scheduled or retryable job becomes due."""
        with self._db.reading() as tx:
            return schedule.next_due(tx)

    # ------------------------------------------------------ the rest

    def counters(self, topics: Sequence[str]) -> dict[str, int]:
        """Return the change counters of these topics, 0 where none is."""
        with self._db.reading() as tx:
            return counters.read(tx, topics)

    def trim(
        self, *, max_age_s: float = 30 * 86400.0, max_rows: int = 1_000_000
    ) -> Trimmed:
        """Remove the oldest history, at most 1,000 rows of a kind a call.

        Journal, handled events and ended jobs older than `max_age_s`, and
        journal rows and handled events beyond `max_rows`.
        """
        with self._db.writing() as tx:
            return history.trim(tx, max_age_s, max_rows)
