"""Builders of what the store would say of the night fleet, for view and tui."""

from collections.abc import Mapping

from smtui.definition import Json
from smtui.store.rows import (
    DefinitionRow,
    InboxKind,
    InboxRow,
    InboxStatus,
    JobCount,
    JobRow,
    JobState,
    JournalEntry,
    JournalRow,
)
from tests.support.view_fleet import NOW, TEXTS


def entry(
    number: int,
    name: str,
    source: str,
    event: str,
    target: str,
    *,
    at: float = NOW - 60,
    outcome: str = "taken",
    why: str = "",
    patch: Mapping[str, Json] | None = None,
) -> JournalEntry:
    """Return a journal entry."""
    row = JournalRow(
        seq=number,
        run=1,
        at=at,
        cause=f"01J{number:023}",
        event=event,
        from_=(source,),
        to=(target,),
        outcome=outcome,
        why=why,
        micro=(
            ({"from": source, "event": event, "to": target, "loop": False},)
            if outcome == "taken"
            else ()
        ),
        data_patch=patch,
        duration_s=0.0004,
        definition_hash=f"hash-{name}",
    )
    return JournalEntry(number, name, "main", row)


def mail(
    seq: int,
    name: str,
    event: str,
    *,
    payload: Json = None,
    source: str = "anna@pts/3",
    status: InboxStatus = InboxStatus.TAKEN,
    why: str = "",
    at: float = NOW - 60,
    kind: InboxKind = InboxKind.EVENT,
) -> InboxRow:
    """Return a row of an inbox."""
    return InboxRow(
        seq=seq,
        id=f"01JMAIL{seq:019}",
        machine=name,
        instance="main",
        kind=kind,
        event=event,
        payload=payload,
        source=source,
        job_id=None,
        key=None,
        if_state=None,
        status=status,
        why=why,
        at=at,
        handled_at=None if status is InboxStatus.PENDING else at + 0.001,
        crashes=0,
        journal_id=None,
    )


def job(
    seq: int,
    job_type: str,
    status: JobState,
    *,
    machine: str | None = None,
    attempts: int = 0,
    age_s: float = 40.0,
    data: Json = None,
    error: str = "",
) -> JobRow:
    """Return a job."""
    return JobRow(
        seq=seq,
        id=f"01JJOB{seq:020}",
        job_type=job_type,
        machine_type=None,
        status=status,
        priority=5,
        data={"n": seq} if data is None else data,
        result=None,
        error=error,
        key=None,
        attempts=attempts,
        max_attempts=5,
        source_job_id=None,
        source="crawler",
        created_at=NOW - age_s,
        due_at=None,
        claimed_at=None,
        ended_at=None,
        machine=machine,
        instance="main" if machine else None,
        epoch=1 if machine else None,
    )


def night_jobs() -> tuple[JobRow, ...]:
    """Return a queue with something in every state."""
    heic = "OSError: cannot identify image file '/data/in/881.heic'"
    return (
        job(9812, "fetch_url", JobState.RUNNING, machine="crawler#1", attempts=1),
        job(9813, "fetch_url", JobState.AVAILABLE, age_s=38),
        job(9814, "fetch_url", JobState.AVAILABLE, age_s=31),
        job(9815, "report", JobState.SCHEDULED, age_s=12),
        job(9809, "put", JobState.RETRYABLE, machine="uploader", attempts=3, age_s=120),
        job(
            9777,
            "resize",
            JobState.DISCARDED,
            machine="thumbs",
            attempts=5,
            age_s=540,
            data={"src": "/data/in/881.heic", "api_key": "s3cr3t"},
            error=heic,
        ),
        job(
            9776, "resize", JobState.DISCARDED, machine="thumbs", attempts=5, age_s=552
        ),
        job(9700, "fetch_url", JobState.COMPLETED, machine="crawler#2", age_s=900),
    )


def counts_of(jobs: tuple[JobRow, ...]) -> tuple[JobCount, ...]:
    """Return how many jobs are in each state."""
    return tuple(
        JobCount("any", None, status, n)
        for status in JobState
        if (n := sum(1 for one in jobs if one.status is status))
    )


def night_steps() -> tuple[JournalEntry, ...]:
    """Return a journal with each outcome."""
    return (
        entry(1, "mailer", "sending", "sent", "idle", at=NOW - 12.0),
        entry(2, "crawler#1", "queued", "url", "fetching", at=NOW - 41.2),
        entry(3, "crawler#2", "fetching", "429", "waiting", at=NOW - 3.1),
        entry(4, "billing", "idle", "amount_due", "charging", at=NOW - 2460),
        entry(
            5,
            "billing",
            "charging",
            "amount_due",
            "charging",
            at=NOW - 90,
            outcome="ignored",
            why='no "amount_due" in charging (taken in idle)',
        ),
        entry(6, "thumbs", "idle", "job", "resizing", at=NOW - 540.2),
        entry(
            7,
            "mailer",
            "idle",
            "pay",
            "idle",
            at=NOW - 20,
            outcome="rejected",
            why="guard amount>0: amount is 0",
        ),
    )


def night_mail() -> tuple[InboxRow, ...]:
    """Return events an operator and a machine sent."""
    return (
        mail(18231, "crawler#2", "cancel", at=NOW - 5.1),
        mail(
            18230,
            "crawler#1",
            "url",
            payload={"u": "https://ex.org/a", "token": "x"},
            at=NOW - 41.3,
            source="scout",
        ),
    )


def definition_rows() -> dict[str, DefinitionRow]:
    """Return the texts of the night fleet's definitions by hash."""
    return {
        f"hash-{name}": DefinitionRow(
            f"hash-{name}", "engine", name, f"machines/{name}.yaml", text
        )
        for name, text in TEXTS.items()
    }
